// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional } from "../../define.ts";
import { i64Attribute } from "./attributes.ts";
import { tensorOf } from "./constraints.ts";

/** Quantization. */
export const quantization = {
  DequantizeLinear: op({
    summary: "(x − zero point)·scale, by tensor, axis or block",
    operands: {
      x: one(tensorOf("float8", "small", "f4E2M1FN", "i8", "i16", "i32", "ui8", "ui16")),
      x_scale: one(tensorOf("bf16", "f8E8M0FNU", "f16", "f32")),
      x_zero_point: optional(tensorOf("float8", "small", "f4E2M1FN", "i8", "i16", "i32", "ui8", "ui16")),
    },
    attributes: {
      axis: i64Attribute.default(1),
      block_size: i64Attribute.default(0),
      output_dtype: i64Attribute.default(0),
    },
    results: { y: one(tensorOf("bf16", "f16", "f32")) },
    traits: ["pure"],
  }),
  DynamicQuantizeLinear: op({
    summary: "quantization to 8 bits with a scale found in the data",
    operands: { x: one(tensorOf("f32")) },
    attributes: {},
    results: { y: one(tensorOf("ui8")), y_scale: one(tensorOf("f32")), y_zero_point: one(tensorOf("ui8")) },
    traits: ["pure"],
  }),
  QuantizeLinear: op({
    summary: "x/scale + zero point, rounded to even and saturated",
    operands: {
      x: one(tensorOf("bf16", "f16", "f32", "i32")),
      y_scale: one(tensorOf("bf16", "f8E8M0FNU", "f16", "f32", "i32")),
      y_zero_point: optional(tensorOf("float8", "small", "f4E2M1FN", "i8", "i16", "ui8", "ui16")),
    },
    attributes: {
      axis: i64Attribute.default(1),
      block_size: i64Attribute.default(0),
      output_dtype: i64Attribute.default(0),
      precision: i64Attribute.default(0),
      saturate: i64Attribute.default(1),
    },
    results: { y: one(tensorOf("float8", "small", "f4E2M1FN", "i8", "i16", "ui8", "ui16")) },
    traits: ["pure"],
  }),
};
