import type { Artifact } from "../../backends/artifact.ts";
import { importOnnx } from "../../frontends/onnx/import.ts";
import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { sharedDevice } from "../../runtime/webgpu/index.ts";
import { type CompilingWebGpuExecutor, webGpuExecutor } from "../../runtime/webgpu/executor.ts";
import { type HostTensor, tensorFromNumbers, toNumbers } from "../../support/numeric/host-tensor.ts";
import { checkShader, messageLines } from "../webgpu/check-shader.ts";
import { type Outcome, outcomeOfError, outcomeOfValues } from "./outcome.ts";
import { serveJobs } from "./process-pool.ts";
import { inputTensors, loadCase } from "./suite.ts";
import type { WgslJob } from "./wgsl.ts";

// The program of the processes that run conformance tests on a WebGPU device.
serveJobs(async ({ test, options }: WgslJob): Promise<Outcome> => {
  let executor: CompilingWebGpuExecutor | undefined;
  try {
    const data = loadCase(test);
    const module = importOnnx(data.model, data.choices);
    const request = { target: "wgsl", modelName: test.name, options };
    executor = await webGpuExecutor(module, request, { device: await sharedDevice() });
    const refused = await refusedShader(executor.compiled.artifact);
    if (refused !== undefined) return { kind: "failed", reason: refused };
    const isSingle = options["f64"] === "f32";
    const given = [...inputTensors(data)].map(
      ([name, tensor]) => [name, isSingle ? asSingle(tensor) : tensor] as const,
    );
    const outputs = await executor.run(new Map(given));
    const actual = data.model.graph.outputs.map(({ name }): OnnxValue => ({
      kind: "tensor",
      tensor: outputs.get(name)!,
    }));
    const expected = isSingle ? data.expected.map(withSingles) : data.expected;
    const outcome = outcomeOfValues(actual, expected, test.tolerance);
    if (outcome.kind !== "passed") return outcome;
    return { kind: "passed", placement: executor.webGpu.model.hostCalls === 0 ? "device" : "device and host" };
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    executor?.dispose();
  }
});

/** Doubles as the model has them that was compiled to compute them as f32. */
const asSingle = (tensor: HostTensor): HostTensor =>
  tensor.elementType === "f64" ? tensorFromNumbers("f32", tensor.shape, toNumbers(tensor)) : tensor;
const withSingles = (value: OnnxValue): OnnxValue =>
  value.kind === "tensor" ? { kind: "tensor", tensor: asSingle(value.tensor) } : value;

/** What a shader compiler says against one of an artifact's shaders. The device has made a pipeline of it; others must take it too. */
async function refusedShader({ files }: Artifact): Promise<string | undefined> {
  for (const [name, content] of files) {
    if (!name.endsWith(".wgsl")) continue;
    const { isValid, messages } = await checkShader(String(content), false);
    if (!isValid) return `${name}: ${messageLines(messages)}`;
  }
  return undefined;
}
