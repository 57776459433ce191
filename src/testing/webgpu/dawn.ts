/// <reference types="@webgpu/types" />
import { create, globals } from "webgpu";

/** Dawn's implementations: `null` validates everything and computes nothing, `vulkan` takes the driver that `VK_ICD_FILENAMES` names. */
export type DawnBackend = "null" | "vulkan";

// Dawn ends the process when the object from `create` is collected while one of its devices lives.
const instances = new Map<DawnBackend, GPU>();

/** One instance of Dawn for each backend, kept for as long as the process lives. */
export function dawn(backend: DawnBackend): GPU {
  Object.assign(globalThis, globals);
  const instance = instances.get(backend) ?? create([`backend=${backend}`]);
  instances.set(backend, instance);
  return instance;
}

/** A device with every feature and limit of its adapter. @throws Error when there is no adapter */
export async function dawnDevice(backend: DawnBackend): Promise<GPUDevice> {
  const adapter = await dawn(backend).requestAdapter();
  if (!adapter) throw new Error(`Dawn has no adapter for its backend ${backend}`);
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const limit: unknown = Reflect.get(adapter.limits, name);
    if (typeof limit === "number") requiredLimits[name] = limit;
  }
  return adapter.requestDevice({ requiredFeatures: [...adapter.features] as GPUFeatureName[], requiredLimits });
}
