import { i64Array, i64Attribute, integerGroups, unitAttributeSpec } from "../attribute-codecs.ts";
import { anyTensor, anyType, index, rankedTensor } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { elementOf, indexType } from "../types.ts";
import {
  verifyCast,
  verifyCollapseShape,
  verifyConcat,
  verifyEmpty,
  verifyExpandShape,
  verifyExtract,
  verifyExtractSlice,
  verifyFromElements,
  verifyGenerate,
  verifyInsert,
  verifyInsertSlice,
  verifyPad,
  verifyReshape,
  verifySplat,
} from "./rules/tensor.ts";

/** Stands for "given by an operand" in static offset, size and stride lists: MLIR's `ShapedType::kDynamic`, -2^63. */
export const dynamicEntry = -(2 ** 63);

/** Offsets, sizes and strides: static lists in which `dynamicEntry` takes the next dynamic operand. */
const sliceAttributes = { static_offsets: i64Array, static_sizes: i64Array, static_strides: i64Array } as const;

export const tensor = dialect("tensor", "values of tensor type: making, reading and moving them", {
  empty: op({
    summary: "a tensor of unspecified contents; only its type matters",
    operands: { dynamicSizes: variadic(index) },
    attributes: {},
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly: "`(` $dynamicSizes `)` attr-dict `:` type($result)",
    verify: verifyEmpty,
  }),
  dim: op({
    summary: "the size of a dimension",
    operands: { source: one(anyTensor), index: one(index) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "attr-dict $source `,` $index `:` type($source)",
  }),
  cast: op({
    summary: "the same tensor with more or less known of its shape",
    operands: { source: one(anyTensor) },
    attributes: {},
    results: { dest: one(anyTensor) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: verifyCast,
  }),
  extract: op({
    summary: "one element",
    operands: { tensor: one(rankedTensor), indices: variadic(index) },
    attributes: {},
    results: { result: one(anyType) },
    traits: ["pure"],
    infer: ({ types }) => ({ result: elementOf(types.tensor) }),
    assembly: "$tensor `[` $indices `]` attr-dict `:` type($tensor)",
    verify: verifyExtract,
  }),
  insert: op({
    summary: "the tensor with one element replaced",
    operands: { scalar: one(anyType), dest: one(rankedTensor), indices: variadic(index) },
    attributes: {},
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    infer: ({ types }) => ({ result: types.dest }),
    assembly: {
      format: "$scalar `into` $dest `[` $indices `]` attr-dict `:` type($dest)",
      infer: { scalar: ({ dest }) => dest && elementOf(dest) },
    },
    verify: verifyInsert,
  }),
  from_elements: op({
    summary: "a tensor of the given elements in row-major order",
    operands: { elements: variadic(anyType) },
    attributes: {},
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly: {
      format: "$elements attr-dict `:` type($result)",
      infer: { elements: ({ result }) => result && elementOf(result) },
    },
    verify: verifyFromElements,
  }),
  splat: op({
    summary: "a tensor with one value everywhere",
    operands: { input: one(anyType), dynamicSizes: variadic(index) },
    attributes: {},
    results: { aggregate: one(rankedTensor) },
    traits: ["pure"],
    assembly: {
      format: "$input (`[` $dynamicSizes^ `]`)? attr-dict `:` type($aggregate)",
      infer: { input: ({ aggregate }) => aggregate && elementOf(aggregate) },
    },
    verify: verifySplat,
  }),
  generate: op({
    summary: "a tensor whose elements a region computes from their indices",
    operands: { dynamicExtents: variadic(index) },
    attributes: {},
    results: { result: one(rankedTensor) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
    assembly: "$dynamicExtents $body attr-dict `:` type($result)",
    verify: verifyGenerate,
  }),
  yield: op({
    summary: "ends the region of a tensor operation",
    operands: { value: one(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "$value attr-dict `:` type($value)",
  }),
  extract_slice: op({
    summary: "a strided part of a tensor",
    operands: { source: one(rankedTensor), offsets: variadic(index), sizes: variadic(index), strides: variadic(index) },
    attributes: sliceAttributes,
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly:
      "$source `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
    verify: verifyExtractSlice,
  }),
  insert_slice: op({
    summary: "the tensor with a strided part replaced",
    operands: {
      source: one(rankedTensor),
      dest: one(rankedTensor),
      offsets: variadic(index),
      sizes: variadic(index),
      strides: variadic(index),
    },
    attributes: sliceAttributes,
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    infer: ({ types }) => ({ result: types.dest }),
    assembly:
      "$source `into` $dest `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `into` type($dest)",
    verify: verifyInsertSlice,
  }),
  expand_shape: op({
    summary: "dimensions split into several, in the same order of elements",
    operands: { src: one(rankedTensor), output_shape: variadic(index) },
    attributes: { reassociation: integerGroups, static_output_shape: i64Array },
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly:
      "$src $reassociation `output_shape` custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict `:` type($src) `into` type($result)",
    verify: verifyExpandShape,
  }),
  collapse_shape: op({
    summary: "neighbouring dimensions merged, in the same order of elements",
    operands: { src: one(rankedTensor) },
    attributes: { reassociation: integerGroups },
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
    verify: verifyCollapseShape,
  }),
  reshape: op({
    summary: "the same elements in another shape, given by a 1-D tensor",
    operands: { source: one(anyTensor), shape: one(rankedTensor) },
    attributes: {},
    results: { result: one(anyTensor) },
    traits: ["pure"],
    assembly: "$source `(` $shape `)` attr-dict `:` functional-type(operands, results)",
    verify: verifyReshape,
  }),
  pad: op({
    summary: "a tensor widened at its borders; a region computes the new elements",
    operands: { source: one(rankedTensor), low: variadic(index), high: variadic(index) },
    attributes: { static_low: i64Array, static_high: i64Array, nofold: unitAttributeSpec },
    results: { result: one(rankedTensor) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    assembly:
      "$source (`nofold` $nofold^)? `low` `` custom<DynamicIndexList>($low, $static_low) `high` `` custom<DynamicIndexList>($high, $static_high) $region attr-dict `:` type($source) `to` type($result)",
    verify: verifyPad,
  }),
  concat: op({
    summary: "tensors joined along a dimension",
    operands: { inputs: variadic(rankedTensor) },
    attributes: { dim: i64Attribute },
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly: "`dim` `(` $dim `)` $inputs attr-dict `:` functional-type(operands, results)",
    verify: verifyConcat,
  }),
});
