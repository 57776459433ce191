import type { FloatFormat } from "./types.ts";

/**
 * What the patterns beyond the finite numbers mean:
 * - `ieee`: infinities and NaNs where every exponent bit is one;
 * - `fn`: no infinity, NaN only where every bit but the sign is one;
 * - `fnuz`: no infinity, no negative zero, whose pattern is the one NaN;
 * - `finite`: neither infinity nor NaN;
 * - `unsigned`: powers of two alone: no sign, no zero, NaN where every bit is one.
 */
type Specials = "ieee" | "fn" | "fnuz" | "finite" | "unsigned";

interface FloatSemantics {
  readonly width: number;
  /** Bits of the significand, the leading one included whether it is stored or not. */
  readonly precision: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
  readonly specials: Specials;
  /** Whether the leading bit of the significand is stored, as x87's extended format does. */
  readonly explicitLeadingBit: boolean;
}

const semantics = (width: number, precision: number, minExponent: number, specials: Specials): FloatSemantics => ({
  width,
  precision,
  minExponent,
  specials,
  explicitLeadingBit: false,
});

/** MLIR's float types: IEEE 754, bfloat16, NVIDIA's tf32, x87's extended, OCP's OFP8 and MX formats and the FNUZ variants. */
const formats: { readonly [F in FloatFormat]: FloatSemantics } = {
  f16: semantics(16, 11, -14, "ieee"),
  bf16: semantics(16, 8, -126, "ieee"),
  tf32: semantics(19, 11, -126, "ieee"),
  f32: semantics(32, 24, -126, "ieee"),
  f64: semantics(64, 53, -1022, "ieee"),
  f80: { ...semantics(80, 64, -16382, "ieee"), explicitLeadingBit: true },
  f128: semantics(128, 113, -16382, "ieee"),
  f8E5M2: semantics(8, 3, -14, "ieee"),
  f8E4M3: semantics(8, 4, -6, "ieee"),
  f8E3M4: semantics(8, 5, -2, "ieee"),
  f8E4M3FN: semantics(8, 4, -6, "fn"),
  f8E5M2FNUZ: semantics(8, 3, -15, "fnuz"),
  f8E4M3FNUZ: semantics(8, 4, -7, "fnuz"),
  f8E4M3B11FNUZ: semantics(8, 4, -10, "fnuz"),
  f8E8M0FNU: semantics(8, 1, -127, "unsigned"),
  f6E3M2FN: semantics(6, 3, -2, "finite"),
  f6E2M3FN: semantics(6, 4, 0, "finite"),
  f4E2M1FN: semantics(4, 2, 0, "finite"),
};

/** Bits of a value of the format. */
export const floatWidth = (format: FloatFormat): number => formats[format].width;
/** Bits of the format's significand, the leading one included. */
export const floatPrecision = (format: FloatFormat): number => formats[format].precision;

/** Whether every bit pattern of the format is a finite number. */
export const isFiniteOnly = (format: FloatFormat): boolean => formats[format].specials === "finite";

/** A value of a float format: `significand * 2 ** exponent`, or one that is no number. */
export type ExactFloat =
  | { readonly kind: "finite"; readonly negative: boolean; readonly significand: bigint; readonly exponent: number }
  | { readonly kind: "infinity"; readonly negative: boolean }
  | { readonly kind: "nan" };

/** A positive rational number, or zero. */
interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const notANumber: ExactFloat = Object.freeze({ kind: "nan" });
const ones = (width: number): bigint => (1n << BigInt(width)) - 1n;
const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** Bits below the exponent's. */
const fractionBits = ({ precision, explicitLeadingBit }: FloatSemantics): number =>
  explicitLeadingBit ? precision : precision - 1;
const hasSign = ({ specials }: FloatSemantics): boolean => specials !== "unsigned";

