import { describe, expect, test } from "vitest";
import { runEntry } from "../../../src/interpreter/entry.ts";
import { f32, f64, i1, i16, i32, i64, i8, indexType, integerType } from "../../../src/ir/types.ts";
import { bytesOf, type HostTensor, readElement, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import {
  binaryFloats,
  binaryIntegers,
  comparisons,
  divides,
  exactUnary,
  floats,
  integers,
  isZero,
  operandsOf,
  selection,
  storage,
} from "../edge-values.ts";
import { elementwiseModule, type Lane, plain } from "./elementwise-module.ts";
import { runModule } from "./run-module.ts";

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
