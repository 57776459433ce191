import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { f64, i64 } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType, mapWide } from "./arithmetic.ts";
import { positionOfExtreme } from "./reduction.ts";

const number = (s: ScalarBuilder, value: number, like: Scalar): Scalar => s.constant(value, like.type);

/** x where x > 0 (or NaN), otherwise `negative`. */
const unlessNegative = (s: ScalarBuilder, x: Scalar, negative: Scalar): Scalar =>
  s.select(s.compare("lt", x, number(s, 0, x)), negative, x);

/** max(x, 0) + log(1 + e^-|x|): log(1 + e^x) without overflow. */
function softplus(s: ScalarBuilder, x: Scalar): Scalar {
  return s.add(s.max(x, number(s, 0, x)), s.float("log1p", s.exp(s.neg(s.abs(x)))));
}

/** GELU by the error function. */
export function gelu(s: ScalarBuilder, x: Scalar): Scalar {
  const scaled = s.float("erf", s.mul(x, number(s, Math.SQRT1_2, x)));
  return s.mul(s.mul(number(s, 0.5, x), x), s.add(number(s, 1, x), scaled));
}

/** GELU by Hendrycks' and Gimpel's tanh approximation. */
export function geluTanh(s: ScalarBuilder, x: Scalar): Scalar {
  const cubic = s.add(x, s.mul(number(s, 0.044715, x), s.mul(x, s.mul(x, x))));
  const inner = s.tanh(s.mul(number(s, Math.sqrt(2 / Math.PI), x), cubic));
  return s.mul(s.mul(number(s, 0.5, x), x), s.add(number(s, 1, x), inner));
}

/** e^(x - max) along an axis with its sum, both in the computation type: the parts of every softmax. */
function shiftedExponentials(t: TensorBuilder, x: Tensor, axis: number) {
  const wide = t.cast(x, computationType(x.element));
  const shifted = t.elementwise([wide, t.max(wide, [axis])], wide.element, (s, value, top) => s.sub(value!, top!));
  const exponentials = t.map(shifted, (s, value) => s.exp(value));
  return { shifted, exponentials, sum: t.sum(exponentials, [axis]) };
}

/** Softmax along an axis; narrow floats are computed in f32. */
export function softmax(t: TensorBuilder, x: Tensor, axis: number): Tensor {
  const { exponentials, sum } = shiftedExponentials(t, x, axis);
  return t.cast(
    t.elementwise([exponentials, sum], exponentials.element, (s, value, total) => s.div(value!, total!)),
    x.element,
  );
}

/** log(softmax(x)) without the loss of tiny probabilities. */
export function logSoftmax(t: TensorBuilder, x: Tensor, axis: number): Tensor {
  const { shifted, sum } = shiftedExponentials(t, x, axis);
  return t.cast(
    t.elementwise([shifted, sum], shifted.element, (s, value, total) => s.sub(value!, s.log(total!))),
    x.element,
  );
}

