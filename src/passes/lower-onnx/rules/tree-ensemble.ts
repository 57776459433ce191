import { type DenseAttribute, hostTensorOf } from "../../../ir/attributes.ts";
import { onnxMl } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, i64, stringType, type Type } from "../../../ir/types.ts";
import { tensorFromStrings, toNumbers } from "../../../support/numeric/host-tensor.ts";
import { type Aggregation, type Branch, branchModes, type BranchMode, type Forest, predict, type TreeNode, type Vote } from "../forest.ts"; // prettier-ignore
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { bestLabels, labelsAt, scoreTransform, transformScores } from "../score-transforms.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";

type View = Pick<LoweringView, "t" | "unsupported" | "invalid">;

const numbersOf = (attribute: DenseAttribute): readonly number[] => [...toNumbers(hostTensorOf(attribute)!)];

/** The type in which a tensor's features are compared, with split values of their own type. */
const comparisonType = (x: Tensor, splits: Type): Type => (x.element === f64 || splits === f64 ? f64 : f32);

function checkLengths(
  view: View,
  length: number,
  lists: Readonly<Record<string, readonly unknown[] | undefined>>,
): void {
  for (const [name, list] of Object.entries(lists))
    if (list && list.length !== length) view.invalid(`${name} has ${list.length} entries instead of ${length}`);
}

/** Grows a list of nodes; a test of membership becomes a chain of tests for equality. */
class NodeList {
  readonly nodes: TreeNode[] = [];

  /** Fills place `index`; the rest of a chain goes to the end. */
  set(index: number, node: Omit<TreeNode, "mode" | "split">, members: readonly number[]): void {
    const [first = NaN, ...rest] = members;
    const next = rest.length > 0 ? this.#append(node, rest) : node.whenFalse;
    this.nodes[index] = { ...node, mode: "EQ", split: first, whenFalse: next };
  }
  #append(node: Omit<TreeNode, "mode" | "split">, members: readonly number[]): Branch {
    let next = node.whenFalse;
    for (const member of [...members].reverse())
      next = { kind: "node", index: this.nodes.push({ ...node, mode: "EQ", split: member, whenFalse: next }) - 1 };
    return next;
  }
}

/** The members of each test for membership: lists that end with NaN, one after the other. */
function membershipLists(values: readonly number[]): readonly (readonly number[])[] {
  const lists: number[][] = [[]];
  for (const value of values) {
    if (Number.isNaN(value)) lists.push([]);
    else lists.at(-1)!.push(value);
  }
  return lists;
}

