import { describe, expect, test } from "vitest";
import { isScalar } from "../../../src/interpreter/values.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { expectSame, runOnBuffers, runOnTensors } from "../buffer-programs.ts";
import { inputsOf, others, programs } from "../structured-programs.ts";

const onTensors = [...programs, ...others]
  .map(([name, text]) => ({ name, module: parseModule(text, { file: "program.mlir", registry }) }))
  .filter(({ module }) => !inputsOf(module).some(isScalar));

describe("structured operations become loops that compute the same", () => {
  test.each(onTensors)("$name", ({ module }) => {
    const { module: lowered, failure } = runPipeline(module, parsePipeline("bufferize,lower-to-loops", passes), {});
    expect(failure).toBeUndefined();
    const left = [...walk(new ModuleReader(lowered))].filter(({ name }) => name.startsWith("linalg."));
    expect(left.map(({ name }) => name)).toEqual([]);
    const inputs = inputsOf(module) as readonly HostTensor[];
    expectSame(runOnBuffers(lowered, inputs, "program"), runOnTensors(module, inputs, "program"), lowered);
  });
});
