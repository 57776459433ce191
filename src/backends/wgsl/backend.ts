import { readFileSync } from "node:fs";
import { type Module, ModuleReader } from "../../ir/module.ts";
import { runPipeline } from "../../passes/pass-manager.ts";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { parseWebGpuProfile } from "../../targets/webgpu-profile.ts";
import { type WebGpuTarget, webGpuTargetOf, withWebGpuTarget } from "../../targets/webgpu.ts";
import { type Artifact, type FileContent, manifestFile } from "../artifact.ts";
import type { Backend, CompilationRecord } from "../backend.ts";
import { readEntryFunction } from "../entry-point.ts";
import { resolveOptions } from "../options.ts";
import { bufferRoad, deviceTensorRoad, pipelineText } from "../roads.ts";
import { DeviceBuffers } from "./device-buffers.ts";
import { wgslDiagnostics } from "./diagnostics.ts";
import { printHostFunctions } from "./host/host-file.ts";
import { wgslIdentifier } from "./identifiers.ts";
import { type Launch, KernelShaders } from "./kernels.ts";
import { legalizationFor } from "./legalize/index.ts";
import { loaderFiles } from "./loader/bundle.ts";
import { checkExtensions, checkKernels } from "./limits.ts";
import { manifestText, type WebGpuManifest } from "./manifest.ts";
import { wgslOptions, type WgslOptions } from "./options.ts";
import { mergeBindings } from "./merge-bindings.ts";
import { requirementsOf } from "./requirements.ts";
import { hostPorts } from "./host/host-ports.ts";
import { RunPlanner } from "./run-plan.ts";
import { manifestSteps } from "./steps.ts";

const weightsFile = "weights.bin";
const hostFile = "host.js";

/** From the onnx level to kernels and their launches. */
const deviceRoad = ({ f64 }: WgslOptions): readonly string[] => [
  ...deviceTensorRoad,
  ...(f64 === "f32" ? ["demote-doubles"] : []),
  ...bufferRoad,
  "place-operations",
  "outline-host-functions",
  "normalize-accesses",
  "choose-gpu-schedule",
  "map-to-gpu",
  "fuse-launches",
  "cse",
  "dce",
  "plan-memory{alignment=256}",
];

/** A device's profile, a YAML file. @throws CompileError for what cannot be read or is none */
function readProfile(path: string): WebGpuTarget {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([wgslDiagnostics.at("unreadable-profile", fileLocation(path), { path, cause })]);
  }
  return parseWebGpuProfile(text, path);
}

const optionsFrom = (given: Readonly<Record<string, unknown>> = {}): WgslOptions => {
  const options = resolveOptions("wgsl", wgslOptions, given);
  return { ...options, name: wgslIdentifier(options.name) };
};

/** What went wrong: what a pass reported says more than that it failed. */
function reported(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const told = errors.filter(({ code }) => code !== "passes/failed");
  return told.length > 0 ? told : errors;
}

/** Runs the legalization passes. @throws CompileError with everything they reported */
function legalize(module: Module, options: WgslOptions): Module {
  const result = runPipeline(module, legalizationFor(options));
  if (result.failure !== undefined) throw new CompileError(reported(result.diagnostics));
  return result.module;
}

/** Compiles a module at the device level to a folder of WGSL. */
export const wgslBackend: Backend = {
  name: "wgsl",
  summary: "WGSL for WebGPU: a shader for each kernel, the weights, a manifest, and what loads them in pages and Node",
  options: wgslOptions,
  describeTarget(module, given) {
    const { deviceProfile } = optionsFrom(given);
    return deviceProfile === "" ? module : withWebGpuTarget(module, readProfile(deviceProfile));
  },
  pipeline: (given) => pipelineText(deviceRoad(optionsFrom(given))),
  legalization: (given) => legalizationFor(optionsFrom(given)),
  compile(module: Module, given = {}, record: CompilationRecord = {}): Artifact {
    const options = optionsFrom(given);
    const reader = new ModuleReader(module);
    const target = webGpuTargetOf(module);
    const entry = readEntryFunction(reader, "wgsl");
    const buffers = new DeviceBuffers(reader, target.limits);
    const planner = new RunPlanner(reader, buffers);
    const placed = planner.run(entry);
    for (const buffer of hostPorts(planner.steps, buffers.buffers)) buffers.leaveOnHost(buffer);
    const merged = mergeBindings(
      legalize(module, options),
      planner.steps,
      buffers,
      target.limits.maxStorageBuffersPerShaderStage,
    );
    const legal = new ModuleReader(merged.module);
    checkKernels(legal, target.limits);
    const launches = merged.steps.filter((step): step is Launch => step.kind === "launch");
    const shaders = new KernelShaders(legal, buffers.buffers, launches);
    const host = printHostFunctions(reader);
    const steps = manifestSteps(merged.steps, shaders, host, target.limits);
    const printed = shaders.finish();
    checkExtensions(reader.operation(reader.root), printed.extensions, target);
    const tensors = (role: "input" | "output") =>
      entry.parameters.flatMap((parameter, index) =>
        parameter.role === role ? [{ ...parameter.tensor, buffer: placed[index]! }] : [],
      );
    const arena = entry.parameters.find((parameter) => parameter.role === "arena");
    const { weights } = buffers;
    const manifest: WebGpuManifest = {
      format: "weft-artifact",
      version: 1,
      backend: "wgsl",
      model: record.modelName ?? options.name,
      prefix: options.name,
      inputs: tensors("input"),
      outputs: tensors("output"),
      arenaBytes: arena?.role === "arena" ? arena.bytes : 0,
      arenaAlignment: target.limits.minStorageBufferOffsetAlignment,
      weightsBytes: weights.bytes,
      weightsHash: weights.hash,
      ...(weights.bytes > 0 ? { weightsFile } : {}),
      sources: [...printed.files.keys()],
      options,
      required: requirementsOf(buffers.buffers, steps, printed.shaders, printed, legal),
      buffers: buffers.buffers,
      weights: buffers.ranges,
      shaders: printed.shaders,
      ...(host ? { hostFile } : {}),
      steps,
    };
    const files = new Map<string, FileContent>(printed.files);
    if (weights.bytes > 0) files.set(weightsFile, weights.pieces);
    if (host) files.set(hostFile, host.text);
    files.set(manifestFile, manifestText(manifest));
    for (const [name, content] of loaderFiles()) files.set(name, content);
    return { manifest, files };
  },
};
