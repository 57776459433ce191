import { javaScriptRelations } from "../../ir/dialects/relations.ts";
import type { Operation } from "../../ir/module.ts";
import type { Type } from "../../ir/types.ts";
import type { FloatElementType } from "../../support/numeric/element-type.ts";
import { roundTo } from "../../support/numeric/float-formats.ts";
import { fmaF32 } from "../numeric/fused-multiply-add.ts";
import { floatFormat, floatPredicateOf, integerPredicateOf } from "../rules/arith.ts";
import type { Emitter, EmittedScalar } from "./emitter.ts";

/** An expression and, for integers held as numbers, bounds of its value. */
export interface Expression {
  readonly code: string;
  /** Statements that must run before. */
  readonly before?: string;
  readonly low?: number;
  readonly high?: number;
}
/** The expression of an operation on scalars; undefined where its rule's function is called instead. */
export type ScalarCode = (context: ScalarContext) => Expression | undefined;
export interface ScalarContext {
  readonly emitter: Emitter;
  readonly op: Operation;
  readonly operands: readonly EmittedScalar[];
  /** Element type of the first result. */
  readonly type: Type;
  /** An expression that fails because of a division by zero. */
  readonly divisionByZero: () => string;
}

const narrowWidth = (type: Type): number | undefined =>
  type.kind === "integer" && type.width <= 32 && type.signedness === "signless" ? type.width : undefined;
const isIndex = (type: Type): boolean => type.kind === "index";
const isI64 = (type: Type): boolean => type.kind === "integer" && type.width === 64;

/** Rounds the double that an expression gives. */
function rounded(emitter: Emitter, format: FloatElementType, code: string): string {
  if (format === "f64") return code;
  if (format === "f32") return `Math.fround(${code})`;
  if (format === "f16") return `Math.f16round(${code})`;
  return `${emitter.bind(roundersOf(format))}(${code})`;
}
const rounders = new Map<FloatElementType, (x: number) => number>();
function roundersOf(format: FloatElementType): (x: number) => number {
  let round = rounders.get(format);
  if (!round) rounders.set(format, (round = (x) => roundTo(format, x)));
  return round;
}

/** The low bits of an integer-valued expression, read as the type. */
function wrapped(width: number, code: string): string {
  if (width === 32) return `(${code} | 0)`;
  if (width === 1) return `(${code} & 1)`;
  return `(${code} << ${32 - width} >> ${32 - width})`;
}
/** The unsigned reading of a number-held integer. */
const unsignedCode = (width: number, code: string): string =>
  width === 32 ? `(${code} >>> 0)` : width === 1 ? code : `(${code} & ${2 ** width - 1})`;
/** The signed reading: only a true `i1`, which is -1, differs from how it is held. */
const signedCode = (width: number | undefined, code: string): string => (width === 1 ? `(0 - ${code})` : code);

const float =
  (code: (...operands: readonly string[]) => string): ScalarCode =>
  ({ emitter, operands, type }) => {
    const format = floatFormat(type);
    return format && { code: rounded(emitter, format, code(...operands.map((operand) => operand.code))) };
  };
/** A float operation whose result is one of its operands, or as exact in every format that has both signs. */
const exactFloat =
  (code: (...operands: readonly string[]) => string): ScalarCode =>
  ({ operands, type }) => {
    const format = floatFormat(type);
    const plain = format === "f64" || format === "f32" || format === "f16" || format === "bf16";
    return plain ? { code: code(...operands.map((operand) => operand.code)) } : undefined;
  };

type Bounds = (a: EmittedScalar, b: EmittedScalar) => readonly [number, number];
/** Ring operations: wrap to narrow widths, exact on `index`, BigInt at 64 bits. */
const ring =
  (symbol: "+" | "-" | "*", bounds: Bounds): ScalarCode =>
  ({ operands, type }) => {
    const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
    const plain = `${a.code} ${symbol} ${b.code}`;
    if (isI64(type)) return { code: `BigInt.asIntN(64, ${plain})` };
    const [low, high] = bounds(a, b);
    // A product of 0 and a negative number is -0, which no integer may be.
    if (isIndex(type))
      return {
        code: symbol === "*" && low <= 0 && !(a.low >= 0 && b.low >= 0) ? `(${plain} + 0)` : `(${plain})`,
        low,
        high,
      };
    const width = narrowWidth(type);
    if (width === undefined) return undefined;
    const least = -(2 ** (width - 1));
    const fits = width > 1 && low >= least && high <= -least - 1;
    const code = symbol === "*" ? `Math.imul(${a.code}, ${b.code})` : `(${plain})`;
    return fits ? { code: wrapped(32, code), low, high } : { code: wrapped(width, code) };
  };