export const activationRules: readonly Lowering[] = [
  lowering(onnx.Relu, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.max(x, number(s, 0, x)))]),
  lowering(onnx.LeakyRelu, ({ t, inputs: { X }, attributes: { alpha } }) => [
    mapWide(t, X, (s, x) => unlessNegative(s, x, s.mul(number(s, alpha, x), x))),
  ]),
  lowering(onnx.PRelu, ({ t, inputs: { X, slope } }) => [
    t.elementwise([X, slope], X.element, (s, x, factor) => unlessNegative(s, x!, s.mul(factor!, x!))),
  ]),
  lowering(onnx.ThresholdedRelu, ({ t, inputs: { X }, attributes: { alpha } }) => [
    t.map(X, (s, x) => s.select(s.compare("gt", x, number(s, alpha, x)), x, number(s, 0, x))),
  ]),
  lowering(onnx.Elu, ({ t, inputs: { X }, attributes: { alpha } }) => [
    mapWide(t, X, (s, x) => unlessNegative(s, x, s.mul(number(s, alpha, x), s.float("expm1", x)))),
  ]),
  lowering(onnx.Celu, ({ t, inputs: { X }, attributes: { alpha } }) => [
    mapWide(t, X, (s, x) =>
      unlessNegative(s, x, s.mul(number(s, alpha, x), s.float("expm1", s.div(x, number(s, alpha, x))))),
    ),
  ]),
  lowering(onnx.Selu, ({ t, inputs: { X }, attributes: { alpha, gamma } }) => [
    mapWide(t, X, (s, x) =>
      s.mul(number(s, gamma, x), unlessNegative(s, x, s.mul(number(s, alpha, x), s.float("expm1", x)))),
    ),
  ]),
  lowering(onnx.Sigmoid, ({ t, inputs: { X } }) => [mapWide(t, X, (s, x) => s.sigmoid(x))]),
  lowering(onnx.HardSigmoid, ({ t, inputs: { X }, attributes: { alpha, beta } }) => [
    mapWide(t, X, (s, x) => hardSigmoid(s, x, alpha, beta)),
  ]),
  lowering(onnx.HardSwish, ({ t, inputs: { X } }) => [
    mapWide(t, X, (s, x) => s.mul(x, hardSigmoid(s, x, 1 / 6, 0.5))),
  ]),
  lowering(onnx.Swish, ({ t, inputs: { X }, attributes: { alpha } }) => [
    mapWide(t, X, (s, x) => s.mul(x, s.sigmoid(s.mul(number(s, alpha, x), x)))),
  ]),
  lowering(onnx.SwiGLU, ({ t, inputs: { A, B }, attributes: { alpha } }) => [
    t.elementwise([A, B], A.element, (s, a, b) => {
      const wide = computationType(a!.type);
      const gate = s.cast(a!, wide);
      const swish = s.mul(gate, s.sigmoid(s.mul(number(s, alpha, gate), gate)));
      return s.cast(s.mul(swish, s.cast(b!, wide)), a!.type);
    }),
  ]),
  lowering(onnx.Softplus, ({ t, inputs: { X } }) => [mapWide(t, X, softplus)]),
  lowering(onnx.Softsign, ({ t, inputs: { input } }) => [
    mapWide(t, input, (s, x) => s.div(x, s.add(number(s, 1, x), s.abs(x)))),
  ]),
  lowering(onnx.Mish, ({ t, inputs: { X } }) => [mapWide(t, X, (s, x) => s.mul(x, s.tanh(softplus(s, x))))]),
  lowering(onnx.Gelu, ({ t, inputs: { X }, attributes: { approximate }, invalid }) => {
    if (approximate === "none") return [mapWide(t, X, gelu)];
    if (approximate === "tanh") return [mapWide(t, X, geluTanh)];
    return invalid(`approximate must be none or tanh, not ${approximate}`);
  }),
  lowering(onnx.Shrink, ({ t, inputs: { input }, attributes: { bias, lambd } }) => [
    t.map(input, (s, x) => {
      // Whole numbers are compared with the bounds as they are, and lose what is left of the fraction.
      const wide = x.type.kind === "float" ? computationType(x.type) : f64;
      const value = s.cast(x, wide);
      const low = s.compare("lt", value, number(s, -lambd, value));
      const high = s.compare("gt", value, number(s, lambd, value));
      const shrunk = s.select(
        low,
        s.add(value, number(s, bias, value)),
        s.select(high, s.sub(value, number(s, bias, value)), number(s, 0, value)),
      );
      return s.cast(shrunk, x.type);
    }),
  ]),
  lowering(onnx.Clip, ({ t, inputs: { input, min, max } }) => {
    const bounds = [min, max].filter((bound) => bound !== undefined);
    return [
      t.elementwise([input, ...bounds], input.element, (s, x, ...limits) => {
        let value = x!;
        if (min) value = s.max(value, limits[0]!);
        if (max) value = s.min(value, limits.at(-1)!);
        return value;
      }),
    ];
  }),
  lowering(onnx.Softmax, (view) => [
    softmax(view.t, view.inputs.input, axisOf(view, view.attributes.axis, view.inputs.input.rank)),
  ]),
  lowering(onnx.LogSoftmax, (view) => [
    logSoftmax(view.t, view.inputs.input, axisOf(view, view.attributes.axis, view.inputs.input.rank)),
  ]),
  lowering(onnx.Hardmax, (view) => {
    const { t, inputs } = view;
    const axis = axisOf(view, view.attributes.axis, inputs.input.rank);
    // One where the position is the first of the maximum.
    const first = firstMaximum(t, inputs.input, axis);
    return [
      t.compute(inputs.input.shape, inputs.input.element, (s, indices) => {
        const best = s.load(
          first,
          indices.map((position, d) => (d === axis ? s.index(0) : position)),
        );
        const hit = s.compare("eq", s.cast(indices[axis]!, i64), best);
        return s.select(hit, s.constant(1, inputs.input.element), s.constant(0, inputs.input.element));
      }),
    ];
  }),
];

/** clamp(alpha·x + beta, 0, 1). */
const hardSigmoid = (s: ScalarBuilder, x: Scalar, alpha: number, beta: number): Scalar =>
  s.max(number(s, 0, x), s.min(number(s, 1, x), s.add(s.mul(number(s, alpha, x), x), number(s, beta, x))));

/** Position of the first maximum along an axis, which is kept with size 1, as i64. */
const firstMaximum = (t: TensorBuilder, x: Tensor, axis: number): Tensor =>
  positionOfExtreme(t, x, axis, { comparison: "gt", last: false, keepDimension: true });
