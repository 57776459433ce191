import { projectionMap } from "../../../ir/affine.ts";
import { onnxMl } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, i64 } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { bestLabels, scoreTransform, transformScores } from "../score-transforms.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { labelTable } from "./tree-ensemble.ts";

type View = Pick<LoweringView, "t" | "unsupported" | "invalid">;

/** Features as rows of floats: [rows, columns]. */
function featureRows({ t, invalid }: View, x: Tensor): Tensor {
  if (x.rank !== 1 && x.rank !== 2) return invalid(`features of shape [${x.shape}] are no matrix`);
  const rows = x.rank === 1 ? t.reshape(x, [1, x.size]) : x;
  return t.cast(rows, x.element === f64 ? f64 : f32);
}

/** Every row times every row of a table of coefficients: x · tableᵀ. */
function products(t: TensorBuilder, x: Tensor, table: Tensor): Tensor {
  return t.generic({
    inputs: [
      { tensor: x, map: projectionMap(3, [0, 2]) },
      { tensor: table, map: projectionMap(3, [1, 2]) },
    ],
    outputs: [{ tensor: t.filled(0, x.element, [x.shape[0]!, table.shape[0]!]), map: projectionMap(3, [0, 1]) }],
    iterators: ["parallel", "parallel", "reduction"],
    body: (s, [a, b], [sum]) => [s.add(sum!, s.mul(a!, b!))],
  })[0]!;
}

/** A list of coefficients as rows of `columns`. */
function coefficientRows(view: View, values: readonly number[], x: Tensor): Tensor {
  const columns = x.shape[1]!;
  if (columns === 0 || values.length % columns !== 0)
    view.invalid(`${values.length} coefficients do not fit ${columns} features`);
  return view.t.numbers(values, x.element, [values.length / columns, columns]);
}

function withIntercepts(view: View, scores: Tensor, intercepts: readonly number[] | undefined): Tensor {
  if (!intercepts || intercepts.length === 0) return scores;
  const count = scores.shape[1]!;
  if (intercepts.length !== count && intercepts.length !== 1)
    view.invalid(`${intercepts.length} intercepts for ${count} scores`);
  const added = view.t.numbers(intercepts, scores.element);
  return view.t.elementwise([scores, added], scores.element, (s, x, y) => s.add(x!, y!));
}

/** One score as two, of opposite signs. */
const bothSigns = (t: TensorBuilder, score: Tensor): Tensor => t.concat([t.map(score, (s, x) => s.neg(x)), score], 1);

interface Kernel {
  readonly type: string;
  readonly gamma: number;
  readonly offset: number;
  readonly degree: number;
}

function kernelOf(view: View, type: string, parameters: readonly number[] | undefined): Kernel {
  if (!["LINEAR", "POLY", "RBF", "SIGMOID"].includes(type)) view.invalid(`kernel_type ${type} is unknown`);
  const [gamma = 0, offset = 0, degree = 0] = parameters ?? [];
  return { type, gamma, offset, degree };
}

/** The similarity of each row to each support vector, [rows, vectors]. */
function similarities(t: TensorBuilder, x: Tensor, vectors: Tensor, kernel: Kernel): Tensor {
  if (kernel.type === "RBF") {
    const distances = t.generic({
      inputs: [
        { tensor: x, map: projectionMap(3, [0, 2]) },
        { tensor: vectors, map: projectionMap(3, [1, 2]) },
      ],
      outputs: [{ tensor: t.filled(0, x.element, [x.shape[0]!, vectors.shape[0]!]), map: projectionMap(3, [0, 1]) }],
      iterators: ["parallel", "parallel", "reduction"],
      body: (s, [a, b], [sum]) => {
        const difference = s.sub(a!, b!);
        return [s.add(sum!, s.mul(difference, difference))];
      },
    })[0]!;
    return t.map(distances, (s, distance) => s.exp(s.mul(s.constant(-kernel.gamma, distance.type), distance)));
  }
  const dots = products(t, x, vectors);
  if (kernel.type === "LINEAR") return dots;
  return t.map(dots, (s, dot) => {
    const scaled = s.add(s.mul(dot, s.constant(kernel.gamma, dot.type)), s.constant(kernel.offset, dot.type));
    return kernel.type === "SIGMOID" ? s.tanh(scaled) : s.pow(scaled, s.constant(kernel.degree, dot.type));
  });
}

/** Scores of every pair of classes, and for which of the two they vote. */
interface Pairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
}
function pairsOf(classes: number): Pairs {
  const pairs = Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes - 1 - i }, (__, j) => [i, i + 1 + j] as const),
  ).flat();
  return { first: pairs.map(([i]) => i), second: pairs.map(([, j]) => j) };
}

/** The coefficients of every pair's support vectors, [pairs, vectors]; those of other classes are zero. */
function pairCoefficients(
  coefficients: readonly number[],
  perClass: readonly number[],
  { first, second }: Pairs,
): readonly number[] {
  const total = perClass.reduce((sum, count) => sum + count, 0);
  const classOf = perClass.flatMap((count, index) => Array.from({ length: count }, () => index));
  return first.flatMap((i, pair) => {
    const j = second[pair]!;
    // A class's coefficients against another stand in the row of the other, which skips the class itself.
    return classOf.map((owner, vector) =>
      owner === i ? coefficients[(j - 1) * total + vector]! : owner === j ? coefficients[i * total + vector]! : 0,
    );
  });
}

