import type { FloatElementType } from "../../support/numeric/element-type.ts";
import { roundTo } from "../../support/numeric/float-formats.ts";

const scratch = new Float64Array(1);
const scratchBits = new BigInt64Array(scratch.buffer);

/** The neighbour of a finite non-zero double, in the direction of the sign of `towards`. */
function neighbour(x: number, towards: number): number {
  scratch[0] = x;
  scratchBits[0] = scratchBits[0]! + (towards > 0 === x > 0 ? 1n : -1n);
  return scratch[0]!;
}

/**
 * a·b + c of floats of at most 24 significant bits, as a double rounded to odd, which any such format rounds as it would
 * round the exact value (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008). The product is exact.
 */
function roundedToOdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  // Knuth's TwoSum: sum + error is product + c exactly; neither can overflow a double here.
  const back = sum - product;
  const error = product - (sum - back) + (c - back);
  if (error === 0 || error !== error) return sum;
  scratch[0] = sum;
  return scratchBits[0]! & 1n ? sum : neighbour(sum, error);
}

/** a·b + c of f32 values, rounded once. */
export function fmaF32(a: number, b: number, c: number): number {
  const sum = a * b + c;
  const rounded = Math.fround(sum);
  // Rounding twice can differ only where the double falls exactly between two floats: then the other one is as far away.
  const other = sum + (sum - rounded);
  if (Math.fround(other) !== other || sum === rounded) return rounded;
  return Math.fround(roundedToOdd(a, b, c));
}

const mantissaBits = 52n;
const smallestExponent = -1074;

/** A finite double as significand · 2^exponent. */
function decompose(x: number): { readonly significand: bigint; readonly exponent: number } {
  scratch[0] = x;
  const bits = BigInt.asUintN(64, scratchBits[0]!);
  const biased = Number((bits >> mantissaBits) & 0x7ffn);
  const fraction = bits & ((1n << mantissaBits) - 1n);
  const magnitude = biased === 0 ? fraction : fraction | (1n << mantissaBits);
  return { significand: bits >> 63n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1 + smallestExponent };
}

/** The double nearest to significand · 2^exponent, ties to even. */
function compose(significand: bigint, exponent: number): number {
  const magnitude = significand < 0n ? -significand : significand;
  const sign = significand < 0n ? -1 : 1;
  const length = magnitude.toString(2).length;
  const drop = Math.max(length - 53, smallestExponent - exponent, 0);
  let kept = magnitude >> BigInt(drop);
  const rest = magnitude - (kept << BigInt(drop));
  const half = drop === 0 ? 1n : 1n << BigInt(drop - 1);
  if (drop > 0 && (rest > half || (rest === half && kept & 1n))) kept += 1n;
  // `kept` has at most 53 bits (or is a power of two), so both factors and their product are exact unless it overflows.
  const scale = exponent + drop;
  const upper = Math.min(scale, 900);
  return sign * Number(kept) * 2 ** Math.max(upper, smallestExponent) * 2 ** (scale - upper);
}

/** a·b + c of doubles, rounded once, on exact integers. */
function fmaF64(a: number, b: number, c: number): number {
  const sum = a * b + c;
  if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(c) || a === 0 || b === 0) return sum;
  const left = decompose(a);
  const right = decompose(b);
  const addend = decompose(c);
  const productExponent = left.exponent + right.exponent;
  const exponent = Math.min(productExponent, addend.exponent);
  const exact =
    ((left.significand * right.significand) << BigInt(productExponent - exponent)) +
    (addend.significand << BigInt(addend.exponent - exponent));
  // An exact zero keeps the sign the hardware gives it: +0 unless both terms are negative zeros, which cannot be here.
  return exact === 0n ? 0 : compose(exact, exponent);
}

/** a·b + c with one rounding to the type, of values of the type. */
export function fusedMultiplyAdd(type: FloatElementType, a: number, b: number, c: number): number {
  if (type === "f32") return fmaF32(a, b, c);
  if (type === "f64") return fmaF64(a, b, c);
  return roundTo(type, roundedToOdd(a, b, c));
}
