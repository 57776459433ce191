// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op } from "../../define.ts";
import { f32Array, i64Array, i64Attribute, stringArray, stringAttributeSpec } from "./attributes.ts";
import { boolTensor, tensorOf } from "./constraints.ts";

/** Strings and images in files' formats. */
export const text = {
  ImageDecoder: op({
    summary: "an image decoded from the bytes of its file",
    operands: { encoded_stream: one(tensorOf("ui8")) },
    attributes: { pixel_format: stringAttributeSpec.default("RGB") },
    results: { image: one(tensorOf("ui8")) },
    traits: ["pure"],
  }),
  RegexFullMatch: op({
    summary: "whether a whole string matches a regular expression",
    operands: { X: one(tensorOf("string")) },
    attributes: { pattern: stringAttributeSpec.optional() },
    results: { Y: one(boolTensor) },
    traits: ["pure", "elementwise"],
  }),
  StringConcat: op({
    summary: "strings joined element by element",
    operands: { X: one(tensorOf("string")), Y: one(tensorOf("string")) },
    attributes: {},
    results: { Z: one(tensorOf("string")) },
    traits: ["pure"],
  }),
  StringNormalizer: op({
    summary: "stop words removed, letter case changed",
    operands: { X: one(tensorOf("string")) },
    attributes: {
      case_change_action: stringAttributeSpec.default("NONE"),
      is_case_sensitive: i64Attribute.default(0),
      locale: stringAttributeSpec.optional(),
      stopwords: stringArray.optional(),
    },
    results: { Y: one(tensorOf("string")) },
    traits: ["pure"],
  }),
  StringSplit: op({
    summary: "strings cut at a delimiter, and how many parts each has",
    operands: { X: one(tensorOf("string")) },
    attributes: { delimiter: stringAttributeSpec.optional(), maxsplit: i64Attribute.optional() },
    results: { Y: one(tensorOf("string")), Z: one(tensorOf("i64")) },
    traits: ["pure"],
  }),
  TfIdfVectorizer: op({
    summary: "counts of n-grams, weighted",
    operands: { X: one(tensorOf("i32", "i64", "string")) },
    attributes: {
      max_gram_length: i64Attribute,
      max_skip_count: i64Attribute,
      min_gram_length: i64Attribute,
      mode: stringAttributeSpec,
      ngram_counts: i64Array,
      ngram_indexes: i64Array,
      pool_int64s: i64Array.optional(),
      pool_strings: stringArray.optional(),
      weights: f32Array.optional(),
    },
    results: { Y: one(tensorOf("f32")) },
    traits: ["pure"],
  }),
};
