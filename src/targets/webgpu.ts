import {
  arrayAttribute,
  type Attribute,
  boolAttribute,
  dictionaryAttribute,
  integerAttribute,
  stringAttribute,
} from "../ir/attributes.ts";
import { type IrReader, type Module, ModuleReader } from "../ir/module.ts";
import { Rewriter } from "../ir/rewriter.ts";
import { CompileError, defineDiagnostics, message } from "../support/diagnostic.ts";
import type { Location } from "../support/location.ts";

/** The limits of a WebGPU device that compilation depends on, by WebGPU's names. Bytes and counts. */
export interface WebGpuLimits {
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxUniformBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly minStorageBufferOffsetAlignment: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupSizeX: number;
  readonly maxComputeWorkgroupSizeY: number;
  readonly maxComputeWorkgroupSizeZ: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

/** What mappings onto a device go by; what it can do at all is in its limits and features. */
export interface MappingPreferences {
  /** Invocations of a workgroup, when nothing speaks for another number. A power of two. */
  readonly workgroupSize: number;
  /**
   * Whether sharing data and sums between a workgroup's invocations pays. On a device that is a CPU it does not: what is shared is in
   * its caches anyway, and barriers make the code of a workgroup's invocations take turns.
   */
  readonly workgroupMemory: boolean;
  /**
   * Whether the dot product of four bytes at once pays (WGSL's language feature `packed_4x8_integer_dot_product`). It is one instruction
   * of GPUs; on CPUs it is taken apart again and saves nothing.
   */
  readonly packedDots: boolean;
  /** Results that one invocation of a contraction keeps in registers: along the loop of rows, along the loop that invocations share. */
  readonly registerBlock: { readonly rows: number; readonly columns: number };
  /** Invocations below which units of the device stay idle; larger register blocks than leave this many do not pay. */
  readonly invocationsToFill: number;
  /** Microseconds that one more dispatch costs. */
  readonly dispatchMicroseconds: number;
  /** What it costs to bring data to the host or back: microseconds in any case, and megabytes in a second. */
  readonly transfer: { readonly microseconds: number; readonly megabytesPerSecond: number };
}

/** Kinds of devices behind WebGPU: processors that run shaders in software, and GPUs. */
export const deviceKinds = ["cpu", "gpu"] as const;
/** One of `deviceKinds`. */
export type DeviceKind = (typeof deviceKinds)[number];

/** A device that runs WGSL, as the compiler sees it. */
export interface WebGpuTarget {
  readonly name: string;
  readonly kind: DeviceKind;
  /** Optional features the device has, by WebGPU's names: `shader-f16`, `subgroups`, `timestamp-query`. */
  readonly features: readonly string[];
  readonly limits: WebGpuLimits;
  readonly preferences: MappingPreferences;
}

/** The limits that every WebGPU device has (the specification's defaults). */
export const defaultWebGpuLimits: WebGpuLimits = Object.freeze({
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 134_217_728,
  maxUniformBufferBindingSize: 65_536,
  maxBufferSize: 268_435_456,
  minStorageBufferOffsetAlignment: 256,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeWorkgroupStorageSize: 16_384,
});

/** Where to begin with a device of a kind that nobody has measured. */
export const usualPreferences: Readonly<Record<DeviceKind, MappingPreferences>> = Object.freeze({
  cpu: {
    workgroupSize: 64,
    workgroupMemory: false,
    packedDots: false,
    registerBlock: { rows: 16, columns: 8 },
    invocationsToFill: 128,
    dispatchMicroseconds: 14,
    transfer: { microseconds: 150, megabytesPerSecond: 4000 },
  },
  gpu: {
    workgroupSize: 64,
    workgroupMemory: true,
    packedDots: true,
    registerBlock: { rows: 4, columns: 4 },
    invocationsToFill: 16_384,
    dispatchMicroseconds: 5,
    transfer: { microseconds: 300, megabytesPerSecond: 8000 },
  },
});

/** What is compiled for when nothing is said: what every WebGPU device can do, and mappings that are slow on none. */
export const defaultWebGpuTarget: WebGpuTarget = Object.freeze({
  name: "webgpu",
  kind: "gpu",
  features: Object.freeze([]),
  limits: defaultWebGpuLimits,
  preferences: { ...usualPreferences.gpu, workgroupMemory: false, packedDots: false, invocationsToFill: 4096 },
});

const targetDiagnostics = defineDiagnostics("target", {
  malformed: {
    severity: "error",
    message: message`the attribute weft.target is not a WebGPU device: ${"what"}`,
    help: "remove the attribute, or name a profile with --device-profile",
  },
});

/** The attribute of a module that says what device it is compiled for. */
export const targetAttributeName = "weft.target";

/** The module with a device written on it. */
export function withWebGpuTarget(module: Module, target: WebGpuTarget): Module {
  const rewriter = new Rewriter(module);
  const root = rewriter.operation(rewriter.root);
  rewriter.update(root.id, {
    attributes: { ...root.attributes, [targetAttributeName]: encode(target as unknown as Plain) },
  });
  return rewriter.commit().module;
}

/** The device that a module is compiled for; `defaultWebGpuTarget` when it does not say. @throws CompileError when it says nonsense */
export function webGpuTargetOf(program: IrReader | Module): WebGpuTarget {
  const reader = "operation" in program ? program : new ModuleReader(program);
  const root = reader.operation(reader.root);
  const written = root.attributes[targetAttributeName];
  if (written === undefined) return defaultWebGpuTarget;
  const known = targets.get(written);
  if (known !== undefined) return known;
  const place: Place = { path: [], location: root.location };
  const target = decode(written, defaultWebGpuTarget as unknown as Plain, place) as unknown as WebGpuTarget;
  if (!deviceKinds.includes(target.kind)) malformed({ ...place, path: ["kind"] }, `${target.kind} is not cpu or gpu`);
  targets.set(written, target);
  return target;
}
/** Passes ask for the target again and again; attributes are frozen. */
const targets = new WeakMap<Attribute, WebGpuTarget>();

/** What targets are made of. */
type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

function encode(value: Plain): Attribute {
  if (typeof value === "string") return stringAttribute(value);
  if (typeof value === "number") return integerAttribute(value);
  if (typeof value === "boolean") return boolAttribute(value);
  if (Array.isArray(value)) return arrayAttribute((value as readonly Plain[]).map(encode));
  return dictionaryAttribute(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, encode(part)])));
}

