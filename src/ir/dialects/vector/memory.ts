import { affineMapSpec, booleanElements } from "../../attribute-codecs.ts";
import {
  anyMemRef,
  anyShaped,
  anyType,
  anyVector,
  fixedMask,
  index,
  integerVector,
  mask,
  nonScalarMask,
  nonScalarVector,
  rankedMemRef,
  rankedTensor,
  staticMemRef,
} from "../../constraints.ts";
import { one, op, optional, variadic } from "../../define.ts";
import { transferReadAssembly, transferWriteAssembly } from "../assembly/vector-transfer.ts";
import {
  verifyGather,
  verifyLoad,
  verifyMaskedLoad,
  verifyMaskedStore,
  verifyScatter,
  verifyStore,
} from "../rules/vector-memory.ts";
import { verifyTransferRead, verifyTransferWrite, verifyTypeCast } from "../rules/vector-transfer.ts";
import { accessAttributes, alignment } from "./kinds.ts";

/** Vectors in memory: consecutive elements, those that a mask tells, those at given offsets. */
/** Which dimensions a transfer reads or writes, and which of them stay in bounds. */
const transferAttributes = { permutation_map: affineMapSpec, in_bounds: booleanElements } as const;

export const memoryOperations = {
  load: op({
    summary: "consecutive elements of a buffer's innermost dimension",
    operands: { base: one(rankedMemRef), indices: variadic(index) },
    attributes: accessAttributes,
    results: { result: one(anyVector) },
    traits: ["reads-memory"],
    assembly: "$base `[` $indices `]` attr-dict `:` type($base) `,` type($result)",
    verify: verifyLoad,
  }),
  store: op({
    summary: "writes consecutive elements of a buffer's innermost dimension",
    operands: { valueToStore: one(anyVector), base: one(rankedMemRef), indices: variadic(index) },
    attributes: accessAttributes,
    results: {},
    traits: ["writes-memory"],
    assembly: "$valueToStore `,` $base `[` $indices `]` attr-dict `:` type($base) `,` type($valueToStore)",
    verify: verifyStore,
  }),
  maskedload: op({
    summary: "consecutive elements where the mask is set, the pass-through elsewhere; masked-off memory is not touched",
    operands: {
      base: one(rankedMemRef),
      indices: variadic(index),
      mask: one(nonScalarMask),
      pass_thru: one(nonScalarVector),
    },
    attributes: alignment,
    results: { result: one(nonScalarVector) },
    traits: ["reads-memory"],
    infer: ({ types }) => ({ result: types.pass_thru }),
    assembly:
      "$base `[` $indices `]` `,` $mask `,` $pass_thru attr-dict `:` type($base) `,` type($mask) `,` type($pass_thru) `into` type($result)",
    verify: verifyMaskedLoad,
  }),
  maskedstore: op({
    summary: "writes consecutive elements where the mask is set",
    operands: {
      base: one(rankedMemRef),
      indices: variadic(index),
      mask: one(nonScalarMask),
      valueToStore: one(nonScalarVector),
    },
    attributes: alignment,
    results: {},
    traits: ["writes-memory"],
    assembly:
      "$base `[` $indices `]` `,` $mask `,` $valueToStore attr-dict `:` type($base) `,` type($mask) `,` type($valueToStore)",
    verify: verifyMaskedStore,
  }),
  expandload: op({
    summary: "consecutive elements spread over the lanes whose mask is set, the pass-through elsewhere",
    operands: {
      base: one(rankedMemRef),
      indices: variadic(index),
      mask: one(fixedMask),
      pass_thru: one(nonScalarVector),
    },
    attributes: alignment,
    results: { result: one(nonScalarVector) },
    traits: ["reads-memory"],
    infer: ({ types }) => ({ result: types.pass_thru }),
    assembly:
      "$base `[` $indices `]` `,` $mask `,` $pass_thru attr-dict `:` type($base) `,` type($mask) `,` type($pass_thru) `into` type($result)",
    verify: verifyMaskedLoad,
  }),
  compressstore: op({
    summary: "writes the lanes whose mask is set one after another",
    operands: {
      base: one(rankedMemRef),
      indices: variadic(index),
      mask: one(fixedMask),
      valueToStore: one(nonScalarVector),
    },
    attributes: alignment,
    results: {},
    traits: ["writes-memory"],
    assembly:
      "$base `[` $indices `]` `,` $mask `,` $valueToStore attr-dict `:` type($base) `,` type($mask) `,` type($valueToStore)",
    verify: verifyMaskedStore,
  }),
  gather: op({
    summary: "elements at an offset per lane, relative to the given indices along the innermost dimension",
    operands: {
      base: one(anyShaped),
      offsets: variadic(index),
      indices: one(integerVector),
      mask: one(nonScalarMask),
      pass_thru: one(nonScalarVector),
    },
    attributes: alignment,
    results: { result: one(nonScalarVector) },
    traits: ["reads-memory"],
    infer: ({ types }) => ({ result: types.pass_thru }),
    assembly:
      "$base `[` $offsets `]` `[` $indices `]` `,` $mask `,` $pass_thru attr-dict `:` type($base) `,` type($indices) `,` type($mask) `,` type($pass_thru) `into` type($result)",
    verify: verifyGather,
  }),
  scatter: op({
    summary: "writes lanes at an offset each, relative to the given indices along the innermost dimension",
    operands: {
      base: one(anyShaped),
      offsets: variadic(index),
      indices: one(integerVector),
      mask: one(nonScalarMask),
      valueToStore: one(nonScalarVector),
    },
    attributes: alignment,
    results: { result: optional(rankedTensor) },
    traits: ["writes-memory"],
    assembly:
      "$base `[` $offsets `]` `[` $indices `]` `,` $mask `,` $valueToStore attr-dict `:` type($base) `,` type($indices) `,` type($mask) `,` type($valueToStore) (`->` type($result)^)?",
    verify: verifyScatter,
  }),
  transfer_read: op({
    summary: "a slice of a buffer or tensor as a vector, the padding where it is out of bounds",
    operands: {
      base: one(anyShaped),
      indices: variadic(index),
      padding: one(anyType),
      mask: optional(mask),
    },
    attributes: transferAttributes,
    results: { vector: one(anyVector) },
    traits: ["reads-memory"],
    assembly: transferReadAssembly,
    verify: verifyTransferRead,
  }),
  transfer_write: op({
    summary: "writes a vector as a slice of a buffer or tensor",
    operands: {
      valueToStore: one(anyVector),
      base: one(anyShaped),
      indices: variadic(index),
      mask: optional(mask),
    },
    attributes: transferAttributes,
    results: { result: optional(rankedTensor) },
    traits: ["writes-memory"],
    assembly: transferWriteAssembly,
    verify: verifyTransferWrite,
  }),
  type_cast: op({
    summary: "a buffer of scalars as a buffer of one vector",
    operands: { memref: one(staticMemRef) },
    attributes: {},
    results: { result: one(anyMemRef) },
    traits: ["pure"],
    assembly: "$memref attr-dict `:` type($memref) `to` type($result)",
    verify: verifyTypeCast,
  }),
} as const;
