import { importOnnx } from "../../frontends/onnx/import.ts";
import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { sharedDevice } from "../../runtime/webgpu/index.ts";
import { type WebGpuExecutor, webGpuExecutor } from "../../runtime/webgpu/executor.ts";
import { type Outcome, outcomeOfError, outcomeOfValues } from "./outcome.ts";
import { serveJobs } from "./process-pool.ts";
import { inputTensors, loadCase } from "./suite.ts";
import type { WgslJob } from "./wgsl.ts";

// The program of the processes that run conformance tests on a WebGPU device.
serveJobs(async ({ test, options }: WgslJob): Promise<Outcome> => {
  let executor: WebGpuExecutor | undefined;
  try {
    const data = loadCase(test);
    const module = importOnnx(data.model, data.choices);
    const request = { target: "wgsl", modelName: test.name, options };
    executor = await webGpuExecutor(module, request, { device: await sharedDevice() });
    const outputs = await executor.run(inputTensors(data));
    const actual = data.model.graph.outputs.map(({ name }): OnnxValue => ({
      kind: "tensor",
      tensor: outputs.get(name)!,
    }));
    const outcome = outcomeOfValues(actual, data.expected, test.tolerance);
    if (outcome.kind !== "passed") return outcome;
    return { kind: "passed", placement: executor.webGpu.model.hostCalls === 0 ? "device" : "device and host" };
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    executor?.dispose();
  }
});
