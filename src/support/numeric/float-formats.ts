import type { FloatElementType } from "./element-type.ts";
export { wrapInteger } from "./integer-wrap.ts";

/** The float types narrower than f32, which JavaScript has no arithmetic for. */
export type SmallFloatElementType = Exclude<FloatElementType, "f64" | "f32">;

/**
 * What the all-ones exponent and the negative zero mean:
 * - `ieee`: infinities and NaNs as IEEE 754 has them;
 * - `fn`: no infinity, NaN only where every exponent and mantissa bit is one;
 * - `fnuz`: no infinity, no negative zero, whose pattern is the one NaN;
 * - `finite`: neither infinity nor NaN.
 */
type SpecialValues = "ieee" | "fn" | "fnuz" | "finite";

interface SignedFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly specials: SpecialValues;
}

type SignedFloatElementType = Exclude<SmallFloatElementType, "f8E8M0FNU">;

/**
 * IEEE 754 binary16; bfloat16; OCP OFP8 (E4M3, E5M2) and its FNUZ variants (Noune et al., "8-bit Numerical Formats for
 * Deep Neural Networks"); OCP MX E2M1.
 */
const signedFormats: { readonly [F in SignedFloatElementType]: SignedFormat } = {
  f16: { exponentBits: 5, mantissaBits: 10, bias: 15, specials: "ieee" },
  bf16: { exponentBits: 8, mantissaBits: 7, bias: 127, specials: "ieee" },
  f8E4M3FN: { exponentBits: 4, mantissaBits: 3, bias: 7, specials: "fn" },
  f8E5M2: { exponentBits: 5, mantissaBits: 2, bias: 15, specials: "ieee" },
  f8E4M3FNUZ: { exponentBits: 4, mantissaBits: 3, bias: 8, specials: "fnuz" },
  f8E5M2FNUZ: { exponentBits: 5, mantissaBits: 2, bias: 16, specials: "fnuz" },
  f4E2M1FN: { exponentBits: 2, mantissaBits: 1, bias: 1, specials: "finite" },
};

/** The smallest positive normal number of each float type. */
export const smallestNormal: { readonly [F in FloatElementType]: number } = {
  f64: 2 ** -1022,
  f32: 2 ** -126,
  f16: 2 ** -14,
  bf16: 2 ** -126,
  f8E4M3FN: 2 ** -6,
  f8E5M2: 2 ** -14,
  f8E4M3FNUZ: 2 ** -7,
  f8E5M2FNUZ: 2 ** -15,
  f8E8M0FNU: 2 ** -127,
  f4E2M1FN: 1,
};

/** Bit patterns that the encoder needs, all without the sign bit unless they say otherwise. */
export interface SmallFloatLayout {
  readonly mantissaBits: number;
  readonly bias: number;
  readonly sign: number;
  readonly maxFinite: number;
  /** What a magnitude beyond the largest finite one becomes when not saturating. */
  readonly overflow: number;
  /** The whole pattern of the canonical NaN. */
  readonly nan: number;
  /** FNUZ: the sign bit alone is NaN, so neither zero nor NaN carries a sign. */
  readonly signedZero: boolean;
}

function layoutOf(format: SignedFormat): SmallFloatLayout {
  const { exponentBits, mantissaBits, bias, specials } = format;
  const sign = 1 << (exponentBits + mantissaBits);
  const ones = sign - 1;
  const common = { mantissaBits, bias, sign, signedZero: specials !== "fnuz" };
  switch (specials) {
    case "ieee": {
      const infinity = ones - ((1 << mantissaBits) - 1);
      const quietBit = 1 << (mantissaBits - 1);
      return { ...common, maxFinite: infinity - 1, overflow: infinity, nan: infinity | quietBit };
    }
    case "fn":
      return { ...common, maxFinite: ones - 1, overflow: ones, nan: ones };
    case "fnuz":
      return { ...common, maxFinite: ones, overflow: sign, nan: sign };
    case "finite":
      // The format has no NaN. ONNX's test data turns NaN into -0, as ml_dtypes does; ONNX's prose ("Float stored in 4
      // bits") says 6. The data decides.
      return { ...common, maxFinite: ones, overflow: ones, nan: sign };
  }
}

const signedLayouts: { readonly [F in SignedFloatElementType]: SmallFloatLayout } = {
  f16: layoutOf(signedFormats.f16),
  bf16: layoutOf(signedFormats.bf16),
  f8E4M3FN: layoutOf(signedFormats.f8E4M3FN),
  f8E5M2: layoutOf(signedFormats.f8E5M2),
  f8E4M3FNUZ: layoutOf(signedFormats.f8E4M3FNUZ),
  f8E5M2FNUZ: layoutOf(signedFormats.f8E5M2FNUZ),
  f4E2M1FN: layoutOf(signedFormats.f4E2M1FN),
};

// One double seen as its two words: the fastest way to its exponent without rounding.
const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
const scratchBits = new BigUint64Array(scratch.buffer);
const highWord = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** `floor(log2(|x|))` of a finite `x`; a subnormal double gives -1023, below every exponent used here. */
function exponentOf(x: number): number {
  scratch[0] = x;
  return ((scratchWords[highWord]! >>> 20) & 0x7ff) - 1023;
}