/** The value of a bit pattern. */
export function decodeExact(format: FloatFormat, bits: bigint): ExactFloat {
  const layout = formats[format];
  const { width, precision, minExponent, specials, explicitLeadingBit } = layout;
  const magnitudeWidth = hasSign(layout) ? width - 1 : width;
  const magnitude = bits & ones(magnitudeWidth);
  const negative = bits >> BigInt(magnitudeWidth) === 1n;
  const stored = fractionBits(layout);
  const fraction = magnitude & ones(stored);
  const field = magnitude >> BigInt(stored);
  if (specials === "unsigned")
    return magnitude === ones(width)
      ? notANumber
      : { kind: "finite", negative: false, significand: 1n, exponent: Number(field) + minExponent };
  if (specials === "fn" && magnitude === ones(magnitudeWidth)) return notANumber;
  if (specials === "fnuz" && negative && magnitude === 0n) return notANumber;
  const leading = explicitLeadingBit ? 0n : 1n << BigInt(stored);
  if (specials === "ieee" && field === ones(magnitudeWidth - stored)) {
    const payload = explicitLeadingBit ? fraction & ones(stored - 1) : fraction;
    const isInfinity = payload === 0n && (!explicitLeadingBit || fraction !== 0n);
    return isInfinity ? { kind: "infinity", negative } : notANumber;
  }
  // x87 takes no number whose leading bit is missing though its exponent is not the smallest.
  if (explicitLeadingBit && field !== 0n && fraction >> BigInt(stored - 1) === 0n) return notANumber;
  const significand = field === 0n ? fraction : leading | fraction;
  const exponent = Math.max(Number(field), 1) - 1 + minExponent - (precision - 1);
  return { kind: "finite", negative, significand, exponent };
}

/** The pattern that upstream keeps for one: x87's obsolete operands become what the processor would take them for. */
export function canonicalBits(format: FloatFormat, bits: bigint): bigint {
  if (!formats[format].explicitLeadingBit) return bits;
  const field = (bits >> 64n) & 0x7fffn;
  const hasLeadingBit = ((bits >> 63n) & 1n) === 1n;
  if (field === 0n && hasLeadingBit) return bits | (1n << 64n);
  return field !== 0n && !hasLeadingBit ? bits | (0x7fffn << 64n) : bits;
}

/** Rounds a positive ratio to the format's precision, to nearest, ties to even; the exponent is that of the last bit. */
function round({ numerator, denominator }: Ratio, precision: number, minExponent: number): readonly [bigint, number] {
  let leading = bitLength(numerator) - bitLength(denominator);
  const isBelow =
    leading >= 0 ? numerator < denominator << BigInt(leading) : numerator << BigInt(-leading) < denominator;
  if (isBelow) leading--;
  const exponent = Math.max(leading, minExponent) - (precision - 1);
  const [scaled, unit] =
    exponent >= 0 ? [numerator, denominator << BigInt(exponent)] : [numerator << BigInt(-exponent), denominator];
  const quotient = scaled / unit;
  const twice = 2n * (scaled - quotient * unit);
  const roundsUp = twice > unit || (twice === unit && (quotient & 1n) === 1n);
  return [roundsUp ? quotient + 1n : quotient, exponent];
}

/** The bits of the number of the format that is nearest to a ratio, ties to even. Beyond the largest number: infinity, NaN or that number, as the format has them. */
function encodeRatio(format: FloatFormat, negative: boolean, ratio: Ratio): bigint {
  const layout = formats[format];
  const { width, precision, minExponent, specials, explicitLeadingBit } = layout;
  const stored = fractionBits(layout);
  const sign = negative && hasSign(layout) ? 1n << BigInt(width - 1) : 0n;
  if (ratio.numerator === 0n) return specials === "fnuz" || specials === "unsigned" ? 0n : sign;
  const [rounded, last] = round(ratio, precision, minExponent);
  const hasCarried = bitLength(rounded) > precision;
  const significand = hasCarried ? rounded >> 1n : rounded;
  const exponent = hasCarried ? last + 1 : last;
  if (specials === "unsigned") {
    const field = significand === 0n ? 0 : exponent - minExponent;
    return field >= Number(ones(width)) ? ones(width) : BigInt(Math.max(field, 0));
  }
  const isNormal = bitLength(significand) === precision;
  const field = isNormal ? BigInt(exponent + precision - 1 - minExponent + 1) : 0n;
  const fraction = explicitLeadingBit ? significand : significand & ones(stored);
  const magnitude = (field << BigInt(stored)) | fraction;
  if (magnitude === 0n && specials === "fnuz") return 0n;
  const largest = largestMagnitude(layout);
  return magnitude <= largest ? sign | magnitude : overflowBits(layout, sign);
}

