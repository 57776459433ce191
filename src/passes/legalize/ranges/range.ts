import type { Type } from "../../../ir/types.ts";

/** All numbers from `low` to `high`, both included: what a value read as signed may be. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** From a number to another, both included. */
export const range = (low: bigint | number, high: bigint | number): Range => ({ low: BigInt(low), high: BigInt(high) });
/** One number alone. */
export const exactly = (value: bigint | number): Range => range(value, value);
/** What `bits` bits hold in two's complement. */
export const signedBits = (bits: number): Range => range(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n);
/** What 32 bits hold. */
export const word = signedBits(32);

/** What values of a type may be: truth values are 0 or 1, indices are words. Undefined for types that are no integers. */
export function rangeOfType(type: Type): Range | undefined {
  if (type.kind === "index") return word;
  if (type.kind !== "integer") return undefined;
  return type.width === 1 ? range(0, 1) : signedBits(type.width);
}

/** Whether one range lies in another. */
export const contains = (outer: Range, inner: Range): boolean => outer.low <= inner.low && inner.high <= outer.high;
/** Whether two ranges are the same. */
export const isSame = (a: Range, b: Range): boolean => a.low === b.low && a.high === b.high;
/** Whether no number of a range is negative. */
export const isNonNegative = ({ low }: Range): boolean => low >= 0n;
const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));
const greatest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
/** The smallest range that holds both. */
export const union = (a: Range, b: Range): Range => range(least([a.low, b.low]), greatest([a.high, b.high]));
/** What is in both, or in the second alone where nothing is. */
export function clamp(a: Range, to: Range): Range {
  const low = greatest([a.low, to.low]);
  const high = least([a.high, to.high]);
  return low <= high ? range(low, high) : to;
}

/** From the results at the ends: for operations that are monotonic in each operand. */
function atEnds(a: Range, b: Range, apply: (a: bigint, b: bigint) => bigint): Range {
  const values = [apply(a.low, b.low), apply(a.low, b.high), apply(a.high, b.low), apply(a.high, b.high)];
  return range(least(values), greatest(values));
}

/** How many bits a range takes in two's complement. */
function bitsOf({ low, high }: Range): number {
  let bits = 1;
  while (!contains(signedBits(bits), { low, high })) bits++;
  return bits;
}

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
/** A quotient, where the divisor is never 0. */
const quotient =
  (divide: (a: bigint, b: bigint) => bigint) =>
  (a: Range, b: Range): Range | undefined =>
    b.low > 0n || b.high < 0n ? atEnds(a, b, divide) : undefined;
/** Where both operands are read alike as signed and unsigned. */
const ofNonNegative =
  (rule: BinaryRule): BinaryRule =>
  (a, b) =>
    isNonNegative(a) && isNonNegative(b) ? rule(a, b) : undefined;

function remainder(a: Range, b: Range): Range | undefined {
  if (b.low <= 0n && b.high >= 0n) return undefined;
  const most = greatest([b.high < 0n ? -b.high : b.high, b.low < 0n ? -b.low : b.low]) - 1n;
  return range(a.low < 0n ? greatest([-most, a.low]) : 0n, a.high > 0n ? least([most, a.high]) : 0n);
}

/** Bits that both have in common with their signs stay those of the sign. */
const ofBits: BinaryRule = (a, b) => signedBits(Math.max(bitsOf(a), bitsOf(b)));
const nonNegativeBits: BinaryRule = (a, b) => {
  const all = ofBits(a, b)!;
  return isNonNegative(a) && isNonNegative(b) ? range(0n, all.high) : all;
};
const common: BinaryRule = (a, b) => {
  const highs = [a, b].filter(isNonNegative).map(({ high }) => high);
  return highs.length > 0 ? range(0n, least(highs)) : ofBits(a, b);
};
const isShift = ({ low, high }: Range): boolean => low >= 0n && high < 64n;

/** The exact results of an operation on two ranges; undefined where nothing is known. */
export type BinaryRule = (a: Range, b: Range) => Range | undefined;

/** By the operation's name in `arith`. Results that do not fit the type wrap around: whoever asks sees to that. */
export const binaryRanges: Readonly<Record<string, BinaryRule>> = {
  addi: (a, b) => range(a.low + b.low, a.high + b.high),
  subi: (a, b) => range(a.low - b.high, a.high - b.low),
  muli: (a, b) => atEnds(a, b, (x, y) => x * y),
  divsi: quotient((a, b) => a / b),
  divui: ofNonNegative(quotient((a, b) => a / b)),
  floordivsi: quotient(floorDivide),
  ceildivsi: quotient((a, b) => -floorDivide(-a, b)),
  ceildivui: ofNonNegative(quotient((a, b) => -floorDivide(-a, b))),
  remsi: remainder,
  remui: ofNonNegative(remainder),
  andi: common,
  ori: nonNegativeBits,
  xori: nonNegativeBits,
  shli: (a, b) => (isShift(b) ? atEnds(a, b, (x, y) => x << y) : undefined),
  shrsi: (a, b) => (isShift(b) ? atEnds(a, b, (x, y) => x >> y) : undefined),
  shrui: (a, b) => (isShift(b) && isNonNegative(a) ? atEnds(a, b, (x, y) => x >> y) : undefined),
  minsi: (a, b) => range(least([a.low, b.low]), least([a.high, b.high])),
  maxsi: (a, b) => range(greatest([a.low, b.low]), greatest([a.high, b.high])),
  minui: ofNonNegative((a, b) => range(least([a.low, b.low]), least([a.high, b.high]))),
  maxui: ofNonNegative((a, b) => range(greatest([a.low, b.low]), greatest([a.high, b.high]))),
};