const corners = (
  a: EmittedScalar,
  b: EmittedScalar,
  apply: (x: number, y: number) => number,
): readonly [number, number] => {
  const values = [apply(a.low, b.low), apply(a.low, b.high), apply(a.high, b.low), apply(a.high, b.high)];
  return [Math.min(...values), Math.max(...values)];
};

/** Divisions and remainders of signed numbers. */
const division =
  (code: (a: string, b: string) => string, bounds: Bounds): ScalarCode =>
  ({ operands, type, divisionByZero }) => {
    const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
    const width = narrowWidth(type);
    if (!isIndex(type) && (width === undefined || width === 1)) return undefined;
    const exact = code(a.code, b.code);
    const whole = isIndex(type) ? `(${exact} + 0)` : wrapped(width!, exact);
    const nonZero = b.low > 0 || b.high < 0;
    const [low, high] = b.low > 0 ? bounds(a, b) : [-Infinity, Infinity];
    return { code: nonZero ? whole : `(${b.code} === 0 ? ${divisionByZero()} : ${whole})`, low, high };
  };
/** Unsigned division or remainder: on numbers that are not negative it is the signed one. */
const unsignedDivision =
  (symbol: "/" | "%", signed: ScalarCode): ScalarCode =>
  (context) => {
    const [a, b] = context.operands as readonly [EmittedScalar, EmittedScalar];
    if (a.low >= 0 && b.low >= 0) return signed(context);
    const width = narrowWidth(context.type);
    if (width === undefined || width === 1) return undefined;
    const code = wrapped(width, `(${unsignedCode(width, a.code)} ${symbol} ${unsignedCode(width, b.code)})`);
    return { code: `(${b.code} === 0 ? ${context.divisionByZero()} : ${code})` };
  };

const int32 = ({ low, high }: EmittedScalar): boolean => low >= -(2 ** 31) && high < 2 ** 31;
const bitwise =
  (symbol: "&" | "|" | "^"): ScalarCode =>
  ({ operands, type }) => {
    const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
    if (isI64(type)) return { code: `(${a.code} ${symbol} ${b.code})` };
    if (isIndex(type) && !(int32(a) && int32(b))) return undefined;
    if (!isIndex(type) && narrowWidth(type) === undefined) return undefined;
    const masked = symbol === "&" && b.low >= 0 ? { low: 0, high: b.high } : {};
    return { code: `(${a.code} ${symbol} ${b.code})`, ...masked };
  };
const shift =
  (code: (a: string, b: string, width: number) => string): ScalarCode =>
  ({ operands, type }) => {
    const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
    const width = narrowWidth(type);
    if (width === undefined || width === 1 || b.low < 0 || b.high >= width) return undefined;
    return { code: wrapped(width, `(${code(a.code, b.code, width)})`) };
  };

const extremum =
  (name: "min" | "max", isUnsigned: boolean): ScalarCode =>
  ({ operands, type }) => {
    const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
    if (isI64(type) && !isUnsigned) {
      const [left, right] = [a.code, b.code];
      return { code: `(${left} ${name === "min" ? "<" : ">"} ${right} ? ${left} : ${right})` };
    }
    if (!isIndex(type) && (narrowWidth(type) ?? 1) === 1) return undefined;
    if (isUnsigned && !(a.low >= 0 && b.low >= 0)) return undefined;
    const pick = Math[name];
    return { code: `Math.${name}(${a.code}, ${b.code})`, low: pick(a.low, b.low), high: pick(a.high, b.high) };
  };

const compareIntegers: ScalarCode = ({ op, operands }) => {
  const predicate = integerPredicateOf(op);
  const [a, b] = operands as readonly [EmittedScalar, EmittedScalar];
  if (predicate === undefined) return undefined;
  const width = narrowWidth(a.type);
  const isUnsigned = predicate.startsWith("u") && !(a.low >= 0 && b.low >= 0);
  let read = (code: string): string => code;
  if (predicate.startsWith("s")) read = (code) => signedCode(width, code);
  else if (isUnsigned && isI64(a.type)) read = (code) => `BigInt.asUintN(64, ${code})`;
  else if (isUnsigned && width !== undefined) read = (code) => unsignedCode(width, code);
  else if (isUnsigned) return undefined;
  return { code: `(${read(a.code)} ${javaScriptRelations[predicate]} ${read(b.code)} ? 1 : 0)` };
};

