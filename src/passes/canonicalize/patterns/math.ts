import { arith } from "../../../ir/dialects/arith.ts";
import { math } from "../../../ir/dialects/math.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import { floatConstant } from "./constants.ts";
import { replacement } from "./replacement.ts";

/** Simplifications of the `math` dialect. */
export const mathPatterns: readonly Pattern[] = [
  // Both are the correctly rounded square; other powers are not the same as products.
  replacement(math.powf, "square", (op, rewriter) => {
    const [base, exponent] = op.operands as readonly [ValueId, ValueId];
    if (floatConstant(rewriter, exponent) !== 2) return undefined;
    return arith.mulf.build(rewriter, { lhs: base, rhs: base }, {}).result;
  }),
];
