import { identityMap, projectionMap } from "../../ir/affine.ts";
import { f32, i1, i32, indexType, type Type } from "../../ir/types.ts";
import type { LoweringView } from "./lowering.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { loop } from "./tensor-control.ts";

/** How a node compares a feature with its split value, in the order of ONNX's numbers. */
export const branchModes = ["LEQ", "LT", "GTE", "GT", "EQ", "NEQ", "MEMBER"] as const;
export type BranchMode = (typeof branchModes)[number];

/** Where a branch leads: to another inner node, or to a leaf. */
export interface Branch {
  readonly kind: "node" | "leaf";
  readonly index: number;
}

/** An inner node. */
export interface TreeNode {
  readonly feature: number;
  readonly mode: Exclude<BranchMode, "MEMBER">;
  readonly split: number;
  /** Which way a NaN goes that does not compare true. */
  readonly missingIsTrue: boolean;
  readonly whenTrue: Branch;
  readonly whenFalse: Branch;
}

/** A leaf's contribution to one target. */
export interface Vote {
  readonly target: number;
  readonly weight: number;
}

export interface Forest {
  readonly nodes: readonly TreeNode[];
  readonly leaves: readonly (readonly Vote[])[];
  readonly roots: readonly Branch[];
  readonly targets: number;
}

export type Aggregation = "AVERAGE" | "SUM" | "MIN" | "MAX";

/** Up to this many levels are written out one after the other; deeper trees take a loop. */
const unrolledDepth = 32;

/** The most branches on any way from a root to a leaf; undefined if the branches run in circles or lead nowhere. */
function depthOf({ nodes, leaves, roots }: Pick<Forest, "nodes" | "leaves" | "roots">): number | undefined {
  const exists = ({ kind, index }: Branch): boolean =>
    Number.isInteger(index) && index >= 0 && index < (kind === "leaf" ? leaves : nodes).length;
  const depths: (number | "open" | undefined)[] = nodes.map(() => undefined);
  const known = ({ kind, index }: Branch): number | undefined => {
    const depth = kind === "leaf" ? 0 : depths[index];
    return typeof depth === "number" ? depth : undefined;
  };
  if (!roots.every(exists)) return undefined;
  const pending = roots.filter(({ kind }) => kind === "node").map(({ index }) => index);
  while (pending.length > 0) {
    const index = pending.at(-1)!;
    if (typeof depths[index] === "number") {
      pending.pop();
      continue;
    }
    const children = [nodes[index]!.whenTrue, nodes[index]!.whenFalse];
    if (!children.every(exists)) return undefined;
    const unknown = children.filter((child) => known(child) === undefined);
    if (unknown.length === 0) {
      depths[index] = 1 + Math.max(...children.map((child) => known(child)!));
      pending.pop();
      continue;
    }
    // A child that is being worked on already closes a circle.
    depths[index] = "open";
    if (unknown.some((child) => depths[child.index] === "open")) return undefined;
    pending.push(...unknown.map((child) => child.index));
  }
  return roots.reduce((most, root) => Math.max(most, known(root)!), 0);
}

/** The nodes as tables. Places below the number of leaves are leaves, which lead to themselves; then come the inner nodes. */
interface Tables {
  readonly features: Tensor;
  readonly splits: Tensor;
  readonly modes: Tensor | undefined;
  readonly onlyMode: TreeNode["mode"];
  readonly missing: Tensor | undefined;
  readonly whenTrue: Tensor;
  readonly whenFalse: Tensor;
}

const placeOf = (forest: Forest, { kind, index }: Branch): number =>
  kind === "leaf" ? index : forest.leaves.length + index;

function tablesOf(t: TensorBuilder, forest: Forest, comparison: Type): Tables {
  const { nodes, leaves } = forest;
  const table = (ofLeaf: (index: number) => number, ofNode: (node: TreeNode) => number, element: Type): Tensor =>
    t.numbers([...leaves.map((_, index) => ofLeaf(index)), ...nodes.map(ofNode)], element);
  const modes = new Set(nodes.map(({ mode }) => mode));
  const none = (): number => 0;
  const itself = (index: number): number => index;
  return {
    features: table(none, ({ feature }) => feature, i32),
    splits: table(none, ({ split }) => split, comparison),
    modes: modes.size > 1 ? table(none, ({ mode }) => branchModes.indexOf(mode), i32) : undefined,
    onlyMode: [...modes][0] ?? "LEQ",
    missing: nodes.some((node) => node.missingIsTrue)
      ? table(none, ({ missingIsTrue }) => Number(missingIsTrue), i1)
      : undefined,
    whenTrue: table(itself, ({ whenTrue }) => placeOf(forest, whenTrue), i32),
    whenFalse: table(itself, ({ whenFalse }) => placeOf(forest, whenFalse), i32),
  };
}

const comparisons = { LEQ: "le", LT: "lt", GTE: "ge", GT: "gt", EQ: "eq", NEQ: "ne" } as const;

/** One branch taken: from a place in the tables to the next. */
function descend(s: ScalarBuilder, tables: Tables, x: Tensor, row: Scalar, place: Scalar): Scalar {
  const at = [s.cast(place, indexType)];
  const value = s.cast(s.load(x, [row, s.cast(s.load(tables.features, at), indexType)]), tables.splits.element);
  const split = s.load(tables.splits, at);
  let isTrue = s.compare(comparisons[tables.onlyMode], value, split);
  if (tables.modes) {
    const mode = s.load(tables.modes, at);
    for (const [name, comparison] of Object.entries(comparisons)) {
      const isMode = s.compare("eq", mode, s.constant(branchModes.indexOf(name as BranchMode), i32));
      isTrue = s.select(isMode, s.compare(comparison, value, split), isTrue);
    }
  }
  if (tables.missing) isTrue = s.or(isTrue, s.and(s.isNan(value), s.load(tables.missing, at)));
  return s.select(isTrue, s.load(tables.whenTrue, at), s.load(tables.whenFalse, at));
}

