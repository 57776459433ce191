import { elementOf } from "../../../types.ts";
import { isUniformQuantized, quantizedStorage } from "../types.ts";
import type { Check, WithOperands, WithTypes } from "./check.ts";
import { zeroPointType, zeroPointValue } from "./zero-point.ts";

type Matmul = WithTypes<"a" | "b" | "a_zp" | "b_zp"> & WithOperands<"a_zp" | "b_zp">;

export const matmulTypes: Check<Matmul> = ({ types, operands, reader }) => {
  const [a, b] = [elementOf(types.a), elementOf(types.b)];
  if (isUniformQuantized(a) !== isUniformQuantized(b))
    return `expect operands to be both quantized or both not quantized, got '${a.text}' and '${b.text}'`;
  if (isUniformQuantized(a)) {
    const [left, right] = [a, b].map((type) => quantizedStorage(type)?.width);
    if (left !== right) return `expect quantized operands to have same widths, got ${left} and ${right}`;
  }
  return (
    zeroPointType(types.a, types.a_zp, "input a and a_zp have the same") ??
    zeroPointType(types.b, types.b_zp, "input b and b_zp have the same") ??
    zeroPointValue(reader, operands.a_zp, "a") ??
    zeroPointValue(reader, operands.b_zp, "b")
  );
};
