import { describe, expect, test } from "vitest";
import { readModel, runPasses } from "../../src/backends/compile-model.ts";
import { standardPipeline } from "../../src/backends/roads.ts";
import { registry } from "../../src/ir/dialects/index.ts";
import type { Module } from "../../src/ir/module.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { compareOutputs, isWithin } from "../../src/runtime/compare-runs.ts";
import { interpreterExecutor } from "../../src/runtime/executor.ts";
import { randomSource, randomTensor } from "../../src/runtime/random-tensor.ts";
import { runUpstream } from "../../src/testing/upstream-run.ts";
import { upstreamPrints } from "../../src/testing/upstream.ts";
import { realModels, type RealModel } from "./real-models.ts";

// The larger OCR networks go the same way and take minutes; the classifier stands for them.
const models = realModels
  .filter(({ name }) => !/detector|recogniser|classifier 3/.test(name))
  .map((model) => [model.name, model] as const);

const readReal = (model: RealModel): Module =>
  readModel(model.path, {
    bind: new Map(Object.entries(model.bind)),
    shapes: new Map(Object.entries(model.shapes)),
    constants: new Map(Object.entries(model.constants)),
  });

describe("mlir-opt reads every level as what it is", () => {
  test.each(models)(
    "%s",
    (_, model) => {
      const module = readReal(model);
      const history = runPasses(module, standardPipeline("kernel")).history;
      const stages = [
        { name: "import", module },
        ...history.map((run) => ({ name: run.pass.name, module: run.module })),
      ];
      const distinct = stages.filter((stage, index) => stage.module !== stages[index - 1]?.module);
      expect(distinct.length).toBeGreaterThanOrEqual(10);
      for (const stage of distinct) {
        const text = printModule(stage.module, registry, { generic: true });
        const [answer] = upstreamPrints([text], ["--mlir-print-op-generic"]);
        expect(answer, stage.name).toEqual({ kind: "printed", text: text.replace(/\n*$/, "\n") });
      }
    },
    300_000,
  );
});

describe("upstream's lowering and mlir-runner give the interpreter's numbers", () => {
  test.each(models)(
    "%s",
    (_, model) => {
      // Groups for fusion are the project's own; everything before them is upstream's.
      const pipeline = standardPipeline("tensor").replace("form-kernels,", "");
      const module = runPasses(readReal(model), pipeline).module;
      const executor = interpreterExecutor(module);
      const random = randomSource(1);
      const inputs = new Map(executor.inputs.map((port) => [port.name, randomTensor(port, random)]));
      // Sums are in the same order; only the last digit of exp and tanh may differ.
      const compared = compareOutputs(runUpstream(module, inputs), executor.run(inputs), {
        absolute: 1e-7,
        relative: 1e-6,
      });
      expect(compared.length).toBeGreaterThanOrEqual(1);
      expect(compared.filter((output) => !isWithin(output))).toEqual([]);
    },
    300_000,
  );
});
