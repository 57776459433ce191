import type { NumericElementType } from "../../support/numeric/element-type.ts";
import type { ArtifactTensor, Manifest } from "../artifact.ts";

/**
 * What a buffer is for:
 * - `input`, `output`: one per tensor of the interface;
 * - `arena`: working memory, as the memory planner laid it out; contents survive between the steps of a run only;
 * - `weights`: filled from the weights file once;
 * - `scratch`: memory of its own that the arena could not hold, because it would exceed the device's binding size;
 * - `host`: memory that only host steps name, so that it is never on the device; contents survive between the steps of a run.
 *   An input or output whose only readers and writers are host functions has such a buffer too.
 */
export type BufferRole = "input" | "output" | "arena" | "weights" | "scratch" | "host";

/**
 * A buffer on the device. Other entries name it by its index in `buffers`. One that host steps name also has a copy on the host, of
 * the same size, in which the functions' views lie: its contents survive between the steps of a run; that of an `input` is filled
 * before a run, and that of a `weights` buffer from the weights file once.
 */
export interface ManifestBuffer {
  /** Unique, for people and error messages. */
  readonly name: string;
  readonly role: BufferRole;
  /** Bytes, a multiple of 4, at least 4: also tensors without elements have something to bind. */
  readonly size: number;
}

/** An input or output and the buffer that is all its own. */
export interface DeviceTensorEntry extends ArtifactTensor {
  /** Index of the buffer; the tensor starts at its first byte. */
  readonly buffer: number;
}

/** A part of the weights file and where on the device it goes. */
export interface WeightsRange {
  /** First byte in the weights file. */
  readonly fileOffset: number;
  readonly buffer: number;
  /** First byte in the buffer, a multiple of 4. */
  readonly offset: number;
  readonly size: number;
}

/** How a shader reaches a buffer: storage that it only reads, storage that it writes, or the uniform scalar parameters. */
export type BindingAccess = "read" | "read_write" | "uniform";

/** One WGSL file with one entry point. Equal texts are one shader, so that a pipeline is made once. */
export interface ManifestShader {
  readonly file: string;
  readonly entryPoint: string;
  /** Of `@group(0) @binding(index)`, in order. A `uniform` one, for scalar parameters, can only be the last. */
  readonly bindings: readonly BindingAccess[];
}

/** Part of a buffer. */
export interface BufferRange {
  readonly buffer: number;
  /** First byte; in a dispatch a multiple of the device's offset alignment (256), elsewhere of 4. */
  readonly offset: number;
  /** Bytes; in a dispatch and a copy a multiple of 4. */
  readonly size: number;
}

/** Runs a shader. */
export interface DispatchStep {
  readonly kind: "dispatch";
  /** The kernel's name, unique enough for a person to find it. */
  readonly name: string;
  /** Where in the model it comes from, such as the ONNX node's name. */
  readonly origin?: string;
  /** Index in `shaders`. */
  readonly shader: number;
  /** One for each storage binding of the shader, in order. */
  readonly bindings: readonly BufferRange[];
  /**
   * Scalars of the uniform binding, as 32-bit words written as signed integers; a float is its bit pattern. Present exactly when
   * the shader has a uniform binding.
   */
  readonly parameters?: readonly number[];
  readonly workgroups: readonly [number, number, number];
}

/** An argument of a host function. */
export interface HostArgument extends BufferRange {
  /** Which view the function gets: see {@link HostFunction}. */
  readonly elementType: NumericElementType;
  /**
   * The contents are brought from the device to the host's copy before the call. Not set where that copy holds what the function
   * needs: what a host step left there, an input, or weights.
   */
  readonly read: boolean;
  /** The whole range of the host's copy is brought to the device after the call. */
  readonly written: boolean;
}

/** Calls a function of the host file. */
export interface HostStep {
  readonly kind: "host";
  readonly name: string;
  readonly origin?: string;
  /** Name of an export of the host file. */
  readonly function: string;
  readonly arguments: readonly HostArgument[];
}

/** Copies bytes from one place on the device to another. */
export interface CopyStep {
  readonly kind: "copy";
  readonly name: string;
  readonly origin?: string;
  readonly source: BufferRange;
  /** Of the same size; the ranges do not overlap. */
  readonly destination: BufferRange;
}

/** One thing that a run does. */
export type ManifestStep = DispatchStep | HostStep | CopyStep;

/** What the device must have. */
export interface DeviceRequirements {
  /** WebGPU's names, such as `shader-f16`. */
  readonly features: readonly string[];
  /** WGSL's names of what not every implementation of the language has, such as `packed_4x8_integer_dot_product`. */
  readonly languageFeatures?: readonly string[];
  /** WebGPU's names and the values needed, such as `maxStorageBufferBindingSize`; only what exceeds WebGPU's defaults matters. */
  readonly limits: Readonly<Record<string, number>>;
}

/** What the loader needs to run a model: `manifest.json` of an artifact for WebGPU. */
export interface WebGpuManifest extends Manifest {
  readonly backend: "wgsl";
  readonly inputs: readonly DeviceTensorEntry[];
  readonly outputs: readonly DeviceTensorEntry[];
  readonly required: DeviceRequirements;
  readonly buffers: readonly ManifestBuffer[];
  readonly weights: readonly WeightsRange[];
  readonly shaders: readonly ManifestShader[];
  /** File with the host functions, an ES module without imports. Absent when there are no host steps. */
  readonly hostFile?: string;
  /** In the order in which they run; loops are written out. */
  readonly steps: readonly ManifestStep[];
}

/**
 * What a host file exports for each host step: it gets a view of each argument's bytes, in the manifest's order, and writes into
 * those that the manifest says are written. Views: `f64` Float64Array, `f32` Float32Array, `i64` and `index` BigInt64Array, `ui64`
 * BigUint64Array, `i32`/`i16`/`i8` Int32Array/Int16Array/Int8Array, `ui32`/`ui16`/`ui8` Uint32Array/Uint16Array/Uint8Array,
 * `f16` and `bf16` Uint16Array (bit patterns), `i2` and `i4` Int8Array, all others a Uint8Array of one byte each (`i1`: 0 or 1).
 */
export type HostFunction = (...views: readonly ArrayBufferView[]) => void;

/** The manifest as the text of its file: lists one entry a line, since steps can be thousands. */
export function manifestText(manifest: WebGpuManifest): string {
  const fields = Object.entries(manifest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const isList = Array.isArray(value) && value.some((entry) => typeof entry === "object");
      const text = isList
        ? `[\n${value.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n")}\n  ]`
        : JSON.stringify(value);
      return `  ${JSON.stringify(key)}: ${text}`;
    });
  return `{\n${fields.join(",\n")}\n}\n`;
}
