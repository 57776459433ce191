import { describe, expect, test } from "vitest";
import type { OpDefinition } from "../../src/ir/define.ts";
import { arith, math } from "../../src/ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../src/ir/dialects/arith.ts";
import {
  bf16,
  f16,
  f32,
  f64,
  floatType,
  hostElementType,
  i1,
  i16,
  i32,
  i64,
  i8,
  indexType,
  integerType,
  tensorType,
  type Type,
} from "../../src/ir/types.ts";
import type { Scalar } from "../../src/interpreter/values.ts";
import type { ElementType } from "../../src/support/numeric/element-type.ts";
import { codeOf, dataOf, emptyTensor, generic, identityMap, program, run, runBoth, tensorOf } from "./programs.ts";

const i4 = integerType(4);
type Row = readonly [...operands: readonly Scalar[], result: Scalar | readonly Scalar[]];

/** Applies an operation to columns of operands, compiled and walked, as scalars and as whole tensors. */
function results(
  definition: OpDefinition,
  operandTypes: readonly Type[],
  resultTypes: readonly Type[],
  rows: readonly (readonly Scalar[])[],
  attributes: object = {},
): readonly (readonly Scalar[])[] {
  const columns = operandTypes.map((type) => tensorType([rows.length], type));
  const names = Object.keys(definition.operands);
  const named = (values: readonly unknown[]): never => Object.fromEntries(names.map((n, i) => [n, values[i]])) as never;
  const pointwise = program(columns, (builder, inputs) => {
    const outputs = resultTypes.map((type) => emptyTensor(builder, tensorType([rows.length], type)));
    const maps = [...inputs, ...outputs].map(() => identityMap(1));
    return generic(builder, inputs, outputs, maps, (b, values) =>
      definition.build(b, named(values), attributes as never, { resultTypes }).op.results.slice(),
    );
  });
  const whole = program(columns, (builder, inputs) =>
    definition
      .build(builder, named(inputs), attributes as never, {
        resultTypes: resultTypes.map((type) => tensorType([rows.length], type)),
      })
      .op.results.slice(),
  );
  const inputs = () =>
    operandTypes.map((type, i) => {
      const element = hostElementType(type) as Exclude<ElementType, "string">;
      return tensorOf(element, [rows.length], rows.map((row) => row[i] as number)); // prettier-ignore
    });
  const first = runBoth(pointwise, inputs);
  const second = runBoth(whole, inputs);
  const read = (values: typeof first): readonly (readonly Scalar[])[] =>
    rows.map((_, i) =>
      values.map((value) => {
        const tensor = value as ReturnType<typeof tensorOf>;
        const stored = dataOf(tensor)[i] as Scalar;
        return tensor.elementType === "index" ? Number(stored) : stored;
      }),
    );
  expect(read(second)).toEqual(read(first));
  return read(first);
}
const check = (
  definition: unknown,
  operands: readonly Type[],
  result: Type | readonly Type[],
  rows: readonly Row[],
  attributes: object = {},
) => {
  const resultTypes = Array.isArray(result) ? (result as readonly Type[]) : [result as Type];
  const found = results(definition as OpDefinition, operands, resultTypes, rows.map((row) => row.slice(0, -1) as Scalar[]), attributes); // prettier-ignore
  expect(found).toEqual(rows.map((row) => [row.at(-1)].flat()));
};
const min32 = -2147483648;
const max32 = 2147483647;
const min64 = -(2n ** 63n);
const max64 = 2n ** 63n - 1n;

