import { affineMapSpec, boolAttributeSpec, i64Array, integerSetSpec, localityHint } from "../attribute-codecs.ts";
import { anyType, index, nonScalarVector, rankedMemRef } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { indexType } from "../types.ts";
import {
  groupSizesAttribute,
  indexAttribute,
  integersAttribute,
  reductionsAttribute,
  unitProperty,
} from "./affine-attributes.ts";
import {
  dmaStartAssembly,
  dmaWaitAssembly,
  loadAssembly,
  prefetchAssembly,
  storeAssembly,
  vectorLoadAssembly,
  vectorStoreAssembly,
} from "./assembly/affine-access.ts";
import { appliedMapAssembly, applyAssembly, forAssembly, ifAssembly } from "./assembly/affine-loops.ts";
import { parallelAssembly } from "./assembly/affine-parallel.ts";
import {
  verifyApply,
  verifyDelinearize,
  verifyDmaStart,
  verifyDmaWait,
  verifyFor,
  verifyIf,
  verifyLinearize,
  verifyLoad,
  verifyMinMax,
  verifyParallel,
  verifyPrefetch,
  verifyStore,
  verifyVectorLoad,
  verifyVectorStore,
  verifyYield,
} from "./rules/affine.ts";

const result = { result: one(index) } as const;
const infer = () => ({ result: indexType });
const basis = { static_basis: i64Array } as const;

const extremum = (summary: string) =>
  op({
    summary,
    operands: { operands: variadic(index) },
    attributes: { map: affineMapSpec },
    results: result,
    traits: ["pure"],
    infer,
    assembly: appliedMapAssembly,
    verify: verifyMinMax,
  });

export const affine = dialect("affine", "loops and accesses that are affine in what surrounds them", {
  apply: op({
    summary: "an affine map of values",
    operands: { mapOperands: variadic(index) },
    attributes: { map: affineMapSpec },
    results: result,
    traits: ["pure"],
    infer,
    assembly: applyAssembly,
    verify: verifyApply,
  }),
  min: extremum("the smallest result of an affine map of values"),
  max: extremum("the greatest result of an affine map of values"),
  for: op({
    summary: "a counted loop with affine bounds and a constant step",
    operands: {
      lowerBoundOperands: variadic(index),
      upperBoundOperands: variadic(index),
      inits: variadic(anyType),
    },
    attributes: { lowerBoundMap: affineMapSpec, upperBoundMap: affineMapSpec, step: indexAttribute },
    results: { results: variadic(anyType) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    assembly: forAssembly,
    verify: verifyFor,
  }),
  if: op({
    summary: "one of two regions, by whether values are in an integer set",
    operands: { operands: variadic(anyType) },
    attributes: { condition: integerSetSpec },
    results: { results: variadic(anyType) },
    regions: ["thenRegion", "elseRegion"],
    traits: ["recursively-pure", "single-block"],
    assembly: ifAssembly,
    verify: verifyIf,
  }),
  parallel: op({
    summary: "a loop nest with affine bounds whose iterations may run in any order",
    operands: { mapOperands: variadic(index) },
    attributes: {
      reductions: reductionsAttribute,
      lowerBoundsMap: affineMapSpec,
      lowerBoundsGroups: groupSizesAttribute,
      upperBoundsMap: affineMapSpec,
      upperBoundsGroups: groupSizesAttribute,
      steps: integersAttribute,
    },
    results: { results: variadic(anyType) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    assembly: parallelAssembly,
    verify: verifyParallel,
  }),
  yield: op({
    summary: "ends a region and gives the surrounding operation its values",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "attr-dict ($operands^ `:` type($operands))?",
    verify: verifyYield,
  }),
  load: op({
    summary: "reads an element of a memref at an affine place",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { map: affineMapSpec },
    results: { result: one(anyType) },
    traits: ["reads-memory"],
    assembly: loadAssembly,
    verify: verifyLoad,
  }),
  store: op({
    summary: "writes an element of a memref at an affine place",
    operands: { value: one(anyType), memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { map: affineMapSpec },
    results: {},
    traits: ["writes-memory"],
    assembly: storeAssembly,
    verify: verifyStore,
  }),
  vector_load: op({
    summary: "reads a vector from a memref at an affine place",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { map: affineMapSpec },
    results: { result: one(nonScalarVector) },
    traits: ["reads-memory"],
    assembly: vectorLoadAssembly,
    verify: verifyVectorLoad,
  }),
  vector_store: op({
    summary: "writes a vector to a memref at an affine place",
    operands: { value: one(nonScalarVector), memref: one(rankedMemRef), indices: variadic(index) },
    attributes: { map: affineMapSpec },
    results: {},
    traits: ["writes-memory"],
    assembly: vectorStoreAssembly,
    verify: verifyVectorStore,
  }),
  prefetch: op({
    summary: "says that an element of a memref will be read or written soon",
    operands: { memref: one(rankedMemRef), indices: variadic(index) },
    attributes: {
      isWrite: boolAttributeSpec,
      localityHint,
      isDataCache: boolAttributeSpec,
      map: affineMapSpec,
    },
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: prefetchAssembly,
    verify: verifyPrefetch,
  }),
  // Upstream keeps the maps of these two among the attributes that anyone may add.
  dma_start: op({
    summary: "begins to copy from one memref to another",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: dmaStartAssembly,
    verify: verifyDmaStart,
  }),
  dma_wait: op({
    summary: "waits for a copy to end",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["reads-memory", "writes-memory"],
    assembly: dmaWaitAssembly,
    verify: verifyDmaWait,
  }),
  delinearize_index: op({
    summary: "the digits of an index in a mixed basis",
    operands: { linear_index: one(index), dynamic_basis: variadic(index) },
    attributes: basis,
    results: { multi_index: variadic(index) },
    traits: ["pure"],
    assembly:
      '$linear_index `into` custom<DynamicIndexList>($dynamic_basis, $static_basis, "::mlir::AsmParser::Delimiter::Paren") attr-dict `:` type($multi_index)',
    verify: verifyDelinearize,
  }),
  linearize_index: op({
    summary: "the index that has these digits in a mixed basis",
    operands: { multi_index: variadic(index), dynamic_basis: variadic(index) },
    attributes: { ...basis, disjoint: unitProperty("disjoint").default(false) },
    results: { linear_index: one(index) },
    traits: ["pure"],
    infer: () => ({ linear_index: indexType }),
    assembly:
      '($disjoint^)? ` ` `[` $multi_index `]` `by` custom<DynamicIndexList>($dynamic_basis, $static_basis, "::mlir::AsmParser::Delimiter::Paren") attr-dict `:` type($linear_index)',
    verify: verifyLinearize,
  }),
});
