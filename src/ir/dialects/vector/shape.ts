import { i64Array, i64Attribute, i64Elements, stringAttributeSpec } from "../../attribute-codecs.ts";
import { allTypesMatch } from "../../assembly.ts";
import { anyType, anyVector, fixedVector, index, nonScalarVector, vector1D } from "../../constraints.ts";
import { one, op, optional, variadic } from "../../define.ts";
import { sameElementType, sameRank, sameType } from "../../type-relations.ts";
import { elementOf, type VectorType, vectorType } from "../../types.ts";
import { elementsOf } from "../elements.ts";
import {
  elementCountMatches,
  halvesTrailing,
  hasEvenTrailing,
  printsOneThing,
  verifyBitcast,
  verifyBroadcast,
  verifyExtract,
  verifyExtractStridedSlice,
  verifyInsert,
  verifyInsertStridedSlice,
  verifyShapeCast,
  verifyShuffle,
  verifyTranspose,
} from "../rules/vector-shape.ts";
import { punctuation } from "./kinds.ts";

/** The type of a vector whose innermost dimension is `factor` times as long. */
const trailing = (type: VectorType, factor: number): VectorType =>
  vectorType(
    type.shape.length === 0 ? [factor] : type.shape.with(-1, type.shape.at(-1)! * factor),
    type.element,
    type.scalable,
  );

