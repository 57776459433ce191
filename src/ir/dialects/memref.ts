import {
  anyAttribute,
  i64Array,
  i64Attribute,
  integerGroups,
  stringAttributeSpec,
  symbolReference,
  typeAttributeSpec,
  unitAttributeSpec,
  boolAttributeSpec,
} from "../attribute-codecs.ts";
import { anyMemRef, anyType, index, rankedMemRef } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { elementOf, indexType } from "../types.ts";
import { globalAssembly } from "./assembly/memref-global.ts";

const sliceAttributes = { static_offsets: i64Array, static_sizes: i64Array, static_strides: i64Array } as const;

export const memref = dialect("memref", "buffers: making, viewing, reading and writing them", {
  alloc: op({
    summary: "a new buffer",
    operands: { dynamicSizes: variadic(index), symbolOperands: variadic(index) },
    attributes: { alignment: i64Attribute.optional() },
    results: { memref: one(rankedMemRef) },
    traits: ["allocates"],
    assembly: "`(` $dynamicSizes `)` (`` `[` $symbolOperands^ `]`)? attr-dict `:` type($memref)",
  }),
  alloca: op({
    summary: "a new buffer that lives until its function or scope ends",
    operands: { dynamicSizes: variadic(index), symbolOperands: variadic(index) },
    attributes: { alignment: i64Attribute.optional() },
    results: { memref: one(rankedMemRef) },
    traits: ["allocates"],
    assembly: "`(` $dynamicSizes `)` (`` `[` $symbolOperands^ `]`)? attr-dict `:` type($memref)",
  }),
  dealloc: op({
    summary: "frees a buffer",
    operands: { memref: one(anyMemRef) },
    attributes: {},
    results: {},
    traits: ["writes-memory"],
    assembly: "$memref attr-dict `:` type($memref)",
  }),
  load: op({
    summary: "reads one element",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { nontemporal: boolAttributeSpec.optional() },
    results: { result: one(anyType) },
    traits: ["reads-memory"],
    infer: ({ types }) => ({ result: elementOf(types.memref) }),
    assembly: "$memref `[` $indices `]` attr-dict `:` type($memref)",
  }),
  store: op({
    summary: "writes one element",
    operands: { value: one(anyType), memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { nontemporal: boolAttributeSpec.optional() },
    results: {},
    traits: ["writes-memory"],
    assembly: {
      format: "$value `,` $memref `[` $indices `]` attr-dict `:` type($memref)",
      infer: { value: ({ memref }) => memref && elementOf(memref) },
    },
  }),
  copy: op({
    summary: "copies all elements to a buffer of the same shape",
    operands: { source: one(anyMemRef), target: one(anyMemRef) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: "$source `,` $target attr-dict `:` type($source) `to` type($target)",
  }),
  cast: op({
    summary: "the same buffer with more or less known of its type",
    operands: { source: one(anyMemRef) },
    attributes: {},
    results: { dest: one(anyMemRef) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($dest)",
  }),
  dim: op({
    summary: "the size of a dimension",
    operands: { source: one(anyMemRef), index: one(index) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "attr-dict $source `,` $index `:` type($source)",
  }),
  subview: op({
    summary: "a strided window into a buffer",
    operands: { source: one(rankedMemRef), offsets: variadic(index), sizes: variadic(index), strides: variadic(index) },
    attributes: sliceAttributes,
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly:
      "$source `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
  }),
  reinterpret_cast: op({
    summary: "a buffer seen with other offset, sizes and strides",
    operands: { source: one(anyMemRef), offsets: variadic(index), sizes: variadic(index), strides: variadic(index) },
    attributes: sliceAttributes,
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly:
      "$source `to` `offset` `` `:` custom<DynamicIndexList>($offsets, $static_offsets) `` `,` `sizes` `` `:` custom<DynamicIndexList>($sizes, $static_sizes) `` `,` `strides` `` `:` custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
  }),
  expand_shape: op({
    summary: "dimensions split into several, the same buffer",
    operands: { src: one(rankedMemRef), output_shape: variadic(index) },
    attributes: { reassociation: integerGroups, static_output_shape: i64Array },
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly:
      "$src $reassociation `output_shape` custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict `:` type($src) `into` type($result)",
  }),
  collapse_shape: op({
    summary: "neighbouring dimensions merged, the same buffer",
    operands: { src: one(rankedMemRef) },
    attributes: { reassociation: integerGroups },
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
  }),
  view: op({
    summary: "a typed buffer inside a buffer of bytes",
    operands: { source: one(rankedMemRef), byte_shift: one(index), sizes: variadic(index) },
    attributes: {},
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly: "$source `[` $byte_shift `]` `` `[` $sizes `]` attr-dict `:` type($source) `to` type(results)",
  }),
  global: op({
    summary: "a named buffer of the module, constant or not",
    operands: {},
    attributes: {
      sym_name: stringAttributeSpec,
      sym_visibility: stringAttributeSpec.optional(),
      type: typeAttributeSpec,
      initial_value: anyAttribute.optional(),
      constant: unitAttributeSpec,
      alignment: i64Attribute.optional(),
    },
    results: {},
    traits: ["symbol"],
    assembly: globalAssembly,
  }),
  get_global: op({
    summary: "the buffer of a global",
    operands: {},
    attributes: { name: symbolReference },
    results: { result: one(rankedMemRef) },
    traits: ["pure"],
    assembly: "$name `:` type($result) attr-dict",
  }),
});
