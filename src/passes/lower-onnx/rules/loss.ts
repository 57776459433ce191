import { identityMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i64, indexType } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import { logSoftmax } from "./activation.ts";
import { computationType } from "./arithmetic.ts";

interface LossOperands {
  /** Logarithms of probabilities, [batch, classes, …]. */
  readonly logarithms: Tensor;
  /** Classes, [batch, …]. */
  readonly targets: Tensor;
  /** One for each class. */
  readonly weights: Tensor | undefined;
}

/** −logarithm of the probability of each target, weighted by its class, and combined as `reduction` says. */
function negativeLogLikelihood(
  view: Pick<LoweringView, "t" | "invalid">,
  { logarithms, targets, weights }: LossOperands,
  attributes: { readonly ignore_index?: number | undefined; readonly reduction: string },
): Tensor {
  const { t } = view;
  const { reduction, ignore_index: ignored } = attributes;
  const [batch, classes, ...rest] = logarithms.shape;
  if (logarithms.rank < 2 || targets.shape.join() !== [batch, ...rest].join())
    view.invalid(`targets of shape [${targets.shape}] do not fit probabilities of shape [${logarithms.shape}]`);
  if (classes === 0 && targets.size > 0) view.invalid("there are targets but no classes");
  if (weights && (weights.rank !== 1 || weights.size !== classes))
    view.invalid(`weights of shape [${weights.shape}] for ${classes} classes`);
  if (reduction !== "none" && reduction !== "mean" && reduction !== "sum")
    view.invalid(`reduction ${reduction} is none of none, mean and sum`);
  const type = computationType(logarithms.element);
  const map = identityMap(targets.rank);
  const [losses, counts] = t.generic({
    inputs: [{ tensor: targets, map }],
    outputs: [
      { tensor: t.emptyOutput(targets.shape, type), map },
      { tensor: t.emptyOutput(targets.shape, type), map },
    ],
    iterators: targets.shape.map(() => "parallel"),
    body: (s, [target]) => {
      const label = s.cast(target!, i64);
      // Labels out of range are only right where they are ignored; they must not be read from.
      const safe = s.max(s.min(label, s.constant(classes! - 1, i64)), s.constant(0, i64));
      const chosen = s.cast(safe, indexType);
      const [first, ...others] = targets.shape.map((_, axis) => s.loopIndex(axis));
      const logarithm = s.cast(s.load(logarithms, [first!, chosen, ...others]), type);
      const plain = weights ? s.cast(s.load(weights, [chosen]), type) : s.constant(1, type);
      const zero = s.constant(0, type);
      const isIgnored = ignored === undefined ? undefined : s.compare("eq", label, s.constant(ignored, i64));
      const weight = isIgnored ? s.select(isIgnored, zero, plain) : plain;
      const loss = s.mul(s.neg(logarithm), weight);
      return [isIgnored ? s.select(isIgnored, zero, loss) : loss, weight];
    },
  }) as readonly [Tensor, Tensor];
  if (reduction === "none") return t.cast(losses, logarithms.element);
  const axes = targets.shape.map((_, axis) => axis);
  const sum = t.sum(losses, axes, false);
  if (reduction === "sum") return t.cast(sum, logarithms.element);
  const mean = t.elementwise([sum, t.sum(counts, axes, false)], type, (s, total, weight) => s.div(total!, weight!));
  return t.cast(mean, logarithms.element);
}

export const lossRules: readonly Lowering[] = [
  lowering(onnx.NegativeLogLikelihoodLoss, (view) => {
    const { input, target, weight } = view.inputs;
    return [negativeLogLikelihood(view, { logarithms: input, targets: target, weights: weight }, view.attributes)];
  }),
  lowering(onnx.SoftmaxCrossEntropyLoss, (view) => {
    const { t, inputs } = view;
    const { scores, labels, weights } = inputs;
    if (scores.rank < 2) view.invalid(`scores of rank ${scores.rank} have no axis of classes`);
    const logarithms = logSoftmax(t, scores, 1);
    return [negativeLogLikelihood(view, { logarithms, targets: labels, weights }, view.attributes), logarithms];
  }),
];
