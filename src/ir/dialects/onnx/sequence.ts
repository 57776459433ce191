// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional, variadic } from "../../define.ts";
import { i64Attribute, typeAttributeSpec } from "./attributes.ts";
import { anyTensor, anyValue, boolTensor, indexTensor, optionalValue, sequenceValue, tensorOf } from "./constraints.ts";

/** Sequences and optionals. */
export const sequence = {
  ConcatFromSequence: op({
    summary: "the tensors of a sequence joined along an axis",
    operands: { input_sequence: one(sequenceValue) },
    attributes: { axis: i64Attribute, new_axis: i64Attribute.default(0) },
    results: { concat_result: one(anyTensor) },
    traits: ["pure"],
  }),
  Optional: op({
    summary: "an optional with a value, or empty",
    operands: { input: optional(anyValue) },
    attributes: { type: typeAttributeSpec.optional() },
    results: { output: one(optionalValue) },
    traits: ["pure"],
  }),
  OptionalGetElement: op({
    summary: "the value of an optional",
    operands: { input: one(anyValue) },
    attributes: {},
    results: { output: one(anyValue) },
    traits: ["pure"],
  }),
  OptionalHasElement: op({
    summary: "whether an optional has a value",
    operands: { input: optional(anyValue) },
    attributes: {},
    results: { output: one(boolTensor) },
    traits: ["pure"],
  }),
  SequenceAt: op({
    summary: "the tensor at a position",
    operands: { input_sequence: one(sequenceValue), position: one(indexTensor) },
    attributes: {},
    results: { tensor: one(anyTensor) },
    traits: ["pure"],
  }),
  SequenceConstruct: op({
    summary: "a sequence of the operands",
    operands: { inputs: variadic(anyTensor, 1) },
    attributes: {},
    results: { output_sequence: one(sequenceValue) },
    traits: ["pure"],
  }),
  SequenceEmpty: op({
    summary: "an empty sequence",
    operands: {},
    attributes: { dtype: i64Attribute.optional() },
    results: { output: one(sequenceValue) },
    traits: ["pure"],
  }),
  SequenceErase: op({
    summary: "a sequence without the tensor at a position",
    operands: { input_sequence: one(sequenceValue), position: optional(indexTensor) },
    attributes: {},
    results: { output_sequence: one(sequenceValue) },
    traits: ["pure"],
  }),
  SequenceInsert: op({
    summary: "a sequence with a tensor inserted",
    operands: { input_sequence: one(sequenceValue), tensor: one(anyTensor), position: optional(indexTensor) },
    attributes: {},
    results: { output_sequence: one(sequenceValue) },
    traits: ["pure"],
  }),
  SequenceLength: op({
    summary: "the number of tensors",
    operands: { input_sequence: one(sequenceValue) },
    attributes: {},
    results: { length: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  SplitToSequence: op({
    summary: "a tensor cut along an axis into a sequence",
    operands: { input: one(anyTensor), split: optional(indexTensor) },
    attributes: { axis: i64Attribute.default(0), keepdims: i64Attribute.default(1) },
    results: { output_sequence: one(sequenceValue) },
    traits: ["pure"],
  }),
};
