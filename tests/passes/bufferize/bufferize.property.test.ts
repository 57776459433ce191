import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { lowerToLoops } from "../../../src/passes/loops/lower-to-loops.ts";
import { memoryPlanOf, planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { inputShapes, tensorProgram } from "../tensor-programs.ts";

const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));

test("buffers, planned memory and loops compute what the tensors did", () => {
  fc.assert(
    fc.property(choices, (made) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const buffered = bufferize(module);
      expectSame(runOnBuffers(buffered, inputs), expected, buffered);
      const planned = planMemory(buffered);
      expectSame(runOnBuffers(planned, inputs), expected, planned);
      const loops = lowerToLoops(planned);
      expectSame(runOnBuffers(loops, inputs), expected, loops);
      const plannedLater = planMemory(lowerToLoops(buffered));
      expectSame(runOnBuffers(plannedLater, inputs), expected, plannedLater);
      const padded = planMemory(bufferize(module, { elements: 0, row: 0 }));
      expectSame(runOnBuffers(padded, inputs), expected, padded);
      const plan = memoryPlanOf(planned);
      if (plan) expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.lowerBoundBytes);
    }),
    { numRuns: 150 },
  );
});
