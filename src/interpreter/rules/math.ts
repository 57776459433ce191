import { type DialectRules, type Rule, scalar } from "../rule.ts";
import type { FloatElementType } from "../../support/numeric/element-type.ts";
import { roundTo, smallestNormal } from "../../support/numeric/float-formats.ts";
import { fusedMultiplyAdd } from "../numeric/fused-multiply-add.ts";
import { integerPower, integerWidth, scalarOf, signedOf, unsignedOf } from "../numeric/integers.ts";
import { erf, erfc, isNegative, power, roundHalfAway, roundHalfEven } from "../numeric/special-functions.ts";
import { floatFormat, floatRule, isIntegral } from "./arith.ts";

type Integer = number | bigint;

const integerUnary = (apply: (bits: bigint, width: number) => bigint): Rule =>
  scalar((_, [type]) => {
    if (!isIntegral(type!)) return undefined;
    const width = integerWidth(type!);
    return (value: Integer) => scalarOf(type!, apply(unsignedOf(type!, value), width));
  });
const bitLength = (bits: bigint): number => (bits === 0n ? 0 : bits.toString(2).length);

const classify = (test: (value: number, format: FloatElementType) => boolean): Rule =>
  scalar((_, [type]) => {
    const format = floatFormat(type!);
    return format && ((value: number) => (test(value, format) ? 1 : 0));
  });

const unary = (apply: (value: number) => number): Rule => floatRule((value) => apply(value!));
const binary = (apply: (a: number, b: number) => number): Rule => floatRule((a, b) => apply(a!, b!));

/** Evaluation of the `math` dialect: functions are computed in double and rounded to their type. */
export const mathRules: DialectRules = {
  absf: unary(Math.abs),
  absi: integerUnary((bits, width) => {
    const value = BigInt.asIntN(width, bits);
    return value < 0n ? -value : value;
  }),
  acos: unary(Math.acos),
  acosh: unary(Math.acosh),
  asin: unary(Math.asin),
  asinh: unary(Math.asinh),
  atan: unary(Math.atan),
  atanh: unary(Math.atanh),
  atan2: binary(Math.atan2),
  cbrt: unary(Math.cbrt),
  ceil: unary(Math.ceil),
  clampf: floatRule((value, low, high) => Math.max(Math.min(value!, high!), low!)),
  copysign: binary((a, b) => (isNegative(a) === isNegative(b) ? a : -a)),
  cos: unary(Math.cos),
  cosh: unary(Math.cosh),
  ctlz: integerUnary((bits, width) => BigInt(width - bitLength(bits))),
  cttz: integerUnary((bits, width) => BigInt(bits === 0n ? width : bitLength(bits & -bits) - 1)),
  ctpop: integerUnary((bits) => BigInt(bits.toString(2).replaceAll("0", "").length)),
  erf: unary(erf),
  erfc: unary(erfc),
  exp: unary(Math.exp),
  exp2: unary((value) => 2 ** value),
  expm1: unary(Math.expm1),
  floor: unary(Math.floor),
  fma: scalar((_, [type]) => {
    const format = floatFormat(type!);
    return format && ((a: number, b: number, c: number) => fusedMultiplyAdd(format, a, b, c));
  }),
  fpowi: scalar((_, [type, exponentType]) => {
    const format = floatFormat(type!);
    if (!format || !isIntegral(exponentType!)) return undefined;
    return (base: number, exponent: Integer) => roundTo(format, power(base, Number(signedOf(exponentType!, exponent))));
  }),
  ipowi: scalar((_, [type]) => {
    if (!isIntegral(type!)) return undefined;
    const width = integerWidth(type!);
    return (base: Integer, exponent: Integer) =>
      scalarOf(type!, integerPower(signedOf(type!, base), signedOf(type!, exponent), width));
  }),
  isfinite: classify((value) => Number.isFinite(value)),
  isinf: classify((value) => Math.abs(value) === Infinity),
  isnan: classify((value) => value !== value),
  isnormal: classify((value, format) => Number.isFinite(value) && Math.abs(value) >= smallestNormal[format]),
  log: unary(Math.log),
  log10: unary(Math.log10),
  log1p: unary(Math.log1p),
  log2: unary(Math.log2),
  powf: binary(power),
  round: unary(roundHalfAway),
  roundeven: unary(roundHalfEven),
  rsqrt: unary((value) => 1 / Math.sqrt(value)),
  sin: unary(Math.sin),
  sinh: unary(Math.sinh),
  sqrt: unary(Math.sqrt),
  tan: unary(Math.tan),
  tanh: unary(Math.tanh),
  trunc: unary(Math.trunc),
};
