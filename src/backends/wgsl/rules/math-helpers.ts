import type { Type } from "../../../ir/types.ts";
import { laneCount, shortName, valueTypeName } from "../types.ts";
import type { Helper } from "../../printing/helpers.ts";
import { helperFor } from "./integers.ts";

/**
 * Functions that WGSL lacks, or whose accuracy it leaves too open: sin may be off by 2^-11, atan by 4096 units in the last place,
 * asinh near zero by anything. Templates hold for scalars and vectors of f32 alike: they choose by `select`. A name in braces is that
 * helper for the same type.
 */
const templates: Readonly<Record<string, string>> = {
  copysign:
    "fn {N}(x: {F}, y: {F}) -> {F} {\n  return bitcast<{F}>((bitcast<{U}>(x) & {U}(0x7fffffffu)) | (bitcast<{U}>(y) & {U}(0x80000000u)));\n}",
  // The language leaves open what its functions make of NaN and of arguments without a result.
  exp: "fn {N}(x: {F}) -> {F} {\n  return select(exp(x), x, {isnan}(x));\n}",
  exp2: "fn {N}(x: {F}) -> {F} {\n  return select(exp2(x), x, {isnan}(x));\n}",
  log: "fn {N}(x: {F}) -> {F} {\n  return select(log(x), {nan}(x), (x < {F}(0.0)) | {isnan}(x));\n}",
  log2: "fn {N}(x: {F}) -> {F} {\n  return select(log2(x), {nan}(x), (x < {F}(0.0)) | {isnan}(x));\n}",
  // Half away from zero.
  round: "fn {N}(x: {F}) -> {F} {\n  let t = trunc(x);\n  return select(t, t + sign(x), abs(x - t) >= {F}(0.5));\n}",
  // Near zero the sum r + r²/2 + r³·P(r) keeps what 1 + r would lose.
  expm1:
    "fn {N}(x: {F}) -> {F} {\n" +
    "  let p = ((({F}(0.0002003911) * x + {F}(0.0013933)) * x + {F}(0.00833312)) * x + {F}(0.041666666)) * x + {F}(0.16666667);\n" +
    "  let near = (p * x + {F}(0.5)) * x * x + x;\n" +
    "  return select({exp}(x) - {F}(1.0), near, abs(x) < {F}(0.5));\n}",
  // log(1 + x) with the rounding error of the sum made good: u = 1 + x, x·log(u) / (u - 1).
  log1p:
    "fn {N}(x: {F}) -> {F} {\n" +
    "  let p = (((({F}(-0.11514610) * x + {F}(0.14249322)) * x + {F}(-0.16668057)) * x + {F}(0.20000714)) * x + {F}(-0.24999993)) * x + {F}(0.33333331);\n" +
    "  let near = (p * x - {F}(0.5)) * x * x + x;\n" +
    "  return select({log}({F}(1.0) + x), near, abs(x) < {F}(0.1));\n}",
  tanh:
    "fn {N}(x: {F}) -> {F} {\n  let s = x * x;\n" +
    "  let p = ((({F}(-5.704986926e-3) * s + {F}(2.063908716e-2)) * s + {F}(-5.373971505e-2)) * s + {F}(1.33314422e-1)) * s + {F}(-3.333328194e-1);\n" +
    "  let size = min(abs(x), {F}(10.0));\n" +
    "  let far = {F}(1.0) - {F}(2.0) / (exp(size + size) + {F}(1.0));\n" +
    "  return select({copysign}(far, x), p * (s * x) + x, (abs(x) < {F}(0.625)) | {isnan}(x));\n}",
  sinh:
    "fn {N}(x: {F}) -> {F} {\n  let s = x * x;\n" +
    "  let p = (({F}(2.8219e-6) * s + {F}(1.98402e-4)) * s + {F}(8.3333340e-3)) * s + {F}(1.6666667e-1);\n" +
    // Half the exponent, squared: the result may be finite where e^|x| is not.
    "  let h = {exp}({F}(0.5) * abs(x));\n  let far = ({F}(0.5) * h) * h - {F}(0.5) / h / h;\n" +
    "  return select({copysign}(far, x), p * (s * x) + x, abs(x) < {F}(1.0));\n}",
  cosh: "fn {N}(x: {F}) -> {F} {\n  let h = {exp}({F}(0.5) * abs(x));\n  return ({F}(0.5) * h) * h + {F}(0.5) / h / h;\n}",
  // Abramowitz and Stegun would not do: 1 - e^-(t + t·Q(t)) beyond 0.9375, x + x·P(x²) before.
  erf:
    "fn {N}(x: {F}) -> {F} {\n  let s = x * x;\n" +
    "  let p = (((({F}(-5.919418631e-4) * s + {F}(4.979130545e-3)) * s + {F}(-2.675703516e-2)) * s + {F}(1.12815525e-1)) * s + {F}(-3.761246864e-1)) * s + {F}(1.283791458e-1);\n" +
    "  let t = min(abs(x), {F}(4.0));\n" +
    "  let q = ((((({F}(1.161232275e-5) * t + {F}(-3.266228661e-4)) * t + {F}(3.658010661e-3)) * t + {F}(-2.379500864e-2)) * t + {F}(1.062751938e-1)) * t + {F}(6.351281048e-1)) * t + {F}(1.286542172e-1);\n" +
    "  let far = {F}(1.0) - exp(-(q * t + t));\n" +
    "  return select({copysign}(far, x), p * x + x, (abs(x) < {F}(0.9375)) | {isnan}(x));\n}",
  // Numerical Recipes' Chebyshev fit of erfc, error below 1.2e-7 of the result.
  erfc:
    "fn {N}(x: {F}) -> {F} {\n  let z = abs(x);\n  let t = {F}(1.0) / ({F}(1.0) + {F}(0.5) * z);\n" +
    "  let p = (((((((t * {F}(0.17087277) + {F}(-0.82215223)) * t + {F}(1.48851587)) * t + {F}(-1.13520398)) * t + {F}(0.27886807)) * t + {F}(-0.18628806)) * t + {F}(0.09678418)) * t + {F}(0.37409196)) * t + {F}(1.00002368);\n" +
    "  let r = t * exp(-z * z) * exp(p * t - {F}(1.26551223));\n" +
    "  return select(r, {F}(2.0) - r, x < {F}(0.0));\n}",
  // A first guess from the exponent's third, then two steps of Newton's.
  cbrt:
    "fn {N}(x: {F}) -> {F} {\n  let size = abs(x);\n" +
    "  var y = bitcast<{F}>(bitcast<{U}>(size) / {U}(3u) + {U}(709921077u));\n" +
    "  y = ({F}(2.0) * y + size / (y * y)) * {F}(0.33333333);\n  y = ({F}(2.0) * y + size / (y * y)) * {F}(0.33333333);\n  y = ({F}(2.0) * y + size / (y * y)) * {F}(0.33333333);\n" +
    "  return select({copysign}(y, x), x, (size == {F}(0.0)) | !{isfinite}(x));\n}",
  // sin of r plus so many quarters of a turn.
  sine_of_quarters:
    "fn {N}(r: {F}, quarters: {U}) -> {F} {\n  let s = r * r;\n" +
    "  let sine = ((({F}(2.718084058e-6) * s + {F}(-1.983930835e-4)) * s + {F}(8.333329293e-3)) * s + {F}(-1.666666664e-1)) * (s * r) + r;\n" +
    "  let cosine = ((({F}(-2.720539751e-7) * s + {F}(2.479945581e-5)) * s + {F}(-1.388888348e-3)) * s + {F}(4.166666662e-2)) * (s * s) + ({F}(1.0) - {F}(0.5) * s);\n" +
    "  let value = select(sine, cosine, (quarters & {U}(1u)) != {U}(0u));\n" +
    "  return bitcast<{F}>(bitcast<{U}>(value) ^ ((quarters & {U}(2u)) << {U}(30u)));\n}",
  // x = n·π/2 + r; the constant in four parts, the first three with zeros at their end so that n times them is exact.
  reduced_sine:
    "fn {N}(x: {F}, quarters: {U}) -> {F} {\n  let n = round(x * {F}(0.63661977));\n" +
    "  let r = (((x - n * {F}(1.5703125)) - n * {F}(4.8351288e-4)) - n * {F}(3.1385571e-7)) - n * {F}(6.0770943e-11);\n" +
    "  return select({large_sine}(x, quarters), {sine_of_quarters}(r, bitcast<{U}>({I}(n)) + quarters), abs(x) < {F}(32768.0));\n}",
  sin: "fn {N}(x: {F}) -> {F} {\n  return {reduced_sine}(x, {U}(0u));\n}",
  cos: "fn {N}(x: {F}) -> {F} {\n  return {reduced_sine}(x, {U}(1u));\n}",
  tan: "fn {N}(x: {F}) -> {F} {\n  return {sin}(x) / {cos}(x);\n}",
  // atan on [0, 1] after 1/x beyond it, and (x - 1) / (x + 1) beyond tan(π/8) (Cephes, atanf).
  atan:
    "fn {N}(x: {F}) -> {F} {\n  let size = abs(x);\n" +
    "  let far = size > {F}(2.41421356);\n  let middle = size > {F}(0.41421356);\n" +
    "  let t = select(select(size, (size - {F}(1.0)) / (size + {F}(1.0)), middle), {F}(-1.0) / size, far);\n" +
    "  let base = select(select({F}(0.0), {F}(0.78539816), middle), {F}(1.5707963), far);\n  let s = t * t;\n" +
    "  let p = ((({F}(8.05374449538e-2) * s - {F}(1.38776856032e-1)) * s + {F}(1.99777106478e-1)) * s - {F}(3.33329491539e-1)) * s * t + t;\n" +
    "  return {copysign}(base + p, x);\n}",
  atan2:
    "fn {N}(y: {F}, x: {F}) -> {F} {\n  let a = abs(y);\n  let b = abs(x);\n" +
    "  let both = (a == b) & ((a == {F}(0.0)) | {isinf}(a));\n" +
    "  let ratio = select(min(a, b) / max(a, b), select({F}(1.0), {F}(0.0), a == {F}(0.0)), both);\n" +
    "  let low = {atan}(ratio);\n  let first = select(low, {F}(1.5707963) - low, a > b);\n" +
    "  let left = (bitcast<{U}>(x) >> {U}(31u)) != {U}(0u);\n" +
    "  let angle = {copysign}(select(first, {F}(3.1415927) - first, left), y);\n" +
    "  return select(angle, x + y, {isnan}(x) | {isnan}(y));\n}",
  asin:
    "fn {N}(x: {F}) -> {F} {\n  let size = abs(x);\n  let far = size > {F}(0.5);\n" +
    "  let z = select(size * size, {F}(0.5) * ({F}(1.0) - size), far);\n  let t = select(size, sqrt(z), far);\n" +
    "  let p = (((({F}(4.2163199048e-2) * z + {F}(2.4181311049e-2)) * z + {F}(4.5470025998e-2)) * z + {F}(7.4953002686e-2)) * z + {F}(1.6666752422e-1)) * z * t + t;\n" +
    "  let angle = select(p, {F}(1.5707963) - (p + p), far);\n" +
    "  return select({copysign}(angle, x), {nan}(x), size > {F}(1.0));\n}",
  acos:
    "fn {N}(x: {F}) -> {F} {\n  let size = abs(x);\n  let far = {F}(2.0) * {asin}(sqrt(max({F}(0.5) - {F}(0.5) * size, {F}(0.0))));\n" +
    "  let angle = select({F}(1.5707963) - {asin}(x), select(far, {F}(3.1415927) - far, x < {F}(0.0)), size > {F}(0.5));\n" +
    "  return select(angle, {nan}(x), (size > {F}(1.0)) | {isnan}(x));\n}",
  asinh:
    "fn {N}(x: {F}) -> {F} {\n  let size = abs(x);\n" +
    // Below 1, with s = x²: log1p(x + s / (1 + √(1 + s))).
    "  let s = size * size;\n  let near = {log1p}(size + s / ({F}(1.0) + sqrt({F}(1.0) + s)));\n" +
    "  return {copysign}(select(near, {log}(size) + {F}(0.69314718), size > {F}(1000.0)), x);\n}",
  acosh:
    "fn {N}(x: {F}) -> {F} {\n  let t = x - {F}(1.0);\n  let near = {log1p}(t + sqrt({F}(2.0) * t + t * t));\n" +
    "  return select(select(near, {log}(x) + {F}(0.69314718), x > {F}(1000.0)), {nan}(x), x < {F}(1.0));\n}",
  atanh:
    "fn {N}(x: {F}) -> {F} {\n  let y = {F}(0.5) * {log1p}({F}(2.0) * x / ({F}(1.0) - x));\n  return select(y, {nan}(x), abs(x) > {F}(1.0));\n}",
  // A quiet NaN, made of a value so that it is no constant.
  nan: "fn {N}(x: {F}) -> {F} {\n  return bitcast<{F}>(bitcast<{U}>(x) | {U}(0x7fc00000u));\n}",
  isnan: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) > {U}(0x7f800000u);\n}",
  isinf: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) == {U}(0x7f800000u);\n}",
  isfinite: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) < {U}(0x7f800000u);\n}",
};

