import { attribute, i64Array, i64Attribute, boolAttributeSpec } from "../attribute-codecs.ts";
import { dialectAttribute } from "../attributes.ts";
import { anyShaped, anyType, anyVector, booleanLike, index, rankedMemRef } from "../constraints.ts";
import { dialect, one, op, optional, variadic } from "../define.ts";
import { elementOf, type VectorType, vectorType } from "../types.ts";
import { fastMathFlags } from "./fast-math.ts";
import {
  verifyBroadcast,
  verifyConstantMask,
  verifyCreateMask,
  verifyExtract,
  verifyGather,
  verifyInsert,
  verifyLoad,
  verifyMaskedLoad,
  verifyMaskedStore,
  verifyReduction,
  verifyShuffle,
  verifyStep,
  verifyStore,
} from "./rules/vector.ts";

/** How lanes are combined: `#vector.kind<add>`. */
export const combiningKinds = [
  "add",
  "mul",
  "minui",
  "minsi",
  "minnumf",
  "maxui",
  "maxsi",
  "maxnumf",
  "and",
  "or",
  "xor",
  "maximumf",
  "minimumf",
] as const;
export type CombiningKind = (typeof combiningKinds)[number];
const combiningKind = attribute<CombiningKind>({
  description: "vector combining kind",
  form: { kind: "parameters", dialect: "vector", mnemonic: "kind" },
  decode(attr) {
    const keyword = attr.kind === "dialect" ? /^kind<(\w+)>$/.exec(attr.body)?.[1] : undefined;
    return combiningKinds.find((kind) => kind === keyword);
  },
  encode: (kind) => dialectAttribute("vector", `kind<${kind}>`),
});

export const vector = dialect("vector", "short vectors, as a processor's registers hold them", {
  broadcast: op({
    summary: "a scalar or smaller vector repeated",
    operands: { source: one(anyType) },
    attributes: {},
    results: { vector: one(anyVector) },
    traits: ["pure"],
    assembly: "$source attr-dict `:` type($source) `to` type($vector)",
    verify: verifyBroadcast,
  }),
  load: op({
    summary: "consecutive elements of a buffer's innermost dimension",
    operands: { base: one(rankedMemRef), indices: variadic(index) },
    attributes: { nontemporal: boolAttributeSpec.optional(), alignment: i64Attribute.optional() },
    results: { result: one(anyVector) },
    traits: ["reads-memory"],
    assembly: "$base `[` $indices `]` attr-dict `:` type($base) `,` type($result)",
    verify: verifyLoad,
  }),
  store: op({
    summary: "writes consecutive elements of a buffer's innermost dimension",
    operands: { valueToStore: one(anyVector), base: one(rankedMemRef), indices: variadic(index) },
    attributes: { nontemporal: boolAttributeSpec.optional(), alignment: i64Attribute.optional() },
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
      mask: one(booleanLike),
      pass_thru: one(anyVector),
    },
    attributes: { alignment: i64Attribute.optional() },
    results: { result: one(anyVector) },
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
      mask: one(booleanLike),
      valueToStore: one(anyVector),
    },
    attributes: { alignment: i64Attribute.optional() },
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
      indices: one(anyVector),
      mask: one(booleanLike),
      pass_thru: one(anyVector),
    },
    attributes: { alignment: i64Attribute.optional() },
    results: { result: one(anyVector) },
    traits: ["reads-memory"],
    infer: ({ types }) => ({ result: types.pass_thru }),
    assembly:
      "$base `[` $offsets `]` `` `[` $indices `]` `,` $mask `,` $pass_thru attr-dict `:` type($base) `,` type($indices) `,` type($mask) `,` type($pass_thru) `into` type($result)",
    verify: verifyGather,
  }),
  create_mask: op({
    summary: "a mask whose first lanes are set, as many as the operands say",
    operands: { operands: variadic(index) },
    attributes: {},
    results: { result: one(anyVector) },
    traits: ["pure"],
    assembly: "$operands attr-dict `:` type(results)",
    verify: verifyCreateMask,
  }),
  constant_mask: op({
    summary: "a mask whose first lanes are set, as many as the attribute says",
    operands: {},
    attributes: { mask_dim_sizes: i64Array },
    results: { result: one(anyVector) },
    traits: ["pure"],
    assembly: "$mask_dim_sizes attr-dict `:` type(results)",
    verify: verifyConstantMask,
  }),
  fma: op({
    summary: "lhs·rhs + acc with one rounding",
    operands: { lhs: one(anyVector), rhs: one(anyVector), acc: one(anyVector) },
    attributes: {},
    results: { result: one(anyVector) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$lhs `,` $rhs `,` $acc attr-dict `:` type($lhs)",
  }),
  reduction: op({
    summary: "all lanes combined, with an accumulator if given",
    operands: { vector: one(anyVector), acc: optional(anyType) },
    attributes: { kind: combiningKind, fastmath: fastMathFlags },
    results: { dest: one(anyType) },
    traits: ["pure"],
    infer: ({ types }) => ({ dest: elementOf(types.vector) }),
    assembly: {
      format:
        "$kind `,` $vector (`,` $acc^)? (`fastmath` `` $fastmath^)? attr-dict `:` type($vector) `into` type($dest)",
      infer: { acc: ({ dest }) => dest },
    },
    verify: verifyReduction,
  }),
  extract: op({
    summary: "a lane or sub-vector",
    operands: { source: one(anyVector), dynamic_position: variadic(index) },
    attributes: { static_position: i64Array },
    results: { result: one(anyType) },
    traits: ["pure"],
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
    infer: ({ types }) => ({ result: types.dest }),
    assembly:
      "$valueToStore `,` $dest custom<DynamicIndexList>($dynamic_position, $static_position) attr-dict `:` type($valueToStore) `into` type($dest)",
    verify: verifyInsert,
  }),
  shuffle: op({
    summary: "lanes picked from two vectors by number; -1 leaves a lane unspecified",
    operands: { v1: one(anyVector), v2: one(anyVector) },
    attributes: { mask: i64Array },
    results: { vector: one(anyVector) },
    traits: ["pure"],
    infer: ({ types, attributes }) => ({
      vector: vectorType([attributes.mask.length, ...(types.v1 as VectorType).shape.slice(1)], elementOf(types.v1)),
    }),
    assembly: "operands $mask attr-dict `:` type(operands)",
    verify: verifyShuffle,
  }),
  step: op({
    summary: "0, 1, 2, …",
    operands: {},
    attributes: {},
    results: { result: one(anyVector) },
    traits: ["pure"],
    assembly: "attr-dict `:` type($result)",
    verify: verifyStep,
  }),
});