describe("integer arithmetic", () => {
  // Two's complement results, by hand.
  const cases: readonly (readonly [keyof typeof arith, Type, readonly Row[]])[] = [
    ["addi", i32, [[max32, 1, min32], [-1, 1, 0], [min32, min32, 0]]],
    ["addi", i8, [[127, 1, -128], [-128, -1, 127]]],
    ["addi", i4, [[7, 1, -8], [-8, -8, 0]]],
    ["addi", i1, [[1, 1, 0], [1, 0, 1]]],
    ["addi", i64, [[max64, 1n, min64], [2n ** 53n, 1n, 2n ** 53n + 1n]]],
    ["addi", indexType, [[4294967296, 5, 4294967301], [-3, 3, 0]]],
    ["subi", i32, [[min32, 1, max32], [0, min32, min32]]],
    ["subi", i64, [[min64, 1n, max64]]],
    ["muli", i32, [[65536, 65536, 0], [123456789, 987654321, -67153019], [min32, -1, min32]]],
    ["muli", i16, [[256, 256, 0], [300, 300, 24464]]],
    ["muli", i64, [[2n ** 62n, 2n, min64], [-3n, 5n, -15n]]],
    ["muli", indexType, [[0, -5, 0], [100000, 100000, 10000000000]]],
    ["divsi", i32, [[7, 2, 3], [-7, 2, -3], [7, -2, -3], [min32, -1, min32], [1, 2, 0], [-1, 2, 0]]],
    ["divsi", i64, [[-7n, 2n, -3n], [min64, -1n, min64]]],
    ["divsi", indexType, [[-7, 2, -3], [-1, 2, 0]]],
    ["divui", i32, [[-1, 2, max32], [7, 2, 3], [min32, -1, 0], [-1, 1, -1]]],
    ["divui", i8, [[-1, 2, 127], [-128, 3, 42]]],
    ["divui", indexType, [[9, 2, 4]]],
    ["ceildivsi", i32, [[7, 2, 4], [-7, 2, -3], [-7, -2, 4], [6, 2, 3], [-1, 2, 0]]],
    ["ceildivui", i32, [[7, 2, 4], [-1, 2, min32], [0, 5, 0]]],
    ["floordivsi", i32, [[7, 2, 3], [-7, 2, -4], [7, -2, -4], [-7, -2, 3], [-1, 2, -1]]],
    ["floordivsi", indexType, [[-7, 2, -4], [-1, 3, -1]]],
    ["remsi", i32, [[7, 3, 1], [-7, 3, -1], [7, -3, 1], [min32, -1, 0], [-6, 3, 0]]],
    ["remsi", indexType, [[-6, 3, 0], [-7, 3, -1]]],
    ["remui", i32, [[-1, 10, 5], [7, 3, 1]]],
    ["remui", i64, [[-1n, 10n, 5n]]],
    ["andi", i32, [[12, 10, 8], [-1, 255, 255]]],
    ["andi", i64, [[-1n, 255n, 255n]]],
    ["andi", indexType, [[4294967295, 1048575, 1048575], [-1, 7, 7]]],
    ["ori", i8, [[-128, 1, -127], [12, 10, 14]]],
    ["ori", indexType, [[4294967296, 1, 4294967297]]],
    ["xori", i1, [[1, 1, 0], [1, 0, 1]]],
    ["xori", i32, [[-1, 1, -2]]],
    ["shli", i32, [[1, 31, min32], [1, 32, 0], [-1, 4, -16], [1, -1, 0]]],
    ["shli", i8, [[1, 7, -128], [3, 7, -128]]],
    ["shli", i64, [[1n, 63n, min64], [1n, 64n, 0n]]],
    ["shli", indexType, [[1, 40, 1099511627776]]],
    ["shrsi", i32, [[-8, 1, -4], [-1, 31, -1], [min32, 31, -1], [-8, 40, -1], [8, 40, 0]]],
    ["shrui", i32, [[-1, 28, 15], [-8, 1, 2147483644], [-1, 0, -1], [-1, 32, 0]]],
    ["shrui", i8, [[-1, 4, 15], [-128, 7, 1]]],
    ["shrui", i64, [[-1n, 60n, 15n]]],
    ["minsi", i32, [[-1, 1, -1]]],
    ["minsi", i1, [[1, 0, 1]]],
    ["minui", i32, [[-1, 1, 1]]],
    ["minui", i64, [[-1n, 1n, 1n]]],
    ["maxsi", i32, [[-1, 1, 1]]],
    ["maxsi", i64, [[-1n, 1n, 1n]]],
    ["maxui", i32, [[-1, 1, -1]]],
    ["maxui", i8, [[-1, 1, -1], [100, -100, -100]]],
  ]; // prettier-ignore
  test.each(cases.map(([name, type, rows]) => ({ name, type, rows })))(
    "$name of $type.text",
    ({ name, type, rows }) => {
      check(arith[name], [type, type], type, rows);
    },
  );

  test("operations with two results", () => {
    check(arith.addui_extended, [i32, i32], [i32, i1], [[-1, 1, [0, 1]], [1, 2, [3, 0]], [-1, -1, [-2, 1]]]); // prettier-ignore
    check(
      arith.mului_extended,
      [i32, i32],
      [i32, i32],
      [
        [-1, -1, [1, -2]],
        [65536, 65536, [0, 1]],
      ],
    );
    check(
      arith.mulsi_extended,
      [i32, i32],
      [i32, i32],
      [
        [-1, -1, [1, 0]],
        [min32, 2, [0, -1]],
      ],
    );
    check(arith.mului_extended, [i64, i64], [i64, i64], [[-1n, -1n, [1n, -2n]]]);
  });

  test("a division by zero is a diagnostic", () => {
    for (const definition of [arith.divsi, arith.divui, arith.remsi, arith.remui, arith.floordivsi, arith.ceildivsi, arith.ceildivui])
      for (const [type, zero] of [[i32, 0], [i64, 0n], [indexType, 0]] as const) {
        const module = program([type, type], (b, [lhs, rhs]) => [definition.build(b, { lhs: lhs!, rhs: rhs! }, {}).result]);
        const one = type === i64 ? 1n : 1;
        expect(codeOf(() => run(module, [one, zero]))).toBe("interpreter/division-by-zero");
        expect(codeOf(() => results(definition as never, [type, type], [type], [[one, zero]]))).toBe("interpreter/division-by-zero");
      } // prettier-ignore
  });

  test("comparisons", () => {
    const pairs = [[1, 2], [2, 2], [-1, 1]] as const; // prettier-ignore
    const truth: Readonly<Record<(typeof integerPredicates)[number], readonly number[]>> = {
      eq: [0, 1, 0],
      ne: [1, 0, 1],
      slt: [1, 0, 1],
      sle: [1, 1, 1],
      sgt: [0, 0, 0],
      sge: [0, 1, 0],
      ult: [1, 0, 0],
      ule: [1, 1, 0],
      ugt: [0, 0, 1],
      uge: [0, 1, 1],
    };
    for (const predicate of integerPredicates) {
      const rows = pairs.map(([a, b], i): Row => [a, b, truth[predicate][i]!]);
      for (const type of [i8, i32, indexType]) check(arith.cmpi, [type, type], i1, rows, { predicate });
      const wide = rows.map((row): Row => [BigInt(row[0] as number), BigInt(row[1] as number), row[2]!]);
      check(arith.cmpi, [i64, i64], i1, wide, { predicate });
    }
    // A true i1 is -1 to a signed comparison.
    check(arith.cmpi, [i1, i1], i1, [[1, 0, 1], [0, 1, 0]], { predicate: "slt" }); // prettier-ignore
    check(arith.cmpi, [i1, i1], i1, [[1, 0, 0], [0, 1, 1]], { predicate: "ult" }); // prettier-ignore
  });

  test("functions of bits", () => {
    check(math.ctlz, [i32], i32, [[0, 32], [1, 31], [-1, 0], [255, 24]]); // prettier-ignore
    check(math.cttz, [i8], i8, [[0, 8], [8, 3], [-128, 7]]); // prettier-ignore
    check(math.ctpop, [i64], i64, [[-1n, 64n], [0n, 0n], [5n, 2n]]); // prettier-ignore
    check(math.absi, [i32], i32, [[-5, 5], [min32, min32], [0, 0]]); // prettier-ignore
    check(math.ipowi, [i32, i32], i32, [[3, 4, 81], [-2, 31, min32], [2, 40, 0], [2, -1, 0], [-1, -3, -1], [0, 0, 1]]); // prettier-ignore
  });
});

