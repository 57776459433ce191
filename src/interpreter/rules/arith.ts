import { arith, type FloatPredicate, type IntegerPredicate } from "../../ir/dialects/arith.ts";
import { comparisonOf } from "../../ir/dialects/relations.ts";
import type { Operation } from "../../ir/module.ts";
import { hostElementType, type Type } from "../../ir/types.ts";
import type { FloatElementType } from "../../support/numeric/element-type.ts";
import { bigintToDoubleForRounding, encodeFloat, roundTo } from "../../support/numeric/float-formats.ts";
import { valueOfConstant } from "../constants.ts";
import {
  integerOperations,
  integerWidth,
  saturate,
  scalarOf,
  signedOf,
  unsignedOf,
  type IntegerOperation,
} from "../numeric/integers.ts";
import { loadElement, storeElement } from "../values.ts";
import { type DialectRules, pure, type Rule, scalar } from "../rule.ts";
import { storageClass } from "../../support/numeric/element-storage.ts";

type Integer = number | bigint;

/** The host's float format of a type; undefined for others. */
export const floatFormat = (type: Type): FloatElementType | undefined =>
  type.kind === "float" ? (hostElementType(type) as FloatElementType | undefined) : undefined;
export const isIntegral = (type: Type): boolean => type.kind === "integer" || type.kind === "index";

const integerBinary = ({ reading, apply }: IntegerOperation): Rule =>
  scalar((_, [type]) => {
    if (!isIntegral(type!)) return undefined;
    const read = reading === "signed" ? signedOf : unsignedOf;
    const width = integerWidth(type!);
    return (a: Integer, b: Integer) => scalarOf(type!, apply(read(type!, a), read(type!, b), width));
  });
const integerRules = Object.fromEntries(
  Object.entries(integerOperations).map(([name, operation]) => [name, integerBinary(operation)]),
);

/** A float operation computed in double and rounded once to its type, which is exact for + - * / and % (Figueroa 1995). */
export const floatRule = (apply: (...values: number[]) => number): Rule =>
  scalar((_, __, [type]) => {
    const format = floatFormat(type!);
    return format && ((...values: number[]) => roundTo(format, apply(...values)));
  });

export const numberMinimum = (a: number, b: number): number => (a !== a ? b : b !== b ? a : Math.min(a, b));
export const numberMaximum = (a: number, b: number): number => (a !== a ? b : b !== b ? a : Math.max(a, b));

const floatRules = {
  addf: floatRule((a, b) => a! + b!),
  subf: floatRule((a, b) => a! - b!),
  mulf: floatRule((a, b) => a! * b!),
  divf: floatRule((a, b) => a! / b!),
  remf: floatRule((a, b) => a! % b!),
  negf: floatRule((a) => -a!),
  minimumf: floatRule((a, b) => Math.min(a!, b!)),
  maximumf: floatRule((a, b) => Math.max(a!, b!)),
  minnumf: floatRule((a, b) => numberMinimum(a!, b!)),
  maxnumf: floatRule((a, b) => numberMaximum(a!, b!)),
};

const floatComparisons: { readonly [P in FloatPredicate]: (a: number, b: number) => boolean } = {
  false: () => false,
  oeq: (a, b) => a === b,
  ogt: (a, b) => a > b,
  oge: (a, b) => a >= b,
  olt: (a, b) => a < b,
  ole: (a, b) => a <= b,
  one: (a, b) => a !== b && a === a && b === b,
  ord: (a, b) => a === a && b === b,
  ueq: (a, b) => a === b || a !== a || b !== b,
  ugt: (a, b) => !(a <= b),
  uge: (a, b) => !(a < b),
  ult: (a, b) => !(a >= b),
  ule: (a, b) => !(a > b),
  une: (a, b) => a !== b,
  uno: (a, b) => a !== a || b !== b,
  true: () => true,
};

/** Whether a comparison of integers of a width holds; the operands may be read as signed or unsigned. */
export const compareIntegers = (predicate: IntegerPredicate, a: bigint, b: bigint, width: number): boolean => {
  const read = predicate.startsWith("u") ? BigInt.asUintN : BigInt.asIntN;
  return comparisonOf(predicate)(read(width, a), read(width, b));
};
/** Whether a comparison of floats holds. */
export const compareFloats = (predicate: FloatPredicate, a: number, b: number): boolean =>
  floatComparisons[predicate](a, b);

/** The predicate of a comparison; undefined when the attribute is no case of it. */
export const integerPredicateOf = (op: Operation): IntegerPredicate | undefined =>
  arith.cmpi.attributes.predicate.codec.decode(op.properties["predicate"] ?? op.attributes["predicate"]!);
