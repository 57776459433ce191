import { decodeFloat, encodeFloat, type SmallFloatElementType } from "../../support/numeric/float-formats.ts";
import {
  bitsOfDouble,
  decodeExact,
  doubleOfBits,
  encodeDecimal,
  encodeExact,
  type ExactFloat,
  floatPrecision,
  isFiniteOnly,
  nearestDouble,
} from "../exact-float.ts";
import type { FloatFormat } from "../types.ts";

type FiniteFloat = Extract<ExactFloat, { readonly kind: "finite" }>;

/** The formats that have conversions of the host's own, which are faster than exact ones. */
const hosted: ReadonlySet<FloatFormat> = new Set<FloatFormat & SmallFloatElementType>([
  "f16",
  "bf16",
  "f8E4M3FN",
  "f8E5M2",
  "f8E4M3FNUZ",
  "f8E5M2FNUZ",
]);
const isHosted = (format: FloatFormat): format is SmallFloatElementType => hosted.has(format);
const isWide = (format: FloatFormat): boolean => format === "f80" || format === "f128";

const scratch = new DataView(new ArrayBuffer(4));

/** The bit pattern of the number of the format nearest to this one, ties to even. */
export function floatBits(format: FloatFormat, value: number): bigint {
  if (format === "f64") return bitsOfDouble(value);
  if (format === "f32") {
    scratch.setFloat32(0, value);
    return BigInt(scratch.getUint32(0));
  }
  return isHosted(format) ? BigInt(encodeFloat(format, value, { saturate: false })) : encodeExact(format, value);
}

/** The number a bit pattern stands for; for formats wider than a double, the nearest double. */
export function floatFromBits(format: FloatFormat, bits: bigint): number {
  if (format === "f64") return doubleOfBits(bits);
  if (format === "f32") {
    scratch.setUint32(0, Number(bits));
    return scratch.getFloat32(0);
  }
  return isHosted(format) ? decodeFloat(format, Number(bits)) : nearestDouble(decodeExact(format, bits));
}

/** Whether a bit pattern says more than the number that {@link floatFromBits} gives for it. */
export const needsBits = (format: FloatFormat, bits: bigint): boolean => {
  const value = floatFromBits(format, bits);
  return Number.isNaN(value) || (isWide(format) && encodeExact(format, value) !== bits);
};

/** The nearest number of the format; the number itself for formats wider than a double. */
export function roundToFormat(format: FloatFormat, value: number): number {
  if (format === "f64" || isWide(format)) return value;
  if (Math.abs(value) === Infinity && isFiniteOnly(format)) return value;
  if (format === "f32") return Math.fround(value);
  const rounded = floatFromBits(format, floatBits(format, Math.abs(value)));
  // The format of powers of two has no sign, but upstream keeps one until the number is stored as bits.
  if (format === "f8E8M0FNU" && value < 0 && -value >= smallestPower / 2) return -rounded;
  return format === "f8E8M0FNU" ? rounded : floatFromBits(format, floatBits(format, value));
}
const smallestPower = 2 ** -127;

/**
 * A float as upstream prints it: six significant digits where they read back to the same value, else as many as the format
 * can need, else (infinities, NaN, whole numbers that look like integers) the bits in hexadecimal.
 * `bits` is the pattern, needed only where `value` does not say it.
 */
export function floatText(format: FloatFormat, value: number, bits?: bigint): string {
  // Whole numbers of six digits at most need no arithmetic.
  if (bits === undefined && Number.isInteger(value) && Math.abs(value) < 1e6) return shortWholeText(value);
  const exact = exactOf(format, value, bits);
  if (exact.kind === "finite") {
    const short = shortText(exact);
    if (readsBack(format, short, value, bits)) return short;
    const long = longText(exact, 2 + Math.floor((floatPrecision(format) * 59) / 196));
    if (long.includes(".")) return long;
  }
  return `0x${(bits ?? floatBits(format, value)).toString(16).toUpperCase()}`;
}

