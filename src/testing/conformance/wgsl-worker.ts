import { compileModule } from "../../backends/compile-model.ts";
import { importOnnx } from "../../frontends/onnx/import.ts";
import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { loadArtifact, sharedDevice, type WebGpuModel } from "../../runtime/webgpu/index.ts";
import { type Outcome, outcomeOfError, outcomeOfValues } from "./outcome.ts";
import { serveJobs } from "./process-pool.ts";
import { type ConformanceTest, inputTensors, loadCase } from "./suite.ts";

// The program of the processes that run conformance tests on a WebGPU device.
serveJobs(async (test: ConformanceTest): Promise<Outcome> => {
  let loaded: WebGpuModel | undefined;
  try {
    const data = loadCase(test);
    const { artifact } = compileModule(importOnnx(data.model, data.choices), { target: "wgsl", modelName: test.name });
    loaded = await loadArtifact(artifact, { device: await sharedDevice() });
    const outputs = await loaded.run(inputTensors(data));
    const actual = data.model.graph.outputs.map(({ name }): OnnxValue => ({
      kind: "tensor",
      tensor: outputs.get(name)!,
    }));
    const outcome = outcomeOfValues(actual, data.expected, test.tolerance);
    if (outcome.kind !== "passed") return outcome;
    return { kind: "passed", placement: loaded.model.hostCalls === 0 ? "device" : "device and host" };
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    loaded?.dispose();
  }
});
