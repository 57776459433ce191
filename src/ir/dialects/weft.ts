import { affineMaps, unitAttributeSpec } from "../attribute-codecs.ts";
import { anyType, constraint } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { i32 } from "../types.ts";
import { kernelAssembly } from "./assembly/weft-kernel.ts";
import { verifyOnlineAttention } from "./rules/online-attention.ts";
import { verifyKernel, verifyYield } from "./rules/weft.ts";

const word = constraint("32-bit signless integer", (type) => type === i32);

/**
 * What upstream's dialects lack. Discardable attributes of this dialect, on any operation or function argument:
 * - `weft.name = "…"`: the model's name of a function argument or result;
 * - `weft.element = "ui8"`: the model's element type of an argument or result, where the signless one says less;
 * - `weft.schedule = {…}`: a performance decision (tile sizes, vector width, unrolling), applied by lowering as written.
 */
export const weft = dialect("weft", "operations that upstream's dialects lack", {
  kernel: op({
    summary: "a fusion group: structured operations that become one loop nest, intermediate results never in memory",
    operands: { inputs: variadic(anyType), outputs: variadic(anyType) },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
    assembly: kernelAssembly,
    verify: verifyKernel,
  }),
  /**
   * softmax(body(Q·Kᵀ))·V, with one walk through the keys for each row of results: scores are never in memory. Loops are the rows,
   * then t (keys), d (channels of queries and keys) and e (channels of values); the body makes a score of the sum of products, the
   * extra inputs, and the positions along the rows and t. A row without a score above -∞ is NaN, or zero with `zero_if_masked`.
   */
  online_attention: op({
    summary: "attention: the mean of values weighted by the softmax of scores, keys walked through once",
    operands: { inputs: variadic(anyType), outputs: variadic(anyType) },
    attributes: { indexing_maps: affineMaps, zero_if_masked: unitAttributeSpec },
    results: { results: variadic(anyType) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block", "destination-style"],
    assembly: kernelAssembly,
    verify: verifyOnlineAttention,
  }),
  packed_dot: op({
    summary: "the sum of the products of the four bytes of two words: both read as signed, or both as unsigned",
    operands: { lhs: one(word), rhs: one(word) },
    attributes: { is_unsigned: unitAttributeSpec },
    results: { result: one(word) },
    traits: ["pure", "commutative"],
    infer: () => ({ result: i32 }),
    assembly: "$lhs `,` $rhs (`unsigned` $is_unsigned^)? attr-dict `:` type($result)",
  }),
  yield: op({
    summary: "ends the body of a fusion group, or of a score's computation",
    operands: { values: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "attr-dict ($values^ `:` type($values))?",
    verify: verifyYield,
  }),
});
