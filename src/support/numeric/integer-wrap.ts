import { bitWidth, isUnsigned, type IntegerElementType } from "./element-type.ts";

/** `value` cut to an integer towards zero; NaN and the infinities give 0. */
export function toBigInt(value: number | bigint): bigint {
  if (typeof value === "bigint") return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

/** The low 32 bits as a signed number, exact for any size of `value`. */
export function low32(value: number | bigint): number {
  return typeof value === "bigint" ? Number(BigInt.asIntN(32, value)) : value | 0;
}

/**
 * `value` reduced modulo 2^width into the range of the type: discard the higher bits and read the rest in two's
 * complement. A fraction is cut off towards zero first; NaN and the infinities give 0. `i1` keeps the lowest bit, so a
 * test against zero is the caller's.
 *
 * @returns a bigint for `i64` and `ui64`, a number for the rest. `index` is a 64-bit signed number, exact below 2^53.
 */
export function wrapInteger(elementType: IntegerElementType | "index", value: number | bigint): number | bigint {
  switch (elementType) {
    case "i64":
      return BigInt.asIntN(64, toBigInt(value));
    case "ui64":
      return BigInt.asUintN(64, toBigInt(value));
    case "index":
      return Number(BigInt.asIntN(64, toBigInt(value)));
    case "i1":
      return low32(value) & 1;
    default: {
      const unused = 32 - bitWidth(elementType);
      const shifted = low32(value) << unused;
      return isUnsigned(elementType) ? shifted >>> unused : shifted >> unused;
    }
  }
}