const floatConditions: {
  readonly [P in NonNullable<ReturnType<typeof floatPredicateOf>>]: (a: string, b: string) => string;
} = {
  false: () => "false",
  oeq: (a, b) => `${a} === ${b}`,
  ogt: (a, b) => `${a} > ${b}`,
  oge: (a, b) => `${a} >= ${b}`,
  olt: (a, b) => `${a} < ${b}`,
  ole: (a, b) => `${a} <= ${b}`,
  one: (a, b) => `${a} < ${b} || ${a} > ${b}`,
  ord: (a, b) => `${a} === ${a} && ${b} === ${b}`,
  ueq: (a, b) => `!(${a} < ${b} || ${a} > ${b})`,
  ugt: (a, b) => `!(${a} <= ${b})`,
  uge: (a, b) => `!(${a} < ${b})`,
  ult: (a, b) => `!(${a} >= ${b})`,
  ule: (a, b) => `!(${a} > ${b})`,
  une: (a, b) => `${a} !== ${b}`,
  uno: (a, b) => `${a} !== ${a} || ${b} !== ${b}`,
  true: () => "true",
};
const compareFloats: ScalarCode = ({ op, operands }) => {
  const predicate = floatPredicateOf(op);
  if (predicate === undefined) return undefined;
  return { code: `(${floatConditions[predicate](operands[0]!.code, operands[1]!.code)} ? 1 : 0)` };
};

const select: ScalarCode = ({ operands }) => {
  const [condition, yes, no] = operands as readonly [EmittedScalar, EmittedScalar, EmittedScalar];
  return {
    code: `(${condition.code} ? ${yes.code} : ${no.code})`,
    low: Math.min(yes.low, no.low),
    high: Math.max(yes.high, no.high),
  };
};

/** A number-held integer as the number that its signed or unsigned reading is. */
function readNumber(
  from: EmittedScalar,
  isUnsigned: boolean,
): Pick<EmittedScalar, "code" | "low" | "high"> | undefined {
  const { code, low, high } = from;
  const width = narrowWidth(from.type);
  if (isIndex(from.type)) return isUnsigned && low < 0 ? undefined : { code, low, high };
  if (width === undefined) return undefined;
  if (width === 1) return isUnsigned ? { code, low, high } : { code: signedCode(1, code), low: -1, high: 0 };
  return isUnsigned && low < 0
    ? { code: unsignedCode(width, code), low: 0, high: 2 ** width - 1 }
    : { code, low, high };
}
const castToInteger =
  (isUnsigned: boolean): ScalarCode =>
  ({ operands, type }) => {
    const from = operands[0]!;
    const target = narrowWidth(type);
    if (isI64(from.type)) {
      if (isIndex(type)) return { code: `Number(${from.code})` };
      if (target === undefined) return undefined;
      return { code: `Number(BigInt.as${target === 1 ? "Uint" : "Int"}N(${target}, ${from.code}))` };
    }
    const read = readNumber(from, isUnsigned);
    if (!read) return undefined;
    if (isI64(type)) return { code: `BigInt(${read.code})` };
    if (isIndex(type)) return read;
    if (target === undefined) return undefined;
    const least = target === 1 ? 0 : -(2 ** (target - 1));
    const greatest = target === 1 ? 1 : 2 ** (target - 1) - 1;
    return read.low >= least && read.high <= greatest ? read : { code: wrapped(target, read.code) };
  };
const integerToFloat =
  (isUnsigned: boolean): ScalarCode =>
  ({ emitter, operands, type }) => {
    const format = floatFormat(type);
    const read = readNumber(operands[0]!, isUnsigned);
    return format && read && { code: rounded(emitter, format, read.code) };
  };
const floatToInteger =
  (isUnsigned: boolean): ScalarCode =>
  ({ operands, type }) => {
    const width = narrowWidth(type);
    if (width === undefined || width === 1) return undefined;
    const [low, high] = isUnsigned ? [0, 2 ** width - 1] : [-(2 ** (width - 1)), 2 ** (width - 1) - 1];
    return { code: wrapped(width, `Math.max(${low}, Math.min(${high}, ${operands[0]!.code}))`) };
  };

const bits = new Float32Array(1);
const bitsAsInteger = new Int32Array(bits.buffer);
const bitcast: ScalarCode = ({ emitter, operands, type }) => {
  const from = operands[0]!;
  const [float32, integer32] = [emitter.bind(bits), emitter.bind(bitsAsInteger)];
  if (from.type.text === "f32" && type.text === "i32")
    return { code: `(${float32}[0] = ${from.code}, ${integer32}[0])` };
  if (from.type.text === "i32" && type.text === "f32")
    return { code: `(${integer32}[0] = ${from.code}, ${float32}[0])` };
  return undefined;
};

/** As `fmaF32`, whose comments say why; in place, since this is where matrix products spend their time. */
const fused: ScalarCode = ({ emitter, operands, type }) => {
  if (floatFormat(type) !== "f32") return undefined;
  const [a, b, c] = operands.map((operand) => operand.code);
  const [sum, rounded, other] = [emitter.fresh("f"), emitter.fresh("f"), emitter.fresh("f")];
  return {
    before:
      `const ${sum} = ${a} * ${b} + ${c}, ${rounded} = Math.fround(${sum}), ` +
      `${other} = ${sum} + (${sum} - ${rounded});`,
    code:
      `(Math.fround(${other}) !== ${other} || ${sum} === ${rounded} ? ${rounded} : ` +
      `${emitter.bind(fmaF32)}(${a}, ${b}, ${c}))`,
  };
};
const mathFunction = (name: keyof typeof Math): ScalarCode => float((a) => `Math.${String(name)}(${a})`);

