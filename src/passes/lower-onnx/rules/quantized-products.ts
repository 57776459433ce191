import { identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx, onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { f32, i32, type Type } from "../../../ir/types.ts";
import { readElement, toNumbers } from "../../../support/numeric/host-tensor.ts";
import { convolve, groupedChannels, joinChannels } from "../convolve.ts";
import { integerMatmul, matrixParameter, type QuantizedMatrix, scaleProduct } from "../integer-matmul.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { isZero, quantizeScalar } from "../quantize.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { neededHigh, type WindowAttributes, type WindowAxis } from "../window.ts";
import { checkBias, convolutionWindow } from "./convolution.ts";
import { dynamicallyQuantized } from "./quantization.ts";

type View = Pick<LoweringView, "t" | "invalid">;

/** The operands of both QLinearConv operators. */
interface QuantizedConvolution {
  readonly x: Tensor;
  readonly x_scale: Tensor;
  readonly x_zero_point: Tensor;
  readonly w: Tensor;
  readonly w_scale: Tensor;
  readonly w_zero_point: Tensor;
  readonly y_scale: Tensor;
  readonly y_zero_point: Tensor;
  readonly B: Tensor | undefined;
}

/** A scale or zero point that must be one number, as a scalar. */
export function single(view: View, parameter: Tensor, name: string): Tensor {
  if (parameter.size !== 1) view.invalid(`${name} must be a single number, not [${parameter.shape}]`);
  return view.t.reshape(parameter, []);
}

/**
 * A bias that takes the input's zero point off all products at once, where weights and zero points are known: what is left in the
 * loops is a product of bytes.
 */
function biasWithoutZero(t: TensorBuilder, { x_zero_point, w, w_zero_point, B }: QuantizedConvolution) {
  const known = [x_zero_point, w, w_zero_point, ...(B ? [B] : [])].every((operand) => operand.constant);
  if (!known || isZero(x_zero_point)) return undefined;
  const zero = Number(readElement(x_zero_point.constant!, 0));
  const [weights, zeros] = [toNumbers(w.constant!), toNumbers(w_zero_point.constant!)];
  const bias = B && toNumbers(B.constant!);
  const channels = w.shape[0]!;
  const each = channels === 0 ? 0 : weights.length / channels;
  const values = Array.from({ length: channels }, (_, channel) => {
    const sum = weights.subarray(channel * each, (channel + 1) * each).reduce((total, weight) => total + weight, 0);
    return (bias?.[channel] ?? 0) - zero * (sum - each * zeros[zeros.length === 1 ? 0 : channel]!);
  });
  return t.numbers(values, i32);
}

function quantizedConvolution(
  view: View,
  operands: QuantizedConvolution,
  attributes: WindowAttributes & { readonly group: number; readonly kernel_shape?: readonly number[] | undefined },
): Tensor {
  const { t } = view;
  const { w, w_zero_point, B } = operands;
  const channels = w.shape[0]!;
  groupedChannels(view, operands.x, w, attributes.group);
  checkBias(view, B, channels);
  for (const parameter of [operands.w_scale, w_zero_point])
    if (parameter.size !== 1) checkBias(view, parameter, channels);
  const zero = single(view, operands.x_zero_point, "x_zero_point");
  const window = convolutionWindow(view, operands.x, w, attributes);
  const corrected = biasWithoutZero(t, operands);
  const { sum, loops } = convolve(t, {
    input: corrected ? padded(t, operands.x, window, zero) : operands.x,
    weights: w,
    group: attributes.group,
    window: corrected ? window.map(withinPadding) : window,
    accumulator: i32,
    zeroPoints: {
      input: corrected || isZero(zero) ? undefined : zero,
      weights: isZero(w_zero_point) ? undefined : w_zero_point,
    },
  });
  const channelAxes = loops.parallel.map((_, position) => 1 + position);
  const perChannel = (parameter: Tensor) =>
    parameter.size === 1
      ? { tensor: t.reshape(parameter, []), map: projectionMap(sum.rank, []) }
      : { tensor: t.reshape(parameter, loops.parallel), map: projectionMap(sum.rank, channelAxes) };
  const scale = scaleProduct(
    t,
    [single(view, operands.x_scale, "x_scale"), operands.w_scale],
    single(view, operands.y_scale, "y_scale"),
  );
  const bias = corrected ?? B;
  const to = operands.y_zero_point.element;
  const [result] = t.generic({
    inputs: [
      { tensor: sum, map: identityMap(sum.rank) },
      perChannel(scale),
      perChannel(single(view, operands.y_zero_point, "y_zero_point")),
      ...(bias ? [{ tensor: t.reshape(bias, loops.parallel), map: projectionMap(sum.rank, channelAxes) }] : []),
    ],
    outputs: [{ tensor: t.emptyOutput(sum.shape, to), map: identityMap(sum.rank) }],
    iterators: sum.shape.map(() => "parallel"),
    body: (s, [total, factor, point, offset]) => {
      const value = offset ? s.add(total!, offset) : total!;
      return [quantizeScalar(s, s.mul(s.cast(value, f32), factor!), point, to)];
    },
  });
  return joinChannels(t, result!, loops);
}

const padded = (t: TensorBuilder, x: Tensor, window: readonly WindowAxis[], zero: Tensor): Tensor =>
  t.pad(
    x,
    [0, 0, ...window.map(({ low }) => low)],
    [0, 0, ...window.map(neededHigh)],
    t.scalars.constant(Number(readElement(zero.constant!, 0)), x.element),
  );

/** The same window over an operand that is padded already. */
const withinPadding = (axis: WindowAxis): WindowAxis => ({
  ...axis,
  size: axis.low + axis.size + neededHigh(axis),
  low: 0,
  high: 0,
});

/** [batch, …, channels] to [batch, channels, …], and back. */
export const channelsSecond = (t: TensorBuilder, x: Tensor): Tensor =>
  t.transpose(x, [0, x.rank - 1, ...Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1)]);
