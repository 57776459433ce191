// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional, variadic } from "../../define.ts";
import { i64Array, i64Attribute } from "./attributes.ts";
import { anyTensor, anyValue, boolTensor, sequenceValue, tensorOf } from "./constraints.ts";

/** Control flow: the graphs are regions that end with onnx.Yield. */
export const controlFlow = {
  If: op({
    summary: "one of two graphs by a condition",
    operands: { cond: one(boolTensor) },
    attributes: {},
    results: { outputs: variadic(anyValue, 1) },
    regions: ["then_branch", "else_branch"],
    traits: ["recursively-pure", "single-block"],
  }),
  Loop: op({
    summary: "a graph repeated with carried values, up to a count and while a condition holds",
    operands: { M: optional(tensorOf("i64")), cond: optional(boolTensor), v_initial: variadic(anyValue) },
    attributes: {},
    results: { v_final_and_scan_outputs: variadic(anyValue, 1) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
  }),
  Scan: op({
    summary: "a graph repeated over slices of tensors, with carried values",
    operands: { initial_state_and_scan_inputs: variadic(anyTensor, 1) },
    attributes: {
      num_scan_inputs: i64Attribute,
      scan_input_axes: i64Array.optional(),
      scan_input_directions: i64Array.optional(),
      scan_output_axes: i64Array.optional(),
      scan_output_directions: i64Array.optional(),
    },
    results: { final_state_and_scan_outputs: variadic(anyTensor, 1) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
  }),
  SequenceMap: op({
    summary: "a graph applied to each element of a sequence",
    operands: { input_sequence: one(sequenceValue), additional_inputs: variadic(anyValue) },
    attributes: {},
    results: { out_sequence: variadic(sequenceValue, 1) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
  }),
};