/** Bounds of a quotient by a positive number, rounded to an integer. */
const quotientBounds =
  (round: (x: number) => number): Bounds =>
  (a, b) => [round(a.low / (a.low >= 0 ? b.high : b.low)), round(a.high / (a.high >= 0 ? b.low : b.high))];
const quotient = (name: "trunc" | "floor" | "ceil"): ScalarCode =>
  division((a, b) => `Math.${name}(${a} / ${b})`, quotientBounds(Math[name]));
const divide = quotient("trunc");
const remainder = division(
  (a, b) => `(${a} % ${b})`,
  (a, b) => [a.low >= 0 ? 0 : Math.max(a.low, 1 - b.high), a.high <= 0 ? 0 : Math.min(a.high, b.high - 1)],
);

/** Expressions of scalar operations, by full name. */
export const scalarCode: Readonly<Record<string, ScalarCode>> = {
  "arith.addf": float((a, b) => `${a} + ${b}`),
  "arith.subf": float((a, b) => `${a} - ${b}`),
  "arith.mulf": float((a, b) => `${a} * ${b}`),
  "arith.divf": float((a, b) => `${a} / ${b}`),
  "arith.remf": float((a, b) => `${a} % ${b}`),
  "arith.negf": exactFloat((a) => `(-${a})`),
  "arith.minimumf": exactFloat((a, b) => `Math.min(${a}, ${b})`),
  "arith.maximumf": exactFloat((a, b) => `Math.max(${a}, ${b})`),
  "arith.minnumf": exactFloat((a, b) => `(${a} !== ${a} ? ${b} : ${b} !== ${b} ? ${a} : Math.min(${a}, ${b}))`),
  "arith.maxnumf": exactFloat((a, b) => `(${a} !== ${a} ? ${b} : ${b} !== ${b} ? ${a} : Math.max(${a}, ${b}))`),
  "arith.addi": ring("+", (a, b) => [a.low + b.low, a.high + b.high]),
  "arith.subi": ring("-", (a, b) => [a.low - b.high, a.high - b.low]),
  "arith.muli": ring("*", (a, b) => corners(a, b, (x, y) => x * y)),
  "arith.divsi": divide,
  "arith.floordivsi": quotient("floor"),
  "arith.ceildivsi": quotient("ceil"),
  "arith.remsi": remainder,
  "arith.divui": unsignedDivision("/", divide),
  "arith.remui": unsignedDivision("%", remainder),
  "arith.andi": bitwise("&"),
  "arith.ori": bitwise("|"),
  "arith.xori": bitwise("^"),
  "arith.shli": shift((a, b) => `${a} << ${b}`),
  "arith.shrsi": shift((a, b) => `${a} >> ${b}`),
  "arith.shrui": shift((a, b, width) => `${unsignedCode(width, a)} >>> ${b}`),
  "arith.minsi": extremum("min", false),
  "arith.maxsi": extremum("max", false),
  "arith.minui": extremum("min", true),
  "arith.maxui": extremum("max", true),
  "arith.cmpi": compareIntegers,
  "arith.cmpf": compareFloats,
  "arith.select": select,
  "arith.extsi": castToInteger(false),
  "arith.extui": castToInteger(true),
  "arith.trunci": castToInteger(false),
  "arith.index_cast": castToInteger(false),
  "arith.index_castui": castToInteger(true),
  "arith.extf": float((a) => a),
  "arith.truncf": float((a) => a),
  "arith.sitofp": integerToFloat(false),
  "arith.uitofp": integerToFloat(true),
  "arith.fptosi": floatToInteger(false),
  "arith.fptoui": floatToInteger(true),
  "arith.bitcast": bitcast,
  "math.absf": exactFloat((a) => `Math.abs(${a})`),
  "math.ceil": mathFunction("ceil"),
  "math.cos": mathFunction("cos"),
  "math.exp": mathFunction("exp"),
  "math.floor": mathFunction("floor"),
  "math.fma": fused,
  "math.log": mathFunction("log"),
  "math.rsqrt": float((a) => `1 / Math.sqrt(${a})`),
  "math.sin": mathFunction("sin"),
  "math.sqrt": mathFunction("sqrt"),
  "math.tanh": mathFunction("tanh"),
  "math.trunc": mathFunction("trunc"),
  "vector.fma": fused,
};
