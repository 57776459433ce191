import fc from "fast-check";
import { expect, test } from "vitest";
import { wgslBackend } from "../../../src/backends/wgsl/backend.ts";
import { interpretFunction } from "../../../src/interpreter/interpret.ts";
import { bodyOf, type Module, ModuleReader } from "../../../src/ir/module.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { loadArtifact } from "../../../src/runtime/webgpu/index.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { programs } from "../../../src/testing/programs/programs.ts";
import { expectSame } from "../../passes/buffer-programs.ts";
import { checkedShaders } from "./device-programs.ts";

/** Whether all that the entry point takes and gives is in buffers. */
function isOnBuffers(module: Module): boolean {
  const reader = new ModuleReader(module);
  const entry = bodyOf(reader, reader.operation(module.root)).find((op) => op.attributes["weft.entry_point"]);
  const type = entry?.properties["function_type"];
  return type?.kind === "type" && type.type.kind === "function" && type.type.results.length === 0;
}

/** The passes from tensors on; what comes before them is for models. */
const toBuffers = "builtin.module(inline,dce,bufferize)";
const toKernels = `builtin.module(${wgslBackend.pipeline().split("bufferize,")[1]!.slice(0, -1)})`;
const run = (module: Module, pipeline: string) =>
  runPipeline(module, parsePipeline(pipeline, passes), { verify: verifyModule });

test("generated programs compute the same on the device and in the interpreter", async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(programs({ size: 10 }), async ({ module, inputs }) => {
      const buffered = run(module, toBuffers);
      // Whole-tensor arithmetic has no form on buffers.
      fc.pre(buffered.failure === undefined && isOnBuffers(buffered.module));
      const { module: mapped, failure } = run(buffered.module, toKernels);
      if (failure) throw failure.cause;
      const expected = interpretFunction(module, "main", inputs) as readonly HostTensor[];
      const artifact = wgslBackend.compile(mapped);
      await checkedShaders(artifact);
      const model = await loadArtifact(artifact);
      try {
        const names = artifact.manifest.inputs.map(({ name }) => name);
        const found = await model.run(new Map(names.map((name, index) => [name, inputs[index]!])));
        expectSame([...found.values()], expected, mapped, 1e-5);
      } finally {
        model.dispose();
      }
      count++;
    }),
    { numRuns: 30, endOnFailure: true },
  );
  expect(count).toBeGreaterThan(0);
});
