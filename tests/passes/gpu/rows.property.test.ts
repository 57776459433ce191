import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dictionaryAttribute, stringAttribute } from "../../../src/ir/attributes.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { type Module, walk } from "../../../src/ir/module.ts";
import { Rewriter } from "../../../src/ir/rewriter.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { rowInputs, rowProgram } from "../row-programs.ts";

const inputs = rowInputs.map((shape, index) => smallIntegers(shape, index + 1));
const pipelines = [
  "cse,fuse-elementwise,fuse-rows,bufferize",
  "canonicalize,cse,fuse-elementwise,canonicalize,cse,dce,fuse-rows,form-kernels,dce,bufferize",
];

const mappings = [
  ["rows", "cpu"],
  ["rows", "gpu"],
  ["shared-rows", "gpu"],
] as const;
const ways = pipelines.flatMap((text) => mappings.map(([mapping, kind]) => [text, mapping, kind] as const));

/** The module with a mapping asked for by each group of rows. */
function asking(module: Module, mapping: string): Module {
  const rewriter = new Rewriter(module);
  for (const op of Array.from(walk(rewriter)))
    if (op.attributes["weft.rows"] !== undefined) {
      const schedule = dictionaryAttribute({ mapping: stringAttribute(mapping) });
      rewriter.update(op.id, { attributes: { ...op.attributes, "weft.schedule": schedule } });
    }
  return rewriter.commit().module;
}

describe("row groups as kernels", () => {
  test.each(ways)("%s keeps results, mapped as %s on a %s", (text, mapping, kind) => {
    const fusing = parsePipeline(text, passes);
    const mappingToDevice = parsePipeline("map-to-gpu", passes);
    let formed = 0;
    let shared = 0;
    fc.assert(
      fc.property(choices, (made) => {
        const module = withWebGpuTarget(rowProgram(made), { ...defaultWebGpuTarget, kind });
        const fused = runPipeline(module, fusing, { verify: verifyModule, verifyEach: true });
        const mapped = runPipeline(asking(fused.module, mapping), mappingToDevice, { verify: verifyModule });
        expect([...fused.diagnostics, ...mapped.diagnostics]).toEqual([]);
        expect(verifyModule(mapped.module, registry)).toEqual([]);
        formed += fused.history.find(({ pass }) => pass.name === "fuse-rows")!.statistics.get("formed") ?? 0;
        shared += printModule(mapped.module, registry).includes("gpu.barrier") ? 1 : 0;
        expectSame(runOnBuffers(mapped.module, inputs), runOnTensors(module, inputs), mapped.module);
      }),
      { numRuns: 100 },
    );
    expect(formed).toBeGreaterThan(20);
    if (mapping === "shared-rows") expect(shared).toBeGreaterThan(10);
  });
});
