import { arith } from "../../../ir/dialects/index.ts";
import type { ValueId } from "../../../ir/module.ts";
import { f32, type FloatType } from "../../../ir/types.ts";
import { absolute, constantPair, type Pair, select, shiftLeftBy, withSign, zeroExtended } from "./pair.ts";
import type { Words } from "./words.ts";

/** Bits of a significand with its leading one, of the formats that may be converted to. */
const precisions: Readonly<Partial<Record<FloatType["format"], number>>> = { f32: 24, f16: 11, bf16: 8 };

/** Whether numbers of the format are made from and cut to long integers. */
export const isConvertible = ({ format }: FloatType): boolean => precisions[format] !== undefined;

/**
 * An unsigned number as a float, rounded to the nearest, to even where two are as near. Only conversions and products that are exact are
 * left to the device, so that its own way of rounding does not matter.
 */
function fromUnsigned(w: Words, value: Pair, to: FloatType): ValueId {
  const isShort = w.isZero(value.high);
  const zero = w.constant(0);
  const top = w.select(isShort, value.low, value.high);
  const rest = w.select(isShort, zero, value.low);
  // The first bit that is set becomes the word's first; 0 stays 0.
  const zeros = w.leadingZeros(top);
  const { low, high } = shiftLeftBy(w, { low: rest, high: top }, w.and(zeros, w.constant(31)));
  // What is below the word matters only in that it is there.
  const word = w.or(high, w.fromBoolean(w.compare("ne", low, zero)));
  const dropped = 32 - precisions[to.format]!;
  const kept = w.shr(word, w.constant(dropped));
  const isOdd = w.and(kept, w.constant(1));
  const tail = w.and(word, w.constant(2 ** dropped - 1));
  // Above one half, or one half and odd: one half less 1 for odd ones is to be passed.
  const isUp = w.compare("ugt", w.add(tail, isOdd), w.constant(2 ** (dropped - 1)));
  const significand = w.convert(arith.sitofp, w.add(kept, w.fromBoolean(isUp)), f32);
  const exponent = w.sub(w.select(isShort, w.constant(dropped), w.constant(dropped + 32)), zeros);
  const scale = w.asFloat(w.shl(w.add(exponent, w.constant(127)), w.constant(23)));
  const product = arith.mulf.build(w.rewriter, { lhs: significand, rhs: scale }, {}).result;
  return w.resizeFloat(product, to);
}

/** A number as a float: see {@link fromUnsigned}. */
export function toFloat(w: Words, value: Pair, to: FloatType, isSigned: boolean): ValueId {
  if (!isSigned) return fromUnsigned(w, value, to);
  const size = fromUnsigned(w, absolute(w, value), to);
  const negative = arith.negf.build(w.rewriter, { operand: size }, {}).result;
  return w.select(w.compare("slt", value.high, w.constant(0)), negative, size);
}

/** A float cut towards zero; out of range it saturates, and NaN gives 0. */
export function fromFloat(w: Words, value: ValueId, isSigned: boolean): Pair {
  const bits = w.asWord(w.resizeFloat(value, f32));
  const sign = w.sign(bits);
  const magnitude = w.and(bits, w.constant(0x7fffffff));
  const exponent = w.shr(magnitude, w.constant(23));
  const significand = w.or(w.and(bits, w.constant(0x7fffff)), w.constant(0x800000));
  // The number is significand · 2^(exponent - 150).
  const places = w.sub(exponent, w.constant(150));
  const downward = w.and(w.sub(w.constant(0), places), w.constant(31));
  const isFraction = w.compare("slt", exponent, w.constant(127));
  const isCut = w.compare("slt", places, w.constant(0));
  const whole = select(
    w,
    isCut,
    zeroExtended(w, w.shr(significand, downward)),
    shiftLeftBy(w, zeroExtended(w, significand), w.and(places, w.constant(63))),
  );
  const size = select(w, isFraction, constantPair(w, 0n), whole);
  const isNaN = w.compare("ugt", magnitude, w.constant(0x7f800000));
  const isNegative = w.compare("slt", bits, w.constant(0));
  const [least, greatest] = isSigned ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
  const bound = select(w, isNegative, constantPair(w, least), constantPair(w, greatest));
  const isOutside = w.compare("sge", exponent, w.constant(isSigned ? 190 : 191));
  const inside = isSigned ? withSign(w, size, sign) : select(w, isNegative, constantPair(w, 0n), size);
  return select(w, isNaN, constantPair(w, 0n), select(w, isOutside, bound, inside));
}