/** Helpers that need control flow: for scalars, called lane by lane on vectors. */
const scalarTemplates: Readonly<Record<string, string>> = {
  // Subtracting the divisor times falling powers of two is exact at every step, as C's fmod is.
  remf:
    "fn {N}(x: f32, y: f32) -> f32 {\n  var rest = abs(x);\n  let divisor = abs(y);\n" +
    "  if ({isnan}(x) || {isnan}(y) || !{isfinite}(x) || divisor == 0.0) {\n    return {nan}(x);\n  }\n" +
    "  if (!{isfinite}(y)) {\n    return x;\n  }\n" +
    "  var by = i32(bitcast<u32>(rest) >> 23u) - i32(bitcast<u32>(divisor) >> 23u);\n" +
    "  for (; by >= 0; by = by - 1) {\n    let half = by / 2;\n" +
    "    let part = divisor * bitcast<f32>(u32(half + 127) << 23u) * bitcast<f32>(u32(by - half + 127) << 23u);\n" +
    "    if (rest >= part) {\n      rest = rest - part;\n    }\n  }\n  return {copysign}(rest, x);\n}",
  // x = m·2^e, m of 24 bits. Of the bits of 2/π, those that give whole turns are left out, and the next 96 are enough: their
  // product with m has the quarters and 32 bits below them (Payne and Hanek, Radian reduction for trigonometric functions, 1983).
  large_sine:
    "fn {N}(x: f32, quarters: u32) -> f32 {\n  if (!{isfinite}(x)) {\n    return {nan}(x);\n  }\n" +
    "  var digits = array<u32, 8>(0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u);\n" +
    "  let bits = bitcast<u32>(x);\n  let m = (bits & 0x7fffffu) | 0x800000u;\n  let e = i32((bits >> 23u) & 255u) - 150;\n" +
    "  let start = u32(max(e - 2, 0));\n  let word = start >> 5u;\n  let by = start & 31u;\n" +
    "  let w2 = {shifted_word}(digits[word], digits[word + 1u], by);\n" +
    "  let w1 = {shifted_word}(digits[word + 1u], digits[word + 2u], by);\n" +
    "  let w0 = {shifted_word}(digits[word + 2u], digits[word + 3u], by);\n" +
    "  let c0 = {high_word}(m, w0);\n  let p1 = m * w1 + c0;\n" +
    "  let c1 = {high_word}(m, w1) + select(0u, 1u, p1 < c0);\n  let p2 = m * w2 + c1;\n" +
    "  let p3 = {high_word}(m, w2) + select(0u, 1u, p2 < c1);\n" +
    // The point goes to the same place whatever e was.
    "  let up = u32(clamp(e - i32(start) + 8, 0, 10));\n" +
    "  let q3 = {shifted_word}(p3, p2, up);\n  let q2 = {shifted_word}(p2, p1, up);\n" +
    "  let part = (q3 << 24u) | (q2 >> 8u);\n  let n = ((q3 >> 8u) & 3u) + (part >> 31u);\n" +
    "  let r = f32(bitcast<i32>(part)) * 3.6572952e-10;\n" +
    "  return {sine_of_quarters}(select(r, -r, x < 0.0), select(n, 0u - n, x < 0.0) + quarters);\n}",
  // Whole exponents by squaring, the others through logarithms of the size; a negative base has a sign only for odd ones.
  powf:
    "fn {N}(x: f32, y: f32) -> f32 {\n  if (y == 0.0 || x == 1.0) {\n    return 1.0;\n  }\n" +
    "  if ({isnan}(x) || {isnan}(y)) {\n    return {nan}(x);\n  }\n" +
    "  let whole = trunc(y) == y;\n  let size = abs(x);\n" +
    "  if (whole && abs(y) <= 64.0) {\n    var result = 1.0;\n    var base = x;\n" +
    "    for (var n = u32(abs(y)); n != 0u; n = n >> 1u) {\n      if ((n & 1u) != 0u) {\n        result = result * base;\n      }\n      base = base * base;\n    }\n" +
    "    return select(result, 1.0 / result, y < 0.0);\n  }\n" +
    "  if (x < 0.0 && !whole && {isfinite}(x)) {\n    return {nan}(x);\n  }\n" +
    "  var result = exp2(y * log2(size));\n" +
    "  if (size == 1.0) {\n    result = 1.0;\n  } else if (size == 0.0 || !{isfinite}(x) || !{isfinite}(y)) {\n" +
    "    let grows = (size > 1.0) == (y > 0.0);\n    result = select(0.0, bitcast<f32>((bitcast<u32>(size) & 0u) | 0x7f800000u), grows);\n  }\n" +
    "  let odd = whole && abs(y) < 16777216.0 && (i32(y) & 1) != 0;\n" +
    "  return select(result, -result, odd && (bitcast<u32>(x) >> 31u) != 0u);\n}",
};