/** How the two operators of version 3 write down their trees. */
interface NodeTables {
  readonly nodes_treeids?: readonly number[] | undefined;
  readonly nodes_nodeids?: readonly number[] | undefined;
  readonly nodes_featureids?: readonly number[] | undefined;
  readonly nodes_modes?: readonly string[] | undefined;
  readonly nodes_values?: readonly number[] | undefined;
  readonly nodes_values_as_tensor?: DenseAttribute | undefined;
  readonly nodes_truenodeids?: readonly number[] | undefined;
  readonly nodes_falsenodeids?: readonly number[] | undefined;
  readonly nodes_missing_value_tracks_true?: readonly number[] | undefined;
}
interface VoteTables {
  readonly trees: readonly number[];
  readonly nodes: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** Forests of version 3: nodes are named by a tree's number and their own. */
function forestOfTables(view: View, tables: NodeTables, votes: VoteTables, targets: number): Forest {
  const trees = tables.nodes_treeids ?? [];
  const ids = tables.nodes_nodeids ?? [];
  const modes = tables.nodes_modes ?? [];
  const splits = tables.nodes_values_as_tensor ? numbersOf(tables.nodes_values_as_tensor) : (tables.nodes_values ?? []);
  const [features, whenTrue, whenFalse] = [tables.nodes_featureids ?? [], tables.nodes_truenodeids ?? [], tables.nodes_falsenodeids ?? []]; // prettier-ignore
  const missing = tables.nodes_missing_value_tracks_true;
  checkLengths(view, trees.length, {
    nodes_nodeids: ids,
    nodes_modes: modes,
    nodes_values: splits,
    nodes_featureids: features,
    nodes_truenodeids: whenTrue,
    nodes_falsenodeids: whenFalse,
    nodes_missing_value_tracks_true: missing?.length === 0 ? undefined : missing,
  });
  checkLengths(view, votes.trees.length, { votes: votes.nodes, targets: votes.targets, weights: votes.weights });
  const key = (tree: number, node: number): string => `${tree}/${node}`;
  const branches = new Map<string, Branch>();
  let [inner, outer] = [0, 0];
  modes.forEach((mode, index) => {
    const branch: Branch = mode === "LEAF" ? { kind: "leaf", index: outer++ } : { kind: "node", index: inner++ };
    branches.set(key(trees[index]!, ids[index]!), branch);
  });
  const branchTo = (tree: number, node: number): Branch =>
    branches.get(key(tree, node)) ?? view.invalid(`tree ${tree} has no node ${node}`);
  const leaves: Vote[][] = Array.from({ length: outer }, () => []);
  votes.trees.forEach((tree, index) => {
    const leaf = branchTo(tree, votes.nodes[index]!);
    if (leaf.kind === "leaf")
      leaves[leaf.index]!.push({ target: votes.targets[index]!, weight: votes.weights[index]! });
  });
  const nodes: TreeNode[] = [];
  modes.forEach((mode, index) => {
    if (mode === "LEAF") return;
    const name = branchModes.find((candidate) => mode === `BRANCH_${candidate}`);
    if (name === undefined || name === "MEMBER") return view.invalid(`a node has the unknown mode ${mode}`);
    nodes.push({
      feature: features[index]!,
      mode: name,
      split: splits[index]!,
      missingIsTrue: (missing?.[index] ?? 0) !== 0,
      whenTrue: branchTo(trees[index]!, whenTrue[index]!),
      whenFalse: branchTo(trees[index]!, whenFalse[index]!),
    });
  });
  // A tree's root is the first of its nodes.
  const roots = new Map<number, Branch>();
  trees.forEach((tree, index) => {
    if (!roots.has(tree)) roots.set(tree, branchTo(tree, ids[index]!));
  });
  return { nodes, leaves, roots: [...roots.values()], targets };
}

interface EnsembleAttributes {
  readonly leaf_targetids: readonly number[];
  readonly leaf_weights: DenseAttribute;
  readonly membership_values?: DenseAttribute | undefined;
  readonly n_targets?: number | undefined;
  readonly nodes_falseleafs: readonly number[];
  readonly nodes_falsenodeids: readonly number[];
  readonly nodes_featureids: readonly number[];
  readonly nodes_missing_value_tracks_true?: readonly number[] | undefined;
  readonly nodes_modes: DenseAttribute;
  readonly nodes_splits: DenseAttribute;
  readonly nodes_trueleafs: readonly number[];
  readonly nodes_truenodeids: readonly number[];
  readonly tree_roots: readonly number[];
}

/** Forests of version 5: inner nodes and leaves are numbered apart. */
function forestOfEnsemble(view: View, a: EnsembleAttributes): Forest {
  const modes = numbersOf(a.nodes_modes);
  const splits = numbersOf(a.nodes_splits);
  const weights = numbersOf(a.leaf_weights);
  const count = a.nodes_featureids.length;
  const missing = a.nodes_missing_value_tracks_true;
  checkLengths(view, count, {
    nodes_modes: modes,
    nodes_splits: splits,
    nodes_truenodeids: a.nodes_truenodeids,
    nodes_falsenodeids: a.nodes_falsenodeids,
    nodes_trueleafs: a.nodes_trueleafs,
    nodes_falseleafs: a.nodes_falseleafs,
    nodes_missing_value_tracks_true: missing?.length === 0 ? undefined : missing,
  });
  checkLengths(view, weights.length, { leaf_targetids: a.leaf_targetids });
  const members = membershipLists(a.membership_values ? numbersOf(a.membership_values) : []);
  const list = new NodeList();
  list.nodes.length = count;
  let member = 0;
  for (let index = 0; index < count; index++) {
    const mode: BranchMode = branchModes[modes[index]!] ?? view.invalid(`a node has the unknown mode ${modes[index]}`);
    const branch = (isLeaf: number, to: number): Branch => ({ kind: isLeaf !== 0 ? "leaf" : "node", index: to });
    const node = {
      feature: a.nodes_featureids[index]!,
      missingIsTrue: (missing?.[index] ?? 0) !== 0,
      whenTrue: branch(a.nodes_trueleafs[index]!, a.nodes_truenodeids[index]!),
      whenFalse: branch(a.nodes_falseleafs[index]!, a.nodes_falsenodeids[index]!),
    };
    if (mode === "MEMBER")
      list.set(index, node, members[member++] ?? view.invalid("membership_values has too few lists"));
    else list.nodes[index] = { ...node, mode, split: splits[index]! };
  }
  return {
    nodes: list.nodes,
    leaves: weights.map((weight, index) => [{ target: a.leaf_targetids[index]!, weight }]),
    roots: a.tree_roots.map((index) => ({ kind: "node", index })),
    targets: a.n_targets ?? a.leaf_targetids.reduce((most, target) => Math.max(most, target + 1), 0),
  };
}

const aggregationNames: readonly Aggregation[] = ["AVERAGE", "SUM", "MIN", "MAX"];

/** Numbers of an attribute, or of its variant in double precision. */
const either = (floats: readonly number[] | undefined, tensor: DenseAttribute | undefined): readonly number[] =>
  tensor ? numbersOf(tensor) : (floats ?? []);

/** Base values added to every row. */
function withBase(view: View, scores: Tensor, base: readonly number[]): Tensor {
  if (base.length === 0) return scores;
  if (base.length !== 1 && base.length !== scores.shape[1])
    view.invalid(`${base.length} base values for ${scores.shape[1]} targets`);
  const { t } = view;
  return t.elementwise([scores, t.numbers(base, scores.element)], scores.element, (s, x, y) => s.add(x!, y!));
}

/** The labels of a classifier as a table. */
export function labelTable(
  view: View,
  integers: readonly bigint[] | undefined,
  strings: readonly string[] | undefined,
): Tensor {
  if (strings && strings.length > 0) return view.t.constant(tensorFromStrings([strings.length], strings), stringType);
  if (integers && integers.length > 0) return view.t.numbers(integers, i64);
  return view.invalid("it has no labels");
}

/**
 * Scores and labels of two classes when all votes are for the same one, the second's score: the first has the rest of the
 * probability where weights are probabilities, or else the opposite score. As ONNX Runtime does it.
 */
function secondClass(
  t: TensorBuilder,
  score: Tensor,
  labels: Tensor,
  options: { readonly isProbability: boolean; readonly transform: ReturnType<typeof scoreTransform> },
): readonly [Tensor, Tensor] {
  const { isProbability, transform } = options;
  const threshold = isProbability ? 0.5 : 0;
  const chosen = t.map(
    t.reshape(score, [score.size]),
    (s, x) => s.cast(s.compare("gt", x, s.constant(threshold, x.type)), i64),
    i64,
  );
  const opposite = t.map(score, (s, x) => (isProbability ? s.sub(s.constant(1, x.type), x) : s.neg(x)));
  const both = t.concat([opposite, score], 1);
  return [labelsAt(t, chosen, labels), isProbability ? both : transformScores(t, both, transform)];
}

export const treeEnsembleRules: readonly Lowering[] = [
  lowering(onnxMl.TreeEnsemble, (view) => {
    const { t, attributes } = view;
    const { X } = view.inputs;
    const aggregation = aggregationNames[attributes.aggregate_function];
    if (!aggregation) return view.invalid(`aggregate_function ${attributes.aggregate_function} is unknown`);
    const scores = predict(view, forestOfEnsemble(view, attributes), X, {
      aggregation,
      type: computationType(X.element),
      comparison: computationType(X.element),
    });
    return [t.cast(transformScores(t, scores, scoreTransform(view, attributes.post_transform)), X.element)];
  }),
  lowering(onnxMl.TreeEnsembleRegressor, (view) => {
    const { t, attributes: a } = view;
    const { X } = view.inputs;
    const aggregation = aggregationNames.find((name) => name === a.aggregate_function);
    if (!aggregation) return view.invalid(`aggregate_function ${a.aggregate_function} is unknown`);
    const votes = {
      trees: a.target_treeids ?? [],
      nodes: a.target_nodeids ?? [],
      targets: a.target_ids ?? [],
      weights: either(a.target_weights, a.target_weights_as_tensor),
    };
    const type = a.target_weights_as_tensor ? f64 : f32;
    const targets = a.n_targets ?? votes.targets.reduce((most, target) => Math.max(most, target + 1), 1);
    const comparison = comparisonType(X, a.nodes_values_as_tensor ? f64 : f32);
    const scores = predict(view, forestOfTables(view, a, votes, targets), X, { aggregation, type, comparison });
    const based = withBase(view, scores, either(a.base_values, a.base_values_as_tensor));
    return [t.cast(transformScores(t, based, scoreTransform(view, a.post_transform)), f32)];
  }),
  lowering(onnxMl.TreeEnsembleClassifier, (view) => {
    const { t, attributes: a } = view;
    const { X } = view.inputs;
    const votes = {
      trees: a.class_treeids ?? [],
      nodes: a.class_nodeids ?? [],
      targets: a.class_ids ?? [],
      weights: either(a.class_weights, a.class_weights_as_tensor),
    };
    const type = a.class_weights_as_tensor ? f64 : f32;
    const labels = labelTable(view, a.classlabels_int64s, a.classlabels_strings);
    const isBinary = labels.size === 2 && new Set(votes.targets).size === 1;
    // All votes are for one class: it is counted as the only target.
    const targets = isBinary ? 1 : labels.size;
    const counted = isBinary ? { ...votes, targets: votes.targets.map(() => 0) } : votes;
    const comparison = comparisonType(X, a.nodes_values_as_tensor ? f64 : f32);
    const forest = forestOfTables(view, a, counted, targets);
    const scores = predict(view, forest, X, { aggregation: "SUM", type, comparison });
    const base = either(a.base_values, a.base_values_as_tensor);
    const transform = scoreTransform(view, a.post_transform);
    if (isBinary) {
      const isProbability = votes.weights.every((weight) => weight >= 0);
      const based = withBase(view, scores, base.length === 2 ? base.slice(1) : base);
      const [chosen, both] = secondClass(t, based, labels, { isProbability, transform });
      return [chosen, t.cast(both, f32)];
    }
    const based = withBase(view, scores, base);
    return [bestLabels(t, based, labels), t.cast(transformScores(t, based, transform), f32)];
  }),
];
