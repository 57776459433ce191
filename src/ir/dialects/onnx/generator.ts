// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op } from "../../define.ts";
import {
  elements,
  f32Array,
  f32Attribute,
  float32,
  i64Array,
  i64Attribute,
  stringArray,
  stringAttributeSpec,
} from "./attributes.ts";
import { anyTensor, floatTensor, indexTensor, tensorOf } from "./constraints.ts";

/** Constants, ranges and random tensors. */
export const generator = {
  Bernoulli: op({
    summary: "random zeros and ones of given probabilities",
    operands: { input: one(floatTensor) },
    attributes: { dtype: i64Attribute.optional(), seed: f32Attribute.optional() },
    results: { output: one(tensorOf("float", "int", "uint", "bool")) },
  }),
  Constant: op({
    summary: "a constant; the importer makes arith.constant of it",
    operands: {},
    attributes: {
      sparse_value: elements.optional(),
      value: elements.optional(),
      value_float: f32Attribute.optional(),
      value_floats: f32Array.optional(),
      value_int: i64Attribute.optional(),
      value_ints: i64Array.optional(),
      value_string: stringAttributeSpec.optional(),
      value_strings: stringArray.optional(),
    },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  ConstantOfShape: op({
    summary: "a tensor of one value",
    operands: { input: one(tensorOf("i64")) },
    attributes: { value: elements.optional() },
    results: { output: one(tensorOf("float", "int", "uint", "float8", "small", "bool", "f4E2M1FN", "f8E8M0FNU")) },
    traits: ["pure"],
  }),
  EyeLike: op({
    summary: "ones on a diagonal, in the shape of the operand",
    operands: { input: one(tensorOf("float", "int", "uint", "bool")) },
    attributes: { dtype: i64Attribute.optional(), k: i64Attribute.default(0) },
    results: { output: one(tensorOf("float", "int", "uint", "bool")) },
    traits: ["pure"],
  }),
  Multinomial: op({
    summary: "random classes of given log probabilities",
    operands: { input: one(floatTensor) },
    attributes: { dtype: i64Attribute.default(6), sample_size: i64Attribute.default(1), seed: f32Attribute.optional() },
    results: { output: one(indexTensor) },
  }),
  RandomNormal: op({
    summary: "normally distributed numbers of a given shape",
    operands: {},
    attributes: {
      dtype: i64Attribute.default(1),
      mean: float32(0),
      scale: float32(1),
      seed: f32Attribute.optional(),
      shape: i64Array,
    },
    results: { output: one(floatTensor) },
  }),
  RandomNormalLike: op({
    summary: "normally distributed numbers in the operand's shape",
    operands: { input: one(anyTensor) },
    attributes: { dtype: i64Attribute.optional(), mean: float32(0), scale: float32(1), seed: f32Attribute.optional() },
    results: { output: one(floatTensor) },
  }),
  RandomUniform: op({
    summary: "uniformly distributed numbers of a given shape",
    operands: {},
    attributes: {
      dtype: i64Attribute.default(1),
      high: float32(1),
      low: float32(0),
      seed: f32Attribute.optional(),
      shape: i64Array,
    },
    results: { output: one(floatTensor) },
  }),
  RandomUniformLike: op({
    summary: "uniformly distributed numbers in the operand's shape",
    operands: { input: one(anyTensor) },
    attributes: { dtype: i64Attribute.optional(), high: float32(1), low: float32(0), seed: f32Attribute.optional() },
    results: { output: one(floatTensor) },
  }),
  Range: op({
    summary: "numbers from start to limit by steps of delta",
    operands: {
      start: one(tensorOf("float", "i16", "i32", "i64")),
      limit: one(tensorOf("float", "i16", "i32", "i64")),
      delta: one(tensorOf("float", "i16", "i32", "i64")),
    },
    attributes: { stash_type: i64Attribute.default(1) },
    results: { output: one(tensorOf("float", "i16", "i32", "i64")) },
    traits: ["pure"],
  }),
};