/** Moving lanes: taking vectors apart and putting them together. */
export const shapeOperations = {
  broadcast: op({
    summary: "a scalar or smaller vector repeated",
    operands: { source: one(anyType) },
    attributes: {},
    results: { vector: one(anyVector) },
    traits: ["pure"],
    relations: [sameElementType(["source", "vector"], "source operand and result have same element type")],
    assembly: "$source attr-dict `:` type($source) `to` type($vector)",
    verify: verifyBroadcast,
  }),
  bitcast: op({
    summary: "the same bits as lanes of another width",
    operands: { source: one(anyVector) },
    attributes: {},
    results: { result: one(anyVector) },
    traits: ["pure"],
    relations: [sameRank("source", "result")],
    assembly: "$source attr-dict `:` type($source) `to` type($result)",
    verify: verifyBitcast,
  }),
  shape_cast: op({
    summary: "the same lanes in another shape",
    operands: { source: one(anyVector) },
    attributes: {},
    results: { result: one(anyVector) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($result)",
    verify: verifyShapeCast,
  }),
  transpose: op({
    summary: "dimensions in another order",
    operands: { vector: one(anyVector) },
    attributes: { permutation: i64Array },
    results: { result: one(anyVector) },
    traits: ["pure"],
    relations: [sameElementType(["vector", "result"], "operand and result have same element type")],
    assembly: "$vector `,` $permutation attr-dict `:` type($vector) `to` type($result)",
    verify: verifyTranspose,
  }),
  extract: op({
    summary: "a lane or sub-vector",
    operands: { source: one(anyVector), dynamic_position: variadic(index) },
    attributes: { static_position: i64Array },
    results: { result: one(anyType) },
    traits: ["pure"],
    relations: [sameElementType(["source", "result"], "operand and result have same element type")],
    assembly:
      "$source `` custom<DynamicIndexList>($dynamic_position, $static_position) attr-dict `:` type($result) `from` type($source)",
    verify: verifyExtract,
  }),
  insert: op({
    summary: "the vector with a lane or sub-vector replaced",
    operands: { valueToStore: one(anyType), dest: one(anyVector), dynamic_position: variadic(index) },
    attributes: { static_position: i64Array },
    results: { result: one(anyVector) },
    traits: ["pure"],
    relations: [
      sameElementType(["valueToStore", "result"], "source operand and result have same element type"),
      sameType("dest", "result"),
    ],
    infer: ({ types }) => ({ result: types.dest }),
    assembly:
      "$valueToStore `,` $dest custom<DynamicIndexList>($dynamic_position, $static_position) attr-dict `:` type($valueToStore) `into` type($dest)",
    verify: verifyInsert,
  }),
  extract_strided_slice: op({
    summary: "a box of lanes",
    operands: { source: one(nonScalarVector) },
    attributes: { offsets: i64Elements, sizes: i64Elements, strides: i64Elements },
    results: { result: one(nonScalarVector) },
    traits: ["pure"],
    relations: [sameElementType(["source", "result"], "operand and result have same element type")],
    assembly: "$source attr-dict `:` type($source) `to` type(results)",
    verify: verifyExtractStridedSlice,
  }),
  insert_strided_slice: op({
    summary: "the vector with a box of lanes replaced",
    operands: { valueToStore: one(nonScalarVector), dest: one(nonScalarVector) },
    attributes: { offsets: i64Elements, strides: i64Elements },
    results: { result: one(nonScalarVector) },
    traits: ["pure"],
    relations: [
      sameElementType(["valueToStore", "result"], "operand #0 and result have same element type"),
      sameType("dest", "result"),
    ],
    infer: ({ types }) => ({ result: types.dest }),
    assembly: "$valueToStore `,` $dest attr-dict `:` type($valueToStore) `into` type($dest)",
    verify: verifyInsertStridedSlice,
  }),
  "scalable.extract": op({
    summary: "a vector at a multiple of its length inside a scalable vector",
    operands: { source: one(vector1D) },
    attributes: { pos: i64Attribute },
    results: { result: one(vector1D) },
    traits: ["pure"],
    relations: [sameElementType(["source", "result"])],
    assembly: "$source `[` $pos `]` attr-dict `:` type($result) `from` type($source)",
  }),
  "scalable.insert": op({
    summary: "the scalable vector with a vector at a multiple of its length replaced",
    operands: { valueToStore: one(vector1D), dest: one(vector1D) },
    attributes: { pos: i64Attribute },
    results: { result: one(vector1D) },
    traits: ["pure"],
    relations: [sameElementType(["valueToStore", "dest"]), sameType("dest", "result")],
    infer: ({ types }) => ({ result: types.dest }),
    assembly: "$valueToStore `,` $dest `[` $pos `]` attr-dict `:` type($valueToStore) `into` type($dest)",
  }),
  shuffle: op({
    summary: "lanes picked from two vectors by number; -1 leaves a lane unspecified",
    operands: { v1: one(fixedVector), v2: one(fixedVector) },
    attributes: { mask: i64Array },
    results: { vector: one(nonScalarVector) },
    traits: ["pure"],
    relations: [
      sameElementType(["v1", "vector"], "first operand v1 and result have same element type"),
      sameElementType(["v2", "vector"], "second operand v2 and result have same element type"),
    ],
    infer: ({ types, attributes }) => ({
      vector: vectorType([attributes.mask.length, ...(types.v1 as VectorType).shape.slice(1)], elementOf(types.v1)),
    }),
    assembly: "operands $mask attr-dict `:` type(operands)",
    verify: verifyShuffle,
  }),
  interleave: op({
    summary: "lanes of two vectors in turn",
    operands: { lhs: one(anyVector), rhs: one(anyVector) },
    attributes: {},
    results: { result: one(nonScalarVector) },
    traits: ["pure"],
    relations: [
      sameType("lhs", "rhs"),
      halvesTrailing("type of 'result' is double the width of the inputs", "result", "lhs"),
    ],
    infer: ({ types }) => ({ result: trailing(types.lhs as VectorType, 2) }),
    assembly: {
      format: "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)",
      infer: allTypesMatch("lhs", "rhs"),
    },
  }),
  deinterleave: op({
    summary: "the even lanes and the odd lanes",
    operands: { source: one(nonScalarVector) },
    attributes: {},
    results: { res1: one(nonScalarVector), res2: one(nonScalarVector) },
    traits: ["pure"],
    relations: [
      hasEvenTrailing("the trailing dimension of the source vector has an even number of elements", "source"),
      halvesTrailing(
        "the trailing dimension of the results is half the width of source trailing dimension",
        "source",
        "res1",
      ),
      sameType("res1", "res2"),
    ],
    assembly: { format: "$source attr-dict `:` type($source) `->` type($res1)", infer: allTypesMatch("res1", "res2") },
  }),
  from_elements: op({
    summary: "a vector of the given lanes",
    operands: { elements: variadic(anyType) },
    attributes: {},
    results: { dest: one(fixedVector) },
    traits: ["pure"],
    relations: [elementCountMatches("dest")],
    assembly: {
      format: "$elements attr-dict `:` type($dest)",
      infer: { elements: ({ dest }, context) => elementsOf(dest, context) },
    },
  }),
  to_elements: op({
    summary: "all lanes, one by one",
    operands: { source: one(anyVector) },
    attributes: {},
    results: { elements: variadic(anyType) },
    traits: ["pure"],
    relations: [elementCountMatches("source")],
    assembly: {
      format: "$source attr-dict `:` type($source)",
      infer: { elements: ({ source }, context) => elementsOf(source, context) },
    },
  }),
  print: op({
    summary: "writes a value for people to read",
    operands: { source: optional(anyType) },
    attributes: { punctuation, stringLiteral: stringAttributeSpec.optional() },
    results: {},
    traits: ["writes-memory"],
    relations: [printsOneThing],
    assembly: "($source^ `:` type($source))? oilist( `str` $stringLiteral | `punctuation` $punctuation) attr-dict",
  }),
} as const;