/** The high word of a product. */
const highWord: Helper = {
  name: "high_word",
  code:
    "fn high_word(a: u32, b: u32) -> u32 {\n  let low = (a & 0xffffu) * (b & 0xffffu);\n" +
    "  let first = (a >> 16u) * (b & 0xffffu) + (low >> 16u);\n" +
    "  let second = (a & 0xffffu) * (b >> 16u) + (first & 0xffffu);\n" +
    "  return (a >> 16u) * (b >> 16u) + (first >> 16u) + (second >> 16u);\n}",
};
/** The word that begins `by` bits below the top of `a`, `b` following it. */
const shiftedWord: Helper = {
  name: "shifted_word",
  code: "fn shifted_word(a: u32, b: u32, by: u32) -> u32 {\n  return (a << by) | ((b >> 1u) >> (31u - by));\n}",
};
const plainHelpers: Readonly<Record<string, Helper>> = { high_word: highWord, shifted_word: shiftedWord };

const nameOf = (name: string, type: Type): string => `${name}_${shortName(type)}`;

/** A helper by its name in the tables, for a scalar or vector type of f32. */
export function mathHelper(name: string, type: Type): Helper {
  const scalar = scalarTemplates[name];
  if (scalar !== undefined && type.kind === "vector") return laneByLane(name, type);
  const template = scalar ?? templates[name];
  if (template === undefined) throw new Error(`there is no template of ${name}`);
  const requires: Helper[] = [];
  const code = template
    .replace(/\{([a-z][a-z0-9_]*)\}/g, (_, required: string) => {
      const plain = plainHelpers[required];
      if (plain !== undefined) {
        requires.push(plain);
        return plain.name;
      }
      requires.push(mathHelper(required, type));
      return nameOf(required, type);
    })
    .replaceAll("{I}", type.kind === "vector" ? `vec${laneCount(type)}<i32>` : "i32");
  return helperFor(name, code, type, requires);
}

function laneByLane(name: string, type: Type & { readonly kind: "vector" }): Helper {
  const scalar = mathHelper(name, type.element);
  const own = nameOf(name, type);
  const vector = valueTypeName(type)!;
  const lanes = Array.from(
    { length: laneCount(type)! },
    (_, lane) => `${scalar.name}(x.${"xyzw"[lane]}, y.${"xyzw"[lane]})`,
  );
  // The second parameter of `large_sine` is a number of quarters.
  const second = name === "large_sine" ? `vec${laneCount(type)}<u32>` : vector;
  const code = `fn ${own}(x: ${vector}, y: ${second}) -> ${vector} {\n  return ${vector}(${lanes.join(", ")});\n}`;
  return { name: own, code, requires: [scalar] };
}

/** C's fmod. */
export const remainderHelper = (type: Type): Helper => mathHelper("remf", type);
