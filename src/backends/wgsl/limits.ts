import { isKernel, kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import type { Type } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import type { WebGpuLimits, WebGpuTarget } from "../../targets/webgpu.ts";
import { symbolName } from "../entry-point.ts";
import { wgslDiagnostics } from "./diagnostics.ts";
import type { Slice } from "./run-plan.ts";
import type { Extension } from "./scope.ts";
import { workgroupSizeOf } from "./shader.ts";

/** What the device must have for an extension of the language. */
export const featureOf: Readonly<Record<Extension, string>> = { f16: "shader-f16", subgroups: "subgroups" };

/** Fails where more is asked for than the device's limit allows. */
function check(op: Operation, what: string, asked: number, limit: keyof WebGpuLimits, limits: WebGpuLimits): void {
  const given = limits[limit];
  if (asked <= given) return;
  throw new CompileError([wgslDiagnostics.at("limit-exceeded", op.location, { what, asked, limit, given })]);
}

/** Fails where a launch exceeds what the device can do. @throws CompileError `wgsl/limit-exceeded` */
export function checkLaunch(
  op: Operation,
  bindings: readonly Slice[],
  workgroups: readonly number[],
  limits: WebGpuLimits,
): void {
  check(op, "its number of buffers", bindings.length, "maxStorageBuffersPerShaderStage", limits);
  check(op, "a side of its grid", Math.max(...workgroups), "maxComputeWorkgroupsPerDimension", limits);
  for (const { size } of bindings) check(op, "a buffer", size, "maxStorageBufferBindingSize", limits);
}

/** Bytes of a value in workgroup memory, where all is a multiple of 4 bytes by now. */
function sharedBytes(type: Type): number {
  if (type.kind === "memref" || type.kind === "vector")
    return type.shape.reduce<number>((product, size) => product * (size as number), sharedBytes(type.element));
  return type.text === "f16" ? 2 : 4;
}

/** Fails where a legal kernel's workgroups exceed what the device can do. @throws CompileError `wgsl/limit-exceeded` */
export function checkKernels(reader: IrReader, limits: WebGpuLimits): void {
  for (const kernel of Array.from(walk(reader)).filter(isKernel)) {
    const [x, y, z] = workgroupSizeOf(reader, kernel);
    const what = `a workgroup of @${symbolName(kernel).slice(0, 80)}`;
    check(kernel, what, x * y * z, "maxComputeInvocationsPerWorkgroup", limits);
    check(kernel, what, x, "maxComputeWorkgroupSizeX", limits);
    check(kernel, what, y, "maxComputeWorkgroupSizeY", limits);
    check(kernel, what, z, "maxComputeWorkgroupSizeZ", limits);
    const shared = kernelValues(reader, kernel).workgroup.reduce(
      (sum, value) => sum + Math.ceil(sharedBytes(reader.typeOf(value)) / 16) * 16,
      0,
    );
    check(kernel, `${what}'s memory`, shared, "maxComputeWorkgroupStorageSize", limits);
  }
}

/** Fails where shaders need what the device does not have. @throws CompileError `wgsl/missing-feature` */
export function checkExtensions(root: Operation, extensions: readonly Extension[], target: WebGpuTarget): void {
  const missing = extensions.map((extension) => featureOf[extension]).filter((name) => !target.features.includes(name));
  if (missing.length === 0) return;
  const values = { features: missing.join(", "), device: target.name };
  throw new CompileError([wgslDiagnostics.at("missing-feature", root.location, values)]);
}
