import fc from "fast-check";
import { test } from "vitest";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { normalized } from "../../../src/passes/kernels/normalize-accesses.ts";
import { lowerToLoops } from "../../../src/passes/loops/lower-to-loops.ts";
import { planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";
import { tile } from "../../../src/passes/tile/tile.ts";
import { vectorize } from "../../../src/passes/vectorize/vectorize.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { withRandomSchedules } from "../random-schedules.ts";
import { inputShapes, tensorProgram } from "../tensor-programs.ts";

const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));

test("any schedule gives the same results, after tiling and after vectorization", () => {
  fc.assert(
    fc.property(choices, fc.nat(), (made, seed) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const scheduled = withRandomSchedules(normalized(bufferize(module)), seed);
      const tiled = tile(scheduled);
      expectSame(runOnBuffers(tiled, inputs), expected, tiled);
      const vectors = vectorize(tiled);
      expectSame(runOnBuffers(vectors, inputs), expected, vectors);
      const kernels = planMemory(lowerToLoops(vectors));
      expectSame(runOnBuffers(kernels, inputs), expected, kernels);
    }),
    { numRuns: 150 },
  );
});
