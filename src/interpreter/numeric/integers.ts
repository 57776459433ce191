import { DivisionByZero } from "../diagnostics.ts";
import type { Type } from "../../ir/types.ts";

/** Bits of an integer type; `index` has 64. */
export const integerWidth = (type: Type): number => (type.kind === "integer" ? type.width : 64);
/** Whether scalars of the type are held as bigints. */
const isWide = (type: Type): boolean => type.kind === "integer" && type.width > 32;

/** The signed reading of a scalar: what two's complement says, so that a true `i1` is -1. */
export const signedOf = (type: Type, value: number | bigint): bigint =>
  BigInt.asIntN(integerWidth(type), BigInt(value));
/** The unsigned reading of a scalar. */
export const unsignedOf = (type: Type, value: number | bigint): bigint =>
  BigInt.asUintN(integerWidth(type), BigInt(value));

/** The scalar whose low bits are those of `value`: see `Scalar` for how each width is held. */
export function scalarOf(type: Type, value: bigint): number | bigint {
  const width = integerWidth(type);
  if (type.kind === "integer" && (width === 1 || type.signedness === "unsigned")) {
    const unsigned = BigInt.asUintN(width, value);
    return width > 32 ? unsigned : Number(unsigned);
  }
  const signed = BigInt.asIntN(width, value);
  return isWide(type) ? signed : Number(signed);
}

const nonZero = (divisor: bigint): bigint => {
  if (divisor === 0n) throw new DivisionByZero();
  return divisor;
};
const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / nonZero(b);
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
/** Beyond the width, all bits are shifted out; MLIR leaves the result open. */
const shiftAmount = (amount: bigint, width: number): bigint => (amount >= BigInt(width) ? BigInt(width) : amount);

/** How a two-operand operation reads its operands. */
type Reading = "signed" | "unsigned";
export interface IntegerOperation {
  readonly reading: Reading;
  /** On exact integers; the caller takes the low bits of the result. */
  readonly apply: (a: bigint, b: bigint, width: number) => bigint;
}
const signed = (apply: IntegerOperation["apply"]): IntegerOperation => ({ reading: "signed", apply });
const unsigned = (apply: IntegerOperation["apply"]): IntegerOperation => ({ reading: "unsigned", apply });

/**
 * Integer operations of two operands, on exact integers. Where MLIR leaves a result open, the low bits of the mathematical
 * result are taken: the lowest number divided by -1 is itself, and its remainder is 0.
 */
export const integerOperations = {
  addi: signed((a, b) => a + b),
  subi: signed((a, b) => a - b),
  muli: signed((a, b) => a * b),
  divsi: signed((a, b) => a / nonZero(b)),
  divui: unsigned((a, b) => a / nonZero(b)),
  ceildivsi: signed((a, b) => -floorDivide(-a, b)),
  ceildivui: unsigned((a, b) => (a + nonZero(b) - 1n) / b),
  floordivsi: signed(floorDivide),
  remsi: signed((a, b) => a % nonZero(b)),
  remui: unsigned((a, b) => a % nonZero(b)),
  andi: signed((a, b) => a & b),
  ori: signed((a, b) => a | b),
  xori: signed((a, b) => a ^ b),
  shli: unsigned((a, b, width) => a << shiftAmount(b, width)),
  shrsi: unsigned((a, b, width) => BigInt.asIntN(width, a) >> shiftAmount(b, width)),
  shrui: unsigned((a, b, width) => a >> shiftAmount(b, width)),
  minsi: signed((a, b) => (a < b ? a : b)),
  minui: unsigned((a, b) => (a < b ? a : b)),
  maxsi: signed((a, b) => (a > b ? a : b)),
  maxui: unsigned((a, b) => (a > b ? a : b)),
} as const satisfies Readonly<Record<string, IntegerOperation>>;

/**
 * A signed power, modulo 2^width. A negative exponent gives the exact quotient 1 / a^-b cut towards zero.
 * @throws DivisionByZero for zero to a negative power.
 */
export function integerPower(base: bigint, exponent: bigint, width: number): bigint {
  if (exponent < 0n) {
    if (nonZero(base) === 1n) return 1n;
    if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
    return 0n;
  }
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(width, result * factor);
    factor = BigInt.asIntN(width, factor * factor);
  }
  return result;
}

/** A double cut towards zero and clamped to a range; NaN gives 0. */
export function saturate(value: number, low: bigint, high: bigint): bigint {
  if (value !== value) return 0n;
  if (value === Infinity) return high;
  if (value === -Infinity) return low;
  const exact = BigInt(Math.trunc(value));
  return exact < low ? low : exact > high ? high : exact;
}
