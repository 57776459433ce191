import { elementOf, type Type } from "../../../ir/types.ts";
import type { Helper } from "../../printing/helpers.ts";
import type { DivisionName } from "../../printing/operators.ts";
import { reshapedName, shortName, valueTypeName } from "../types.ts";

/** The names that a helper's template needs: `{T}` the type, `{U}` its unsigned twin, `{B}` its truth values, `{N}` the name. */
function instantiate(template: string, name: string, type: Type): string {
  return template
    .replaceAll("{N}", name)
    .replaceAll("{T}", valueTypeName(type) ?? "unknown")
    .replaceAll("{U}", reshapedName(type, "u32") ?? "unknown")
    .replaceAll("{F}", reshapedName(type, "f32") ?? "unknown")
    .replaceAll("{B}", reshapedName(type, "bool") ?? "unknown");
}

/** Literals of scalars need no type around them. */
const withPlainLiterals = (code: string): string =>
  code
    .replace(/\b(?:f32|i32)\((-?[\d.]+(?:e-?\d+)?)\)/g, "$1")
    .replace(/\bu32\((\w+?)u?\)/g, (whole, digits: string) =>
      /^(0x[0-9a-f]+|\d+)$/.test(digits) ? `${digits}u` : whole,
    );

/** A helper from a template, for one type. */
export const helperFor = (
  operation: string,
  template: string,
  type: Type,
  requires: readonly Helper[] = [],
): Helper => {
  const name = `${operation}_${shortName(type)}`;
  const code = instantiate(template, name, type);
  return { name, code: type.kind === "vector" ? code : withPlainLiterals(code), requires };
};

/**
 * Division as the IR means it: a divisor of zero gives 0 (as a remainder, the dividend), and the lowest value divided by -1 wraps to
 * itself. WGSL leaves neither undefined but defines another result, and compilers differ in how well they do it.
 */
const divisions = {
  divsi:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), (b == {T}(0)) | (b == {T}(-1)));\n  return select(select(a / d, {T}(0) - a, b == {T}(-1)), {T}(0), b == {T}(0));\n}",
  divui:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), b == {T}(0));\n  return select(bitcast<{T}>(bitcast<{U}>(a) / bitcast<{U}>(d)), {T}(0), b == {T}(0));\n}",
  remsi:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), (b == {T}(0)) | (b == {T}(-1)));\n  return select(select(a - (a / d) * d, {T}(0), b == {T}(-1)), a, b == {T}(0));\n}",
  remui:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), b == {T}(0));\n  return select(bitcast<{T}>(bitcast<{U}>(a) % bitcast<{U}>(d)), a, b == {T}(0));\n}",
  floordivsi:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), (b == {T}(0)) | (b == {T}(-1)));\n  let q = a / d;\n" +
    "  let down = select(q, q - {T}(1), (a - q * d != {T}(0)) & ((a < {T}(0)) != (d < {T}(0))));\n" +
    "  return select(select(down, {T}(0) - a, b == {T}(-1)), {T}(0), b == {T}(0));\n}",
  ceildivsi:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let d = select(b, {T}(1), (b == {T}(0)) | (b == {T}(-1)));\n  let q = a / d;\n" +
    "  let up = select(q, q + {T}(1), (a - q * d != {T}(0)) & ((a < {T}(0)) == (d < {T}(0))));\n" +
    "  return select(select(up, {T}(0) - a, b == {T}(-1)), {T}(0), b == {T}(0));\n}",
  ceildivui:
    "fn {N}(a: {T}, b: {T}) -> {T} {\n  let n = bitcast<{U}>(a);\n  let d = bitcast<{U}>(select(b, {T}(1), b == {T}(0)));\n" +
    "  return select(bitcast<{T}>(n / d + select({U}(0), {U}(1), n % d != {U}(0))), {T}(0), b == {T}(0));\n}",
} as const satisfies Readonly<Record<DivisionName, string>>;
/** The helper of a division for an integer type. */
export const divisionHelper = (operation: DivisionName, type: Type): Helper =>
  helperFor(operation, divisions[operation], type);

/** Rounded towards zero, clamped to the range, NaN gives 0. The first power of two that does not fit is exact as a float. */
const conversions = {
  fptosi:
    "fn {N}(x: {F}) -> {T} {\n  let inside = {T}(clamp(x, {F}(-2147483648.0), {F}(2147483520.0)));\n" +
    "  let number = (bitcast<{U}>(x) & {U}(0x7fffffffu)) <= {U}(0x7f800000u);\n" +
    "  return select({T}(0), select(inside, {T}(2147483647), x >= {F}(2147483648.0)), number);\n}",
  fptoui:
    "fn {N}(x: {F}) -> {T} {\n  let inside = bitcast<{T}>({U}(clamp(x, {F}(0.0), {F}(4294967040.0))));\n" +
    "  let number = (bitcast<{U}>(x) & {U}(0x7fffffffu)) <= {U}(0x7f800000u);\n" +
    "  return select({T}(0), select(inside, {T}(-1), x >= {F}(4294967296.0)), number);\n}",
} as const;
/** Conversions of floats to integers, by their names in the `arith` dialect. */
export type ConversionName = keyof typeof conversions;
/** The helper of a conversion to an integer type. */
export const conversionHelper = (operation: ConversionName, to: Type): Helper =>
  helperFor(operation, conversions[operation], to);

/** Integer power by squaring, modulo 2^32; a negative exponent gives the integer part of the reciprocal power. */
const integerPower =
  "fn {N}(a: i32, n: i32) -> i32 {\n  if (n < 0) {\n    return select(select(0, select(1, -1, (n & 1) != 0), a == -1), 1, a == 1);\n  }\n" +
  "  var result = 1;\n  var base = a;\n  for (var rest = n; rest != 0; rest = rest >> 1u) {\n" +
  "    if ((rest & 1) != 0) {\n      result = result * base;\n    }\n    base = base * base;\n  }\n  return result;\n}";
/** The helper of integer powers. */
export const integerPowerHelper = (type: Type): Helper => helperFor("ipowi", integerPower, elementOf(type));
