import { describe, expect, test } from "vitest";
import { checkedShaders, compileText, interpret, kernelProgram, runOnDevice } from "./device-programs.ts";

const floats = (count: number) =>
  ({ elementType: "f32", shape: [count], data: Float32Array.from({ length: count }, (_, i) => i * 0.75 - 4) }) as const;

/** A kernel that makes something of the vectors `%a` and `%b` of eight inputs, and stores `%r`. */
const program = (lanes: number, lines: string) =>
  kernelProgram(
    [
      { name: "x", type: "memref<2x16xf32>" },
      { name: "y", type: "memref<16xf32>", isOutput: true },
    ],
    `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c3 = arith.constant 3 : index
      %a = vector.load %x[%c0, %c3] : memref<2x16xf32>, vector<${lanes}xf32>
      %b = vector.load %x[%c1, %c1] : memref<2x16xf32>, vector<${lanes}xf32>
${lines}
      vector.store %r, %y[%c1] : memref<16xf32>, vector<${lanes}xf32>`,
  );

type Case = readonly [name: string, lanes: number, lines: string];
const cases: readonly Case[] = [
  ["arithmetic", 4, "      %s = arith.addf %a, %b : vector<4xf32>\n      %r = arith.mulf %s, %a : vector<4xf32>"],
  ["three lanes", 3, "      %r = arith.divf %a, %b : vector<3xf32>"],
  [
    "comparison and selection",
    4,
    "      %m = arith.cmpf olt, %a, %b : vector<4xf32>\n      %r = arith.select %m, %a, %b : vector<4xi1>, vector<4xf32>",
  ],
  ["maximum", 4, "      %r = arith.maximumf %a, %b : vector<4xf32>"],
  ["fma", 2, "      %r = vector.fma %a, %b, %a : vector<2xf32>"],
  ["functions", 4, "      %s = math.tanh %a : vector<4xf32>\n      %r = math.powf %b, %s : vector<4xf32>"],
  ["shuffle", 4, "      %r = vector.shuffle %a, %b [0, 5, 2, 7] : vector<4xf32>, vector<4xf32>"],
  [
    "lanes",
    4,
    `      %l = vector.extract %a[2] : f32 from vector<4xf32>
      %s = vector.broadcast %l : f32 to vector<4xf32>
      %r = vector.insert %l, %b[1] : f32 into vector<4xf32>`,
  ],
  [
    "reduction",
    4,
    `      %l = vector.reduction <add>, %a : vector<4xf32> into f32
      %r = vector.broadcast %l : f32 to vector<4xf32>`,
  ],
  [
    "a constant",
    4,
    "      %k = arith.constant dense<[1.0, 2.0, 0x7F800000, -4.0]> : vector<4xf32>\n      %r = arith.addf %a, %k : vector<4xf32>",
  ],
  ["eight lanes, one by one", 8, "      %r = arith.addf %a, %b : vector<8xf32>"],
  [
    "half precision, one by one",
    4,
    "      %h = arith.truncf %a : vector<4xf32> to vector<4xf16>\n      %r = arith.extf %h : vector<4xf16> to vector<4xf32>",
  ],
  [
    "carried by a loop",
    4,
    `      %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%v = %a) -> (vector<4xf32>) {
        %w = arith.addf %v, %b : vector<4xf32>
        scf.yield %w : vector<4xf32>
      }`,
  ],
];

describe("vectors on the device, as in the interpreter", () => {
  test.each<Case>(cases)("%s", async (name, lanes, lines) => {
    const text = program(lanes, lines);
    const [shader] = await checkedShaders(compileText(text));
    expect(shader!.includes(`vec${lanes}<f32>`)).toBe(!name.endsWith("one by one"));
    const inputs = new Map([["x", { ...floats(32), shape: [2, 16] } as const]]);
    const found = Array.from((await runOnDevice(text, inputs)).get("y")!.data as Float32Array);
    const expected = Array.from(interpret(text, inputs).get("y")!.data as Float32Array);
    found.forEach((value, index) => {
      if (Number.isFinite(expected[index]!)) expect(value).toBeCloseTo(expected[index]!, 5);
      else expect(value).toBe(expected[index]);
    });
  });
});
