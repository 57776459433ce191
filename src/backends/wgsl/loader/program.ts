/// <reference types="@webgpu/types" />
import type {
  BindingAccess,
  CopyStep,
  DispatchStep,
  HostStep,
  ManifestShader,
  ManifestStep,
  WebGpuManifest,
} from "../manifest.ts";
import { type Buffers } from "./buffers.ts";
import { type Context, storageKinds, uniformKinds } from "./context.ts";
import { checkLimit, limitsOf } from "./device.ts";
import type { Files, HostFunctions } from "./files.ts";
import { messageOf, WeftError } from "./weft-error.ts";

/** A dispatch that is ready to be recorded. */
interface Dispatch {
  readonly kind: "dispatch";
  readonly step: DispatchStep;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}
/** What the device does between two calls of the host, and the call that follows. */
export interface Stretch {
  readonly commands: readonly (Dispatch | CopyStep)[];
  readonly host?: HostStep;
}
/** A model's steps, ready to be recorded. */
export interface Program {
  /** Only the last has no call after it. */
  readonly stretches: readonly Stretch[];
  readonly functions: HostFunctions;
  /** For copies within one buffer, which WebGPU does not do directly. */
  readonly scratch: GPUBuffer | undefined;
}

/** A step by the names a person knows it by. */
export const describeStep = ({ name, origin }: ManifestStep): string => (origin ? `${name} (${origin})` : name);

/** Makes pipelines and bind groups. */
export async function makeProgram(
  manifest: WebGpuManifest,
  files: Files,
  context: Context,
  buffers: Buffers,
): Promise<Program> {
  const { shaders, steps, hostFile } = manifest;
  for (const step of steps) if (step.kind === "dispatch") checkDispatch(step, shaders[step.shader]!, context.device);
  const layoutOf = layouts(context.device);
  const [pipelines, functions, parameters, scratch] = await Promise.all([
    Promise.all(
      shaders.map((shader, index) => {
        const user = steps.find((step) => step.kind === "dispatch" && step.shader === index);
        return makePipeline(shader, files, context, layoutOf(shader.bindings), user && describeStep(user));
      }),
    ),
    hostFile ? files.functions(hostFile) : ({} as HostFunctions),
    makeParameters(steps, context),
    makeScratch(steps, context),
  ]);
  const stretches = await context.guard("bind groups", () => {
    const groups = new Map<string, GPUBindGroup>();
    const found: Stretch[] = [];
    let commands: (Dispatch | CopyStep)[] = [];
    for (const step of steps) {
      if (step.kind === "host") {
        if (typeof functions[step.function] !== "function")
          throw new WeftError("bad-artifact", `${hostFile} has no function ${step.function}`);
        found.push({ commands, host: step });
        commands = [];
      } else if (step.kind === "copy") commands.push(step);
      else {
        const { bindings } = shaders[step.shader]!;
        // A loop's iterations mostly bind the same.
        const key = JSON.stringify([bindings, step.bindings, step.parameters]);
        let group = groups.get(key);
        if (!group) {
          const resources: GPUBufferBinding[] = step.bindings.map(({ buffer, offset, size }) => ({
            buffer: buffers.device[buffer]!,
            offset,
            size,
          }));
          if (step.parameters) resources.push(parameters.get(step.parameters.join())!);
          group = context.device.createBindGroup({
            label: describeStep(step),
            layout: layoutOf(bindings),
            entries: resources.map((resource, binding) => ({ binding, resource })),
          });
          groups.set(key, group);
        }
        commands.push({ kind: "dispatch", step, group, pipeline: pipelines[step.shader]! });
      }
    }
    found.push({ commands });
    return found;
  });
  return { stretches, functions, scratch };
}

