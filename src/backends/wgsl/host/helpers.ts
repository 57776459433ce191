import { type SmallFloatElementType, smallFloatLayout } from "../../../support/numeric/float-formats.ts";
import type { Helper } from "../../printing/helpers.ts";

/** Every helper's name starts so; nothing else does. */
const helperPrefix = "$";

const helper = (name: string, code: string, ...requires: readonly Helper[]): Helper => ({
  name: `${helperPrefix}${name}`,
  code: code.trim(),
  requires,
});

/** Eight bytes, to look at floats as integers. Little endian is assumed, as in the files of an artifact. */
const scratch = helper(
  "scratch",
  `
const $f64 = new Float64Array(1);
const $f32 = new Float32Array($f64.buffer);
const $i32 = new Int32Array($f64.buffer);
const $i64 = new BigInt64Array($f64.buffer);`,
);

const smallFloat = helper(
  "smallFloat",
  `
/** A float format of few bits: \`decode\` lists the value of each bit pattern, \`encode\` rounds to nearest, ties to even. */
function $smallFloat(mantissaBits, bias, sign, maxFinite, overflow, nan) {
  const one = 2 ** mantissaBits;
  const decode = Float64Array.from({ length: 2 * sign }, (_, bits) => {
    const magnitude = bits & (sign - 1);
    const exponent = magnitude >> mantissaBits;
    let value = ((exponent === 0 ? 0 : one) + (magnitude & (one - 1))) * 2 ** (Math.max(exponent, 1) - bias - mantissaBits);
    if (magnitude > maxFinite) value = magnitude === overflow && overflow !== nan ? Infinity : NaN;
    if (bits === sign && overflow === sign) value = NaN;
    return bits & sign ? -value : value;
  });
  const encode = (x) => {
    if (x !== x) return nan;
    const signBit = x < 0 || Object.is(x, -0) ? sign : 0;
    const magnitude = Math.abs(x);
    if (magnitude === Infinity) return signBit | overflow;
    $f64[0] = magnitude;
    const exponent = Math.max((($i32[1] >>> 20) & 0x7ff) - 1023, 1 - bias);
    // Adding and taking away 2^52 rounds to an integer, ties to the even one.
    const significand = magnitude * 2 ** (mantissaBits - exponent) + 2 ** 52 - 2 ** 52;
    const bits = (exponent - 1 + bias) * one + significand;
    if (bits > maxFinite) return signBit | overflow;
    return bits === 0 && overflow === sign ? 0 : signBit | bits;
  };
  return { decode, encode, round: (x) => decode[encode(x)] };
}`,
  scratch,
);

const powersOfTwo = helper(
  "f8E8M0FNU",
  `
/** Powers of two in a byte: ties go up; what is negative, too small or too large is NaN. */
const $f8E8M0FNU = {
  decode: Float64Array.from({ length: 256 }, (_, bits) => (bits === 255 ? NaN : 2 ** (bits - 127))),
  encode(x) {
    if (!(x >= 2 ** -127)) return 255;
    $f64[0] = x;
    const exponent = (($i32[1] >>> 20) & 0x7ff) - 1023;
    const bits = exponent + 127 + (x / 2 ** exponent >= 1.5 ? 1 : 0);
    return bits <= 254 ? bits : 255;
  },
  round: (x) => $f8E8M0FNU.decode[$f8E8M0FNU.encode(x)],
};`,
  scratch,
);

/** The conversions of a float format narrower than f32: an object with `decode`, `encode` and `round`. */
export function smallFloatHelper(format: SmallFloatElementType): Helper {
  if (format === "f8E8M0FNU") return powersOfTwo;
  const { mantissaBits, bias, sign, maxFinite, overflow, nan } = smallFloatLayout(format);
  const parameters = [mantissaBits, bias, sign, maxFinite, overflow, nan].join(", ");
  return helper(format, `const $${format} = $smallFloat(${parameters});`, smallFloat);
}

/** The bits of a number as another type of the same size. */
const bits = (name: string, write: string, read: string): Helper =>
  helper(
    name,
    `
function $${name}(x) {
  ${write}[0] = x;
  return ${read}[0];
}`,
    scratch,
  );
/** The bits of one type as another, by the texts of both. */
export const bitcastHelpers: Readonly<Record<string, Helper>> = {
  "f32 i32": bits("bitsOfF32", "$f32", "$i32"),
  "i32 f32": bits("f32OfBits", "$i32", "$f32"),
  "f64 i64": bits("bitsOfF64", "$f64", "$i64"),
  "i64 f64": bits("f64OfBits", "$i64", "$f64"),
};

/** Integer division that gives 0 (a remainder: the dividend) where the divisor is 0; unsigned operands are given as such. */
const wideDivision = (name: string, result: string): Helper =>
  helper(name, `\nfunction $${name}(a, b) {\n  return b === 0n ? ${result};\n}`);
/** A quotient of bigints; 0 where the divisor is. */
export const divide64 = wideDivision("divide64", "0n : a / b");
/** A remainder of bigints; the dividend where the divisor is 0. */
export const remainder64 = wideDivision("remainder64", "a : a % b");
/** A quotient of bigints, rounded down. */
export const floorDivide64 = wideDivision(
  "floorDivide64",
  "0n : a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n)",
);
/** A quotient of bigints, rounded up. */
export const ceilingDivide64 = wideDivision(
  "ceilingDivide64",
  "0n : a / b + (a % b !== 0n && a < 0n === b < 0n ? 1n : 0n)",
);
/** A quotient of numbers, not rounded; 0 where the divisor is. */
export const divide = helper("divide", "\nfunction $divide(a, b) {\n  return b === 0 ? 0 : a / b;\n}");
/** A remainder of numbers; the dividend where the divisor is 0. */
export const remainder = helper("remainder", "\nfunction $remainder(a, b) {\n  return b === 0 ? a : a % b;\n}");

