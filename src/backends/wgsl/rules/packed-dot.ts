import { weft } from "../../../ir/dialects/index.ts";
import { call } from "../expression.ts";
import { expressionRule, type PrintingRule } from "../scope.ts";
import { asUnsigned, castBits } from "./bits.ts";

/** Four products and their sum, a built-in function where the language has it. */
export const packedDotRule: PrintingRule = expressionRule(
  weft.packed_dot,
  ({ operands: { lhs, rhs }, attributes: { is_unsigned } }, scope) => {
    scope.require("packed_4x8_integer_dot_product");
    const [left, right] = [asUnsigned(scope, lhs), asUnsigned(scope, rhs)];
    if (!is_unsigned) return call("dot4I8Packed", left, right);
    return castBits("i32", call("dot4U8Packed", left, right));
  },
);
