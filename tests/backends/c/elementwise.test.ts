import { describe, expect, test } from "vitest";
import { runEntry } from "../../../src/interpreter/entry.ts";
import { f32, f64, i32, i64, indexType } from "../../../src/ir/types.ts";
import { bytesOf, type HostTensor, readElement, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import {
  floatConversions,
  floatFunctions,
  floats,
  integerConversions,
  integerFunctions,
  integers,
  isUnspecified,
  operandsOf,
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
async function compare(functions: readonly Lane[], lanes: number, options = {}) {
  const inputs: Record<string, HostTensor> = {};
  let count = 0;
  const operands = functions.map(({ operands: types }) => operandsOf(types));
  for (const values of operands) count = Math.max(count, values[0]?.length ?? 0);
  functions.forEach((lane, number) => {
    const filtered = Array.from({ length: operands[number]![0]!.length }, (_, i) =>
      operands[number]!.map((values) => values[i]!),
    ).filter((values) => !isUnspecified(lane.name, values));
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
    await compare(integerFunctions(type), lanes, options);
  });
  test.each(floats)("floats of $text", async (type) => {
    await compare(floatFunctions(type, type === f32 || type === f64), lanes, options);
  });
  test("conversions", async () => {
    const functions: Lane[] = [...integerConversions, ...floats.flatMap(floatConversions)];
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
