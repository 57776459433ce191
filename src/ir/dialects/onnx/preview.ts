// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op } from "../../define.ts";
import { f32Attribute, i64Attribute } from "./attributes.ts";
import { floatTensor } from "./constraints.ts";

/** Previews: the domain `ai.onnx.preview`. */
export const preview = {
  FlexAttention: op({
    summary: "attention whose scores and probabilities graphs may change",
    operands: { Q: one(floatTensor), K: one(floatTensor), V: one(floatTensor) },
    attributes: { scale: f32Attribute.optional(), softmax_precision: i64Attribute.optional() },
    results: { Y: one(floatTensor) },
    regions: ["prob_mod", "score_mod"],
    traits: ["recursively-pure", "single-block"],
  }),
};
