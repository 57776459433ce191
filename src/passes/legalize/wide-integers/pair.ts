import type { IntegerPredicate } from "../../../ir/dialects/arith.ts";
import { math } from "../../../ir/dialects/index.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Words } from "./words.ts";

/** A 64-bit integer in two 32-bit words. */
export interface Pair {
  readonly low: ValueId;
  readonly high: ValueId;
}

/** The words of a number. */
export const constantPair = (w: Words, value: bigint): Pair => ({
  low: w.constant(Number(BigInt.asIntN(32, value))),
  high: w.constant(Number(BigInt.asIntN(32, value >> 32n))),
});
/** A word as a signed number. */
export const signExtended = (w: Words, low: ValueId): Pair => ({ low, high: w.sign(low) });
/** A word as an unsigned number. */
export const zeroExtended = (w: Words, low: ValueId): Pair => ({ low, high: w.constant(0) });

/** A sum, modulo 2^64. */
export function add(w: Words, a: Pair, b: Pair): Pair {
  const low = w.add(a.low, b.low);
  const high = w.add(a.high, b.high);
  // Nothing is carried where one of the words is 0.
  if (low === a.low || low === b.low) return { low, high };
  return { low, high: w.add(high, w.fromBoolean(w.compare("ult", low, a.low))) };
}

/** A difference, modulo 2^64. */
export function subtract(w: Words, a: Pair, b: Pair): Pair {
  const borrow = w.known(b.low) === 0 ? w.constant(0) : w.fromBoolean(w.compare("ult", a.low, b.low));
  return { low: w.sub(a.low, b.low), high: w.sub(w.sub(a.high, b.high), borrow) };
}
/** The negative, modulo 2^64. */
export const negate = (w: Words, a: Pair): Pair => subtract(w, constantPair(w, 0n), a);

/** All 64 bits of a product of two unsigned words, by products of halves (Knuth, The Art of Computer Programming 2, 4.3.1). */
function multiplyWords(w: Words, a: ValueId, b: ValueId): Pair {
  const half = w.constant(0xffff);
  const sixteen = w.constant(16);
  const [a0, a1] = [w.and(a, half), w.shr(a, sixteen)];
  const [b0, b1] = [w.and(b, half), w.shr(b, sixteen)];
  const [cross, other] = [w.mul(a1, b0), w.mul(a0, b1)];
  const carried = w.shr(w.mul(a0, b0), sixteen);
  const middle = w.add(w.add(carried, w.and(cross, half)), w.and(other, half));
  const upper = w.add(w.mul(a1, b1), w.add(w.shr(cross, sixteen), w.shr(other, sixteen)));
  return { low: w.mul(a, b), high: w.add(upper, w.shr(middle, sixteen)) };
}

/** The low 64 bits of a product. */
export function multiply(w: Words, a: Pair, b: Pair): Pair {
  const { low, high } = multiplyWords(w, a.low, b.low);
  return { low, high: w.add(high, w.add(w.mul(a.low, b.high), w.mul(a.high, b.low))) };
}

/** What applies to each word by itself. */
export const wordwise = (a: Pair, b: Pair, apply: (a: ValueId, b: ValueId) => ValueId): Pair => ({
  low: apply(a.low, b.low),
  high: apply(a.high, b.high),
});
/** One of two by a truth value. */
export const select = (w: Words, condition: ValueId, yes: Pair, no: Pair): Pair =>
  wordwise(yes, no, (a, b) => w.select(condition, a, b));

const strict = {
  slt: "slt",
  sle: "slt",
  sgt: "sgt",
  sge: "sgt",
  ult: "ult",
  ule: "ult",
  ugt: "ugt",
  uge: "ugt",
} as const;
const ofLowWords = {
  slt: "ult",
  sle: "ule",
  sgt: "ugt",
  sge: "uge",
  ult: "ult",
  ule: "ule",
  ugt: "ugt",
  uge: "uge",
} as const;

