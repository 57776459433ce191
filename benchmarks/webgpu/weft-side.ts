// The model compiled to WGSL for the live adapter, run through Dawn in Node.
import { adapterLimits } from "../../src/runtime/webgpu/adapter.ts";
import { webGpuExecutor } from "../../src/runtime/webgpu/executor.ts";
import { importModel } from "../real-models.ts";
import { serve } from "./protocol.ts";

serve(async (model, inputs) => {
  const executor = await webGpuExecutor(importModel(model), { target: "wgsl" });
  const { name: adapter } = await adapterLimits();
  return { adapter, run: () => executor.run(inputs), dispose: () => executor.dispose() };
});
