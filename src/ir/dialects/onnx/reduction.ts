// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional } from "../../define.ts";
import { i64Attribute } from "./attributes.ts";
import { anyTensor, indexTensor, numberTensor, tensorOf } from "./constraints.ts";

/** Reductions and running reductions along axes, and selections by order. */
export const reduction = {
  ArgMax: op({
    summary: "index of the largest element along an axis",
    operands: { data: one(numberTensor) },
    attributes: {
      axis: i64Attribute.default(0),
      keepdims: i64Attribute.default(1),
      select_last_index: i64Attribute.default(0),
    },
    results: { reduced: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  ArgMin: op({
    summary: "index of the smallest element along an axis",
    operands: { data: one(numberTensor) },
    attributes: {
      axis: i64Attribute.default(0),
      keepdims: i64Attribute.default(1),
      select_last_index: i64Attribute.default(0),
    },
    results: { reduced: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  CumProd: op({
    summary: "running product along an axis",
    operands: { x: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axis: one(indexTensor) },
    attributes: { exclusive: i64Attribute.default(0), reverse: i64Attribute.default(0) },
    results: { y: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  CumSum: op({
    summary: "running sum along an axis",
    operands: { x: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axis: one(indexTensor) },
    attributes: { exclusive: i64Attribute.default(0), reverse: i64Attribute.default(0) },
    results: { y: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceL1: op({
    summary: "sum of absolute values over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceL2: op({
    summary: "square root of the sum of squares over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceLogSum: op({
    summary: "logarithm of the sum over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceLogSumExp: op({
    summary: "logarithm of the sum of exponentials over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceMax: op({
    summary: "maximum over axes",
    operands: {
      data: one(tensorOf("float", "bool", "i8", "i32", "i64", "ui8", "ui32", "ui64")),
      axes: optional(tensorOf("i64")),
    },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "bool", "i8", "i32", "i64", "ui8", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceMean: op({
    summary: "mean over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceMin: op({
    summary: "minimum over axes",
    operands: {
      data: one(tensorOf("float", "bool", "i8", "i32", "i64", "ui8", "ui32", "ui64")),
      axes: optional(tensorOf("i64")),
    },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "bool", "i8", "i32", "i64", "ui8", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceProd: op({
    summary: "product over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceSum: op({
    summary: "sum over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  ReduceSumSquare: op({
    summary: "sum of squares over axes",
    operands: { data: one(tensorOf("float", "i32", "i64", "ui32", "ui64")), axes: optional(tensorOf("i64")) },
    attributes: { keepdims: i64Attribute.default(1), noop_with_empty_axes: i64Attribute.default(0) },
    results: { reduced: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  TopK: op({
    summary: "the k largest or smallest elements along an axis, and their indices",
    operands: { X: one(numberTensor), K: one(tensorOf("i64")) },
    attributes: { axis: i64Attribute.default(-1), largest: i64Attribute.default(1), sorted: i64Attribute.default(1) },
    results: { Values: one(numberTensor), Indices: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  Unique: op({
    summary: "distinct elements or slices, with their first places, inverse and counts",
    operands: { X: one(anyTensor) },
    attributes: { axis: i64Attribute.optional(), sorted: i64Attribute.default(1) },
    results: {
      Y: one(anyTensor),
      indices: optional(tensorOf("i64")),
      inverse_indices: optional(tensorOf("i64")),
      counts: optional(tensorOf("i64")),
    },
    traits: ["pure"],
  }),
};
