import { one, op, optional, variadic } from "../../define.ts";
import { f32Array, f32Attribute, float32, i64Array, i64Attribute, stringAttributeSpec } from "./attributes.ts";
import { boolTensor, floatTensor, tensorOf } from "./constraints.ts";

const byteTensor = tensorOf("i8", "ui8");
const scale = tensorOf("f32");
const quantizedTensor = tensorOf("i4", "i8", "i16", "i32", "ui4", "ui8", "ui16");
const flag = i64Attribute.default(0);

/** `A` and `B` quantized, `C` quantized, with broadcasting. */
const quantizedBinary = (summary: string) =>
  op({
    summary,
    operands: {
      A: one(byteTensor),
      A_scale: one(scale),
      A_zero_point: optional(byteTensor),
      B: one(byteTensor),
      B_scale: one(scale),
      B_zero_point: optional(byteTensor),
      C_scale: one(scale),
      C_zero_point: optional(byteTensor),
    },
    attributes: {},
    results: { C: one(byteTensor) },
    traits: ["pure"],
  });
const quantizedUnaryOperands = {
  X: one(byteTensor),
  X_scale: one(scale),
  X_zero_point: optional(byteTensor),
  Y_scale: one(scale),
  Y_zero_point: optional(byteTensor),
} as const;
const skipNormalizationResults = {
  output: one(floatTensor),
  mean: optional(scale),
  inv_std_var: optional(scale),
  input_skip_bias_sum: optional(floatTensor),
} as const;
const spatial = {
  auto_pad: stringAttributeSpec.default("NOTSET"),
  dilations: i64Array.optional(),
  group: i64Attribute.default(1),
  kernel_shape: i64Array.optional(),
  pads: i64Array.optional(),
  strides: i64Array.optional(),
} as const;

/**
 * The domain `com.microsoft`: those of ONNX Runtime's own operators that its optimizer and quantizer write into common models.
 * Names, operands and defaults are those of its contrib operator schemas.
 */
