import { describe, expect, test } from "vitest";
import {
  arrayAttribute,
  type Attributes,
  dictionaryAttribute,
  stringAttribute,
  unitAttribute,
} from "../../../src/ir/attributes.ts";
import { at } from "../../../src/ir/builder.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { gpu, memref } from "../../../src/ir/dialects/index.ts";
import { createKernel } from "../../../src/ir/dialects/gpu/kernel.ts";
import type { Module } from "../../../src/ir/module.ts";
import { f32, f64, i32, indexType, memRefType, type Type } from "../../../src/ir/types.ts";
import { type HostTensor, readElement, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { type Lane, plain } from "../c/elementwise-module.ts";
import { index, loop } from "../c/kernel-module.ts";
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
import { interpret, runOnDevice } from "./device-programs.ts";

/** A program with a kernel for each function, which one invocation applies along `count` elements. */
function deviceProgram(functions: readonly Lane[], count: number): Module {
  const buffer = (type: Type) => memRefType([count], type);
  const ports: { readonly type: Type; readonly attributes: Attributes }[] = [];
  functions.forEach((lane, number) => {
    lane.operands.forEach((type, operand) =>
      ports.push({
        type: buffer(type),
        attributes: { "weft.name": stringAttribute(`${lane.name}.${number}.${operand}`) },
      }),
    );
    const attributes = { "weft.name": stringAttribute(`${lane.name}.${number}`), "weft.output": unitAttribute };
    ports.push({ type: buffer(lane.result), attributes });
  });
  return createModule((rewriter) => {
    const kernels = gpu.module.build(
      rewriter,
      {},
      { sym_name: "kernels" },
      { regions: { bodyRegion: [{ arguments: [], body: () => {} }] } },
    ).op;
    functions.forEach((lane, number) =>
      at(rewriter, { kind: "end", block: rewriter.operation(kernels.id).regions[0]![0]! }, () =>
        createKernel(
          rewriter,
          `kernel${number}`,
          {
            inputs: [...lane.operands, lane.result].map(buffer),
            blockSize: [1, 1, 1],
            attributes: { "weft.sequential": unitAttribute },
          },
          (builder, { inputs }) => {
            const output = inputs.at(-1)!;
            loop(builder, count, [], (inner, position) => {
              const loaded = inputs
                .slice(0, -1)
                .map((from) => memref.load.build(inner, { memref: from, indices: [position] }, {}).result);
              const value = lane.build(inner, loaded, (type) => type);
              memref.store.build(inner, { value, memref: output, indices: [position] }, {});
              return [];
            });
          },
        ),
      ),
    );
    createFunction(
      rewriter,
      "main",
      ports.map(({ type }) => type),
      (builder, values) => {
        let next = 0;
        const one = index(builder, 1);
        functions.forEach((lane, number) => {
          const kernelOperands = values.slice(next, (next += lane.operands.length + 1));
          const sizes = {
            gridSizeX: one,
            gridSizeY: one,
            gridSizeZ: one,
            blockSizeX: one,
            blockSizeY: one,
            blockSizeZ: one,
          };
          gpu.launch_func.build(
            builder,
            { ...sizes, kernelOperands },
            { kernel: ["kernels", `kernel${number}`] },
            { resultTypes: [] },
          );
        });
        return [];
      },
      {
        attributes: { "weft.entry_point": unitAttribute },
        properties: { arg_attrs: arrayAttribute(ports.map(({ attributes }) => dictionaryAttribute(attributes))) },
      },
    );
    const root = rewriter.operation(rewriter.root);
    rewriter.update(root.id, { attributes: { ...root.attributes, "gpu.container_module": unitAttribute } });
  });
}

const leastNormal = 2 ** -126;
const isDenormal = (value: number | bigint): boolean =>
  typeof value === "number" && value !== 0 && Math.abs(value) < leastNormal;

/** The same number; WGSL lets division and square roots be off by a little, and denormals be zero. */
function isSame(actual: number | bigint, expected: number | bigint, tolerance: number): boolean {
  if (actual === expected || (actual !== actual && expected !== expected)) return true;
  if (typeof actual !== "number" || typeof expected !== "number") return false;
  if (Math.abs(actual) <= leastNormal && Math.abs(expected) <= leastNormal) return true;
  return Math.abs(actual - expected) <= tolerance * Math.abs(expected);
}

/** Operations that WGSL does not promise to round to the nearest. */
const inexact = /divf|sqrt/;

/** Runs functions on the device and in the interpreter, on edge values of their operands' types. */
async function compare(functions: readonly Lane[]): Promise<void> {
  const inputs = new Map<string, HostTensor>();
  const operands = functions.map((lane) => {
    const all = operandsOf(lane.operands);
    return Array.from({ length: all[0]!.length }, (_, position) => all.map((values) => values[position]!)).filter(
      (values) => !values.some(isDenormal) && !isUnspecified(lane.name, values),
    );
  });
  const count = Math.max(...operands.map(({ length }) => length));
  functions.forEach((lane, number) =>
    lane.operands.forEach((type, operand) => {
      const rows = operands[number]!;
      const values = Array.from({ length: count }, (_, position) => rows[position % rows.length]![operand]!);
      inputs.set(`${lane.name}.${number}.${operand}`, tensorFromNumbers(storage(type), [count], values));
    }),
  );
  const module = deviceProgram(functions, count);
  const expected = interpret(module, inputs);
  const actual = await runOnDevice(module, inputs);
  const differences: string[] = [];
  functions.forEach((lane, number) => {
    const name = `${lane.name}.${number}`;
    const places = lane.result === f32 ? 4e-7 : 0.01;
    const tolerance = inexact.test(lane.name) ? places : 0;
    for (let position = 0; position < count; position++) {
      const [is, should] = [readElement(actual.get(name)!, position), readElement(expected.get(name)!, position)];
      if (isSame(is as number, should as number, tolerance)) continue;
      const given = lane.operands.map((_, operand) => readElement(inputs.get(`${name}.${operand}`)!, position));
      differences.push(`${name}(${given.join(", ")}) is ${is}, not ${should}`);
      break;
    }
  });
  expect(differences).toEqual([]);
}

const deviceFloats = floats.filter((type) => type !== f64);

describe("operations of each type on the device, as in the interpreter", () => {
  test.each(integers)("integers of $text", async (type) => {
    await compare(integerFunctions(type));
  });
  test.each(deviceFloats)("floats of $text", async (type) => {
    await compare(floatFunctions(type, type === f32));
  });
  test("conversions between integers", async () => {
    await compare([
      ...integerConversions,
      plain("arith.bitcast", [f32], i32),
      plain("arith.bitcast", [i32], f32),
      plain("arith.index_cast", [i32], indexType),
    ]);
  });
  test.each(deviceFloats)("conversions between $text and integers", async (float) => {
    const widened = [plain("arith.extf", [float], f32), plain("arith.truncf", [f32], float)];
    await compare([...floatConversions(float), ...(float === f32 ? [] : widened)]);
  });
});
