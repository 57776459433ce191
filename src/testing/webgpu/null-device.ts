/// <reference types="@webgpu/types" />
import { create } from "webgpu";

// Dawn ends the process when what `create` gives is collected while one of its devices lives.
let instance: GPU | undefined;

/** A device that validates everything and computes nothing, with every feature and limit there is: Dawn's null backend. */
export async function nullDevice(): Promise<GPUDevice> {
  instance ??= create(["backend=null"]);
  const adapter = await instance.requestAdapter();
  if (!adapter) throw new Error("Dawn has no null backend");
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const limit: unknown = Reflect.get(adapter.limits, name);
    if (typeof limit === "number") requiredLimits[name] = limit;
  }
  return adapter.requestDevice({ requiredFeatures: [...adapter.features] as GPUFeatureName[], requiredLimits });
}
