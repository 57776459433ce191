/// <reference types="@webgpu/types" />
import type { WebGpuManifest } from "../manifest.ts";
import { type Context, makeContext } from "./context.ts";
import type { LoadOptions } from "./weft-webgpu.d.ts";
import { messageOf, WeftError } from "./weft-error.ts";

/** Limits that are asked for as high as the adapter has them, so that a device serves other models too. */
const usedLimits = [
  "maxStorageBuffersPerShaderStage",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupStorageSize",
];
const usedFeatures = ["timestamp-query", "shader-f16", "subgroups"];

/** A device's limits, by WebGPU's names. */
export type Limits = Readonly<Record<string, number | undefined>>;
/** The limits as a plain record: WebGPU has them as an object's properties. */
export const limitsOf = (of: GPUAdapter | GPUDevice): Limits => of.limits as unknown as Limits;

/** A share of the device to run on, which has all that the model needs. */
export async function contextFor(manifest: WebGpuManifest, options: LoadOptions): Promise<Context> {
  if (options.device) {
    checkRequirements(manifest, options.device);
    return makeContext(options.device, false);
  }
  const adapter = options.adapter ?? (await findAdapter());
  checkRequirements(manifest, adapter);
  const limits = limitsOf(adapter);
  const { required, model } = manifest;
  const names = [...usedLimits, ...Object.keys(required.limits)].filter((name) => limits[name]);
  const features = [...usedFeatures, ...required.features].filter((name) => adapter.features.has(name));
  try {
    const device = await adapter.requestDevice({
      label: model,
      requiredFeatures: features as GPUFeatureName[],
      requiredLimits: Object.fromEntries(names.map((name) => [name, limits[name]!])),
    });
    return makeContext(device, true);
  } catch (cause) {
    throw new WeftError("no-adapter", `the adapter gives no device: ${messageOf(cause)}`, { cause });
  }
}

const webGpu = (): GPU | undefined => (globalThis as { readonly navigator?: { readonly gpu?: GPU } }).navigator?.gpu;

async function findAdapter(): Promise<GPUAdapter> {
  const gpu = webGpu();
  if (!gpu)
    throw new WeftError("no-webgpu", "there is no WebGPU here; it takes a browser that has it, and https or localhost");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new WeftError("no-adapter", "WebGPU has no adapter: no GPU that it supports, or it is blocked");
  return adapter;
}

/** @throws WeftError for the first feature or limit that is missing */
function checkRequirements({ model, required }: WebGpuManifest, of: GPUAdapter | GPUDevice): void {
  for (const limit of required.features)
    if (!of.features.has(limit))
      throw new WeftError("missing-feature", `${model} needs the feature ${limit}, which this device lacks`, { limit });
  // Where nobody says what the language has, its compiler will.
  const known = webGpu()?.wgslLanguageFeatures;
  for (const limit of required.languageFeatures ?? [])
    if (known && !known.has(limit))
      throw new WeftError("missing-feature", `${model} needs WGSL's ${limit}, which is not there`, { limit });
  for (const [limit, asked] of Object.entries(required.limits)) checkLimit(limitsOf(of), limit, asked, model);
}

/** @throws WeftError if `asked` is more than the limit gives (or, for an alignment, less) */
export function checkLimit(limits: Limits, limit: string, asked: number, what: string, op?: string): void {
  const given = limits[limit];
  if (given === undefined || (limit.startsWith("min") ? given <= asked : given >= asked)) return;
  const message = `${what} needs ${limit} ${asked}; this device has ${given}`;
  throw new WeftError("limit-exceeded", message, { limit, asked, given, op });
}
