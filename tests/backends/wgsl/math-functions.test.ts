import { describe, expect, test } from "vitest";
import { interpret, kernelProgram, runOnDevice } from "./device-programs.ts";

/** Points from everywhere between the bounds, the ends and special values included. */
function points(low: number, high: number, specials: readonly number[]): Float32Array {
  const count = 1024 - specials.length;
  const spread = Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
  return Float32Array.from([...spread, ...specials]);
}

const everything = [0, -0, 1, -1, 0.5, -0.5, 1e-6, -1e-6, 3e38, -3e38, Infinity, -Infinity, NaN];

/** Functions of one f32, with the interval that is tested densely. */
const unary: readonly (readonly [name: string, low: number, high: number])[] = [
  ["acos", -1, 1],
  ["acosh", 1, 40],
  ["asin", -1, 1],
  ["asinh", -40, 40],
  ["atan", -40, 40],
  ["atanh", -0.999, 0.999],
  ["absf", -4, 4],
  ["cbrt", -1000, 1000],
  ["ceil", -4, 4],
  ["cos", -100, 100],
  ["cos", -1e6, 1e6],
  ["sin", -4e9, 4e9],
  ["sin", -3e38, 3e38],
  ["cosh", -80, 80],
  ["erf", -5, 5],
  ["erfc", -3, 9],
  ["exp", -87, 88],
  ["exp2", -126, 127],
  ["expm1", -10, 10],
  ["floor", -4, 4],
  ["log", 0.001, 4],
  ["log10", 0.001, 1000],
  ["log1p", -0.99, 4],
  ["log2", 0.001, 4],
  ["round", -4, 4],
  ["roundeven", -4, 4],
  ["rsqrt", 0.001, 100],
  ["sin", -100, 100],
  ["sinh", -80, 80],
  ["sqrt", 0, 100],
  ["tan", -1.5, 1.5],
  ["tanh", -10, 10],
  ["trunc", -4, 4],
];

const body = (lines: string): string => `
      %block = gpu.block_id x
      %thread = gpu.thread_id x
      %size = arith.constant 64 : index
      %start = arith.muli %block, %size : index
      %i = arith.addi %start, %thread : index
${lines}`;

/** The distance in units of the last place of the larger one, at least those of 2^-126. */
function unitsApart(found: number, expected: number): number {
  if (Object.is(found, expected) || found === expected || (Number.isNaN(found) && Number.isNaN(expected))) return 0;
  if (!Number.isFinite(found) || !Number.isFinite(expected)) return Infinity;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.max(Math.abs(found), Math.abs(expected)))));
  return Math.abs(found - expected) / 2 ** (exponent - 23);
}

describe("functions of the math dialect on the device, against the interpreter's doubles", () => {
  const vector = { type: "memref<1024xf32>" };
  test.each(unary)("%s", async (name, low, high) => {
    const text = kernelProgram(
      [
        { name: "x", ...vector },
        { name: "y", ...vector, isOutput: true },
      ],
      body(`      %a = memref.load %x[%i] : memref<1024xf32>
      %b = math.${name} %a : f32
      memref.store %b, %y[%i] : memref<1024xf32>`),
      { blocks: 16, threads: 64 },
    );
    const x = points(low, high, everything);
    const inputs = new Map([["x", { elementType: "f32", shape: [1024], data: x } as const]]);
    const found = (await runOnDevice(text, inputs)).get("y")!.data as Float32Array;
    const expected = interpret(text, inputs).get("y")!.data as Float32Array;
    const wrong: string[] = [];
    x.forEach((value, index) => {
      const [is, should] = [found[index]!, expected[index]!];
      // Denormal results may be zero.
      if (Math.abs(should) < 2 ** -126 && Math.abs(is) < 2 ** -126) return;
      const isClose = Math.abs(is - should) <= 1e-6 + 5e-5 * Math.abs(should) || unitsApart(is, should) <= 64;
      if (!isClose) wrong.push(`${name}(${value}) is ${is}, should be ${should}`);
    });
    expect(wrong).toEqual([]);
  });
});
