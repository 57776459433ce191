import { isKernel } from "../../ir/dialects/gpu/kernel.ts";
import { type IrReader, walk } from "../../ir/module.ts";
import { defaultWebGpuLimits, type WebGpuLimits } from "../../targets/webgpu.ts";
import type { DeviceRequirements, ManifestBuffer, ManifestShader, ManifestStep } from "./manifest.ts";
import { featureOf } from "./limits.ts";
import { type PrintedShader, workgroupSizeOf } from "./shader.ts";

/** What a device must have beyond what every one has. */
export function requirementsOf(
  buffers: readonly ManifestBuffer[],
  steps: readonly ManifestStep[],
  shaders: readonly ManifestShader[],
  { extensions, languageFeatures }: Pick<PrintedShader, "extensions" | "languageFeatures">,
  kernels: IrReader,
): DeviceRequirements {
  const most = (values: readonly number[]): number => values.reduce((left, right) => Math.max(left, right), 0);
  const sizes = Array.from(walk(kernels))
    .filter(isKernel)
    .map((op) => workgroupSizeOf(kernels, op));
  const bound = steps.flatMap((step) => (step.kind === "dispatch" ? step.bindings.map(({ size }) => size) : []));
  const needed: Partial<Record<keyof WebGpuLimits, number>> = {
    maxBufferSize: most(buffers.filter(({ role }) => role !== "host").map(({ size }) => size)),
    maxStorageBufferBindingSize: most(bound),
    maxStorageBuffersPerShaderStage: most(
      shaders.map(({ bindings }) => bindings.filter((access) => access !== "uniform").length),
    ),
    maxComputeInvocationsPerWorkgroup: most(sizes.map(([x, y, z]) => x * y * z)),
    maxComputeWorkgroupSizeX: most(sizes.map(([x]) => x)),
    maxComputeWorkgroupSizeY: most(sizes.map(([, y]) => y)),
    maxComputeWorkgroupSizeZ: most(sizes.map(([, , z]) => z)),
  };
  const limits: Record<string, number> = {};
  for (const [name, value] of Object.entries(needed))
    if (value > defaultWebGpuLimits[name as keyof WebGpuLimits]) limits[name] = value;
  const features = extensions.map((name) => featureOf[name]);
  return { features, limits, ...(languageFeatures.length > 0 ? { languageFeatures } : {}) };
}
