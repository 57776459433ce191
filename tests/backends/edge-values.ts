import { arith } from "../../src/ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../src/ir/dialects/arith.ts";
import {
  elementOf,
  f32,
  f64,
  type FloatType,
  floatType,
  hostElementType,
  i1,
  i16,
  i32,
  i64,
  i8,
  type IntegerType,
  integerType,
  type Type,
} from "../../src/ir/types.ts";
import { readElement, tensorFromNumbers } from "../../src/support/numeric/host-tensor.ts";
import { type Lane, plain } from "./c/elementwise-module.ts";

export const storage = (type: Type) => hostElementType(elementOf(type)) as "f32";
const smallFloats = ["f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN"] as const;
export const floats: readonly FloatType[] = [f32, f64, ...smallFloats.map((format) => floatType(format))];
export const integers: readonly IntegerType[] = [i1, integerType(2), integerType(4), i8, i16, i32, i64];

const floatEdges = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  -2.5,
  3,
  7,
  -7.25,
  0.1,
  1e-3,
  127.5,
  128,
  -128.5,
  255.7,
  256,
  448,
  480,
  32767.5,
  -32769,
  65504,
  65519,
  65520,
  65535,
  1e6,
  -1e6,
  2147483520,
  2147483648,
  -2147483648,
  4294967296,
  9.3e18,
  -9.3e18,
  1e20,
  3.4e38,
  1e-5,
  6e-8,
  3e-8,
  1e-40,
  1.4e-45,
  Infinity,
  -Infinity,
  NaN,
];
const integerEdges = (type: IntegerType): readonly bigint[] => {
  const half = 1n << BigInt(type.width - 1);
  return [0n, 1n, -1n, 2n, -2n, 3n, 5n, -7n, 12n, half - 1n, -half, half - 2n, half / 3n, 31n, 33n, 100n].map((value) =>
    BigInt.asIntN(type.width, value),
  );
};
/** Edge values as the type stores them. */
const valuesOf = (type: Type): readonly (number | bigint)[] => {
  const edges =
    type.kind === "integer"
      ? integerEdges(type)
      : type.kind === "index"
        ? [0n, 1n, -1n, 7n, 1000n, -12n, 1n << 40n]
        : floatEdges;
  if (type.kind !== "float") return edges;
  const stored = tensorFromNumbers(storage(type), [edges.length], edges);
  return edges.map((_, i) => readElement(stored, i) as number);
};

/** Every pair of edge values, or every single one. */
export function operandsOf(types: readonly Type[]): readonly (readonly (number | bigint)[])[] {
  const [first, second] = types.map(valuesOf);
  if (first === undefined) return [];
  if (second === undefined) return [first];
  const pairs = first.flatMap((a) => second.map((b) => [a, b] as const));
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

const binaryIntegers = [
  "addi",
  "subi",
  "muli",
  "andi",
  "ori",
  "xori",
  "minsi",
  "minui",
  "maxsi",
  "maxui",
  "shli",
  "shrsi",
  "shrui",
  "divsi",
  "divui",
  "ceildivsi",
  "ceildivui",
  "floordivsi",
  "remsi",
  "remui",
] as const;
const binaryFloats = ["addf", "subf", "mulf", "divf", "minimumf", "maximumf", "minnumf", "maxnumf"] as const;
const exactUnary = ["absf", "ceil", "floor", "round", "roundeven", "trunc", "sqrt"] as const;

export const comparisons = (type: Type): Lane[] => [
  ...(type.kind === "float"
    ? floatPredicates.map((predicate): Lane => ({
        name: `cmpf.${predicate}`,
        operands: [type, type],
        result: i1,
        build: (b, [lhs, rhs]) => arith.cmpf.build(b, { lhs: lhs!, rhs: rhs! }, { predicate }).result,
      }))
    : integerPredicates.map((predicate): Lane => ({
        name: `cmpi.${predicate}`,
        operands: [type, type],
        result: i1,
        build: (b, [lhs, rhs]) => arith.cmpi.build(b, { lhs: lhs!, rhs: rhs! }, { predicate }).result,
      }))),
];
export const selection = (type: Type): Lane => ({
  name: "select",
  operands: [type, type],
  result: type,
  build(b, [lhs, rhs]) {
    const condition =
      type.kind === "float"
        ? arith.cmpf.build(b, { lhs: lhs!, rhs: rhs! }, { predicate: "olt" }).result
        : arith.cmpi.build(b, { lhs: lhs!, rhs: rhs! }, { predicate: "slt" }).result;
    return arith.select.build(b, { condition, true_value: rhs!, false_value: lhs! }, {}).result;
  },
});

/** What integers of a type can do. */
export const integerFunctions = (type: IntegerType): readonly Lane[] => [
  ...binaryIntegers.map((name) => plain(`arith.${name}`, [type, type], type)),
  ...comparisons(type),
  selection(type),
  ...(type.width > 1 ? ["absi", "ctlz", "cttz", "ctpop"].map((name) => plain(`math.${name}`, [type], type)) : []),
];
/** What floats of a type can do exactly; whether they are NaN, infinite, … only where `hasClasses`. */
export const floatFunctions = (type: FloatType, hasClasses: boolean): readonly Lane[] => [
  ...binaryFloats.map((name) => plain(`arith.${name}`, [type, type], type)),
  ...exactUnary.map((name) => plain(`math.${name}`, [type], type)),
  plain("arith.negf", [type], type),
  plain("math.copysign", [type, type], type),
  ...(hasClasses ? ["isnan", "isinf", "isfinite", "isnormal"].map((name) => plain(`math.${name}`, [type], i1)) : []),
  ...comparisons(type),
  selection(type),
];

/** Integers that are converted. */
const widths: readonly IntegerType[] = [i8, i16, i32, i64, integerType(4), i1];
/** Conversions between integers of all widths. */
export const integerConversions: readonly Lane[] = widths.flatMap((from) =>
  widths.flatMap((to) => [
    ...(from.width < to.width ? [plain("arith.extsi", [from], to), plain("arith.extui", [from], to)] : []),
    ...(from.width > to.width ? [plain("arith.trunci", [from], to)] : []),
  ]),
);
/** Conversions between integers of all widths and a float type, both ways. */
export const floatConversions = (float: FloatType): readonly Lane[] =>
  widths.flatMap((integer) => [
    plain("arith.sitofp", [integer], float),
    plain("arith.uitofp", [integer], float),
    plain("arith.fptosi", [float], integer),
    plain("arith.fptoui", [float], integer),
  ]);

/** Operands for which a result is not specified: divisors of zero, and NaN that a sign is taken of. */
export const isUnspecified = (name: string, [, second]: readonly (number | bigint)[]): boolean =>
  (/div|rem/.test(name) && second === 0n) || (name === "math.copysign" && second !== second);
