// The model compiled to WGSL for the live adapter, run through Dawn in Node.
import { webGpuExecutor } from "../../src/runtime/webgpu/executor.ts";
import { importModel } from "../real-models.ts";
import { serve } from "./protocol.ts";

serve(async (model, inputs) => {
  const executor = await webGpuExecutor(importModel(model), { target: "wgsl" });
  return { adapter: "", run: () => executor.run(inputs), dispose: () => executor.dispose() };
});