describe("float arithmetic", () => {
  test("addition, subtraction, multiplication, division, remainder, negation", () => {
    check(arith.addf, [f32, f32], f32, [[16777216, 1, 16777216], [0.1, 0.2, Math.fround(0.30000001192092896)], [Infinity, -Infinity, NaN], [-0, -0, -0], [-0, 0, 0]]); // prettier-ignore
    check(arith.addf, [f64, f64], f64, [[0.1, 0.2, 0.30000000000000004]]);
    check(arith.subf, [f32, f32], f32, [[1, 1, 0], [-0, 0, -0]]); // prettier-ignore
    check(arith.mulf, [f32, f32], f32, [[3.4e38, 10, Infinity], [1e-45, 0.5, 0], [-1, 0, -0], [0, Infinity, NaN]]); // prettier-ignore
    check(arith.mulf, [f16, f16], f16, [[256, 256, Infinity], [2 ** -14, 2 ** -10, 2 ** -24]]); // prettier-ignore
    check(arith.divf, [f32, f32], f32, [[1, 3, Math.fround(0.3333333432674408)], [1, 0, Infinity], [1, -0, -Infinity], [0, 0, NaN]]); // prettier-ignore
    check(arith.remf, [f32, f32], f32, [[5.5, 2, 1.5], [-5.5, 2, -1.5], [5, Infinity, 5], [-4, 2, -0], [1, 0, NaN]]); // prettier-ignore
    check(arith.negf, [f32], f32, [[0, -0], [-1.5, 1.5], [Infinity, -Infinity]]); // prettier-ignore
  });

  test("minima and maxima", () => {
    check(arith.minimumf, [f32, f32], f32, [[1, 2, 1], [NaN, 1, NaN], [1, NaN, NaN], [0, -0, -0]]); // prettier-ignore
    check(arith.maximumf, [f32, f32], f32, [[1, 2, 2], [NaN, 1, NaN], [-0, 0, 0]]); // prettier-ignore
    check(arith.minnumf, [f32, f32], f32, [[1, 2, 1], [NaN, 1, 1], [1, NaN, 1], [NaN, NaN, NaN]]); // prettier-ignore
    check(arith.maxnumf, [f64, f64], f64, [[1, 2, 2], [NaN, 1, 1], [1, NaN, 1]]); // prettier-ignore
  });

  test("comparisons", () => {
    const pairs = [[1, 2], [2, 1], [2, 2], [NaN, 1], [0, -0]] as const; // prettier-ignore
    const truth: Readonly<Record<(typeof floatPredicates)[number], readonly number[]>> = {
      false: [0, 0, 0, 0, 0],
      oeq: [0, 0, 1, 0, 1],
      ogt: [0, 1, 0, 0, 0],
      oge: [0, 1, 1, 0, 1],
      olt: [1, 0, 0, 0, 0],
      ole: [1, 0, 1, 0, 1],
      one: [1, 1, 0, 0, 0],
      ord: [1, 1, 1, 0, 1],
      ueq: [0, 0, 1, 1, 1],
      ugt: [0, 1, 0, 1, 0],
      uge: [0, 1, 1, 1, 1],
      ult: [1, 0, 0, 1, 0],
      ule: [1, 0, 1, 1, 1],
      une: [1, 1, 0, 1, 0],
      uno: [0, 0, 0, 1, 0],
      true: [1, 1, 1, 1, 1],
    };
    for (const predicate of floatPredicates)
      check(arith.cmpf, [f32, f32], i1, pairs.map(([a, b], i): Row => [a, b, truth[predicate][i]!]), { predicate }); // prettier-ignore
  });

  test("rounding to integers", () => {
    check(math.round, [f32], f32, [[0.5, 1], [-0.5, -1], [2.5, 3], [0.49999997, 0], [-0.2, -0], [8388609, 8388609]]); // prettier-ignore
    check(math.round, [f64], f64, [[0.49999999999999994, 0], [4503599627370495.5, 4503599627370496]]); // prettier-ignore
    check(math.roundeven, [f32], f32, [[0.5, 0], [1.5, 2], [2.5, 2], [-0.5, -0], [-1.5, -2]]); // prettier-ignore
    check(math.floor, [f32], f32, [[-0.5, -1], [1.9, 1], [-0, -0]]); // prettier-ignore
    check(math.ceil, [f32], f32, [[-0.5, -0], [1.1, 2]]); // prettier-ignore
    check(math.trunc, [f32], f32, [[-1.9, -1], [1.9, 1], [-0.9, -0]]); // prettier-ignore
  });

  test("classes and signs", () => {
    check(math.isnan, [f32], i1, [[NaN, 1], [Infinity, 0], [0, 0]]); // prettier-ignore
    check(math.isinf, [f32], i1, [[NaN, 0], [-Infinity, 1], [0, 0]]); // prettier-ignore
    check(math.isfinite, [f32], i1, [[NaN, 0], [Infinity, 0], [0, 1]]); // prettier-ignore
    check(math.isnormal, [f32], i1, [[2 ** -126, 1], [2 ** -127, 0], [0, 0], [Infinity, 0], [NaN, 0]]); // prettier-ignore
    check(math.isnormal, [f16], i1, [[2 ** -14, 1], [2 ** -15, 0]]); // prettier-ignore
    check(math.absf, [f32], f32, [[-1.5, 1.5], [-0, 0], [-Infinity, Infinity]]); // prettier-ignore
    check(math.copysign, [f32, f32], f32, [[1, -0, -1], [-2, 3, 2], [0, -1, -0]]); // prettier-ignore
  });

  test("functions, against published values", () => {
    // Values of erf and erfc: C's libm; the rest are exact, or tabled constants.
    const erf = [
      [1e-10, 1.1283791670955126e-10],
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [1.5, 0.9661051464753108],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
      [-0.7, -0.6778011938374185],
    ] as const;
    const erfc = [
      [0.5, 0.4795001221869535],
      [1, 0.15729920705028513],
      [2, 0.004677734981047266],
      [3, 2.209049699858544e-5],
      [5, 1.5374597944280347e-12],
      [10, 2.088487583762545e-45],
      [26, 5.663192408856143e-296],
      [-1.2, 1.9103139782296354],
    ] as const;
    for (const [definition, rows] of [[math.erf, erf], [math.erfc, erfc]] as const) {
      const found = results(definition as never, [f64], [f64], rows.map(([x]) => [x])); // prettier-ignore
      rows.forEach(([, y], i) => expect(Math.abs((found[i]![0] as number) / y - 1)).toBeLessThan(2e-15));
      check(definition, [f32], f32, rows.filter(([x]) => Math.fround(x) === x && x < 10).map(([x, y]): Row => [x, Math.fround(y)])); // prettier-ignore
    } // prettier-ignore
    check(math.exp, [f32], f32, [[0, 1], [1, Math.fround(Math.E)], [-Infinity, 0], [100, Infinity]]); // prettier-ignore
    check(math.exp2, [f32], f32, [[10, 1024], [-1, 0.5]]); // prettier-ignore
    check(math.expm1, [f64], f64, [[0, 0], [1e-20, 1e-20]]); // prettier-ignore
    check(math.log, [f32], f32, [[1, 0], [0, -Infinity], [-1, NaN]]); // prettier-ignore
    check(math.log2, [f32], f32, [[8, 3], [0.25, -2]]); // prettier-ignore
    check(math.log10, [f32], f32, [[1000, 3]]);
    check(math.log1p, [f64], f64, [[1e-20, 1e-20]]);
    check(math.sqrt, [f32], f32, [[2, Math.fround(Math.SQRT2)], [-0, -0], [-1, NaN]]); // prettier-ignore
    check(math.rsqrt, [f32], f32, [[4, 0.5], [0, Infinity]]); // prettier-ignore
    check(math.cbrt, [f32], f32, [[27, 3], [-8, -2]]); // prettier-ignore
    check(math.tanh, [f32], f32, [[0, 0], [100, 1], [-100, -1]]); // prettier-ignore
    for (const name of ["sin", "tan", "asin", "atan", "sinh", "asinh", "atanh"] as const) check(math[name], [f32], f32, [[0, 0], [-0, -0]]); // prettier-ignore
    for (const name of ["cos", "cosh"] as const) check(math[name], [f32], f32, [[0, 1]]);
    check(math.acos, [f64], f64, [[-1, Math.PI], [1, 0]]); // prettier-ignore
    check(math.acosh, [f64], f64, [[1, 0]]);
    check(math.atan2, [f64, f64], f64, [[0, -1, Math.PI], [-0, -1, -Math.PI], [1, 0, Math.PI / 2]]); // prettier-ignore
    // C's pow, annex F: 1 to anything is 1, and -1 to an infinity is 1.
    check(math.powf, [f32, f32], f32, [[2, 10, 1024], [1, NaN, 1], [-1, Infinity, 1], [0, 0, 1], [-8, 1 / 3, NaN], [NaN, 0, 1]]); // prettier-ignore
    check(math.fpowi, [f32, i32], f32, [[2, -2, 0.25], [-3, 3, -27], [0, 0, 1]]); // prettier-ignore
  });
});