export const microsoft = {
  BiasGelu: op({
    summary: "gelu(A + B)",
    operands: { A: one(floatTensor), B: one(floatTensor) },
    attributes: {},
    results: { C: one(floatTensor) },
    traits: ["pure"],
  }),
  DequantizeLinear: op({
    summary: "(x − zero point)·scale, by tensor or axis",
    operands: { x: one(quantizedTensor), x_scale: one(floatTensor), x_zero_point: optional(quantizedTensor) },
    attributes: { axis: i64Attribute.optional() },
    results: { y: one(floatTensor) },
    traits: ["pure"],
  }),
  DynamicQuantizeMatMul: op({
    summary: "matrix product with the left operand quantized on the way",
    operands: {
      A: one(scale),
      B: one(byteTensor),
      b_scale: one(scale),
      b_zero_point: optional(byteTensor),
      bias: optional(scale),
    },
    attributes: {},
    results: { Y: one(scale) },
    traits: ["pure"],
  }),
  FastGelu: op({
    summary: "gelu(X + bias) in its tanh approximation",
    operands: { X: one(floatTensor), bias: optional(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  FusedConv: op({
    summary: "convolution, plus Z, then an activation",
    operands: { X: one(floatTensor), W: one(floatTensor), B: optional(floatTensor), Z: optional(floatTensor) },
    attributes: { activation: stringAttributeSpec.optional(), activation_params: f32Array.optional(), ...spatial },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  FusedGemm: op({
    summary: "Gemm, then an activation",
    operands: { A: one(floatTensor), B: one(floatTensor), C: optional(floatTensor) },
    attributes: {
      activation: stringAttributeSpec.optional(),
      activation_alpha: f32Attribute.optional(),
      activation_beta: f32Attribute.optional(),
      activation_gamma: f32Attribute.optional(),
      alpha: float32(1),
      beta: float32(1),
      transA: flag,
      transB: flag,
    },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  FusedMatMul: op({
    summary: "alpha times a matrix product of possibly transposed operands",
    operands: { A: one(floatTensor), B: one(floatTensor) },
    attributes: { alpha: float32(1), transA: flag, transB: flag, transBatchA: flag, transBatchB: flag },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  Gelu: op({
    summary: "x·Φ(x)",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  MatMulIntegerToFloat: op({
    summary: "matrix product of 8-bit integers, scaled to float",
    operands: {
      A: one(byteTensor),
      B: one(byteTensor),
      a_scale: one(floatTensor),
      b_scale: one(floatTensor),
      a_zero_point: optional(byteTensor),
      b_zero_point: optional(byteTensor),
      bias: optional(floatTensor),
    },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  MatMulNBits: op({
    summary: "matrix product with weights packed in few bits, by block",
    operands: {
      A: one(floatTensor),
      B: one(tensorOf("ui8", "i32")),
      scales: one(floatTensor),
      zero_points: optional(tensorOf("ui8", "i32", "float")),
      g_idx: optional(tensorOf("i32")),
      bias: optional(floatTensor),
    },
    attributes: {
      K: i64Attribute,
      N: i64Attribute,
      accuracy_level: flag,
      bits: i64Attribute.default(4),
      block_size: i64Attribute,
    },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  QGemm: op({
    summary: "quantized Gemm; without an output scale the result is float",
    operands: {
      A: one(byteTensor),
      a_scale: one(scale),
      a_zero_point: one(byteTensor),
      B: one(byteTensor),
      b_scale: one(scale),
      b_zero_point: one(byteTensor),
      C: optional(tensorOf("i32")),
      y_scale: optional(scale),
      y_zero_point: optional(byteTensor),
    },
    attributes: { alpha: float32(1), transA: flag, transB: flag },
    results: { Y: one(tensorOf("f32", "i8", "ui8")) },
    traits: ["pure"],
  }),
  QLinearAdd: quantizedBinary("sum of quantized tensors"),
  QLinearAveragePool: op({
    summary: "mean of a quantized tensor over a moving window",
    operands: {
      X: one(byteTensor),
      x_scale: one(scale),
      x_zero_point: optional(byteTensor),
      y_scale: one(scale),
      y_zero_point: optional(byteTensor),
    },
    attributes: {
      auto_pad: stringAttributeSpec.default("NOTSET"),
      ceil_mode: flag,
      channels_last: flag,
      count_include_pad: flag,
      kernel_shape: i64Array,
      pads: i64Array.optional(),
      strides: i64Array.optional(),
    },
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearConcat: op({
    summary: "quantized tensors joined along an axis; the inputs are triples of tensor, scale and zero point",
    operands: { Y_scale: one(scale), Y_zero_point: one(byteTensor), inputs: variadic(tensorOf("i8", "ui8", "f32"), 1) },
    attributes: { axis: i64Attribute },
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearConv: op({
    summary: "quantized convolution, channels second or last",
    operands: {
      x: one(byteTensor),
      x_scale: one(scale),
      x_zero_point: one(byteTensor),
      w: one(byteTensor),
      w_scale: one(scale),
      w_zero_point: one(byteTensor),
      y_scale: one(scale),
      y_zero_point: one(byteTensor),
      B: optional(tensorOf("i32")),
    },
    attributes: { channels_last: flag, ...spatial },
    results: { y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearGlobalAveragePool: op({
    summary: "mean of a quantized tensor over all spatial axes",
    operands: {
      X: one(byteTensor),
      x_scale: one(scale),
      x_zero_point: one(byteTensor),
      y_scale: one(scale),
      y_zero_point: one(byteTensor),
    },
    attributes: { channels_last: flag },
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearLeakyRelu: op({
    summary: "leaky ReLU of a quantized tensor",
    operands: quantizedUnaryOperands,
    attributes: { alpha: float32(0.01) },
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearMul: quantizedBinary("product of quantized tensors"),
  QLinearReduceMean: op({
    summary: "mean of a quantized tensor over axes",
    operands: {
      data: one(byteTensor),
      data_scale: one(scale),
      data_zero_point: optional(byteTensor),
      reduced_scale: one(scale),
      reduced_zero_point: optional(byteTensor),
    },
    attributes: { axes: i64Array, keepdims: i64Attribute },
    results: { reduced: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearSigmoid: op({
    summary: "sigmoid of a quantized tensor",
    operands: quantizedUnaryOperands,
    attributes: {},
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearSoftmax: op({
    summary: "softmax of a quantized tensor; up to opset 12 over all axes from `axis` on",
    operands: {
      X: one(byteTensor),
      X_scale: one(scale),
      x_zero_point: optional(byteTensor),
      y_scale: one(scale),
      y_zero_point: one(byteTensor),
    },
    attributes: { axis: i64Attribute.default(-1), opset: i64Attribute },
    results: { Y: one(byteTensor) },
    traits: ["pure"],
  }),
  QLinearWhere: op({
    summary: "elements of one quantized tensor or another, by a condition",
    operands: {
      condition: one(boolTensor),
      X: one(byteTensor),
      x_scale: one(scale),
      x_zero_point: one(byteTensor),
      Y: one(byteTensor),
      y_scale: one(scale),
      y_zero_point: one(byteTensor),
      z_scale: one(scale),
      z_zero_point: one(byteTensor),
    },
    attributes: {},
    results: { Z: one(byteTensor) },
    traits: ["pure"],
  }),
  QuantizeLinear: op({
    summary: "x/scale + zero point, rounded to even and saturated",
    operands: { x: one(floatTensor), y_scale: one(floatTensor), y_zero_point: optional(quantizedTensor) },
    attributes: { axis: i64Attribute.optional() },
    results: { y: one(quantizedTensor) },
    traits: ["pure"],
  }),
  QuickGelu: op({
    summary: "x·sigmoid(alpha·x)",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1.702) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  SkipLayerNormalization: op({
    summary: "layer normalization of input + skip + bias",
    operands: {
      input: one(floatTensor),
      skip: one(floatTensor),
      gamma: one(floatTensor),
      beta: optional(floatTensor),
      bias: optional(floatTensor),
    },
    attributes: { epsilon: float32(1e-12) },
    results: skipNormalizationResults,
    traits: ["pure"],
  }),
  SkipSimplifiedLayerNormalization: op({
    summary: "root mean square normalization of input + skip + bias",
    operands: {
      input: one(floatTensor),
      skip: one(floatTensor),
      gamma: one(floatTensor),
      bias: optional(floatTensor),
    },
    attributes: { epsilon: float32(1e-12) },
    results: skipNormalizationResults,
    traits: ["pure"],
  }),
};

/** Operators that ONNX Runtime adds to ONNX's own domain. */
export const runtimeAdditions = {
  SimplifiedLayerNormalization: op({
    summary: "root mean square normalization over the axes from `axis` on",
    operands: { X: one(floatTensor), scale: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1), epsilon: float32(1e-5), stash_type: i64Attribute.default(1) },
    results: { Y: one(floatTensor), inv_std_var: optional(floatTensor) },
    traits: ["pure"],
  }),
};
