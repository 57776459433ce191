import fc from "fast-check";
import { expect, test } from "vitest";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { passes } from "../../../src/passes/index.ts";
import { normalized } from "../../../src/passes/kernels/normalize-accesses.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { inputShapes, tensorProgram } from "../tensor-programs.ts";
import { withHostOperations, withTwoMemories } from "./two-memories.ts";

function run(module: Module, pipeline: string): Module {
  const result = runPipeline(module, parsePipeline(`builtin.module(${pipeline})`, passes), { verify: verifyModule });
  if (result.failure) throw result.failure.cause;
  return result.module;
}

const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));

/** A choice of operations for the host, each with one of some probabilities. */
const hostChoice = fc.record({ seed: fc.nat(10_000), share: fc.constantFrom(0.1, 0.3, 0.5, 0.8, 1) });
function chooser({ seed, share }: { readonly seed: number; readonly share: number }): () => boolean {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 < share;
  };
}

test("whatever runs on the host, transfers bring each side what it reads", () => {
  fc.assert(
    fc.property(choices, hostChoice, fc.boolean(), (made, choice, normalize) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const buffered = normalize ? normalized(bufferize(module)) : bufferize(module);
      const placed = run(withHostOperations(buffered, chooser(choice)), "outline-host-functions");
      expectSame(runOnBuffers(placed, inputs), expected, placed);
      const separate = withTwoMemories(placed);
      expectSame(runOnBuffers(separate, inputs), expected, separate);
    }),
    { numRuns: 150 },
  );
});

test("kernels on the other side keep their places among transfers", () => {
  fc.assert(
    fc.property(choices, hostChoice, (made, choice) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const marked = withHostOperations(bufferize(module), chooser(choice));
      const placed = run(marked, "outline-host-functions,normalize-accesses,map-to-gpu,fuse-launches,cse,dce");
      const separate = withTwoMemories(placed);
      expectSame(runOnBuffers(separate, inputs), expected, separate);
    }),
    { numRuns: 100 },
  );
});

test("a program that runs on the host as a whole is one function, and nothing is transferred", () => {
  fc.assert(
    fc.property(choices, (made) => {
      const module = tensorProgram(made);
      const placed = run(
        withHostOperations(bufferize(module), () => true),
        "outline-host-functions",
      );
      expectSame(runOnBuffers(withTwoMemories(placed), inputs), runOnTensors(module, inputs), placed);
      const names = [...walk(new ModuleReader(placed))].map(({ name }) => name);
      expect(names.filter((name) => name === "func.func").length).toBeLessThanOrEqual(2);
      expect(names).not.toContain("device.transfer");
    }),
    { numRuns: 50 },
  );
});

test("nothing on the host changes nothing", () => {
  fc.assert(
    fc.property(choices, (made) => {
      const module = bufferize(tensorProgram(made));
      expect(run(module, "place-operations,outline-host-functions")).toBe(module);
    }),
    { numRuns: 20 },
  );
});
