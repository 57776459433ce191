import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { rowInputs, rowProgram } from "../row-programs.ts";

const inputs = rowInputs.map((shape, index) => smallIntegers(shape, index + 1));
const pipelines = [
  "cse,fuse-elementwise,fuse-rows,bufferize,map-to-gpu",
  "canonicalize,cse,fuse-elementwise,canonicalize,cse,dce,fuse-rows,form-kernels,dce,bufferize,map-to-gpu",
];

describe("row groups as kernels", () => {
  test.each(pipelines)("%s keeps results", (text) => {
    const pipeline = parsePipeline(text, passes);
    let formed = 0;
    fc.assert(
      fc.property(choices, (made) => {
        const module = rowProgram(made);
        const result = runPipeline(module, pipeline, { verify: verifyModule, verifyEach: true });
        expect(result.diagnostics).toEqual([]);
        expect(verifyModule(result.module, registry)).toEqual([]);
        formed += result.history.find(({ pass }) => pass.name === "fuse-rows")!.statistics.get("formed") ?? 0;
        expectSame(runOnBuffers(result.module, inputs), runOnTensors(module, inputs), result.module);
      }),
      { numRuns: 100 },
    );
    expect(formed).toBeGreaterThan(20);
  });
});