/** The leaf that each row of features reaches in each tree, [rows, trees] in i32. */
function leavesReached(t: TensorBuilder, forest: Forest, x: Tensor, depth: number, comparison: Type): Tensor {
  const tables = tablesOf(t, forest, comparison);
  const roots = t.numbers(
    forest.roots.map((root) => placeOf(forest, root)),
    i32,
  );
  const shape = [x.shape[0]!, forest.roots.length];
  const steps = (start: Tensor, map: ReturnType<typeof identityMap>, count: number): Tensor =>
    t.generic({
      inputs: [{ tensor: start, map }],
      outputs: [{ tensor: t.emptyOutput(shape, i32), map: identityMap(2) }],
      iterators: ["parallel", "parallel"],
      body: (s, [place]) => {
        let current = place!;
        for (let step = 0; step < count; step++) current = descend(s, tables, x, s.loopIndex(0), current);
        return [current];
      },
    })[0]!;
  if (depth <= unrolledDepth) return steps(roots, projectionMap(2, [1]), depth);
  const start = t.expand(roots, shape);
  return loop(t, depth, [start], (_, [places]) => [steps(places!, identityMap(2), 1)])[0]!;
}

/** Largest finite number of the types that weights have. */
const largest = (type: Type): number => (type === f32 ? 3.4028234663852886e38 : Number.MAX_VALUE);

/** How votes for a target become one number, before the mean is taken. */
const aggregations: Readonly<
  Record<
    Aggregation,
    { readonly initial: (type: Type) => number; readonly combine: (s: ScalarBuilder, x: Scalar, y: Scalar) => Scalar }
  >
> = {
  SUM: { initial: () => 0, combine: (s, x, y) => s.add(x, y) },
  AVERAGE: { initial: () => 0, combine: (s, x, y) => s.add(x, y) },
  MIN: { initial: largest, combine: (s, x, y) => s.min(x, y) },
  MAX: { initial: (type) => -largest(type), combine: (s, x, y) => s.max(x, y) },
};

/**
 * What a forest says of each row of features: [rows, targets] in `type`, in which votes are combined; features are compared in
 * `comparison`.
 */
export function predict(
  view: Pick<LoweringView, "t" | "invalid">,
  forest: Forest,
  x: Tensor,
  options: { readonly aggregation: Aggregation; readonly type: Type; readonly comparison: Type },
): Tensor {
  const { t } = view;
  const { aggregation, type } = options;
  const { leaves, targets, nodes } = forest;
  if (x.rank !== 2) view.invalid(`features of shape [${x.shape}] are no matrix`);
  const depth = depthOf(forest) ?? view.invalid("its branches run in circles or lead nowhere");
  if (nodes.some(({ feature }) => feature < 0 || feature >= x.shape[1]!))
    view.invalid(`a node asks for a feature beyond the ${x.shape[1]} there are`);
  if (leaves.some((votes) => votes.some(({ target }) => target < 0 || target >= targets)))
    view.invalid(`a leaf votes for a target beyond the ${targets} there are`);
  const reached = leavesReached(t, forest, x, depth, options.comparison);
  const { initial, combine } = aggregations[aggregation];
  const neutral = initial(type);
  const isSingle = leaves.every((votes) => votes.length <= 1);
  const weightTable = isSingle
    ? t.numbers(leaves.map(([vote]) => vote?.weight ?? neutral), type) // prettier-ignore
    : t.numbers(leaves.flatMap((votes) => denseVotes(votes, aggregation, neutral, targets)), type, [leaves.length, targets]); // prettier-ignore
  const targetTable = t.numbers(leaves.map(([vote]) => vote?.target ?? 0), i32); // prettier-ignore
  const [result] = t.generic({
    inputs: [{ tensor: reached, map: projectionMap(3, [0, 2]) }],
    outputs: [{ tensor: t.filled(neutral, type, [x.shape[0]!, targets]), map: projectionMap(3, [0, 1]) }],
    iterators: ["parallel", "parallel", "reduction"],
    body: (s, [place], [total]) => {
      const leaf = s.cast(place!, indexType);
      if (!isSingle) return [combine(s, total!, s.load(weightTable, [leaf, s.loopIndex(1)]))];
      const next = combine(s, total!, s.load(weightTable, [leaf]));
      if (targets === 1) return [next];
      const isMeant = s.compare("eq", s.cast(s.load(targetTable, [leaf]), indexType), s.loopIndex(1));
      return [s.select(isMeant, next, total!)];
    },
  });
  if (aggregation !== "AVERAGE") return result!;
  return t.map(result!, (s, total) => s.div(total, s.constant(forest.roots.length, type)));
}

/** A leaf's votes as one number for each target. */
function denseVotes(
  votes: readonly Vote[],
  aggregation: Aggregation,
  neutral: number,
  targets: number,
): readonly number[] {
  const row = Array.from({ length: targets }, () => neutral);
  for (const { target, weight } of votes) {
    const before = row[target]!;
    row[target] =
      aggregation === "MIN"
        ? Math.min(before, weight)
        : aggregation === "MAX"
          ? Math.max(before, weight)
          : before + weight;
  }
  return row;
}