/** Limits that a step can exceed by itself: named with the step, before the device refuses it without a name. */
function checkDispatch(step: DispatchStep, shader: ManifestShader, device: GPUDevice): void {
  const op = describeStep(step);
  const check = (limit: string, asked: number): void => checkLimit(limitsOf(device), limit, asked, op, op);
  check("maxComputeWorkgroupsPerDimension", Math.max(...step.workgroups));
  check("maxStorageBufferBindingSize", Math.max(0, ...step.bindings.map(({ size }) => size)));
  check("maxStorageBuffersPerShaderStage", shader.bindings.filter((access) => access !== "uniform").length);
}

const bindingTypes: Readonly<Record<BindingAccess, GPUBufferBindingType>> = {
  read: "read-only-storage",
  read_write: "storage",
  uniform: "uniform",
};

/** Bind group layouts, one for each sequence of accesses. */
function layouts(device: GPUDevice): (bindings: readonly BindingAccess[]) => GPUBindGroupLayout {
  const made = new Map<string, GPUBindGroupLayout>();
  return (bindings) => {
    const label = bindings.join();
    const entries = bindings.map((access, binding) => ({
      binding,
      // For compute shaders.
      visibility: 4,
      buffer: { type: bindingTypes[access] },
    }));
    const layout = made.get(label) ?? device.createBindGroupLayout({ label, entries });
    made.set(label, layout);
    return layout;
  };
}

async function makePipeline(
  { file, entryPoint }: ManifestShader,
  files: Files,
  context: Context,
  layout: GPUBindGroupLayout,
  op: string | undefined,
): Promise<GPUComputePipeline> {
  const { device } = context;
  const code = await files.text(file);
  let module: GPUShaderModule | undefined;
  try {
    const made = context.guard(file, () => {
      module = device.createShaderModule({ label: file, code });
      return device.createComputePipelineAsync({
        label: file,
        layout: device.createPipelineLayout({ label: file, bindGroupLayouts: [layout] }),
        compute: { module, entryPoint },
      });
    });
    return await context.wait(made);
  } catch (cause) {
    context.check();
    const { messages = [] } = (module && (await context.wait(module.getCompilationInfo()))) ?? {};
    const error = messages.find(({ type }) => type === "error");
    const place = error ? `${file}:${error.lineNum}:${error.linePos}` : file;
    const message = `${place}: ${error?.message ?? messageOf(cause)}${op ? ` (in ${op})` : ""}`;
    throw new WeftError("shader-error", message, { place, op, cause });
  }
}

/** All lists of scalar parameters, in one buffer. */
async function makeParameters(
  steps: readonly ManifestStep[],
  { device, allocate }: Context,
): Promise<ReadonlyMap<string, GPUBufferBinding>> {
  const alignment = device.limits.minUniformBufferOffsetAlignment;
  const lists = new Map(
    steps.flatMap((step) =>
      step.kind === "dispatch" && step.parameters ? [[step.parameters.join(), step.parameters] as const] : [],
    ),
  );
  let bytes = 0;
  const places = [...lists].map(([key, words]) => {
    const offset = bytes;
    // Uniform bindings come in units of 16 bytes.
    const size = Math.ceil(words.length / 4) * 16;
    bytes += Math.ceil(size / alignment) * alignment;
    return { key, words, offset, size };
  });
  if (bytes === 0) return new Map();
  const buffer = await allocate("parameters", bytes, uniformKinds, (contents) => {
    for (const { words, offset } of places) new Int32Array(contents.buffer, offset, words.length).set(words);
  });
  return new Map(places.map(({ key, offset, size }) => [key, { buffer, offset, size }]));
}

/** Whether a copy stays in one buffer. */
export const isInner = ({ source, destination }: CopyStep): boolean => source.buffer === destination.buffer;

async function makeScratch(steps: readonly ManifestStep[], context: Context): Promise<GPUBuffer | undefined> {
  const sizes = steps.map((step) => (step.kind === "copy" && isInner(step) ? step.source.size : 0));
  const bytes = Math.max(0, ...sizes);
  return bytes > 0 ? context.allocate("copy scratch", bytes, storageKinds) : undefined;
}