function largestMagnitude(layout: FloatSemantics): bigint {
  const magnitude = ones(layout.width - 1);
  if (layout.specials === "ieee") return magnitude - (1n << BigInt(fractionBits(layout)));
  return layout.specials === "fn" ? magnitude - 1n : magnitude;
}

function overflowBits(layout: FloatSemantics, sign: bigint): bigint {
  switch (layout.specials) {
    case "ieee":
      return sign | infinityMagnitude(layout);
    case "fn":
      return sign | ones(layout.width - 1);
    case "fnuz":
      return 1n << BigInt(layout.width - 1);
    default:
      return sign | largestMagnitude(layout);
  }
}

function infinityMagnitude(layout: FloatSemantics): bigint {
  const stored = fractionBits(layout);
  const field = ones(layout.width - 1 - stored) << BigInt(stored);
  return layout.explicitLeadingBit ? field | (1n << BigInt(stored - 1)) : field;
}

/** The bits of a format's quiet NaN without payload; the formats without NaN give zero. */
function quietNaN(layout: FloatSemantics): bigint {
  switch (layout.specials) {
    case "ieee":
      return infinityMagnitude(layout) | (1n << BigInt(layout.precision - 2));
    case "fn":
      return ones(layout.width - 1);
    case "fnuz":
      return 1n << BigInt(layout.width - 1);
    case "unsigned":
      return ones(layout.width);
    case "finite":
      return 0n;
  }
}

const scratch = new DataView(new ArrayBuffer(8));
/** The bits of a double. */
export function bitsOfDouble(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}
/** The double that has these bits. */
export function doubleOfBits(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

const ratioOf = (significand: bigint, exponent: number): Ratio =>
  exponent >= 0
    ? { numerator: significand << BigInt(exponent), denominator: 1n }
    : { numerator: significand, denominator: 1n << BigInt(-exponent) };

/** The bits of the number of the format that is nearest to a double, ties to even. */
export function encodeExact(format: FloatFormat, value: number): bigint {
  const layout = formats[format];
  if (Number.isNaN(value)) return quietNaN(layout);
  const exact = decodeExact("f64", bitsOfDouble(value));
  const negative = value < 0 || Object.is(value, -0);
  if (exact.kind === "finite") return encodeRatio(format, negative, ratioOf(exact.significand, exact.exponent));
  const sign = negative ? 1n << BigInt(layout.width - 1) : 0n;
  // A format without infinity keeps one as upstream does: as a zero, once it is stored as bits.
  if (layout.specials === "finite") return sign;
  return layout.specials === "unsigned" ? quietNaN(layout) : overflowBits(layout, sign);
}

/** The bits of the number of the format that is nearest to a decimal number such as `-1.5e-3`, ties to even. */
export function encodeDecimal(format: FloatFormat, text: string): bigint {
  const [, sign, whole, fraction, power] = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const digits = BigInt(whole! + (fraction ?? ""));
  const exponent = Number(power ?? 0) - (fraction ?? "").length;
  const ratio =
    exponent >= 0
      ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
      : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
  return encodeRatio(format, sign === "-", ratio);
}

/** The double nearest to a value of a format. */
export function nearestDouble(exact: ExactFloat): number {
  if (exact.kind === "nan") return Number.NaN;
  if (exact.kind === "infinity") return exact.negative ? -Infinity : Infinity;
  return doubleOfBits(encodeRatio("f64", exact.negative, ratioOf(exact.significand, exact.exponent)));
}