/** 2^exponent for an exponent of a normal double; many times faster than `2 ** exponent`. */
function powerOfTwo(exponent: number): number {
  scratchWords[highWord] = (exponent + 1023) << 20;
  scratchWords[1 - highWord] = 0;
  return scratch[0]!;
}

function isNegative(x: number): boolean {
  scratch[0] = x;
  return scratchWords[highWord]! >>> 31 === 1;
}

/** The integer nearest to a non-negative `n` below 2^52, ties to the even one. */
function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  if (rest > 0.5) return floor + 1;
  if (rest < 0.5) return floor;
  return floor % 2 === 0 ? floor : floor + 1;
}

function encodeSigned(layout: SmallFloatLayout, x: number, saturate: boolean): number {
  if (x !== x) return layout.nan;
  const sign = isNegative(x) ? layout.sign : 0;
  const magnitude = Math.abs(x);
  const limit = saturate ? layout.maxFinite : layout.overflow;
  if (magnitude === Infinity) return sign | limit;
  const smallestExponent = 1 - layout.bias;
  const exponent = Math.max(exponentOf(magnitude), smallestExponent);
  // Multiplying by a power of two is exact, so this rounds once. Adding (not joining) the significand to the exponent field
  // lets its hidden bit, and a carry out of the rounding, move the exponent on by one.
  const significand = roundHalfEven(magnitude * powerOfTwo(layout.mantissaBits - exponent));
  const bits = (exponent - smallestExponent) * (1 << layout.mantissaBits) + significand;
  if (bits > layout.maxFinite) return sign | limit;
  if (bits === 0 && !layout.signedZero) return 0;
  return sign | bits;
}

function decodeSigned(format: SignedFormat, bits: number): number {
  const { exponentBits, mantissaBits, bias, specials } = format;
  const layout = layoutOf(format);
  const magnitudeBits = bits & (layout.sign - 1);
  const sign = (bits & layout.sign) === 0 ? 1 : -1;
  const biased = magnitudeBits >>> mantissaBits;
  const fraction = magnitudeBits & ((1 << mantissaBits) - 1);
  if (specials === "fnuz" && bits === layout.sign) return NaN;
  if (specials === "fn" && magnitudeBits === layout.nan) return NaN;
  if (specials === "ieee" && biased === (1 << exponentBits) - 1) return fraction === 0 ? sign * Infinity : NaN;
  const hidden = biased === 0 ? 0 : 1 << mantissaBits;
  return sign * (hidden + fraction) * 2 ** (Math.max(biased, 1) - bias - mantissaBits);
}

function decodeTable(size: number, decode: (bits: number) => number): Float64Array {
  return Float64Array.from({ length: size }, (_, bits) => decode(bits));
}

const e8m0Bias = 127;
const e8m0NaN = 0xff;
const e8m0Max = 0xfe;

/** The value of every pattern of the formats that fit a byte. A 4-bit pattern's upper half is ignored. */
const byteTables = {
  f8E4M3FN: decodeTable(256, (bits) => decodeSigned(signedFormats.f8E4M3FN, bits)),
  f8E5M2: decodeTable(256, (bits) => decodeSigned(signedFormats.f8E5M2, bits)),
  f8E4M3FNUZ: decodeTable(256, (bits) => decodeSigned(signedFormats.f8E4M3FNUZ, bits)),
  f8E5M2FNUZ: decodeTable(256, (bits) => decodeSigned(signedFormats.f8E5M2FNUZ, bits)),
  f8E8M0FNU: decodeTable(256, (bits) => (bits === e8m0NaN ? NaN : 2 ** (bits - e8m0Bias))),
  f4E2M1FN: decodeTable(256, (bits) => decodeSigned(signedFormats.f4E2M1FN, bits & 0xf)),
} as const;

const float32 = new Float32Array(1);
const float32Bits = new Uint32Array(float32.buffer);
const float16 = new Float16Array(1);
const float16Bits = new Uint16Array(float16.buffer);

/** The constants of a format's bit patterns, for code that spells out its conversions. */
export const smallFloatLayout = (format: SignedFloatElementType): SmallFloatLayout => signedLayouts[format];

export interface EncodeOptions {
  /** Clamp to the largest finite value instead of giving the format's infinity, or NaN where it has none. */
  readonly saturate: boolean;
}

/**
 * The bit pattern of the value of `format` nearest to `x`, ties to even, rounded once from the double.
 *
 * Out of range (an infinity, or a rounded magnitude beyond the largest finite one): the largest finite value when
 * saturating, else infinity, or NaN where the format has none (ONNX `Cast`, table of the float 8 types).
 * NaN is the format's canonical NaN. f4E2M1FN has neither infinity nor NaN: it always saturates, and NaN gives -0.
 * f8E8M0FNU rounds as {@link encodeE8M0} does with mode `nearest`.
 */
