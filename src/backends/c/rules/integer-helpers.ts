import type { Type } from "../../../ir/types.ts";
import type { DivisionName } from "../../printing/operators.ts";
import type { Helper } from "../helpers.ts";
import { integerWidth, scalarName, shortName, unsignedName } from "../types.ts";

/**
 * Division that no input can make trap: a divisor of zero gives 0 (as a remainder, the dividend), and the lowest value
 * divided by -1 wraps to itself. `{T}` is the signed type, `{U}` the unsigned one, `{N}` the helper's name.
 */
const templates = {
  divsi: "{T} {N}({T} a, {T} b) {\n  return b == 0 ? 0 : b == -1 ? ({T})(0 - ({U})a) : ({T})(a / b);\n}",
  divui: "{T} {N}({T} a, {T} b) {\n  return b == 0 ? 0 : ({T})(({U})a / ({U})b);\n}",
  remsi: "{T} {N}({T} a, {T} b) {\n  return b == 0 ? a : b == -1 ? 0 : ({T})(a % b);\n}",
  remui: "{T} {N}({T} a, {T} b) {\n  return b == 0 ? a : ({T})(({U})a % ({U})b);\n}",
  floordivsi:
    "{T} {N}({T} a, {T} b) {\n  if (b == 0) return 0;\n  if (b == -1) return ({T})(0 - ({U})a);\n" +
    "  return ({T})(a / b - (a % b != 0 && (a < 0) != (b < 0)));\n}",
  ceildivsi:
    "{T} {N}({T} a, {T} b) {\n  if (b == 0) return 0;\n  if (b == -1) return ({T})(0 - ({U})a);\n" +
    "  return ({T})(a / b + (a % b != 0 && (a < 0) == (b < 0)));\n}",
  ceildivui:
    "{T} {N}({T} a, {T} b) {\n  if (b == 0) return 0;\n  return ({T})(({U})a / ({U})b + (({U})a % ({U})b != 0));\n}",
} as const satisfies Readonly<Record<DivisionName, string>>;

/** The helper of a division for an integer type. */
export function divisionHelper(operation: DivisionName, type: Type): Helper {
  const name = `weft_${operation}_${shortName(type)}`;
  const code = templates[operation]
    .replaceAll("{T}", scalarName(type)!)
    .replaceAll("{U}", unsignedName(type)!)
    .replaceAll("{N}", name);
  return { name, code: `static inline ${code}` };
}

/** Bit counts without builtins: loops that every compiler knows as the instruction they stand for, or at least gets right. */
const bitTemplates = {
  ctpop: "  int n = 0;\n  for (; x != 0; x &= ({U})(x - 1)) n++;\n  return ({T})n;",
  ctlz: "  int n = {W};\n  for (; x != 0; x = ({U})(x >> 1)) n--;\n  return ({T})n;",
  cttz: "  int n = 0;\n  if (x == 0) return {W};\n  for (; (x & 1) == 0; x = ({U})(x >> 1)) n++;\n  return ({T})n;",
} as const;
const builtins = { ctpop: "popcountll", ctlz: "clzll", cttz: "ctzll" } as const;
export type BitCountName = keyof typeof bitTemplates;

/** The helper of a bit count; with GCC's builtins where the dialect allows them. */
export function bitCountHelper(operation: BitCountName, type: Type, hasBuiltins: boolean): Helper {
  const name = `weft_${operation}_${shortName(type)}`;
  const width = integerWidth(type);
  const [signed, unsigned] = [scalarName(type)!, unsignedName(type)!];
  const builtin = `__builtin_${builtins[operation]}((unsigned long long)x)`;
  const counted = operation === "ctlz" ? `${builtin} - ${64 - width}` : builtin;
  const body = !hasBuiltins
    ? bitTemplates[operation].replaceAll("{T}", signed).replaceAll("{U}", unsigned).replaceAll("{W}", String(width))
    : operation === "ctpop"
      ? `  return (${signed})${builtin};`
      : `  return (${signed})(x == 0 ? ${width} : ${counted});`;
  return {
    name,
    code: `static inline ${signed} ${name}(${signed} value) {\n  ${unsigned} x = (${unsigned})value;\n${body}\n}`,
  };
}

/** Integer power by squaring, modulo 2^width; a negative exponent gives the integer part of the reciprocal power. */
export function integerPowerHelper(type: Type): Helper {
  const name = `weft_ipowi_${shortName(type)}`;
  const [signed, unsigned] = [scalarName(type)!, unsignedName(type)!];
  // Below 32 bits C computes in int; in uint32_t or wider nothing overflows.
  const wide = integerWidth(type) < 32 ? "uint32_t" : unsigned;
  const code =
    `static inline ${signed} ${name}(${signed} a, ${signed} n) {\n` +
    `  if (n < 0) return (${signed})(a == 1 ? 1 : a == -1 ? ((n & 1) != 0 ? -1 : 1) : 0);\n` +
    `  ${wide} result = 1, base = (${wide})a;\n` +
    `  for (; n != 0; n = (${signed})(n >> 1)) {\n    if ((n & 1) != 0) result *= base;\n    base *= base;\n  }\n` +
    `  return (${signed})(${unsigned})result;\n}`;
  return { name, code };
}

/**
 * Float to integer as the IR means it: rounded towards zero, clamped to the type's range, NaN gives 0.
 * C leaves values out of range undefined.
 */
export function floatToIntegerHelper(from: Type, to: Type, isSigned: boolean): Helper {
  const name = `weft_${shortName(from)}_to_${isSigned ? "" : "u"}${shortName(to)}`;
  const [float, signed, unsigned] = [scalarName(from)!, scalarName(to)!, unsignedName(to)!];
  const width = integerWidth(to);
  const suffix = from.text === "f32" ? "f" : "";
  const power = (exponent: number) => `${2 ** exponent}.0${suffix}`;
  // The first power of two that does not fit is exact in every float type, the largest integer is not.
  const body = isSigned
    ? `  if (!(x >= -${power(width - 1)})) return x != x ? 0 : INT${width}_MIN;\n` +
      `  if (x >= ${power(width - 1)}) return INT${width}_MAX;\n  return (${signed})x;`
    : `  if (!(x > 0)) return 0;\n  if (x >= ${power(width)}) return (${signed})UINT${width}_MAX;\n  return (${signed})(${unsigned})x;`;
  return { name, code: `static inline ${signed} ${name}(${float} x) {\n${body}\n}` };
}

/** The bits of one type as another of the same size. */
export function bitsHelper(from: Type, to: Type): Helper {
  const name = `weft_bits_${shortName(from)}_${shortName(to)}`;
  const [source, target] = [scalarName(from)!, scalarName(to)!];
  return {
    name,
    includes: ["string.h"],
    code: `static inline ${target} ${name}(${source} x) {\n  ${target} y;\n  memcpy(&y, &x, sizeof y);\n  return y;\n}`,
  };
}
