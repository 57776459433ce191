import { describe, expect, test } from "vitest";
import { arith } from "../../../src/ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../../src/ir/dialects/arith.ts";
import { runEntry } from "../../../src/interpreter/entry.ts";
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
  indexType,
  type IntegerType,
  integerType,
  type Type,
} from "../../../src/ir/types.ts";
import { bytesOf, type HostTensor, readElement, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { elementwiseModule, type Lane, plain } from "./elementwise-module.ts";
import { runModule } from "./run-module.ts";

const storage = (type: Type) => hostElementType(elementOf(type)) as "f32";
const smallFloats = ["f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN"] as const;
const floats: readonly FloatType[] = [f32, f64, ...smallFloats.map((format) => floatType(format))];
const integers: readonly IntegerType[] = [i1, integerType(2), integerType(4), i8, i16, i32, i64];

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
function operandsOf(types: readonly Type[]): readonly (readonly (number | bigint)[])[] {
  const [first, second] = types.map(valuesOf);
  if (first === undefined) return [];
  if (second === undefined) return [first];
  const pairs = first.flatMap((a) => second.map((b) => [a, b] as const));
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

/** Same number: NaN is NaN whatever its bits; which zero comes out is not specified. */
function same(actual: HostTensor, expected: HostTensor): string {
  for (let i = 0; i < expected.data.length; i++) {
    const [x, y] = [readElement(actual, i), readElement(expected, i)];
    if (x === y || (x !== x && y !== y)) continue;
    return `element ${i} is ${x}, not ${y}`;
  }
  return bytesOf(actual).length === bytesOf(expected).length ? "same" : "sizes differ";
}

/** Runs lane functions through gcc and through the interpreter on edge values of their operands' types. */
async function compare(
  functions: readonly Lane[],
  lanes: number,
  options = {},
  skip: (name: string, values: readonly (number | bigint)[]) => boolean = () => false,
) {
  const inputs: Record<string, HostTensor> = {};
  let count = 0;
  const operands = functions.map(({ operands: types }) => operandsOf(types));
  for (const values of operands) count = Math.max(count, values[0]?.length ?? 0);
  functions.forEach((lane, number) => {
    const filtered = Array.from({ length: operands[number]![0]!.length }, (_, i) =>
      operands[number]!.map((values) => values[i]!),
    ).filter((values) => !skip(lane.name, values));
    lane.operands.forEach((type, operand) => {
      const values = Array.from({ length: count }, (_, i) => filtered[i % filtered.length]![operand]!);
      inputs[`${lane.name}.${number}.${operand}`] = tensorFromNumbers(storage(type), [count], values);
    });
  });
  const module = elementwiseModule(functions, count, lanes);
  const expected = runEntry(module, new Map(Object.entries(inputs)));
  const actual = await runModule(module, inputs, options);
  const differences: string[] = [];
  for (const [name, tensor] of expected) {
    const result = same(actual[name]!, tensor);
    if (result !== "same") {
      const i = Number(/element (\d+)/.exec(result)?.[1]);
      const shown = Object.keys(inputs)
        .filter((key) => key.startsWith(`${name}.`))
        .map((key) => readElement(inputs[key]!, i));
      differences.push(`${name}(${shown.join(", ")}): ${result}`);
    }
  }
  expect(differences).toEqual([]);
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
const divides = (name: string) => /div|rem/.test(name);
const isZero = (value: number | bigint | undefined) => value === 0n;
const binaryFloats = ["addf", "subf", "mulf", "divf", "minimumf", "maximumf", "minnumf", "maxnumf"] as const;
const exactUnary = ["absf", "ceil", "floor", "round", "roundeven", "trunc", "sqrt"] as const;

const comparisons = (type: Type): Lane[] => [
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
const selection = (type: Type): Lane => ({
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

const shapes = [
  { lanes: 1, options: {} },
  { lanes: 1, options: { cDialect: "c99" } },
  { lanes: 16, options: {} },
  { lanes: 8, options: {} },
  { lanes: 4, options: { cDialect: "c99" } },
];

describe.each(shapes)("lanes $lanes, $options", ({ lanes, options }) => {
  test.each(integers)("integers of $text", async (type) => {
    const functions = [
      ...binaryIntegers.map((name) => plain(`arith.${name}`, [type, type], type)),
      ...comparisons(type),
      selection(type),
      ...(type.width > 1 ? ["absi", "ctlz", "cttz", "ctpop"].map((name) => plain(`math.${name}`, [type], type)) : []),
    ];
    await compare(functions, lanes, options, (name, [, b]) => divides(name) && isZero(b));
  });
  test.each(floats)("floats of $text", async (type) => {
    const functions = [
      ...binaryFloats.map((name) => plain(`arith.${name}`, [type, type], type)),
      ...exactUnary.map((name) => plain(`math.${name}`, [type], type)),
      plain("arith.negf", [type], type),
      plain("math.copysign", [type, type], type),
      ...["isnan", "isinf", "isfinite", "isnormal"]
        .map((name) => plain(`math.${name}`, [type], i1))
        .filter(() => storage(type) === "f32" || type === f64),
      ...comparisons(type),
      selection(type),
    ];
    // Which sign a NaN has is not specified.
    await compare(functions, lanes, options, (name, [, b]) => name === "math.copysign" && b !== b);
  });
  test("conversions", async () => {
    const widths = [i8, i16, i32, i64, integerType(4), i1];
    const functions: Lane[] = [];
    for (const from of widths)
      for (const to of widths) {
        if (from.width < to.width) functions.push(plain("arith.extsi", [from], to), plain("arith.extui", [from], to));
        if (from.width > to.width) functions.push(plain("arith.trunci", [from], to));
      }
    for (const integer of widths)
      for (const float of floats)
        functions.push(
          plain("arith.sitofp", [integer], float),
          plain("arith.uitofp", [integer], float),
          plain("arith.fptosi", [float], integer),
          plain("arith.fptoui", [float], integer),
        );
    for (const float of floats.slice(2))
      functions.push(
        plain("arith.extf", [float], f32),
        plain("arith.truncf", [f32], float),
        plain("arith.truncf", [f64], float),
        plain("arith.extf", [float], f64),
      );
    functions.push(
      plain("arith.extf", [f32], f64),
      plain("arith.truncf", [f64], f32),
      plain("arith.index_cast", [indexType], i32),
      plain("arith.index_cast", [i32], indexType),
      plain("arith.index_castui", [i32], indexType),
      plain("arith.bitcast", [f32], i32),
      plain("arith.bitcast", [i32], f32),
      plain("arith.bitcast", [i64], f64),
    );
    await compare(functions, lanes, options);
  });
});
