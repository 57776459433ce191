import fc from "fast-check";
import { expect, test } from "vitest";
import { interpretFunction } from "../../../src/interpreter/interpret.ts";
import { bodyOf, type Module, ModuleReader } from "../../../src/ir/module.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { type PipelineResult, runPipeline } from "../../../src/passes/pass-manager.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { programs } from "../../../src/testing/programs/programs.ts";
import { expectSame, runOnBuffers } from "../buffer-programs.ts";

const run = (module: Module, pipeline: string): PipelineResult =>
  runPipeline(module, parsePipeline(`builtin.module(${pipeline})`, passes), { verify: verifyModule });

/** Whether all that the entry point takes and gives is in buffers. */
function isOnBuffers(module: Module): boolean {
  const reader = new ModuleReader(module);
  const entry = bodyOf(reader, reader.operation(module.root)).find((op) => op.attributes["weft.entry_point"])!;
  const type = entry.properties["function_type"];
  return type?.kind === "type" && type.type.kind === "function" && type.type.results.length === 0;
}

/** A device on which launches cost nothing: loops of launches stay loops. */
const eager = {
  ...defaultWebGpuTarget,
  preferences: { ...defaultWebGpuTarget.preferences, dispatchMicroseconds: 0 },
};

/** A device whose grids are folded into two dimensions at once. */
const narrow = {
  ...eager,
  limits: { ...defaultWebGpuTarget.limits, maxComputeWorkgroupsPerDimension: 3 },
  preferences: { ...eager.preferences, workgroupSize: 2 },
};

test.each([
  ["a usual device", defaultWebGpuTarget],
  ["a device with free launches", eager],
  ["a device with narrow grids", narrow],
])("loops, branches and scalars between kernels compute the same on %s", (_, target) => {
  let count = 0;
  fc.assert(
    fc.property(programs({ size: 14 }), ({ module, inputs }) => {
      const buffered = run(module, "inline,dce,bufferize");
      // Whole-tensor arithmetic has no form on buffers.
      fc.pre(buffered.failure === undefined && isOnBuffers(buffered.module));
      const expected = interpretFunction(module, "main", inputs) as readonly HostTensor[];
      const mapped = run(
        withWebGpuTarget(buffered.module, target),
        "choose-gpu-schedule,map-to-gpu,fuse-launches,cse,dce",
      );
      if (mapped.failure) throw mapped.failure.cause;
      expectSame(runOnBuffers(mapped.module, inputs), expected, mapped.module);
      count++;
    }),
    { numRuns: 80 },
  );
  expect(count).toBeGreaterThan(0);
});
