// ONNX Runtime's WebGPU execution provider, in a process of its own: two copies of Dawn in one process do not mix.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { type HostTensor, tensorFromBytes } from "../../src/support/numeric/host-tensor.ts";
import { serve } from "./protocol.ts";

serve(async (model, inputs) => {
  const session = await InferenceSession.create(model.path, {
    executionProviders: [{ name: "webgpu" }],
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    [...inputs].map(([name, { data, shape }]) => [name, new Tensor("float32", data as Float32Array, shape)]),
  );
  return {
    adapter: "",
    async run() {
      const results = await session.run(feeds);
      return new Map(Object.entries(results).map(([name, result]) => [name, hostTensor(result)]));
    },
    dispose: () => session.release(),
  };
});

function hostTensor({ data, dims }: Tensor): HostTensor {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return tensorFromBytes("f32", dims.map(Number), new Uint8Array(buffer, byteOffset, byteLength));
}
