import { i64Array, i64Attribute, integerGroups, unitAttributeSpec } from "../attribute-codecs.ts";
import {
  anyTensor,
  anyType,
  index,
  indexTensor,
  nonScalarTensor,
  numberTensor,
  rankedTensor,
  shapeTensor,
  staticTensor,
} from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { elementsOf } from "./elements.ts";
import type { ValueId } from "../module.ts";
import { typeFollows } from "../type-relations.ts";
import { elementOf, indexType, type TensorType, type Type } from "../types.ts";
import {
  verifyBitcast,
  verifyCast,
  verifyCollapseShape,
  verifyConcat,
  verifyEmpty,
  verifyExpandShape,
  verifyExtract,
  verifyExtractSlice,
  verifyGather,
  verifyGenerate,
  verifyInsert,
  verifyInsertSlice,
  verifyPad,
  verifyParallelInsertSlice,
  verifyReshape,
  verifyScatter,
  verifySplat,
  verifyYield,
} from "./rules/tensor.ts";

/** Offsets, sizes and strides: static lists in which a dynamic entry takes the next dynamic operand. */
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
    operands: { source: one(nonScalarTensor), index: one(index) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "attr-dict $source `,` $index `:` type($source)",
  }),
  rank: op({
    summary: "the number of dimensions",
    operands: { tensor: one(anyTensor) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "$tensor attr-dict `:` type($tensor)",
  }),
  bitcast: op({
    summary: "the same bits as elements of another type of equal width",
    operands: { source: one(numberTensor) },
    attributes: {},
    results: { dest: one(numberTensor) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: verifyBitcast,
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
    relations: [typeFollows("result type matches element type of tensor", "result", "tensor", elementOf)],
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
    relations: [
      typeFollows("result type matches type of dest", "result", "dest", (type) => type),
      typeFollows("scalar type matches element type of dest", "scalar", "dest", elementOf),
    ],
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
    results: { result: one(staticTensor) },
    traits: ["pure"],
    relations: [
      {
        description: "operand types match result element type",
        holds: ({ types, results, reader }) => {
          const type = reader.typeOf(results["result"] as ValueId) as TensorType;
          const elements = types["elements"] as readonly Type[];
          const count = type.shape.reduce<number>((product, size) => product * Number(size), 1);
          return elements.length === count && elements.every((element) => element === type.element);
        },
      },
    ],
    assembly: {
      format: "$elements attr-dict `:` type($result)",
      infer: { elements: ({ result }, context) => elementsOf(result, context) },
    },
  }),
  splat: op({
    summary: "a tensor with one value everywhere",
    operands: { input: one(anyType), dynamicSizes: variadic(index) },
    attributes: {},
    results: { aggregate: one(rankedTensor) },
    traits: ["pure"],
    relations: [typeFollows("operand type matches element type of result", "input", "aggregate", elementOf)],
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
    verify: verifyYield,
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
  parallel_insert_slice: op({
    summary: "a strided part that one thread of a parallel loop gives for a shared tensor",
    operands: {
      source: one(rankedTensor),
      dest: one(rankedTensor),
      offsets: variadic(index),
      sizes: variadic(index),
      strides: variadic(index),
    },
    attributes: sliceAttributes,
    results: {},
    assembly:
      "$source `into` $dest `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `into` type($dest)",
    verify: verifyParallelInsertSlice,
  }),
  gather: op({
    summary: "slices of a tensor at a tensor of coordinates",
    operands: { source: one(rankedTensor), indices: one(indexTensor) },
    attributes: { gather_dims: i64Array, unique: unitAttributeSpec },
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly:
      "$source `[` $indices `]` `gather_dims` `(` $gather_dims `)` (`unique` $unique^)? attr-dict `:` functional-type(operands, results)",
    verify: verifyGather,
  }),
  scatter: op({
    summary: "the tensor with slices replaced at a tensor of coordinates",
    operands: { source: one(rankedTensor), dest: one(rankedTensor), indices: one(indexTensor) },
    attributes: { scatter_dims: i64Array, unique: unitAttributeSpec },
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    assembly:
      "$source `into` $dest `[` $indices `]` `scatter_dims` `(` $scatter_dims `)` (`unique` $unique^)? attr-dict `:` functional-type(operands, results)",
    verify: verifyScatter,
  }),
  expand_shape: op({
    summary: "dimensions split into several, in the same order of elements",
    operands: { src: one(anyTensor), output_shape: variadic(index) },
    attributes: { reassociation: integerGroups, static_output_shape: i64Array },
    results: { result: one(anyTensor) },
    traits: ["pure"],
    assembly:
      "$src $reassociation `output_shape` custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict `:` type($src) `into` type($result)",
    verify: verifyExpandShape,
  }),
  collapse_shape: op({
    summary: "neighbouring dimensions merged, in the same order of elements",
    operands: { src: one(anyTensor) },
    attributes: { reassociation: integerGroups },
    results: { result: one(anyTensor) },
    traits: ["pure"],
    assembly: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
    verify: verifyCollapseShape,
  }),
  reshape: op({
    summary: "the same elements in another shape, given by a 1-D tensor",
    operands: { source: one(anyTensor), shape: one(shapeTensor) },
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