describe("casts", () => {
  test("between integers", () => {
    check(arith.extsi, [i8], i32, [[-1, -1], [127, 127]]); // prettier-ignore
    check(arith.extsi, [i1], i32, [[1, -1], [0, 0]]); // prettier-ignore
    check(arith.extsi, [i32], i64, [[-5, -5n]]);
    check(arith.extui, [i8], i32, [[-1, 255], [5, 5]]); // prettier-ignore
    check(arith.extui, [i1], i8, [[1, 1]]);
    check(arith.extui, [i32], i64, [[-1, 4294967295n]]);
    check(arith.trunci, [i32], i8, [[255, -1], [128, -128], [-129, 127]]); // prettier-ignore
    check(arith.trunci, [i32], i1, [[2, 0], [3, 1]]); // prettier-ignore
    check(arith.trunci, [i64], i32, [[4294967297n, 1], [2147483648n, min32]]); // prettier-ignore
    check(arith.index_cast, [i64], indexType, [[-7n, -7]]);
    check(arith.index_cast, [indexType], i32, [[4294967297, 1], [-1, -1]]); // prettier-ignore
    check(arith.index_cast, [indexType], i64, [[-9, -9n]]);
    check(arith.index_cast, [i1], indexType, [[1, -1]]);
    check(arith.index_castui, [i32], indexType, [[-1, 4294967295]]);
    check(arith.index_castui, [i1], indexType, [[1, 1]]);
  });

  test("between floats", () => {
    check(arith.extf, [f16], f32, [[1.5, 1.5], [65504, 65504]]); // prettier-ignore
    check(arith.truncf, [f64], f32, [[0.1, Math.fround(0.1)], [1e300, Infinity]]); // prettier-ignore
    check(arith.truncf, [f32], f16, [[65520, Infinity], [65519, 65504], [1 + 2 ** -11, 1], [1 + 3 * 2 ** -11, 1 + 2 ** -9]]); // prettier-ignore
    // Bit patterns: 1.0 is 0x3f80, 1 + 2^-7 is 0x3f81.
    check(arith.truncf, [f32], bf16, [[1 + 2 ** -8, 0x3f80], [1 + 3 * 2 ** -8, 0x3f82], [1, 0x3f80]]); // prettier-ignore
    check(arith.truncf, [f32], floatType("f8E4M3FN"), [[448, 0x7e], [1, 0x38], [NaN, 0x7f]]); // prettier-ignore
  });

  test("from integers to floats, rounded once", () => {
    check(arith.sitofp, [i32], f32, [[16777217, 16777216], [16777219, 16777220], [-1, -1]]); // prettier-ignore
    check(arith.sitofp, [i1], f32, [[1, -1]]);
    check(arith.uitofp, [i1], f32, [[1, 1]]);
    check(arith.uitofp, [i8], f32, [[-1, 255]]);
    check(arith.uitofp, [i32], f32, [[-1, 4294967296]]);
    // 2^60 + 2^36 is halfway between floats; one more decides, though a double cannot hold it.
    check(arith.sitofp, [i64], f32, [[2n ** 60n + 2n ** 36n + 1n, 2 ** 60 + 2 ** 37], [2n ** 60n + 2n ** 36n, 2 ** 60]]); // prettier-ignore
    check(arith.uitofp, [i64], f64, [[-1n, 2 ** 64]]);
  });

  test("from floats to integers: towards zero, saturating, NaN is 0", () => {
    check(arith.fptosi, [f32], i32, [[-1.9, -1], [1.9, 1], [3e9, max32], [-3e9, min32], [NaN, 0], [Infinity, max32]]); // prettier-ignore
    check(arith.fptosi, [f32], i8, [[127.9, 127], [128, 127], [-129, -128]]); // prettier-ignore
    check(arith.fptosi, [f64], i64, [[1e30, max64], [-1e30, min64], [-2.5, -2n], [NaN, 0n]]); // prettier-ignore
    check(arith.fptoui, [f32], i8, [[255, -1], [300, -1], [-1, 0], [3.9, 3]]); // prettier-ignore
    check(arith.fptoui, [f32], i32, [[4294967040, -256], [1e20, -1]]); // prettier-ignore
  });

  test("of bits", () => {
    check(arith.bitcast, [f32], i32, [[1, 0x3f800000], [-0, min32], [NaN, 0x7fc00000]]); // prettier-ignore
    check(arith.bitcast, [i32], f32, [[0x7f800000, Infinity], [1, 2 ** -149]]); // prettier-ignore
    check(arith.bitcast, [f64], i64, [[1, 0x3ff0000000000000n]]);
    check(arith.bitcast, [f16], i16, [[1, 0x3c00], [NaN, 0x7e00]]); // prettier-ignore
    check(arith.bitcast, [i16], bf16, [[0x3f80, 0x3f80]]);
  });

  test("selection", () => {
    check(arith.select, [i1, f32, f32], f32, [[1, 2, 3, 2], [0, 2, 3, 3]]); // prettier-ignore
    check(arith.select, [i1, i64, i64], i64, [[1, 2n, 3n, 2n]]);
  });
});
