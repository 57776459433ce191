import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importOnnx } from "../../../../src/frontends/onnx/import.ts";
import { interpretFunction } from "../../../../src/interpreter/interpret.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { passes } from "../../../../src/passes/index.ts";
import { parsePipeline } from "../../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../../src/passes/pass-manager.ts";
import { compareTensors } from "../../../../src/support/numeric/compare.ts";
import type { HostTensor } from "../../../../src/support/numeric/host-tensor.ts";
import { findTests, loadCase } from "../../../../src/testing/conformance/suite.ts";
import { sharedFolder } from "../../../support/shared-data.ts";
import { runOnBuffers } from "../../buffer-programs.ts";

const simplified = "lower-onnx,canonicalize,cse,constant-fold,fuse-elementwise,canonicalize,cse";
const fused = `${simplified},fuse-attention,canonicalize,cse,dce,fuse-rows,form-kernels,dce`;
const pipelines = {
  tensors: parsePipeline(fused, passes),
  kernels: parsePipeline(`${fused},bufferize,map-to-gpu`, passes),
};
const names =
  /^test_(attention|softmax|logsoftmax|layer_normalization|rms_normalization|group_normalization|instancenorm|mvn|lpnormalization)/;
/** Types whose values go into a run as the test's files have them. */
const plain: ReadonlySet<string> = new Set(["f32", "i64", "i1"]);

const tests = findTests(join(sharedFolder, "onnx-backend-tests", "node")).filter(({ name }) => names.test(name));

/** Runs the tests through fused programs, at the tensor level and as kernels; what ONNX's files expect comes out. */
describe("operators that go along rows, fused", () => {
  const counts = { attention: 0, rows: 0 };

  test.each(tests)("$name", (one) => {
    const { model, choices, inputs, expected } = loadCase(one);
    const tensors = [...inputs, ...expected].map((value) => (value.kind === "tensor" ? value.tensor : undefined));
    if (tensors.some((tensor) => !tensor || !plain.has(tensor.elementType))) return;
    const given = tensors.slice(0, inputs.length) as readonly HostTensor[];
    const wanted = tensors.slice(inputs.length) as readonly HostTensor[];
    const module = importOnnx(model, choices);
    for (const [level, pipeline] of Object.entries(pipelines)) {
      const result = runPipeline(module, pipeline, { verify: verifyModule, verifyEach: true });
      expect(result.diagnostics).toEqual([]);
      const actual =
        level === "tensors"
          ? (interpretFunction(result.module, "main", given) as readonly HostTensor[])
          : runOnBuffers(result.module, given);
      actual.forEach((tensor, index) => {
        const { kind } = compareTensors(tensor, wanted[index]!, one.tolerance);
        expect(["equal", "close"]).toContain(kind);
      });
      const statistic = (pass: string, name: string): number =>
        result.history.find((run) => run.pass.name === pass)?.statistics.get(name) ?? 0;
      counts.attention += statistic("fuse-attention", "fused");
      counts.rows += statistic("fuse-rows", "formed");
    }
  });

  test("most of them were fused", () => {
    expect(counts.attention).toBeGreaterThan(100);
    expect(counts.rows).toBeGreaterThan(150);
  });
});