/** For each row the class that wins most pairs, the first of equals. */
function votedClass(t: TensorBuilder, scores: Tensor, pairs: Pairs, classes: number): Tensor {
  const [first, second] = [t.numbers(pairs.first, i64), t.numbers(pairs.second, i64)];
  const [votes] = t.generic({
    inputs: [
      { tensor: scores, map: projectionMap(3, [0, 2]) },
      { tensor: first, map: projectionMap(3, [2]) },
      { tensor: second, map: projectionMap(3, [2]) },
    ],
    outputs: [{ tensor: t.filled(0, i64, [scores.shape[0]!, classes]), map: projectionMap(3, [0, 1]) }],
    iterators: ["parallel", "parallel", "reduction"],
    body: (s, [score, i, j], [count]) => {
      const winner = s.select(s.compare("gt", score!, s.constant(0, score!.type)), i!, j!);
      return [s.add(count!, s.cast(s.compare("eq", winner, s.cast(s.loopIndex(1), i64)), i64))];
    },
  });
  return votes!;
}

export const linearModelsRules: readonly Lowering[] = [
  lowering(onnxMl.LinearRegressor, (view) => {
    const { t, attributes: a } = view;
    const x = featureRows(view, view.inputs.X);
    const table = coefficientRows(view, a.coefficients ?? [], x);
    if (table.shape[0] !== a.targets)
      view.invalid(`coefficients for ${table.shape[0]} targets instead of ${a.targets}`);
    const scores = withIntercepts(view, products(t, x, table), a.intercepts);
    return [t.cast(transformScores(t, scores, scoreTransform(view, a.post_transform)), f32)];
  }),
  lowering(onnxMl.LinearClassifier, (view) => {
    const { t, attributes: a } = view;
    const x = featureRows(view, view.inputs.X);
    const scores = withIntercepts(view, products(t, x, coefficientRows(view, a.coefficients, x)), a.intercepts);
    const labels = labelTable(view, a.classlabels_ints, a.classlabels_strings);
    const isSingle = scores.shape[1] === 1 && labels.size === 2;
    const all = isSingle ? bothSigns(t, scores) : scores;
    if (all.shape[1] !== labels.size) view.invalid(`${labels.size} labels for ${all.shape[1]} scores`);
    const transformed = transformScores(t, all, scoreTransform(view, a.post_transform));
    return [bestLabels(t, all, labels), t.cast(transformed, f32)];
  }),
  lowering(onnxMl.SVMRegressor, (view) => {
    const { t, attributes: a } = view;
    const x = featureRows(view, view.inputs.X);
    const coefficients = a.coefficients ?? [];
    const [rho = 0] = a.rho ?? [];
    const isLinear = a.n_supports === 0;
    const kernel = kernelOf(view, isLinear ? "LINEAR" : a.kernel_type, a.kernel_params);
    const vectors = coefficientRows(view, isLinear ? coefficients : (a.support_vectors ?? []), x);
    const near = similarities(t, x, vectors, kernel);
    if (!isLinear && coefficients.length !== vectors.shape[0])
      view.invalid(`${coefficients.length} coefficients for ${vectors.shape[0]} support vectors`);
    const weighted = isLinear ? near : products(t, near, t.numbers(coefficients, x.element, [1, coefficients.length]));
    const result = t.map(weighted, (s, sum) => {
      const score = s.add(sum, s.constant(rho, sum.type));
      if (a.one_class === 0) return score;
      return sign(s, score);
    });
    return [t.cast(transformScores(t, result, scoreTransform(view, a.post_transform)), f32)];
  }),
  lowering(onnxMl.SVMClassifier, (view) => {
    const { t, attributes: a } = view;
    const x = featureRows(view, view.inputs.X);
    const labels = labelTable(view, a.classlabels_ints, a.classlabels_strings);
    const transform = scoreTransform(view, a.post_transform);
    const coefficients = a.coefficients ?? [];
    const perClass = a.vectors_per_class ?? [];
    const count = perClass.reduce((sum, size) => sum + size, 0);
    if ((a.prob_a?.length ?? 0) > 0)
      view.unsupported("probabilities by pairwise coupling are an iteration of unknown length");
    if (count === 0) {
      const scores = products(t, x, coefficientRows(view, coefficients, x));
      const shifted = t.map(scores, (s, score) => s.add(score, s.constant(a.rho?.[0] ?? 0, score.type)));
      if (shifted.shape[1] !== labels.size) view.invalid(`${labels.size} labels for ${shifted.shape[1]} scores`);
      return [bestLabels(t, shifted, labels), t.cast(transformScores(t, shifted, transform), f32)];
    }
    const classes = perClass.length;
    const pairs = pairsOf(classes);
    const rho = a.rho ?? [];
    const vectors = coefficientRows(view, a.support_vectors ?? [], x);
    const fits = vectors.shape[0] === count && coefficients.length === (classes - 1) * count && rho.length === pairs.first.length; // prettier-ignore
    if (!fits || classes !== labels.size) view.invalid("its coefficients, classes and support vectors do not fit");
    const near = similarities(t, x, vectors, kernelOf(view, a.kernel_type, a.kernel_params));
    const table = t.numbers(pairCoefficients(coefficients, perClass, pairs), x.element, [pairs.first.length, count]);
    const scores = withIntercepts(view, products(t, near, table), rho);
    const best = bestLabels(t, votedClass(t, scores, pairs, classes), labels);
    const shown = classes === 2 ? bothSigns(t, scores) : scores;
    return [best, t.cast(transformScores(t, shown, transform), f32)];
  }),
];

const sign = (s: ScalarBuilder, x: Scalar): Scalar =>
  s.select(s.compare("gt", x, s.constant(0, x.type)), s.constant(1, x.type), s.constant(-1, x.type));