export const channelsLast = (t: TensorBuilder, x: Tensor): Tensor =>
  t.transpose(x, [0, ...Array.from({ length: x.rank - 2 }, (_, axis) => axis + 2), 1]);

interface ScaledMatrix extends QuantizedMatrix {
  readonly scale: Tensor;
}

/** A quantized product as floats: the sum by both scales, plus a bias over columns. */
function floatProduct(view: View, left: ScaledMatrix, right: ScaledMatrix, bias: Tensor | undefined): Tensor {
  const { t } = view;
  const { sum, shape } = integerMatmul(view, left, right);
  const to = left.scale.element;
  const scale = scaleProduct(t, [
    matrixParameter(view, left.scale, "left", sum.shape),
    matrixParameter(view, right.scale, "right", sum.shape),
  ]);
  const offset = bias && matrixParameter(view, bias, "right", sum.shape);
  const result = t.elementwise([sum, scale, ...(offset ? [offset] : [])], to, (s, total, factor, added) => {
    const value = s.mul(s.cast(total!, f32), factor!);
    return s.cast(added ? s.add(value, s.cast(added, f32)) : value, to);
  });
  return t.reshape(result, shape);
}

/** A quantized product, quantized again. */
function quantizedProduct(
  view: View,
  left: ScaledMatrix,
  right: ScaledMatrix,
  y: { readonly scale: Tensor; readonly zero: Tensor; readonly element: Type },
): Tensor {
  const { t } = view;
  const { sum, shape } = integerMatmul(view, left, right);
  const scale = scaleProduct(
    t,
    [matrixParameter(view, left.scale, "left", sum.shape), matrixParameter(view, right.scale, "right", sum.shape)],
    matrixParameter(view, y.scale, "left", sum.shape),
  );
  const zero = matrixParameter(view, y.zero, "left", sum.shape);
  const result = t.elementwise([sum, scale, zero], y.element, (s, total, factor, point) =>
    quantizeScalar(s, s.mul(s.cast(total!, f32), factor!), point, y.element),
  );
  return t.reshape(result, shape);
}

export const quantizedProductsRules: readonly Lowering[] = [
  lowering(onnx.QLinearConv, (view) => {
    const { B, ...operands } = view.inputs;
    return [quantizedConvolution(view, { ...operands, B }, view.attributes)];
  }),
  lowering(onnxMicrosoft.QLinearConv, (view) => {
    const { t, attributes } = view;
    const { B, x, ...operands } = view.inputs;
    if (attributes.channels_last === 0) return [quantizedConvolution(view, { ...operands, x, B }, attributes)];
    const result = quantizedConvolution(view, { ...operands, x: channelsSecond(t, x), B }, attributes);
    return [channelsLast(t, result)];
  }),
  lowering(onnx.QLinearMatMul, (view) => {
    const { a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale, y_zero_point } = view.inputs;
    return [
      quantizedProduct(
        view,
        { values: a, scale: a_scale, zero: a_zero_point },
        { values: b, scale: b_scale, zero: b_zero_point },
        { scale: y_scale, zero: y_zero_point, element: y_zero_point.element },
      ),
    ];
  }),
  lowering(onnxMicrosoft.QGemm, (view) => {
    const { t, inputs, attributes } = view;
    const { A, a_scale, a_zero_point, B, b_scale, b_zero_point, C, y_scale, y_zero_point } = inputs;
    if (A.rank !== 2 || B.rank !== 2) view.invalid(`operands of ranks ${A.rank} and ${B.rank} are no matrices`);
    const { sum } = integerMatmul(
      view,
      { values: A, zero: a_zero_point, transposed: attributes.transA !== 0 },
      { values: B, zero: b_zero_point, transposed: attributes.transB !== 0 },
    );
    // C is quantized with the product of the scales, so it joins the sum.
    const total = C ? t.elementwise([sum, C], i32, (s, x, y) => s.add(x!, y!)) : sum;
    const factors = [
      single(view, a_scale, "a_scale"),
      matrixParameter(view, b_scale, "right", sum.shape),
      ...(attributes.alpha === 1 ? [] : [t.splat(attributes.alpha, f32)]),
    ];
    if (!y_scale) {
      return [
        t.elementwise([total, scaleProduct(t, factors)], f32, (s, value, factor) =>
          s.mul(s.cast(value!, f32), factor!),
        ),
      ];
    }
    const scale = scaleProduct(t, factors, single(view, y_scale, "y_scale"));
    const to = y_zero_point?.element ?? A.element;
    const zero = y_zero_point ? [single(view, y_zero_point, "y_zero_point")] : [];
    return [
      t.elementwise([total, scale, ...zero], to, (s, value, factor, point) =>
        quantizeScalar(s, s.mul(s.cast(value!, f32), factor!), point, to),
      ),
    ];
  }),
  lowering(onnxMicrosoft.MatMulIntegerToFloat, (view) => {
    const { A, B, a_scale, b_scale, a_zero_point, b_zero_point, bias } = view.inputs;
    return [
      floatProduct(
        view,
        { values: A, scale: a_scale, zero: a_zero_point },
        { values: B, scale: b_scale, zero: b_zero_point },
        bias,
      ),
    ];
  }),
  lowering(onnxMicrosoft.DynamicQuantizeMatMul, (view) => {
    const { A, B, b_scale, b_zero_point, bias } = view.inputs;
    const left = dynamicallyQuantized(view.t, A);
    return [floatProduct(view, left, { values: B, scale: b_scale, zero: b_zero_point }, bias)];
  }),
];