/** Whether a comparison holds: high words decide unless they are equal. */
export function compare(w: Words, predicate: IntegerPredicate, a: Pair, b: Pair): ValueId {
  if (predicate === "eq" || predicate === "ne") {
    const { low, high } = wordwise(a, b, (left, right) => w.xor(left, right));
    return w.compare(predicate, w.or(low, high), w.constant(0));
  }
  // The sign alone decides about 0.
  const isZero = w.known(b.low) === 0 && w.known(b.high) === 0;
  if (isZero && (predicate === "slt" || predicate === "sge")) return w.compare(predicate, a.high, b.high);
  const high = w.compare(strict[predicate], a.high, b.high);
  return w.select(w.compare("eq", a.high, b.high), w.compare(ofLowWords[predicate], a.low, b.low), high);
}
/** Whether all bits are 0. */
export const isZero = (w: Words, { low, high }: Pair): ValueId => w.isZero(w.or(low, high));

type Shift = "left" | "right" | "arithmetic";

/** Shifted by any amount; 64 and more shift all bits out, as in the interpreter. */
export function shift(w: Words, kind: Shift, a: Pair, amount: Pair): Pair {
  const fill = kind === "arithmetic" ? w.sign(a.high) : w.constant(0);
  const within = shiftWithin(w, kind, a, amount.low, fill);
  const isInside = w.both(w.isZero(amount.high), w.compare("ult", amount.low, w.constant(64)));
  return select(w, isInside, within, { low: fill, high: fill });
}

/** Shifted by an amount from 0 to 63. */
function shiftWithin(w: Words, kind: Shift, a: Pair, amount: ValueId, fill: ValueId): Pair {
  const bits = w.and(amount, w.constant(31));
  // By 32 - bits in two steps, each of at most 31.
  const rest = w.xor(bits, w.constant(31));
  const one = w.constant(1);
  const isLong = w.compare("ne", w.and(amount, w.constant(32)), w.constant(0));
  if (kind === "left") {
    const low = w.shl(a.low, bits);
    const high = w.or(w.shl(a.high, bits), w.shr(w.shr(a.low, one), rest));
    return { low: w.select(isLong, fill, low), high: w.select(isLong, low, high) };
  }
  const high = kind === "right" ? w.shr(a.high, bits) : w.sar(a.high, bits);
  const low = w.or(w.shr(a.low, bits), w.shl(w.shl(a.high, one), rest));
  return { low: w.select(isLong, high, low), high: w.select(isLong, fill, high) };
}
/** Shifted to the left by a word from 0 to 63. */
export const shiftLeftBy = (w: Words, a: Pair, amount: ValueId): Pair =>
  shiftWithin(w, "left", a, amount, w.constant(0));

/** The number without its sign; the lowest is itself. */
export function absolute(w: Words, a: Pair): Pair {
  const sign = w.sign(a.high);
  return withSign(w, a, sign);
}
/** Negated where all bits of `sign` are set, as it is where none is. */
export function withSign(w: Words, a: Pair, sign: ValueId): Pair {
  const mask = { low: sign, high: sign };
  return subtract(
    w,
    wordwise(a, mask, (left, right) => w.xor(left, right)),
    mask,
  );
}

/** How many bits are set. */
export const populationCount = (w: Words, { low, high }: Pair): Pair =>
  zeroExtended(w, w.add(w.unary(math.ctpop, low), w.unary(math.ctpop, high)));
/** How many bits before the highest that is set; 64 where none is. */
export function leadingZeros(w: Words, { low, high }: Pair): Pair {
  const ofLow = w.add(w.leadingZeros(low), w.constant(32));
  return zeroExtended(w, w.select(w.isZero(high), ofLow, w.leadingZeros(high)));
}
/** How many bits after the lowest that is set; 64 where none is. */
export function trailingZeros(w: Words, { low, high }: Pair): Pair {
  const ofHigh = w.add(w.unary(math.cttz, high), w.constant(32));
  return zeroExtended(w, w.select(w.isZero(low), ofHigh, w.unary(math.cttz, low)));
}
