import {
  decodeFloat,
  encodeE8M0,
  encodeFloat,
  type SmallFloatElementType,
} from "../../support/numeric/float-formats.ts";
import type { FloatFormat } from "../types.ts";

/** Bits of each format's significand, the hidden one included; they decide how many digits are printed. */
const precisions: { readonly [F in FloatFormat]: number } = {
  f64: 53,
  f32: 24,
  f16: 11,
  bf16: 8,
  tf32: 11,
  f80: 64,
  f128: 113,
  f8E5M2: 3,
  f8E5M2FNUZ: 3,
  f8E4M3: 4,
  f8E4M3FN: 4,
  f8E4M3FNUZ: 4,
  f8E4M3B11FNUZ: 4,
  f8E3M4: 5,
  f8E8M0FNU: 1,
  f6E2M3FN: 4,
  f6E3M2FN: 3,
  f4E2M1FN: 2,
};

const isHosted = (format: FloatFormat): format is SmallFloatElementType =>
  !["f64", "f32", "tf32", "f80", "f128", "f8E4M3", "f8E4M3B11FNUZ", "f8E3M4", "f6E2M3FN", "f6E3M2FN"].includes(format);

const encode = (format: SmallFloatElementType, value: number): number =>
  format === "f8E8M0FNU" ? encodeE8M0(value, "nearest", true) : encodeFloat(format, value, { saturate: false });

const scratch = new DataView(new ArrayBuffer(8));

/** The bit pattern of a number in a format the host can represent; undefined for the others. */
export function floatBits(format: FloatFormat, value: number): bigint | undefined {
  if (format === "f64") {
    scratch.setFloat64(0, value);
    return scratch.getBigUint64(0);
  }
  if (format === "f32") {
    scratch.setFloat32(0, value);
    return BigInt(scratch.getUint32(0));
  }
  return isHosted(format) ? BigInt(encode(format, value)) : undefined;
}

/** The number a bit pattern stands for; undefined for formats without host representation. */
export function floatFromBits(format: FloatFormat, bits: bigint): number | undefined {
  if (format === "f64") {
    scratch.setBigUint64(0, bits);
    return scratch.getFloat64(0);
  }
  if (format === "f32") {
    scratch.setUint32(0, Number(bits));
    return scratch.getFloat32(0);
  }
  return isHosted(format) ? decodeFloat(format, Number(bits)) : undefined;
}

/** The nearest number of the format; the number itself for formats wider than a double or without host representation. */
export function roundToFormat(format: FloatFormat, value: number): number {
  if (format === "f64") return value;
  if (format === "f32") return Math.fround(value);
  return isHosted(format) ? decodeFloat(format, encode(format, value)) : value;
}

/**
 * A float as upstream prints it: six significant digits where they read back to the same value, else as many as the format
 * can need, else (infinities, NaN, whole numbers that look like integers) the bits in hexadecimal.
 * `bits` is the pattern, needed only where `value` does not say it.
 */
export function floatText(format: FloatFormat, value: number, bits?: bigint): string {
  if (Number.isFinite(value)) {
    const short = shortText(value);
    if (Object.is(roundToFormat(format, Number(short)), value)) return short;
    const long = longText(value, 2 + Math.floor((precisions[format] * 59) / 196));
    if (long.includes(".")) return long;
  }
  const pattern = bits ?? floatBits(format, value);
  if (pattern === undefined) throw new Error(`${format} has no bit pattern for ${value}`);
  return `0x${pattern.toString(16).toUpperCase()}`;
}

/** `d.ddddd0e±XX`. */
function shortText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.000000e+00" : "0.000000e+00";
  const { digits, exponent } = significantDigits(Math.abs(value), 6);
  const leading = exponent + digits.length - 1;
  const magnitude = String(Math.abs(leading)).padStart(2, "0");
  return `${value < 0 ? "-" : ""}${digits[0]}.${digits.slice(1).padEnd(6, "0")}e${leading < 0 ? "-" : "+"}${magnitude}`;
}

/** Up to `precision` significant digits, plain up to three places beside the digits, else `d.dddE±X`. */
function longText(value: number, precision: number): string {
  const sign = value < 0 ? "-" : "";
  const { digits, exponent } = significantDigits(Math.abs(value), precision);
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
 * The digits of a positive number and the power of ten of the last one, as LLVM's `APFloat::toString` finds them: it divides
 * excess digits away before it rounds, and so sometimes truncates where one would expect rounding.
 */
function significantDigits(value: number, precision: number): { readonly digits: string; readonly exponent: number } {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  let significand = biased === 0 ? fraction : fraction | (1n << 52n);
  let exponent = Math.max(biased, 1) - 1075;
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