export const floatPredicateOf = (op: Operation): FloatPredicate | undefined =>
  arith.cmpf.attributes.predicate.codec.decode(op.properties["predicate"] ?? op.attributes["predicate"]!);

const comparisons = {
  cmpi: scalar((op, [type]) => {
    const predicate = integerPredicateOf(op);
    if (predicate === undefined || !isIntegral(type!)) return undefined;
    const compare = comparisonOf(predicate);
    const read = predicate.startsWith("u") ? unsignedOf : signedOf;
    return (a: Integer, b: Integer) => (compare(read(type!, a), read(type!, b)) ? 1 : 0);
  }),
  cmpf: scalar((op, [type]) => {
    const predicate = floatPredicateOf(op);
    if (predicate === undefined || type!.kind !== "float") return undefined;
    const compare = floatComparisons[predicate];
    return (a: number, b: number) => (compare(a, b) ? 1 : 0);
  }),
};

const integerCast = (read: typeof signedOf): Rule =>
  scalar((_, [from], [to]) =>
    isIntegral(from!) && isIntegral(to!) ? (value: Integer) => scalarOf(to!, read(from!, value)) : undefined,
  );
const integerToFloat = (read: typeof signedOf): Rule =>
  scalar((_, [from], [to]) => {
    const format = floatFormat(to!);
    if (!format || !isIntegral(from!)) return undefined;
    return (value: Integer) => {
      const exact = read(from!, value);
      return format === "f64" ? Number(exact) : roundTo(format, bigintToDoubleForRounding(exact));
    };
  });
/** Out of range saturates and NaN gives 0, on every host alike; MLIR leaves both open. */
const floatToInteger = (isSigned: boolean): Rule =>
  scalar((_, [from], [to]) => {
    if (from!.kind !== "float" || !isIntegral(to!)) return undefined;
    const width = BigInt(integerWidth(to!));
    const [low, high] = isSigned ? [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n] : [0n, (1n << width) - 1n];
    return (value: number) => scalarOf(to!, saturate(value, low, high));
  });
const floatCast = scalar((_, __, [to]) => {
  const format = floatFormat(to!);
  return format && ((value: number) => roundTo(format, value));
});

/** The bits of one element read as another type. NaNs are canonical: payloads do not survive being held as a number. */
const bitcast = scalar((_, [from], [to]) => {
  const source = hostElementType(from!);
  const target = hostElementType(to!);
  if (!source || !target || source === "string" || target === "string") return undefined;
  const written = new (storageClass(source))(1);
  const read = new (storageClass(target))(written.buffer, 0, 1);
  if (read.byteLength !== written.byteLength) return undefined;
  if (from === to) return (value: Integer) => value;
  return (value: Integer) => {
    // A NaN in a Float16Array may keep any payload; the encoder's is canonical.
    if (source === "f16" && value !== value)
      new Uint16Array(written.buffer)[0] = encodeFloat("f16", NaN, { saturate: false });
    else storeElement(source, written, 0, value);
    return loadElement(target, read, 0);
  };
});

const extended = {
  addui_extended: scalar((_, [type]) => (a: Integer, b: Integer) => {
    const sum = unsignedOf(type!, a) + unsignedOf(type!, b);
    return [scalarOf(type!, sum), Number(sum >> BigInt(integerWidth(type!)))];
  }),
  mulsi_extended: scalar((_, [type]) => (a: Integer, b: Integer) => {
    const product = signedOf(type!, a) * signedOf(type!, b);
    return [scalarOf(type!, product), scalarOf(type!, product >> BigInt(integerWidth(type!)))];
  }),
  mului_extended: scalar((_, [type]) => (a: Integer, b: Integer) => {
    const product = unsignedOf(type!, a) * unsignedOf(type!, b);
    return [scalarOf(type!, product), scalarOf(type!, product >> BigInt(integerWidth(type!)))];
  }),
};

/** Evaluation of the `arith` dialect. */
export const arithRules: DialectRules = {
  constant: pure(({ reader }, op) => {
    const type = reader.typeOf(op.results[0]!);
    return [valueOfConstant(reader, op.properties["value"] ?? op.attributes["value"]!, type, op.location)];
  }),
  ...integerRules,
  ...floatRules,
  ...comparisons,
  ...extended,
  select: scalar(
    () =>
      <T>(condition: number, yes: T, no: T) =>
        (condition ? yes : no) as never,
  ),
  extsi: integerCast(signedOf),
  extui: integerCast(unsignedOf),
  trunci: integerCast(signedOf),
  index_cast: integerCast(signedOf),
  index_castui: integerCast(unsignedOf),
  extf: floatCast,
  truncf: floatCast,
  sitofp: integerToFloat(signedOf),
  uitofp: integerToFloat(unsignedOf),
  fptosi: floatToInteger(true),
  fptoui: floatToInteger(false),
  bitcast,
};
