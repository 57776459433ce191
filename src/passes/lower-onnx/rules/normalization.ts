import { affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx, onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { bf16, f32, type Type } from "../../../ir/types.ts";
import { toNumbers } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { inverseRoot, meanOf, moments, normalized, type Statistic } from "../statistics.ts";
import { broadcastMap, broadcastShapes } from "../broadcast.ts";
import type { IndexedTensor, Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";

/** A parameter that is broadcast to the operand, checked. */
function broadcastParameter(
  view: Pick<LoweringView, "invalid">,
  parameter: Tensor | undefined,
  x: Tensor,
): IndexedTensor | undefined {
  if (!parameter) return undefined;
  if (broadcastShapes([parameter.shape, x.shape])?.join() !== x.shape.join())
    view.invalid(`[${parameter.shape}] cannot be broadcast to [${x.shape}]`);
  return { tensor: parameter, map: broadcastMap(parameter.shape, x.shape) };
}

/** A parameter with one element for each channel (axis 1; an operand of rank 1 or 0 has one channel), checked. */
function channelParameter(view: Pick<LoweringView, "invalid">, parameter: Tensor, x: Tensor): IndexedTensor {
  const channels = x.rank < 2 ? 1 : x.shape[1]!;
  if (parameter.rank !== 1 || parameter.size !== channels)
    view.invalid(`[${parameter.shape}] is not one number for each of ${channels} channels`);
  return { tensor: parameter, map: affineMap(x.rank, [x.rank < 2 ? affine.constant(0) : affine.dimension(1)]) };
}

const axesFrom = (x: Tensor, first: number): readonly number[] =>
  x.shape.map((_, axis) => axis).filter((axis) => axis >= first);

/** A statistic with size-1 axes where it was taken, in another type. */
const asResult = (t: TensorBuilder, { tensor }: Statistic, x: Tensor, axes: readonly number[], type: Type): Tensor =>
  t.reshape(
    t.cast(tensor, type),
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );

/** The results that the operator has here; those beyond the first are made only when they are there. */
const resultsOf = (
  view: Pick<LoweringView, "resultCount">,
  first: Tensor,
  others: readonly (() => Tensor)[],
): readonly Tensor[] => [first, ...others.slice(0, view.resultCount - 1).map((make) => make())];

/** The type that `stash_type` names: that of the saved statistics. */
function stashType(view: Pick<LoweringView, "invalid">, stash: number): Type {
  if (stash === 1) return f32;
  return stash === 16 ? bf16 : view.invalid(`stash_type ${stash} is neither 1 (float) nor 16 (bfloat16)`);
}

/** Layer normalization and its saved statistics. */
function layerNormalization(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  scale: Tensor,
  bias: Tensor | undefined,
  axes: readonly number[],
  epsilon: number,
) {
  const { t } = view;
  const { mean, variance } = moments(t, x, axes, computationType(x.element));
  const inverse = inverseRoot(t, variance, epsilon);
  const parts = {
    mean,
    inverse,
    scale: broadcastParameter(view, scale, x),
    bias: broadcastParameter(view, bias, x),
  };
  return { result: normalized(t, x, parts, x.element), mean, inverse };
}

/** Root mean square normalization and its saved statistic. */
function rmsNormalization(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  scale: Tensor,
  axes: readonly number[],
  epsilon: number,
) {
  const { t } = view;
  const squares = meanOf(t, x, axes, computationType(x.element), undefined, (s, value) => s.mul(value, value));
  const inverse = inverseRoot(t, squares, epsilon);
  return { result: normalized(t, x, { inverse, scale: broadcastParameter(view, scale, x) }, scale.element), inverse };
}

/** Batch normalization by known statistics: one multiplication and one addition, whose factors are computed ahead. */
function affineByChannel(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  [scale, bias, mean, variance]: readonly [Tensor, Tensor, Tensor, Tensor],
  epsilon: number,
): Tensor {
  const { t } = view;
  const type = computationType(x.element);
  const map = channelParameter(view, scale, x).map;
  for (const parameter of [bias, mean, variance]) channelParameter(view, parameter, x);
  const known = [scale, bias, mean, variance].map(({ constant }) => constant && toNumbers(constant));
  const [gains, offsets, centers, spreads] = known;
  let factor: Tensor;
  let offset: Tensor;
  if (gains && offsets && centers && spreads) {
    const factors = Array.from(gains, (gain, channel) => gain / Math.sqrt(spreads[channel]! + epsilon));
    factor = t.numbers(factors, type);
    offset = t.numbers(
      Array.from(offsets, (value, channel) => value - centers[channel]! * factors[channel]!),
      type,
    );
  } else {
    factor = t.elementwise([scale, variance], type, (s, gain, spread) => {
      const root = s.sqrt(s.add(s.cast(spread!, type), s.constant(epsilon, type)));
      return s.div(s.cast(gain!, type), root);
    });
    offset = t.elementwise([bias, mean, factor], type, (s, value, center, gain) =>
      s.sub(s.cast(value!, type), s.mul(s.cast(center!, type), gain!)),
    );
  }
  return t.generic({
    inputs: [
      { tensor: x, map: identityMap(x.rank) },
      { tensor: factor, map },
      { tensor: offset, map },
    ],
    outputs: [{ tensor: t.emptyOutput(x.shape, x.element), map: identityMap(x.rank) }],
    iterators: x.shape.map(() => "parallel"),
    body: (s, [value, gain, shift]) => [s.cast(s.add(s.mul(s.cast(value!, type), gain!), shift!), x.element)],
  })[0]!;
}

/** Sums of squares in a window of `size` channels around each: [..x]. */
function neighbouringSquares(t: TensorBuilder, x: Tensor, size: number, type: Type): Tensor {
  const before = Math.floor((size - 1) / 2);
  const padded = t.pad(
    x,
    x.shape.map((_, axis) => (axis === 1 ? before : 0)),
    x.shape.map((_, axis) => (axis === 1 ? size - 1 - before : 0)),
    t.scalars.constant(0, x.element),
  );
  const rank = x.rank + 1;
  const d = affine.dimension;
  return t.generic({
    inputs: [
      {
        tensor: padded,
        map: affineMap(
          rank,
          x.shape.map((_, axis) => (axis === 1 ? affine.add(d(1), d(x.rank)) : d(axis))),
        ),
      },
      { tensor: t.emptyOutput([size], x.element), map: projectionMap(rank, [x.rank]) },
    ],
    outputs: [
      {
        tensor: t.filled(0, type, x.shape),
        map: projectionMap(
          rank,
          x.shape.map((_, axis) => axis),
        ),
      },
    ],
    iterators: [...x.shape.map(() => "parallel" as const), "reduction"],
    body: (s, [value], [total]) => {
      const wide = s.cast(value!, type);
      return [s.add(total!, s.mul(wide, wide))];
    },
  })[0]!;
}

/** ONNX Runtime's operators that add a residual (and a bias) before they normalize over the last axis. */
function residualSum(
  view: Pick<LoweringView, "t" | "invalid">,
  input: Tensor,
  skip: Tensor,
  bias: Tensor | undefined,
): Tensor {
  const operands = [input, skip, ...(bias ? [bias] : [])];
  for (const operand of operands) broadcastParameter(view, operand, input);
  const type = computationType(input.element);
  return view.t.elementwise(operands, input.element, (s, ...values) =>
    s.cast(
      values.map((value) => s.cast(value, type)).reduce((left, right) => s.add(left, right)),
      input.element,
    ),
  );
}

export const normalizationRules: readonly Lowering[] = [
  lowering(onnx.BatchNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { X, scale, B, input_mean, input_var } = inputs;
    const { epsilon, momentum } = attributes;
    if (attributes.training_mode === 0) return [affineByChannel(view, X, [scale, B, input_mean, input_var], epsilon)];
    const axes = X.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const parameters = [scale, B, input_mean, input_var].map((parameter) => channelParameter(view, parameter, X));
    const { mean, variance } = moments(t, X, axes, computationType(X.element));
    const inverse = inverseRoot(t, variance, epsilon);
    const running = (old: Tensor, now: Statistic): Tensor =>
      t.elementwise([old, t.reshape(now.tensor, old.shape)], old.element, (s, before, current) => {
        const { type } = current!;
        const kept = s.mul(s.cast(before!, type), s.constant(momentum, type));
        return s.cast(s.add(kept, s.mul(current!, s.constant(1 - momentum, type))), old.element);
      });
    return [
      normalized(t, X, { mean, inverse, scale: parameters[0], bias: parameters[1] }, X.element),
      running(input_mean, mean),
      running(input_var, variance),
    ];
  }),
  lowering(onnx.InstanceNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { input, scale, B } = inputs;
    if (input.rank < 3) view.invalid(`an operand of rank ${input.rank} has no spatial axes`);
    const { mean, variance } = moments(t, input, axesFrom(input, 2), computationType(input.element));
    const parts = {
      mean,
      inverse: inverseRoot(t, variance, attributes.epsilon),
      scale: channelParameter(view, scale, input),
      bias: channelParameter(view, B, input),
    };
    return [normalized(t, input, parts, input.element)];
  }),
  lowering(onnx.GroupNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { X, scale, bias } = inputs;
    const { num_groups: groups, epsilon } = attributes;
    if (X.rank < 2 || groups < 1 || X.shape[1]! % groups !== 0)
      view.invalid(`[${X.shape}] has no channels in ${groups} groups`);
    const width = X.shape[1]! / groups;
    const grouped = t.reshape(X, [X.shape[0]!, groups, width, ...X.shape.slice(2)]);
    const byChannel = (parameter: Tensor): IndexedTensor => ({
      tensor: t.reshape(channelParameter(view, parameter, X).tensor, [groups, width]),
      map: projectionMap(grouped.rank, [1, 2]),
    });
    const { mean, variance } = moments(t, grouped, axesFrom(grouped, 2), computationType(X.element));
    const parts = { mean, inverse: inverseRoot(t, variance, epsilon), scale: byChannel(scale), bias: byChannel(bias) };
    return [t.reshape(normalized(t, grouped, parts, X.element), X.shape)];
  }),
  lowering(onnx.LayerNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { X, Scale, B } = inputs;
    const axes = axesFrom(X, axisOf(view, attributes.axis, X.rank));
    const saved = stashType(view, attributes.stash_type);
    const { result, mean, inverse } = layerNormalization(view, X, Scale, B, axes, attributes.epsilon);
    return resultsOf(
      view,
      result,
      [mean, inverse].map((statistic) => () => asResult(t, statistic, X, axes, saved)),
    );
  }),
  lowering(onnx.RMSNormalization, (view) => {
    const { X, scale } = view.inputs;
    const axes = axesFrom(X, axisOf(view, view.attributes.axis, X.rank));
    stashType(view, view.attributes.stash_type);
    return [rmsNormalization(view, X, scale, axes, view.attributes.epsilon).result];
  }),
  lowering(onnx.SimplifiedLayerNormalization, (view) => {
    const { X, scale } = view.inputs;
    const axes = axesFrom(X, axisOf(view, view.attributes.axis, X.rank));
    const { result, inverse } = rmsNormalization(view, X, scale, axes, view.attributes.epsilon);
    return resultsOf(view, result, [() => asResult(view.t, inverse, X, axes, f32)]);
  }),
  lowering(onnxMicrosoft.SkipLayerNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { input, skip, gamma, beta, bias } = inputs;
    const sum = residualSum(view, input, skip, bias);
    const axes = [input.rank - 1];
    const { result, mean, inverse } = layerNormalization(view, sum, gamma, beta, axes, attributes.epsilon);
    const saved = [mean, inverse].map((statistic) => () => asResult(t, statistic, sum, axes, f32));
    return resultsOf(view, result, [...saved, () => sum]);
  }),
  lowering(onnxMicrosoft.SkipSimplifiedLayerNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { input, skip, gamma, bias } = inputs;
    const sum = residualSum(view, input, skip, bias);
    const axes = [input.rank - 1];
    const { result, inverse } = rmsNormalization(view, sum, gamma, axes, attributes.epsilon);
    const saved = (): Tensor => asResult(t, inverse, sum, axes, f32);
    // There is no mean here; nothing computes or reads that result.
    return resultsOf(view, result, [() => t.filled(0, f32, saved().shape), saved, () => sum]);
  }),
  lowering(onnx.MeanVarianceNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { X } = inputs;
    const axes = attributes.axes.map((axis) => axisOf(view, axis, X.rank));
    const { mean, variance } = moments(t, X, axes, computationType(X.element));
    // The function that defines the operator adds 1e-9 to the standard deviation.
    const inverse = {
      tensor: t.map(variance.tensor, (s, x) =>
        s.div(s.constant(1, x.type), s.add(s.sqrt(x), s.constant(1e-9, x.type))),
      ),
      map: variance.map,
    };
    return [normalized(t, X, { mean, inverse }, X.element)];
  }),
  lowering(onnx.LpNormalization, (view) => {
    const { t, inputs, attributes } = view;
    const { input } = inputs;
    const { p } = attributes;
    if (p !== 1 && p !== 2) view.invalid(`p must be 1 or 2, not ${p}`);
    const type = computationType(input.element);
    const sum = t.reduceInto(input, [axisOf(view, attributes.axis, input.rank)], true, {
      initial: 0,
      prepare: (s, x) => (p === 1 ? s.abs(x) : s.mul(x, x)),
      combine: (s, total, x) => s.add(total, x),
    });
    const norm = p === 1 ? sum : t.map(sum, (s, x) => s.sqrt(x));
    return [
      t.elementwise([input, norm], input.element, (s, x, length) => {
        const zero = s.constant(0, type);
        const quotient = s.div(s.cast(x!, type), length!);
        return s.cast(s.select(s.compare("eq", length!, zero), zero, quotient), input.element);
      }),
    ];
  }),
  lowering(onnx.LRN, (view) => {
    const { t, inputs, attributes } = view;
    const { X } = inputs;
    const { alpha, beta, bias, size } = attributes;
    if (X.rank < 2 || size < 1) view.invalid(`[${X.shape}] has no windows of ${size} channels`);
    const type = computationType(X.element);
    return [
      t.elementwise([X, neighbouringSquares(t, X, size, type)], X.element, (s, x, squares) => {
        const base = s.add(s.constant(bias, type), s.mul(s.constant(alpha / size, type), squares!));
        return s.cast(s.div(s.cast(x!, type), s.pow(base, s.constant(beta, type))), X.element);
      }),
    ];
  }),
];
