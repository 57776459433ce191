import fc from "fast-check";
import { expect, test } from "vitest";
import { linalg } from "../../../src/ir/dialects/linalg.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { iterationSpace } from "../../../src/ir/analysis/iteration-space.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { normalized } from "../../../src/passes/kernels/normalize-accesses.ts";
import { lowerToLoops } from "../../../src/passes/loops/lower-to-loops.ts";
import { planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { type ConvolutionCase, convolutionModule, outputSize, weightShape } from "../convolutions.ts";
import { inputShapes, tensorProgram } from "../tensor-programs.ts";

const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));

test("programs compute the same after normalization", () => {
  fc.assert(
    fc.property(choices, (made) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const normal = normalized(bufferize(module));
      expectSame(runOnBuffers(normal, inputs), expected, normal);
      const again = normalized(normal);
      expectSame(runOnBuffers(again, inputs), expected, again);
      const loops = planMemory(lowerToLoops(normal));
      expectSame(runOnBuffers(loops, inputs), expected, loops);
    }),
    { numRuns: 120 },
  );
});

const boundsOf = (spec: ConvolutionCase): readonly (readonly number[])[] => {
  const module = normalized(bufferize(convolutionModule(spec, smallIntegers(weightShape(spec), 3))));
  const reader = new ModuleReader(module);
  return [...walk(reader)]
    .filter((op) => linalg.generic.match(reader, op))
    .map((op) => iterationSpace(reader, op).bounds);
};

const base = { inputs: 3, outputs: 4, height: 6, width: 5, follow: "bias-activation" } as const;

test("a 1x1 convolution becomes a matrix product over pixels", () => {
  const spec = { ...base, kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
  expect(boundsOf(spec)).toEqual([
    [4, 30, 3],
    [4, 30],
  ]);
});

test("a 3x3 convolution keeps its windows and loses its batch", () => {
  const spec = { ...base, kernel: [3, 3], stride: [2, 1], padding: [1, 1] } as const;
  expect(outputSize(spec)).toEqual([3, 5]);
  expect(boundsOf(spec)).toEqual([
    [4, 3, 5, 3, 3, 3],
    [4, 3, 5],
  ]);
});
