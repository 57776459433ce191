import { affineMap, affine, identityMap, projectionMap } from "../../ir/affine.ts";
import type { Type } from "../../ir/types.ts";
import { contract } from "./contract.ts";
import type { LoweringView } from "./lowering.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/**
 * A tensor whose dimensions are named: b batch, h key-value head, g query head of that one's group, s query position, t key
 * position, d channel of a head, e channel of a value head.
 */
export interface Named {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/** Sizes that queries, keys and values agree on. */
export interface AttentionSizes {
  readonly batch: number;
  readonly queryHeads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
}

/** How many query heads share a key-value head, as a dimension; none when each has its own. */
const groupLabels = ({ queryHeads, keyHeads }: AttentionSizes): readonly string[] =>
  queryHeads === keyHeads ? [] : ["g"];

/** [batch, heads, position, channels] or [batch, position, heads·channels] with the heads split as named. */
export function splitHeads(
  t: TensorBuilder,
  x: Tensor,
  heads: number,
  names: { readonly position: string; readonly channel: string },
  groups: number | undefined,
): Named {
  const headSizes = groups === undefined ? [heads] : [heads / groups, groups];
  const headLabels = groups === undefined ? ["h"] : ["h", "g"];
  if (x.rank === 4)
    return {
      tensor: t.reshape(x, [x.shape[0]!, ...headSizes, x.shape[2]!, x.shape[3]!]),
      labels: ["b", ...headLabels, names.position, names.channel],
    };
  const [batch, length, width] = x.shape as [number, number, number];
  return {
    tensor: t.reshape(x, [batch, length, ...headSizes, width / heads]),
    labels: ["b", names.position, ...headLabels, names.channel],
  };
}

/** Elements of named operands combined at every point of `labels`; an operand without a label is repeated along it. */
export function combine(
  t: TensorBuilder,
  operands: readonly (Named | IndexedTensor)[],
  shape: readonly number[],
  labels: readonly string[],
  element: Type,
  body: (s: ScalarBuilder, values: readonly Scalar[]) => Scalar,
): Tensor {
  return t.generic({
    inputs: operands.map((operand) =>
      "map" in operand
        ? operand
        : {
            tensor: operand.tensor,
            map: projectionMap(
              labels.length,
              operand.labels.map((label) => labels.indexOf(label)),
            ),
          },
    ),
    outputs: [{ tensor: t.emptyOutput(shape, element), map: identityMap(labels.length) }],
    iterators: labels.map(() => "parallel"),
    body: (s, values) => [body(s, values)],
  })[0]!;
}

/** Queries times keys, [b, h, (g,) s, t]. */
export function attentionScores(
  view: Pick<LoweringView, "t" | "invalid">,
  query: Named,
  key: Named,
  sizes: AttentionSizes,
  type: Type,
): Named {
  const labels = ["b", "h", ...groupLabels(sizes), "s", "t"];
  return { tensor: contract(view, [query, key], labels, type), labels };
}

/** e^(x - maximum) along the last dimension and its sum; a row in which everything is masked (-∞) gives zeros. */
export function exponentials(
  t: TensorBuilder,
  scores: Named,
  type: Type,
): { readonly parts: Named; readonly sum: Named } {
  const { tensor, labels } = scores;
  const outer = labels.slice(0, -1);
  const top = { tensor: t.max(tensor, [tensor.rank - 1], false), labels: outer };
  const values = combine(t, [scores, top], tensor.shape, labels, type, (s, [value, most]) => {
    const masked = s.compare("eq", most!, s.constant(-Infinity, most!.type));
    const shift = s.select(masked, s.constant(0, most!.type), most!);
    return s.exp(s.cast(s.sub(value!, shift), type));
  });
  return { parts: { tensor: values, labels }, sum: { tensor: t.sum(values, [tensor.rank - 1], false), labels: outer } };
}

/** x / sum, zero where the sum is. */
function quotient(s: ScalarBuilder, value: Scalar, sum: Scalar): Scalar {
  const zero = s.constant(0, sum.type);
  const empty = s.compare("eq", sum, zero);
  return s.select(empty, zero, s.div(value, s.select(empty, s.constant(1, sum.type), sum)));
}

/** Probabilities, [b, h, (g,) s, t], from the parts of a softmax. */
export const probabilities = (t: TensorBuilder, parts: Named, sum: Named): Named => ({
  tensor: combine(t, [parts, sum], parts.tensor.shape, parts.labels, parts.tensor.element, (s, [value, total]) =>
    quotient(s, value!, total!),
  ),
  labels: parts.labels,
});

/** A tensor that is broadcast to [batch, query heads, queries, keys], as an operand of loops over scores. */
export function broadcastToScores(
  t: TensorBuilder,
  x: Tensor,
  sizes: AttentionSizes,
  labels: readonly string[],
): IndexedTensor {
  const ranked = t.reshape(x, [...Array.from({ length: Math.max(0, 4 - x.rank) }, () => 1), ...x.shape]);
  const [batch, heads, queries, keys] = ranked.shape as [number, number, number, number];
  const grouped = labels.includes("g");
  const headSizes = !grouped || heads === 1 ? [heads] : [sizes.keyHeads, heads / sizes.keyHeads];
  const names = ["b", ...(headSizes.length === 2 ? ["h", "g"] : ["h"]), "s", "t"];
  const shape = [batch, ...headSizes, queries, keys];
  return {
    tensor: t.reshape(ranked, shape),
    map: affineMap(
      labels.length,
      names.map((label, axis) => (shape[axis] === 1 ? affine.constant(0) : affine.dimension(labels.indexOf(label)))),
    ),
  };
}

/** The weighted sum of values, divided by `sum` where the weights are not normalized yet: [b, q heads, s, e] or [b, s, q heads·e]. */
export function weightedValues(
  view: Pick<LoweringView, "t" | "invalid">,
  weights: Named,
  value: Named,
  sum: Named | undefined,
  sizes: AttentionSizes,
  options: { readonly positionsFirst: boolean; readonly type: Type; readonly element: Type },
): Tensor {
  const { t } = view;
  const heads = ["h", ...groupLabels(sizes)];
  const labels = options.positionsFirst ? ["b", "s", ...heads, "e"] : ["b", ...heads, "s", "e"];
  const total = contract(view, [weights, value], labels, options.type);
  const finished = sum
    ? combine(t, [{ tensor: total, labels }, sum], total.shape, labels, options.element, (s, [x, divisor]) =>
        s.cast(quotient(s, x!, divisor!), options.element),
      )
    : t.cast(total, options.element);
  const width = finished.shape.at(-1)!;
  return t.reshape(
    finished,
    options.positionsFirst
      ? [sizes.batch, sizes.queries, sizes.queryHeads * width]
      : [sizes.batch, sizes.queryHeads, sizes.queries, width],
  );
}
