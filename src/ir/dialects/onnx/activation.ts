// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { i64Attribute, stringAttributeSpec } from "../../attribute-codecs.ts";
import { one, op, optional } from "../../define.ts";
import { float32 } from "./attributes.ts";
import { floatTensor, numberTensor, tensorOf } from "./constraints.ts";

/** Activation functions. */
export const activation = {
  Celu: op({
    summary: "max(0, x) + min(0, alpha·(exp(x/alpha) − 1))",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Clip: op({
    summary: "x limited to [min, max]",
    operands: { input: one(numberTensor), min: optional(numberTensor), max: optional(numberTensor) },
    attributes: {},
    results: { output: one(numberTensor) },
    traits: ["pure", "idempotent"],
  }),
  Elu: op({
    summary: "x where it is not negative, alpha·(exp(x) − 1) elsewhere",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Gelu: op({
    summary: "x·Φ(x), exact or in its tanh approximation",
    operands: { X: one(floatTensor) },
    attributes: { approximate: stringAttributeSpec.default("none") },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  HardSigmoid: op({
    summary: "max(0, min(1, alpha·x + beta))",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(0.2), beta: float32(0.5) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  HardSwish: op({
    summary: "x·max(0, min(1, x/6 + 0.5))",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Hardmax: op({
    summary: "1 at the first maximum along an axis, 0 elsewhere",
    operands: { input: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  LeakyRelu: op({
    summary: "x where it is not negative, alpha·x elsewhere",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(0.01) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  LogSoftmax: op({
    summary: "log(softmax(x)) along an axis",
    operands: { input: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  Mish: op({
    summary: "x·tanh(softplus(x))",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  PRelu: op({
    summary: "x where it is not negative, slope·x elsewhere",
    operands: {
      X: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
      slope: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
    },
    attributes: {},
    results: { Y: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  Relu: op({
    summary: "max(0, x)",
    operands: { X: one(tensorOf("float", "int")) },
    attributes: {},
    results: { Y: one(tensorOf("float", "int")) },
    traits: ["pure", "elementwise", "idempotent"],
  }),
  Selu: op({
    summary: "gamma·x where x > 0, gamma·(alpha·exp(x) − alpha) elsewhere",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1.67326), gamma: float32(1.0507) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Shrink: op({
    summary: "x + bias below −lambd, x − bias above lambd, 0 between",
    operands: { input: one(tensorOf("int", "uint", "f16", "f32", "f64")) },
    attributes: { bias: float32(0), lambd: float32(0.5) },
    results: { output: one(tensorOf("int", "uint", "f16", "f32", "f64")) },
    traits: ["pure", "elementwise"],
  }),
  Sigmoid: op({
    summary: "1 / (1 + exp(−x))",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Softmax: op({
    summary: "exp(x) normalized to the sum 1 along an axis",
    operands: { input: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  Softplus: op({
    summary: "log(exp(x) + 1)",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  Softsign: op({
    summary: "x / (1 + |x|)",
    operands: { input: one(floatTensor) },
    attributes: {},
    results: { output: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  SwiGLU: op({
    summary: "swish of one half of the input times the other half",
    operands: { A: one(floatTensor), B: one(floatTensor) },
    attributes: { alpha: float32(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  Swish: op({
    summary: "x·sigmoid(alpha·x)",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
  ThresholdedRelu: op({
    summary: "x where it is greater than alpha, 0 elsewhere",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure", "elementwise"],
  }),
};
