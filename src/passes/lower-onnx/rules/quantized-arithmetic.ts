import { onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { f32, i32, type Type } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { dequantizeScalar, isZero, quantizeScalar, withoutZero } from "../quantize.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { softmax } from "./activation.ts";
import { averagePool, poolingWindow } from "./pooling.ts";
import { channelsLast, channelsSecond, single } from "./quantized-products.ts";

type View = Pick<LoweringView, "t" | "invalid">;

/** A tensor that is quantized as a whole. */
interface Quantized {
  readonly values: Tensor;
  readonly scale: Tensor;
  readonly zero: Tensor | undefined;
}
/** How the result is to be quantized. */
interface Target {
  readonly scale: Tensor;
  readonly zero: Tensor | undefined;
  readonly element: Type;
}

function quantized(view: View, values: Tensor, scale: Tensor, zero: Tensor | undefined): Quantized {
  return { values, scale: single(view, scale, "a scale"), zero: zeroOf(view, zero) };
}
const target = (view: View, scale: Tensor, zero: Tensor | undefined, element: Type): Target => ({
  scale: single(view, scale, "a scale"),
  zero: zeroOf(view, zero),
  element: zero?.element ?? element,
});
const zeroOf = (view: View, zero: Tensor | undefined): Tensor | undefined =>
  isZero(zero) ? undefined : single(view, zero!, "a zero point");

/** A function of quantized tensors' real values, element by element with broadcasting, quantized again: one operation. */
function throughReals(
  t: TensorBuilder,
  operands: readonly Quantized[],
  to: Target,
  body: (s: ScalarBuilder, ...reals: readonly Scalar[]) => Scalar,
  plain: readonly Tensor[] = [],
): Tensor {
  const parameters = [...operands, to].map(({ scale, zero }) => (zero ? [scale, zero] : [scale]));
  const tensors = [...plain, ...operands.map(({ values }) => values), ...parameters.flat()];
  return t.elementwise(tensors, to.element, (s, ...scalars) => {
    const flags = scalars.slice(0, plain.length);
    const values = scalars.slice(plain.length, plain.length + operands.length);
    let next = plain.length + operands.length;
    const pairs = parameters.map((pair) => {
      next += pair.length;
      return scalars.slice(next - pair.length, next) as [Scalar, Scalar?];
    });
    const reals = values.map((value, index) => dequantizeScalar(s, value, pairs[index]![1], pairs[index]![0]));
    const [scale, zero] = pairs.at(-1)!;
    return quantizeScalar(s, s.div(body(s, ...flags, ...reals), scale), zero, to.element);
  });
}

/** The real values as floats, and floats quantized again. */
const dequantized = (t: TensorBuilder, { values, scale, zero }: Quantized): Tensor =>
  t.elementwise([values, scale, ...(zero ? [zero] : [])], f32, (s, x, factor, point) =>
    dequantizeScalar(s, x!, point, factor!),
  );
const requantized = (t: TensorBuilder, real: Tensor, { scale, zero, element }: Target): Tensor =>
  t.elementwise([real, scale, ...(zero ? [zero] : [])], element, (s, x, factor, point) =>
    quantizeScalar(s, s.div(x!, factor!), point, element),
  );

/** Mean over axes: an exact sum of integers, scaled once. */
function quantizedMean(t: TensorBuilder, x: Quantized, axes: readonly number[], keep: boolean, to: Target): Tensor {
  const count = axes.reduce((product, axis) => product * x.values.shape[axis]!, 1);
  const centred = x.zero
    ? t.elementwise([x.values, x.zero], i32, (s, value, zero) => withoutZero(s, value!, zero))
    : x.values;
  const sum = t.reduceInto(centred, axes, keep, {
    initial: 0,
    accumulator: i32,
    combine: (s, total, value) => s.add(total, value),
  });
  return throughReals(t, [{ values: sum, scale: x.scale, zero: undefined }], to, (s, total) =>
    s.div(total!, s.constant(count, f32)),
  );
}

const binaryRule = (name: "QLinearAdd" | "QLinearMul", body: (s: ScalarBuilder, x: Scalar, y: Scalar) => Scalar) =>
  lowering(onnxMicrosoft[name], (view) => {
    const { A, A_scale, A_zero_point, B, B_scale, B_zero_point, C_scale, C_zero_point } = view.inputs;
    const operands = [quantized(view, A, A_scale, A_zero_point), quantized(view, B, B_scale, B_zero_point)];
    const to = target(view, C_scale, C_zero_point, A.element);
    return [throughReals(view.t, operands, to, (s, x, y) => body(s, x!, y!))];
  });

export const quantizedArithmeticRules: readonly Lowering[] = [
  binaryRule("QLinearAdd", (s, x, y) => s.add(x, y)),
  binaryRule("QLinearMul", (s, x, y) => s.mul(x, y)),
  lowering(onnxMicrosoft.QLinearLeakyRelu, (view) => {
    const { X, X_scale, X_zero_point, Y_scale, Y_zero_point } = view.inputs;
    const operand = quantized(view, X, X_scale, X_zero_point);
    return [
      throughReals(view.t, [operand], target(view, Y_scale, Y_zero_point, X.element), (s, x) => {
        const scaled = s.mul(x!, s.constant(view.attributes.alpha, f32));
        return s.select(s.compare("ge", x!, s.constant(0, f32)), x!, scaled);
      }),
    ];
  }),
  lowering(onnxMicrosoft.QLinearSigmoid, (view) => {
    const { X, X_scale, X_zero_point, Y_scale, Y_zero_point } = view.inputs;
    const operand = quantized(view, X, X_scale, X_zero_point);
    return [throughReals(view.t, [operand], target(view, Y_scale, Y_zero_point, X.element), (s, x) => s.sigmoid(x!))];
  }),
  lowering(onnxMicrosoft.QLinearWhere, (view) => {
    const { condition, X, x_scale, x_zero_point, Y, y_scale, y_zero_point, z_scale, z_zero_point } = view.inputs;
    const operands = [quantized(view, X, x_scale, x_zero_point), quantized(view, Y, y_scale, y_zero_point)];
    const to = target(view, z_scale, z_zero_point, X.element);
    return [throughReals(view.t, operands, to, (s, choice, x, y) => s.select(choice!, x!, y!), [condition])];
  }),
  lowering(onnxMicrosoft.QLinearConcat, (view) => {
    const { t, inputs } = view;
    const { Y_scale, Y_zero_point, inputs: triples } = inputs;
    if (triples.length % 3 !== 0) view.invalid("its inputs are no triples of tensor, scale and zero point");
    const to = target(view, Y_scale, Y_zero_point, Y_zero_point.element);
    const parts = Array.from({ length: triples.length / 3 }, (_, part) => {
      const [values, scale, zero] = triples.slice(3 * part) as [Tensor, Tensor, Tensor];
      return throughReals(t, [quantized(view, values, scale, zero)], to, (_s, x) => x!);
    });
    return [t.concat(parts, axisOf(view, view.attributes.axis, parts[0]!.rank))];
  }),
  lowering(onnxMicrosoft.QLinearReduceMean, (view) => {
    const { data, data_scale, data_zero_point, reduced_scale, reduced_zero_point } = view.inputs;
    const { axes, keepdims } = view.attributes;
    const chosen = axes.length > 0 ? axes.map((axis) => axisOf(view, axis, data.rank)) : data.shape.map((_, d) => d);
    const to = target(view, reduced_scale, reduced_zero_point, data.element);
    return [quantizedMean(view.t, quantized(view, data, data_scale, data_zero_point), chosen, keepdims !== 0, to)];
  }),
  lowering(onnxMicrosoft.QLinearGlobalAveragePool, (view) => {
    const { X, x_scale, x_zero_point, y_scale, y_zero_point } = view.inputs;
    const first = view.attributes.channels_last === 0 ? 2 : 1;
    const axes = Array.from({ length: Math.max(0, X.rank - 2) }, (_, axis) => first + axis);
    const to = target(view, y_scale, y_zero_point, X.element);
    return [quantizedMean(view.t, quantized(view, X, x_scale, x_zero_point), axes, true, to)];
  }),
  lowering(onnxMicrosoft.QLinearAveragePool, (view) => {
    const { t, inputs, attributes } = view;
    const { X, x_scale, x_zero_point, y_scale, y_zero_point } = inputs;
    const isLast = attributes.channels_last !== 0;
    const x = quantized(view, isLast ? channelsSecond(t, X) : X, x_scale, x_zero_point);
    const window = poolingWindow(view, x.values, attributes);
    const pooled = averagePool(t, dequantized(t, x), window, attributes.count_include_pad !== 0);
    const result = requantized(t, pooled, target(view, y_scale, y_zero_point, X.element));
    return [isLast ? channelsLast(t, result) : result];
  }),
  lowering(onnxMicrosoft.QLinearSoftmax, (view) => {
    const { t, inputs, attributes } = view;
    const { X, X_scale, x_zero_point, y_scale, y_zero_point } = inputs;
    const axis = axisOf(view, attributes.axis, X.rank);
    const real = dequantized(t, quantized(view, X, X_scale, x_zero_point));
    const to = target(view, y_scale, y_zero_point, X.element);
    // Up to opset 12 softmax ran over all axes from `axis` on, taken together.
    const isFlat = attributes.opset < 13;
    const seen = isFlat ? t.reshape(real, [...X.shape.slice(0, axis), product(X.shape.slice(axis))]) : real;
    return [t.reshape(requantized(t, softmax(t, seen, axis), to), X.shape)];
  }),
];

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);
