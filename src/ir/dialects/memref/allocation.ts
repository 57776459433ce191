import {
  alignmentAttribute,
  anyAttribute,
  positiveI32,
  stringAttributeSpec,
  symbolNameSpec,
  symbolReference,
  typeAttributeSpec,
  unitAttributeSpec,
} from "../../attribute-codecs.ts";
import { anyMemRef, anyType, index, rankedMemRef, staticMemRef } from "../../constraints.ts";
import { one, op, optional, variadic } from "../../define.ts";
import { allocaScopeAssembly } from "../assembly/memref.ts";
import { globalTypeAndInitialValue } from "../assembly/memref-global.ts";
import {
  verifyAllocation,
  verifyGetGlobal,
  verifyGlobal,
  verifyReallocation,
  verifyStackAllocation,
} from "../rules/memref-allocation.ts";

const allocation = (summary: string, verify: typeof verifyAllocation) =>
  op({
    summary,
    operands: { dynamicSizes: variadic(index), symbolOperands: variadic(index) },
    attributes: { alignment: alignmentAttribute.optional() },
    results: { memref: one(rankedMemRef) },
    traits: ["allocates"],
    assembly: "`(`$dynamicSizes`)` (`` `[` $symbolOperands^ `]`)? attr-dict `:` type($memref)",
    verify,
  });

/** Making, naming and freeing buffers. */
export const allocationOperations = {
  alloc: allocation("a new buffer", verifyAllocation),
  alloca: allocation("a new buffer that lives until its function or scope ends", verifyStackAllocation),
  alloca_scope: op({
    summary: "what its body allocates on the stack is freed after it",
    operands: {},
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["bodyRegion"],
    traits: ["recursively-pure", "single-block"],
    assembly: allocaScopeAssembly,
  }),
  "alloca_scope.return": op({
    summary: "ends an alloca_scope and gives its results",
    operands: { results: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["pure", "terminator"],
    assembly: "attr-dict ($results^ `:` type($results))?",
  }),
  realloc: op({
    summary: "a buffer of another size with the same contents",
    operands: { source: one(rankedMemRef), dynamicResultSize: optional(index) },
    attributes: { alignment: alignmentAttribute.optional() },
    results: { result: one(rankedMemRef) },
    traits: ["allocates", "reads-memory", "writes-memory"],
    assembly: "$source (`(` $dynamicResultSize^ `)`)? attr-dict `:` type($source) `to` type(results)",
    verify: verifyReallocation,
  }),
  dealloc: op({
    summary: "frees a buffer",
    operands: { memref: one(anyMemRef) },
    attributes: {},
    results: {},
    traits: ["writes-memory"],
    assembly: "$memref attr-dict `:` type($memref)",
  }),
  assume_alignment: op({
    summary: "the same buffer, whose address is a multiple of the alignment",
    operands: { memref: one(rankedMemRef) },
    attributes: { alignment: positiveI32 },
    results: { result: one(rankedMemRef) },
    traits: ["pure", "same-operands-and-result-type"],
    assembly: "$memref `,` $alignment attr-dict `:` type($memref)",
  }),
  distinct_objects: op({
    summary: "the same buffers, no two of which share memory",
    operands: { operands: variadic(rankedMemRef) },
    attributes: {},
    results: { results: variadic(rankedMemRef) },
    traits: ["pure"],
    infer: ({ types }) => ({ results: types.operands }),
    assembly: "$operands attr-dict `:` type($operands)",
  }),
  global: op({
    summary: "a named buffer of the module, constant or not",
    operands: {},
    attributes: {
      sym_name: symbolNameSpec,
      sym_visibility: stringAttributeSpec.optional(),
      type: typeAttributeSpec,
      initial_value: anyAttribute.optional(),
      constant: unitAttributeSpec,
      alignment: alignmentAttribute.optional(),
    },
    results: {},
    traits: ["symbol"],
    assembly: {
      format:
        "($sym_visibility^)? (`constant` $constant^)? $sym_name `:` custom<GlobalMemrefOpTypeAndInitialValue>($type, $initial_value) attr-dict",
      custom: { GlobalMemrefOpTypeAndInitialValue: globalTypeAndInitialValue },
    },
    verify: verifyGlobal,
  }),
  get_global: op({
    summary: "the buffer of a global",
    operands: {},
    attributes: { name: symbolReference },
    results: { result: one(staticMemRef) },
    traits: ["pure"],
    assembly: "$name `:` type($result) attr-dict",
    verify: verifyGetGlobal,
  }),
} as const;
