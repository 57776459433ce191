import { alignmentAttribute, boolAttributeSpec, enumAttribute, localityHint } from "../../attribute-codecs.ts";
import { anyMemRef, anyType, index, integerOrFloat, nonScalarMemRef, rankedMemRef } from "../../constraints.ts";
import { one, op, variadic } from "../../define.ts";
import { sameType, typeFollows } from "../../type-relations.ts";
import { elementOf, indexType } from "../../types.ts";
import { atomicKinds } from "../atomic-kinds.ts";
import { dmaStartAssembly, genericAtomicAssembly, prefetchAssembly } from "../assembly/memref.ts";
import {
  verifyAtomic,
  verifyAtomicYield,
  verifyCopy,
  verifyDmaWait,
  verifyGenericAtomic,
  verifyLoad,
  verifyPrefetch,
  verifyStore,
} from "../rules/memref-access.ts";

/** What is known about one access to memory. */
const accessAttributes = {
  nontemporal: boolAttributeSpec.optional(),
  alignment: alignmentAttribute.optional(),
} as const;

/** Reading, writing and moving elements. */
export const accessOperations = {
  load: op({
    summary: "reads one element",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: accessAttributes,
    results: { result: one(anyType) },
    traits: ["reads-memory"],
    relations: [typeFollows("result type matches element type of 'memref'", "result", "memref", elementOf)],
    infer: ({ types }) => ({ result: elementOf(types.memref) }),
    assembly: "$memref `[` $indices `]` attr-dict `:` type($memref)",
    verify: verifyLoad,
  }),
  store: op({
    summary: "writes one element",
    operands: { value: one(anyType), memref: one(rankedMemRef), indices: variadic(index) },
    attributes: accessAttributes,
    results: {},
    traits: ["writes-memory"],
    relations: [typeFollows("type of 'value' matches element type of 'memref'", "value", "memref", elementOf)],
    assembly: {
      format: "$value `,` $memref `[` $indices `]` attr-dict `:` type($memref)",
      infer: { value: ({ memref }) => memref && elementOf(memref) },
    },
    verify: verifyStore,
  }),
  copy: op({
    summary: "copies all elements to a buffer of the same shape",
    operands: { source: one(anyMemRef), target: one(anyMemRef) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: "$source `,` $target attr-dict `:` type($source) `to` type($target)",
    verify: verifyCopy,
  }),
  prefetch: op({
    summary: "a hint that an element will be needed",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { isWrite: boolAttributeSpec, localityHint, isDataCache: boolAttributeSpec },
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: prefetchAssembly,
    verify: verifyPrefetch,
  }),
  dma_start: op({
    summary: "starts to copy elements, in the background",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: dmaStartAssembly,
  }),
  dma_wait: op({
    summary: "waits until what a dma_start copies is there",
    operands: { tagMemRef: one(rankedMemRef), tagIndices: variadic(index), numElements: one(index) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: "$tagMemRef `[` $tagIndices `]` `,` $numElements attr-dict `:` type($tagMemRef)",
    verify: verifyDmaWait,
  }),
  atomic_rmw: op({
    summary: "combines a value with an element at once, and gives what the element was",
    operands: { value: one(integerOrFloat), memref: one(rankedMemRef), indices: variadic(index) },
    attributes: {
      kind: enumAttribute(...atomicKinds),
    },
    results: { result: one(integerOrFloat) },
    traits: ["reads-memory", "writes-memory"],
    relations: [
      sameType("value", "result"),
      typeFollows("value type matches element type of memref", "value", "memref", elementOf),
    ],
    infer: ({ types }) => ({ result: types.value }),
    assembly:
      "$kind $value `,` $memref `[` $indices `]` attr-dict `:` `(` type($value) `,` type($memref) `)` `->` type($result)",
    verify: verifyAtomic,
  }),
  generic_atomic_rmw: op({
    summary: "replaces an element at once by what a region makes of it",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: {},
    results: { result: one(integerOrFloat) },
    regions: ["atomic_body"],
    traits: ["reads-memory", "writes-memory"],
    relations: [typeFollows("result type matches element type of memref", "result", "memref", elementOf)],
    infer: ({ types }) => ({ result: elementOf(types.memref) }),
    assembly: genericAtomicAssembly,
    verify: verifyGenericAtomic,
  }),
  atomic_yield: op({
    summary: "gives the new element of a generic_atomic_rmw",
    operands: { result: one(anyType) },
    attributes: {},
    results: {},
    traits: ["pure", "terminator"],
    assembly: "$result attr-dict `:` type($result)",
    verify: verifyAtomicYield,
  }),
  dim: op({
    summary: "the size of a dimension",
    operands: { source: one(nonScalarMemRef), index: one(index) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "attr-dict $source `,` $index `:` type($source)",
  }),
  rank: op({
    summary: "the number of dimensions",
    operands: { memref: one(anyMemRef) },
    attributes: {},
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "$memref attr-dict `:` type($memref)",
  }),
} as const;
