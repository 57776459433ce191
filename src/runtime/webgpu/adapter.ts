/// <reference types="@webgpu/types" />
import { existsSync, readdirSync } from "node:fs";
import type { AdapterInfo } from "../../targets/webgpu-adapter.ts";
import { targetFromLimits } from "../../targets/webgpu-adapter.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { unknownLocation } from "../../support/location.ts";
import { webGpuDiagnostics } from "./diagnostics.ts";

/** A renderer in software that Debian's package `chromium` brings: an adapter where there is no GPU. */
const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

const driverVariables = ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "VK_ADD_DRIVER_FILES"];
const driverFolders = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/** Whether the system's Vulkan loader has a driver to try. */
const hasVulkanDriver = (): boolean =>
  driverVariables.some((name) => process.env[name]) ||
  driverFolders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);

/** Makes Vulkan use SwiftShader where the system has no driver. The loader reads this when a WebGPU implementation starts. */
export function useSoftwareWithoutDriver(): void {
  if (!hasVulkanDriver() && existsSync(swiftShader)) process.env["VK_ICD_FILENAMES"] = swiftShader;
}

/**
 * Dawn's instance. Dawn ends the process when it is collected while one of its devices lives, and it keeps the process from ending
 * while a global refers to it: hence a variable of this module.
 */
let instance: Promise<GPU> | undefined;

async function dawn(): Promise<GPU> {
  useSoftwareWithoutDriver();
  try {
    const { create } = await import("webgpu");
    return create([]);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([webGpuDiagnostics.at("no-adapter", unknownLocation, { cause })]);
  }
}

/**
 * The system's WebGPU adapter, or SwiftShader where there is none. Each call gives a new one: an adapter makes one device.
 * @throws CompileError `webgpu/no-adapter`
 */
export async function findAdapter(): Promise<GPUAdapter> {
  const gpu = await (instance ??= dawn());
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter) return adapter;
  throw new CompileError([
    webGpuDiagnostics.at("no-adapter", unknownLocation, { cause: "Dawn finds no Vulkan driver that it supports" }),
  ]);
}

/** The live adapter as a target to compile for. @throws CompileError `webgpu/no-adapter` */
export async function adapterLimits(): Promise<WebGpuTarget> {
  const { limits, features, info } = await findAdapter();
  const { vendor, architecture, device, description } = info;
  const known: AdapterInfo = { vendor, architecture, device, description };
  return targetFromLimits(limits, features as Iterable<string>, known);
}

let shared: Promise<GPUDevice> | undefined;

/**
 * A device that models of this process share, so that they can pass each other tensors; with every feature and limit of its adapter.
 * After one is lost there is another.
 */
export function sharedDevice(): Promise<GPUDevice> {
  shared ??= (async () => {
    const adapter = await findAdapter();
    const limits = adapter.limits as unknown as Readonly<Record<string, number>>;
    const requiredLimits: Record<string, number> = {};
    // The limits are getters of a prototype.
    for (const name in limits) if (typeof limits[name] === "number") requiredLimits[name] = limits[name];
    const requiredFeatures = [...adapter.features] as GPUFeatureName[];
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
    const forget = (): void => void (shared = undefined);
    device.lost.then(forget, forget);
    return device;
  })();
  return shared;
}
