// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional } from "../../define.ts";
import { float32, i64Array, i64Attribute, stringAttributeSpec } from "./attributes.ts";
import { anyTensor, boolTensor, floatTensor, indexTensor, tensorOf } from "./constraints.ts";

/** Reading and writing by index, and resampling. */
export const gather = {
  AffineGrid: op({
    summary: "sampling positions of an affine map",
    operands: { theta: one(floatTensor), size: one(tensorOf("i64")) },
    attributes: { align_corners: i64Attribute.default(0) },
    results: { grid: one(floatTensor) },
    traits: ["pure"],
  }),
  Compress: op({
    summary: "slices that a condition selects",
    operands: { input: one(anyTensor), condition: one(boolTensor) },
    attributes: { axis: i64Attribute.optional() },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  Gather: op({
    summary: "slices by index along an axis",
    operands: { data: one(anyTensor), indices: one(indexTensor) },
    attributes: { axis: i64Attribute.default(0) },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  GatherElements: op({
    summary: "elements by index along an axis",
    operands: { data: one(anyTensor), indices: one(indexTensor) },
    attributes: { axis: i64Attribute.default(0) },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  GatherND: op({
    summary: "slices by index tuples",
    operands: { data: one(anyTensor), indices: one(tensorOf("i64")) },
    attributes: { batch_dims: i64Attribute.default(0) },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  GridSample: op({
    summary: "an image sampled at given positions",
    operands: { X: one(anyTensor), grid: one(floatTensor) },
    attributes: {
      align_corners: i64Attribute.default(0),
      mode: stringAttributeSpec.default("linear"),
      padding_mode: stringAttributeSpec.default("zeros"),
    },
    results: { Y: one(anyTensor) },
    traits: ["pure"],
  }),
  NonMaxSuppression: op({
    summary: "boxes left after dropping those that overlap better ones",
    operands: {
      boxes: one(tensorOf("f32")),
      scores: one(tensorOf("f32")),
      max_output_boxes_per_class: optional(tensorOf("i64")),
      iou_threshold: optional(tensorOf("f32")),
      score_threshold: optional(tensorOf("f32")),
    },
    attributes: { center_point_box: i64Attribute.default(0) },
    results: { selected_indices: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  NonZero: op({
    summary: "indices of the elements that are not zero",
    operands: { X: one(anyTensor) },
    attributes: {},
    results: { Y: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  OneHot: op({
    summary: "one-hot encoding of indices",
    operands: {
      indices: one(tensorOf("int", "uint", "f16", "f32", "f64")),
      depth: one(tensorOf("int", "uint", "f16", "f32", "f64")),
      values: one(anyTensor),
    },
    attributes: { axis: i64Attribute.default(-1) },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  Resize: op({
    summary: "an image resampled to another size",
    operands: {
      X: one(anyTensor),
      roi: optional(tensorOf("f16", "f32", "f64")),
      scales: optional(tensorOf("f32")),
      sizes: optional(tensorOf("i64")),
    },
    attributes: {
      antialias: i64Attribute.default(0),
      axes: i64Array.optional(),
      coordinate_transformation_mode: stringAttributeSpec.default("half_pixel"),
      cubic_coeff_a: float32(-0.75),
      exclude_outside: i64Attribute.default(0),
      extrapolation_value: float32(0),
      keep_aspect_ratio_policy: stringAttributeSpec.default("stretch"),
      mode: stringAttributeSpec.default("nearest"),
      nearest_mode: stringAttributeSpec.default("round_prefer_floor"),
    },
    results: { Y: one(anyTensor) },
    traits: ["pure"],
  }),
  ReverseSequence: op({
    summary: "each sequence of a batch reversed up to its length",
    operands: { input: one(anyTensor), sequence_lens: one(tensorOf("i64")) },
    attributes: { batch_axis: i64Attribute.default(1), time_axis: i64Attribute.default(0) },
    results: { Y: one(anyTensor) },
    traits: ["pure"],
  }),
  ScatterElements: op({
    summary: "a copy with elements replaced or combined by index along an axis",
    operands: { data: one(anyTensor), indices: one(indexTensor), updates: one(anyTensor) },
    attributes: { axis: i64Attribute.default(0), reduction: stringAttributeSpec.default("none") },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  ScatterND: op({
    summary: "a copy with slices replaced or combined by index tuples",
    operands: { data: one(anyTensor), indices: one(tensorOf("i64")), updates: one(anyTensor) },
    attributes: { reduction: stringAttributeSpec.default("none") },
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  TensorScatter: op({
    summary: "a cache with a range of one axis overwritten",
    operands: { past_cache: one(anyTensor), update: one(anyTensor), write_indices: optional(tensorOf("i64")) },
    attributes: { axis: i64Attribute.default(-2), mode: stringAttributeSpec.default("linear") },
    results: { present_cache: one(anyTensor) },
    traits: ["pure"],
  }),
};