interface Place {
  readonly path: readonly string[];
  readonly location: Location;
}

function malformed({ path, location }: Place, what: string): never {
  const where = path.length === 0 ? what : `${path.join(".")}: ${what}`;
  throw new CompileError([targetDiagnostics.at("malformed", location, { what: where })]);
}

/** The value an attribute stands for, of the same form as `model`; what a dictionary leaves out is as in `model`. */
function decode(attribute: Attribute, model: Plain, place: Place): Plain {
  if (typeof model === "string") {
    return attribute.kind === "string" ? attribute.value : malformed(place, "a string is expected");
  }
  if (typeof model === "number") {
    const isCount = attribute.kind === "integer" && attribute.value >= 0n && attribute.value <= 2n ** 53n;
    return isCount ? Number(attribute.value) : malformed(place, "a whole number is expected");
  }
  if (typeof model === "boolean") {
    return attribute.kind === "bool" ? attribute.value : malformed(place, "true or false is expected");
  }
  if (Array.isArray(model)) {
    if (attribute.kind !== "array") return malformed(place, "a list of strings is expected");
    return attribute.elements.map((element) => decode(element, "", place));
  }
  if (attribute.kind !== "dictionary") return malformed(place, "a dictionary is expected");
  const parts = model as { readonly [name: string]: Plain };
  const decoded: Record<string, Plain> = { ...parts };
  for (const [name, part] of Object.entries(attribute.entries)) {
    const inner = { ...place, path: [...place.path, name] };
    if (!Object.hasOwn(parts, name)) malformed(inner, "there is no such property");
    decoded[name] = decode(part, parts[name]!, inner);
  }
  return decoded;
}