const exactOf = (format: FloatFormat, value: number, bits: bigint | undefined): ExactFloat =>
  bits === undefined || !isWide(format) ? decodeExact("f64", bitsOfDouble(value)) : decodeExact(format, bits);

const readsBack = (format: FloatFormat, text: string, value: number, bits: bigint | undefined): boolean =>
  isWide(format)
    ? encodeDecimal(format, text) === (bits ?? encodeExact(format, value))
    : Object.is(roundToFormat(format, Number(text)), value);

/** `d.ddddd0e±XX` of a whole number below a million. */
function shortWholeText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.000000e+00" : "0.000000e+00";
  const digits = String(Math.abs(value));
  return `${value < 0 ? "-" : ""}${digits[0]}.${digits.slice(1).padEnd(6, "0")}e+0${digits.length - 1}`;
}

/** `d.ddddd0e±XX`. */
function shortText(exact: FiniteFloat): string {
  if (exact.significand === 0n) return exact.negative ? "-0.000000e+00" : "0.000000e+00";
  const { digits, exponent } = significantDigits(exact, 6);
  const leading = exponent + digits.length - 1;
  const magnitude = String(Math.abs(leading)).padStart(2, "0");
  return `${exact.negative ? "-" : ""}${digits[0]}.${digits.slice(1).padEnd(6, "0")}e${leading < 0 ? "-" : "+"}${magnitude}`;
}

/** Up to `precision` significant digits, plain up to three places beside the digits, else `d.dddE±X`. */
function longText(exact: FiniteFloat, precision: number): string {
  const sign = exact.negative ? "-" : "";
  const { digits, exponent } = significantDigits(exact, precision);
  const leading = exponent + digits.length - 1;
  const scientific = exponent >= 0 ? exponent > 3 || digits.length + exponent > precision : leading < 0 && -leading > 3;
  if (scientific) {
    const fraction = digits.length === 1 ? "0" : digits.slice(1);
    return `${sign}${digits[0]}.${fraction}E${leading < 0 ? "-" : "+"}${Math.abs(leading)}`;
  }
  if (exponent >= 0) return sign + digits + "0".repeat(exponent);
  const whole = exponent + digits.length;
  return whole > 0
    ? `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`
    : `${sign}0.${"0".repeat(-whole)}${digits}`;
}

/**
 * The digits of a number that is not zero, without its sign, and the power of ten of the last one, as LLVM's `APFloat::toString` finds them: it divides
 * excess digits away before it rounds, and so sometimes truncates where one would expect rounding.
 */
function significantDigits(
  exact: FiniteFloat,
  precision: number,
): { readonly digits: string; readonly exponent: number } {
  let { significand, exponent } = exact;
  while ((significand & 1n) === 0n) {
    significand >>= 1n;
    exponent++;
  }
  if (exponent > 0) {
    significand <<= BigInt(exponent);
    exponent = 0;
  } else significand *= 5n ** BigInt(-exponent);
  const excess = significand.toString(2).length - Math.floor((precision * 196 + 58) / 59);
  const removable = excess > 0 ? Math.floor((excess * 59) / 196) : 0;
  const text = (significand / 10n ** BigInt(removable)).toString();
  return rounded(text, exponent + removable, precision);
}

/** Rounds decimal digits half up to `precision` of them and drops zeros at the end. */
function rounded(
  text: string,
  exponent: number,
  precision: number,
): { readonly digits: string; readonly exponent: number } {
  const trimmed = text.replace(/0+$/, "");
  let power = exponent + (text.length - trimmed.length);
  if (trimmed.length <= precision) return { digits: trimmed, exponent: power };
  power += trimmed.length - precision;
  const kept = BigInt(trimmed.slice(0, precision)) + (trimmed[precision]! >= "5" ? 1n : 0n);
  const digits = kept.toString().replace(/0+$/, "");
  return { digits, exponent: power + (kept.toString().length - digits.length) };
}
