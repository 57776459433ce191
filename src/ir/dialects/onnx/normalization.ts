// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional } from "../../define.ts";
import { float32, i64Array, i64Attribute, stringAttributeSpec } from "./attributes.ts";
import { boolTensor, floatTensor, indexTensor, tensorOf } from "./constraints.ts";

/** Normalizations, losses and dropout. */
export const normalization = {
  BatchNormalization: op({
    summary: "normalization by channel statistics, given or of the batch",
    operands: {
      X: one(floatTensor),
      scale: one(floatTensor),
      B: one(floatTensor),
      input_mean: one(floatTensor),
      input_var: one(floatTensor),
    },
    attributes: { epsilon: float32(0.00001), momentum: float32(0.9), training_mode: i64Attribute.default(0) },
    results: { Y: one(floatTensor), running_mean: optional(floatTensor), running_var: optional(floatTensor) },
    traits: ["pure"],
  }),
  Dropout: op({
    summary: "random zeros in training, the identity otherwise",
    operands: {
      data: one(tensorOf("float", "float8")),
      ratio: optional(tensorOf("float", "float8")),
      training_mode: optional(boolTensor),
    },
    attributes: { seed: i64Attribute.optional() },
    results: { output: one(tensorOf("float", "float8")), mask: optional(boolTensor) },
  }),
  GroupNormalization: op({
    summary: "normalization over groups of channels",
    operands: { X: one(floatTensor), scale: one(floatTensor), bias: one(floatTensor) },
    attributes: { epsilon: float32(0.00001), num_groups: i64Attribute, stash_type: i64Attribute.default(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  InstanceNormalization: op({
    summary: "normalization of each channel of each instance",
    operands: { input: one(floatTensor), scale: one(floatTensor), B: one(floatTensor) },
    attributes: { epsilon: float32(0.00001) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  LRN: op({
    summary: "normalization by the squares in neighbouring channels",
    operands: { X: one(floatTensor) },
    attributes: { alpha: float32(0.0001), beta: float32(0.75), bias: float32(1), size: i64Attribute },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  LayerNormalization: op({
    summary: "normalization over the last axes",
    operands: { X: one(floatTensor), Scale: one(floatTensor), B: optional(floatTensor) },
    attributes: { axis: i64Attribute.default(-1), epsilon: float32(0.00001), stash_type: i64Attribute.default(1) },
    results: {
      Y: one(floatTensor),
      Mean: optional(tensorOf("bf16", "f32")),
      InvStdDev: optional(tensorOf("bf16", "f32")),
    },
    traits: ["pure"],
  }),
  LpNormalization: op({
    summary: "division by the p-norm along an axis",
    operands: { input: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1), p: i64Attribute.default(2) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  MeanVarianceNormalization: op({
    summary: "(x − mean) / standard deviation over axes",
    operands: { X: one(floatTensor) },
    attributes: { axes: i64Array.default([0, 2, 3]) },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  NegativeLogLikelihoodLoss: op({
    summary: "negative log likelihood of targets",
    operands: { input: one(floatTensor), target: one(indexTensor), weight: optional(floatTensor) },
    attributes: { ignore_index: i64Attribute.optional(), reduction: stringAttributeSpec.default("mean") },
    results: { loss: one(floatTensor) },
    traits: ["pure"],
  }),
  RMSNormalization: op({
    summary: "division by the root mean square over the last axes",
    operands: { X: one(floatTensor), scale: one(floatTensor) },
    attributes: { axis: i64Attribute.default(-1), epsilon: float32(0.00001), stash_type: i64Attribute.default(1) },
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  SoftmaxCrossEntropyLoss: op({
    summary: "cross entropy of softmax and targets",
    operands: { scores: one(floatTensor), labels: one(indexTensor), weights: optional(floatTensor) },
    attributes: { ignore_index: i64Attribute.optional(), reduction: stringAttributeSpec.default("mean") },
    results: { output: one(floatTensor), log_prob: optional(floatTensor) },
    traits: ["pure"],
  }),
};