export function encodeFloat(format: SmallFloatElementType, x: number, { saturate }: EncodeOptions): number {
  if (format === "f8E8M0FNU") return encodeE8M0(x, "nearest", saturate);
  return encodeSigned(signedLayouts[format], x, saturate);
}

/** The value of a bit pattern; exact, since every format here is a subset of the doubles. */
export function decodeFloat(format: SmallFloatElementType, bits: number): number {
  if (format === "f16") return decodeF16(bits);
  if (format === "bf16") return decodeBF16(bits);
  return byteTables[format][bits & 0xff]!;
}

export function encodeF16(x: number): number {
  if (x !== x) return 0x7e00;
  float16[0] = x;
  return float16Bits[0]!;
}
export function decodeF16(bits: number): number {
  float16Bits[0] = bits;
  return float16[0]!;
}
export function encodeBF16(x: number): number {
  return encodeSigned(signedLayouts.bf16, x, false);
}
/** A bfloat16 is the upper half of a float. */
export function decodeBF16(bits: number): number {
  float32Bits[0] = bits << 16;
  return float32[0]!;
}
export function encodeF8E4M3FN(x: number, saturate = false): number {
  return encodeSigned(signedLayouts.f8E4M3FN, x, saturate);
}
export function decodeF8E4M3FN(bits: number): number {
  return byteTables.f8E4M3FN[bits & 0xff]!;
}
export function encodeF8E5M2(x: number, saturate = false): number {
  return encodeSigned(signedLayouts.f8E5M2, x, saturate);
}
export function decodeF8E5M2(bits: number): number {
  return byteTables.f8E5M2[bits & 0xff]!;
}
export function encodeF8E4M3FNUZ(x: number, saturate = false): number {
  return encodeSigned(signedLayouts.f8E4M3FNUZ, x, saturate);
}
export function decodeF8E4M3FNUZ(bits: number): number {
  return byteTables.f8E4M3FNUZ[bits & 0xff]!;
}
export function encodeF8E5M2FNUZ(x: number, saturate = false): number {
  return encodeSigned(signedLayouts.f8E5M2FNUZ, x, saturate);
}
export function decodeF8E5M2FNUZ(bits: number): number {
  return byteTables.f8E5M2FNUZ[bits & 0xff]!;
}
export function encodeF4E2M1FN(x: number): number {
  return encodeSigned(signedLayouts.f4E2M1FN, x, true);
}
export function decodeF4E2M1FN(bits: number): number {
  return byteTables.f4E2M1FN[bits & 0xff]!;
}
export function decodeE8M0(bits: number): number {
  return byteTables.f8E8M0FNU[bits & 0xff]!;
}

/** ONNX `Cast`'s `round_mode`: `up` away from zero, `down` towards zero, `nearest` with ties up. */
export type E8M0RoundMode = "up" | "down" | "nearest";

/**
 * The f8E8M0FNU pattern (a biased power of two, 2^-127 to 2^127, 0xFF for NaN) for `x`.
 *
 * Values below 2^-127, zero among them, and values that round to more than 2^127 clamp when saturating, else give NaN
 * (ONNX `Cast`, table for FLOAT8E8M0; that the upper limit is tested after rounding is ONNX's reference code).
 * The format has no sign and ONNX leaves negative numbers undefined: they give NaN.
 */
export function encodeE8M0(x: number, mode: E8M0RoundMode, saturate: boolean): number {
  if (x !== x || x < 0) return e8m0NaN;
  if (x < 2 ** -e8m0Bias) return saturate ? 0 : e8m0NaN;
  const exponent = exponentOf(x);
  const fraction = x / 2 ** exponent;
  const roundsUp = mode === "up" ? fraction > 1 : mode === "nearest" && fraction >= 1.5;
  const bits = exponent + e8m0Bias + (roundsUp ? 1 : 0);
  if (bits <= e8m0Max) return bits;
  return saturate ? e8m0Max : e8m0NaN;
}

/** The value of `x` after rounding to a float type, to nearest, ties to even, without saturation. */
export function roundTo(elementType: FloatElementType, x: number): number {
  if (elementType === "f64") return x;
  if (elementType === "f32") return Math.fround(x);
  return decodeFloat(elementType, encodeFloat(elementType, x, { saturate: false }));
}

/**
 * A double that any type of at most 51 significant bits rounds to the same value as it would round `value` itself.
 * (Rounding to odd: Boldo and Melquiond, "When double rounding is odd", 2005.)
 */
export function bigintToDoubleForRounding(value: bigint): number {
  const nearest = Number(value);
  if (!Number.isFinite(nearest)) return nearest;
  const difference = value - BigInt(nearest);
  if (difference === 0n) return nearest;
  scratch[0] = nearest;
  if (scratchWords[1 - highWord]! % 2 === 1) return nearest;
  // The significand is even, so the double on the other side of `value` is the odd one; they are neighbours as integers.
  const awayFromZero = difference > 0n === nearest > 0;
  scratchBits[0] = scratchBits[0]! + (awayFromZero ? 1n : -1n);
  return scratch[0]!;
}
