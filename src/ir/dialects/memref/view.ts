import { affineMapSpec, i64Array, integerGroups } from "../../attribute-codecs.ts";
import { anyMemRef, index, rankedMemRef, shapeMemRef, stridedMemRef } from "../../constraints.ts";
import { evenly, one, op, variadic } from "../../define.ts";
import { indexType } from "../../types.ts";
import { transposeAssembly } from "../assembly/memref.ts";
import {
  metadataBase,
  verifyCast,
  verifyMemorySpaceCast,
  verifyMetadata,
  verifyReinterpretCast,
  verifyReshape,
  verifySubview,
  verifyTranspose,
  verifyView,
} from "../rules/memref.ts";
import { verifyCollapseShape, verifyExpandShape } from "../rules/memref-reshape.ts";

const sliceAttributes = { static_offsets: i64Array, static_sizes: i64Array, static_strides: i64Array } as const;

/** The same memory under another type. */
export const viewOperations = {
  cast: op({
    summary: "the same buffer with more or less known of its type",
    operands: { source: one(anyMemRef) },
    attributes: {},
    results: { dest: one(anyMemRef) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: verifyCast,
  }),
  memory_space_cast: op({
    summary: "the same buffer seen from another memory space",
    operands: { source: one(anyMemRef) },
    attributes: {},
    results: { dest: one(anyMemRef) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: verifyMemorySpaceCast,
  }),
  subview: op({
    summary: "a strided window into a buffer",
    operands: { source: one(rankedMemRef), offsets: variadic(index), sizes: variadic(index), strides: variadic(index) },
    attributes: sliceAttributes,
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly:
      "$source `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
    verify: verifySubview,
  }),
  reinterpret_cast: op({
    summary: "a buffer seen with other offset, sizes and strides",
    operands: { source: one(anyMemRef), offsets: variadic(index), sizes: variadic(index), strides: variadic(index) },
    attributes: sliceAttributes,
    results: { result: one(stridedMemRef) },
    traits: ["pure"],
    assembly:
      "$source `to` `offset` `` `:` custom<DynamicIndexList>($offsets, $static_offsets) `` `,` `sizes` `` `:` custom<DynamicIndexList>($sizes, $static_sizes) `` `,` `strides` `` `:` custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
    verify: verifyReinterpretCast,
  }),
  expand_shape: op({
    summary: "dimensions split into several, the same buffer",
    operands: { src: one(stridedMemRef), output_shape: variadic(index) },
    attributes: { reassociation: integerGroups, static_output_shape: i64Array },
    results: { result: one(stridedMemRef) },
    traits: ["pure"],
    assembly:
      "$src $reassociation `output_shape` custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict `:` type($src) `into` type($result)",
    verify: verifyExpandShape,
  }),
  collapse_shape: op({
    summary: "neighbouring dimensions merged, the same buffer",
    operands: { src: one(stridedMemRef) },
    attributes: { reassociation: integerGroups },
    results: { result: one(stridedMemRef) },
    traits: ["pure"],
    assembly: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
    verify: verifyCollapseShape,
  }),
  reshape: op({
    summary: "the same buffer in another shape, given by a buffer of sizes",
    operands: { source: one(anyMemRef), shape: one(shapeMemRef) },
    attributes: {},
    results: { result: one(anyMemRef) },
    traits: ["pure"],
    assembly: "$source `(` $shape `)` attr-dict `:` functional-type(operands, results)",
    verify: verifyReshape,
  }),
  transpose: op({
    summary: "the same buffer with its dimensions in another order",
    operands: { in: one(stridedMemRef) },
    attributes: { permutation: affineMapSpec },
    results: { result: one(stridedMemRef) },
    traits: ["pure"],
    assembly: transposeAssembly,
    verify: verifyTranspose,
  }),
  view: op({
    summary: "a typed buffer inside a buffer of bytes",
    operands: { source: one(rankedMemRef), byte_shift: one(index), sizes: variadic(index) },
    attributes: {},
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly: "$source `[` $byte_shift `]` `` `[` $sizes `]` attr-dict `:` type($source) `to` type(results)",
    verify: verifyView,
  }),
  extract_aligned_pointer_as_index: op({
    summary: "the address of a buffer's first element, without its offset",
    operands: { source: one(anyMemRef) },
    attributes: {},
    results: { aligned_pointer: one(index) },
    traits: ["pure"],
    infer: () => ({ aligned_pointer: indexType }),
    assembly: "$source `:` type($source) `->` type(results) attr-dict",
  }),
  extract_strided_metadata: op({
    summary: "a buffer's memory, offset, sizes and strides",
    operands: { source: one(stridedMemRef) },
    attributes: {},
    results: {
      base_buffer: one(metadataBase),
      offset: one(index),
      sizes: evenly(index),
      strides: evenly(index),
    },
    traits: ["pure"],
    assembly: "$source `:` type($source) `->` type(results) attr-dict",
    verify: verifyMetadata,
  }),
} as const;