/** A float as a bigint, towards zero and clamped to bounds; NaN gives 0. */
export const toInteger64 = helper(
  "toInteger64",
  `
/** A number cut towards zero and clamped; NaN gives 0. */
function $toInteger64(x, low, high) {
  if (x !== x) return 0n;
  if (x <= Number(low)) return low;
  if (x >= Number(high)) return high;
  return BigInt(Math.trunc(x));
}`,
);

/** A bigint as a double that rounds to narrower floats as the bigint itself would. */
export const forRounding = helper(
  "forRounding",
  `
/** A bigint as a double that rounds to a narrower type as the integer itself would: to odd (Boldo and Melquiond, 2005). */
function $forRounding(value) {
  const nearest = Number(value);
  const difference = value - BigInt(nearest);
  if (difference === 0n) return nearest;
  $f64[0] = nearest;
  if ($i64[0] & 1n) return nearest;
  $i64[0] += difference > 0n === nearest > 0 ? 1n : -1n;
  return $f64[0];
}`,
  scratch,
);

/** `a·b + c` as a double that rounds to narrower floats as the exact sum would. */
export const fusedMultiplyAdd = helper(
  "fma",
  `
/** a * b + c of floats of at most 24 bits, to be rounded to them: rounded to odd (Boldo and Melquiond, 2008). */
function $fma(a, b, c) {
  const product = a * b;
  const sum = product + c;
  const back = sum - product;
  const error = product - (sum - back) + (c - back);
  if (error === 0 || error !== error) return sum;
  $f64[0] = sum;
  if ($i64[0] & 1n) return sum;
  $i64[0] += error > 0 === sum > 0 ? 1n : -1n;
  return $f64[0];
}`,
  scratch,
);

const expOfMinusSquare = helper(
  "expOfMinusSquare",
  `
/** e^(-x * x) without the relative error that rounding the square would cost. */
function $expOfMinusSquare(x) {
  const high = Math.fround(x);
  const low = x - high;
  return Math.exp(-high * high) * Math.exp(-low * (high + x));
}`,
);
const erfcFraction = helper(
  "erfcFraction",
  `
/** erfc of x >= 1 by its continued fraction (Abramowitz and Stegun 7.1.14). */
function $erfcFraction(x) {
  let tail = x;
  for (let n = Math.ceil(40 + 240 / (x * x)); n >= 1; n--) tail = x + n / 2 / tail;
  return $expOfMinusSquare(x) / Math.sqrt(Math.PI) / tail;
}`,
  expOfMinusSquare,
);
/** The error function. */
export const erf = helper(
  "erf",
  `
/** The error function: a series (Abramowitz and Stegun 7.1.6), beyond 2 by way of erfc. */
function $erf(x) {
  if (x !== x || x === 0) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  if (Math.abs(x) >= 2) return Math.sign(x) * (1 - $erfcFraction(Math.abs(x)));
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * $expOfMinusSquare(x) * sum;
}`,
  erfcFraction,
);
/** The complementary error function. */
export const erfc = helper(
  "erfc",
  `
function $erfc(x) {
  if (x !== x) return x;
  if (x > 27.5) return 0;
  return x < 1 ? (x < -6 ? 2 : 1 - $erf(x)) : $erfcFraction(x);
}`,
  erf,
);
/** A power as C has it: JavaScript's differs where the base is 1 or -1. */
export const power = helper(
  "power",
  `
/** C's pow, which differs from JavaScript's where the base is 1 or -1 and the exponent no finite number. */
function $power(base, exponent) {
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : base ** exponent;
}`,
);
/** A power of bigints, of so many bits. */
export const integerPower = helper(
  "integerPower",
  `
/** A power of integers of a width; a negative exponent gives the integer part of the quotient. */
function $integerPower(base, exponent, width) {
  if (exponent < 0n) return base === 1n ? 1n : base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n;
  let result = 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(width, result * base);
    base = BigInt.asIntN(width, base * base);
  }
  return result;
}`,
);
/** The nearest integer, halves away from zero. */
export const roundHalfAway = helper(
  "roundHalfAway",
  `
function $roundHalfAway(x) {
  const cut = Math.trunc(x);
  return Math.abs(x - cut) >= 0.5 ? cut + Math.sign(x) : cut;
}`,
);
/** The nearest integer, halves to the even one. */
export const roundHalfEven = helper(
  "roundHalfEven",
  `
function $roundHalfEven(x) {
  const cut = Math.trunc(x);
  const rest = Math.abs(x - cut);
  return rest > 0.5 || (rest === 0.5 && cut % 2 !== 0) ? cut + Math.sign(x) : cut;
}`,
);
/** The magnitude of one number with the sign of another. */
export const copySign = helper(
  "copySign",
  `
function $copySign(x, from) {
  const isNegative = from < 0 || Object.is(from, -0);
  return isNegative === (x < 0 || Object.is(x, -0)) ? x : -x;
}`,
);
/** How many bits a bigint that is not negative takes. */
export const bitLength = helper(
  "bitLength",
  `\nfunction $bitLength(x) {\n  return x === 0n ? 0 : x.toString(2).length;\n}`,
);
/** How many bits of a bigint that is not negative are set. */
export const bitCount = helper(
  "bitCount",
  `\nfunction $bitCount(x) {\n  let count = 0;\n  for (; x > 0n; x &= x - 1n) count++;\n  return count;\n}`,
);
