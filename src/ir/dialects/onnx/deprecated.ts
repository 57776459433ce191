import { one, op } from "../../define.ts";
import {
  bigArray,
  denseElements,
  f32Array,
  i64Array,
  i64Attribute,
  stringArray,
  stringAttributeSpec,
} from "./attributes.ts";
import { tensorOf } from "./constraints.ts";

/** How both tree operators of version 3 store their nodes. */
const nodes = {
  nodes_falsenodeids: i64Array.optional(),
  nodes_featureids: i64Array.optional(),
  nodes_hitrates: f32Array.optional(),
  nodes_hitrates_as_tensor: denseElements.optional(),
  nodes_missing_value_tracks_true: i64Array.optional(),
  nodes_modes: stringArray.optional(),
  nodes_nodeids: i64Array.optional(),
  nodes_treeids: i64Array.optional(),
  nodes_truenodeids: i64Array.optional(),
  nodes_values: f32Array.optional(),
  nodes_values_as_tensor: denseElements.optional(),
  post_transform: stringAttributeSpec.default("NONE"),
  base_values: f32Array.optional(),
  base_values_as_tensor: denseElements.optional(),
} as const;

/**
 * Operators of `ai.onnx.ml` that version 5 deprecates for TreeEnsemble, in the form of version 3: converters still write them,
 * and TreeEnsemble does not express their labels and transforms.
 */
export const deprecated = {
  TreeEnsembleClassifier: op({
    summary: "decision trees as a classifier: labels and scores",
    operands: { X: one(tensorOf("f32", "f64", "i64", "i32")) },
    attributes: {
      ...nodes,
      class_ids: i64Array.optional(),
      class_nodeids: i64Array.optional(),
      class_treeids: i64Array.optional(),
      class_weights: f32Array.optional(),
      class_weights_as_tensor: denseElements.optional(),
      classlabels_int64s: bigArray.optional(),
      classlabels_strings: stringArray.optional(),
    },
    results: { Y: one(tensorOf("string", "i64")), Z: one(tensorOf("f32")) },
    traits: ["pure"],
  }),
  TreeEnsembleRegressor: op({
    summary: "decision trees as a regressor",
    operands: { X: one(tensorOf("f32", "f64", "i64", "i32")) },
    attributes: {
      ...nodes,
      aggregate_function: stringAttributeSpec.default("SUM"),
      n_targets: i64Attribute.optional(),
      target_ids: i64Array.optional(),
      target_nodeids: i64Array.optional(),
      target_treeids: i64Array.optional(),
      target_weights: f32Array.optional(),
      target_weights_as_tensor: denseElements.optional(),
    },
    results: { Y: one(tensorOf("f32")) },
    traits: ["pure"],
  }),
};
