/// <reference types="@webgpu/types" />
import { create } from "webgpu";

// Dawn ends the process when what `create` gives is collected while one of its devices lives.
let instance: GPU | undefined;

/** A device that validates everything and computes nothing, with the features there are and the limits every device has. */
export async function nullDevice(): Promise<GPUDevice> {
  instance ??= create(["backend=null"]);
  const adapter = await instance.requestAdapter();
  if (!adapter) throw new Error("Dawn has no null backend");
  return adapter.requestDevice({ requiredFeatures: [...adapter.features] as GPUFeatureName[] });
}
