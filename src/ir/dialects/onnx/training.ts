// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, variadic } from "../../define.ts";
import { f32Attribute, float32, stringArray, stringAttributeSpec } from "./attributes.ts";
import { anyTensor, tensorOf } from "./constraints.ts";

/** Training: the domain `ai.onnx.preview.training`. */
export const training = {
  Adagrad: op({
    summary: "one step of the ADAGRAD optimizer",
    operands: { R: one(tensorOf("f32", "f64")), T: one(tensorOf("i64")), inputs: variadic(tensorOf("f32", "f64"), 1) },
    attributes: { decay_factor: float32(0), epsilon: float32(0), norm_coefficient: float32(0) },
    results: { outputs: variadic(tensorOf("f32", "f64"), 1) },
    traits: ["pure"],
  }),
  Adam: op({
    summary: "one step of the ADAM optimizer",
    operands: { R: one(tensorOf("f32", "f64")), T: one(tensorOf("i64")), inputs: variadic(tensorOf("f32", "f64"), 1) },
    attributes: {
      alpha: float32(0.9),
      beta: float32(0.999),
      epsilon: float32(0),
      norm_coefficient: float32(0),
      norm_coefficient_post: float32(0),
    },
    results: { outputs: variadic(tensorOf("f32", "f64"), 1) },
    traits: ["pure"],
  }),
  Gradient: op({
    summary: "partial derivatives of a value by others",
    operands: { Inputs: variadic(anyTensor, 1) },
    attributes: { xs: stringArray, y: stringAttributeSpec, zs: stringArray.optional() },
    results: { Outputs: variadic(tensorOf("f16", "f32", "f64"), 1) },
    traits: ["pure"],
  }),
  Momentum: op({
    summary: "one step of gradient descent with momentum",
    operands: { R: one(tensorOf("f32", "f64")), T: one(tensorOf("i64")), inputs: variadic(tensorOf("f32", "f64"), 1) },
    attributes: { alpha: f32Attribute, beta: f32Attribute, mode: stringAttributeSpec, norm_coefficient: f32Attribute },
    results: { outputs: variadic(tensorOf("f32", "f64"), 1) },
    traits: ["pure"],
  }),
};
