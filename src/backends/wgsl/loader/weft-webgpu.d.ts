// The types of weft-webgpu.js. WebGPU's own (GPUDevice …) come with TypeScript's "dom" library from version 6 on, before that with
// the package @webgpu/types.

/** Element types as MLIR spells them: `iN` is signed where it matters, `uiN` unsigned, `i1` a boolean. */
export type ElementType =
  | "f64"
  | "f32"
  | "f16"
  | "bf16"
  | "f8E4M3FN"
  | "f8E5M2"
  | "f8E4M3FNUZ"
  | "f8E5M2FNUZ"
  | "f8E8M0FNU"
  | "f4E2M1FN"
  | "i1"
  | "i2"
  | "i4"
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "ui2"
  | "ui4"
  | "ui8"
  | "ui16"
  | "ui32"
  | "ui64"
  | "index";

/**
 * A tensor's elements in row-major order. `f64` Float64Array, `f32` Float32Array, `i64` BigInt64Array, `ui64` BigUint64Array,
 * `i32`, `i16`, `i8` and their unsigned kin the array of that name; `f16` Float16Array where there is one, else Uint16Array (as an
 * input, either); `bf16` Uint16Array (bit patterns); `i2` and `i4` Int8Array; `i1` (0 or 1) and the rest Uint8Array.
 */
export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigInt64Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Float16ArrayIfThere;
/** `Float16Array`, in TypeScript libraries that have it. */
type Float16ArrayIfThere = typeof globalThis extends { Float16Array: { prototype: infer Instance } } ? Instance : never;

/** An input or output of a model. */
export interface TensorInfo {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly number[];
  /** Bytes of its elements. */
  readonly bytes: number;
}

/**
 * A tensor that stays on the device: an output asked for with `keep`. It can be an input of any model on the same device, as often as
 * wanted, until it is disposed of or the device goes (which `dispose` of a model that made its own device brings about).
 */
export interface DeviceTensor {
  readonly elementType: ElementType;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly device: GPUDevice;
  /** Holds the elements from its first byte on; its size is rounded up to a multiple of 4. */
  readonly buffer: GPUBuffer;
  readonly isDisposed: boolean;
  /** Brings the elements to the host. */
  read(): Promise<TensorData>;
  /** Frees the memory. */
  dispose(): void;
}

/** The times of a run in milliseconds. */
export interface Timings {
  /** From the call's start to its results, as a clock on the wall shows it. */
  readonly total: number;
  /** Each dispatch's own time on the device. Only where the device has `timestamp-query` and the run asked for `timings`. */
  readonly steps?: readonly StepTiming[];
}
export interface StepTiming {
  readonly name: string;
  /** Where in the model it comes from. */
  readonly origin?: string;
  readonly milliseconds: number;
}

export interface RunOptions<Kept extends string = string> {
  /** Names of outputs that stay on the device. */
  readonly keep?: readonly Kept[];
  /** Measure each dispatch: `model.timings.steps`. Such a run takes longer. */
  readonly timings?: boolean;
}

/** A model that is ready to run. */
export interface Model {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: GPUDevice;
  /** How many dispatches a run makes. */
  readonly dispatches: number;
  /** How many functions a run calls on the host. */
  readonly hostCalls: number;
  /** Of the last run that succeeded. */
  readonly timings: Timings | undefined;
  /**
   * Runs the model. Runs that are asked for while one is under way follow it; inputs must not change until the promise is settled.
   * Rejects with a WeftError.
   */
  run(inputs: Readonly<Record<string, TensorData | DeviceTensor>>): Promise<Record<string, TensorData>>;
  run(
    inputs: Readonly<Record<string, TensorData | DeviceTensor>>,
    options: RunOptions<never>,
  ): Promise<Record<string, TensorData>>;
  run(
    inputs: Readonly<Record<string, TensorData | DeviceTensor>>,
    options: RunOptions,
  ): Promise<Record<string, TensorData | DeviceTensor>>;
  /** Frees everything on the device, and the device itself if `load` made it. Runs under way are rejected. */
  dispose(): void;
}

export interface LoadOptions {
  /** Run on this device; models on one device can pass tensors to each other. It is not destroyed with the model. */
  readonly device?: GPUDevice;
  /** Make the device from this adapter, instead of from the one that `navigator.gpu` gives. */
  readonly adapter?: GPUAdapter;
}

/** The artifact's folder, or its files by name. Contents in several pieces follow one another. */
export type ModelSource = string | URL | ReadonlyMap<string, string | Uint8Array | readonly Uint8Array[]>;

export type WeftErrorCode =
  /** There is no WebGPU here. */
  | "no-webgpu"
  | "no-adapter"
  | "missing-feature"
  | "limit-exceeded"
  | "out-of-memory"
  | "shader-error"
  | "device-lost"
  /** Inputs that are missing, unknown, or of another type or size; all of them are in `problems`. */
  | "wrong-input"
  | "disposed"
  /** A file is missing or is not what it should be. */
  | "bad-artifact"
  /** A function on the host threw. */
  | "host-error"
  /** The device refused a command: a defect of the compiler or of the driver. */
  | "device-error";

export interface WeftErrorDetails {
  /** The step that it happened in or is about, with the place in the model that it comes from. */
  readonly op?: string | undefined;
  /** The limit or feature that is missing. */
  readonly limit?: string | undefined;
  /** What was asked of the limit. */
  readonly asked?: number | undefined;
  /** What the device gives. */
  readonly given?: number | undefined;
  /** File and place in it. */
  readonly place?: string | undefined;
  /** Everything that is wrong, one sentence each. */
  readonly problems?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** Whatever goes wrong, with what a program or a person needs to do something about it. */
export class WeftError extends Error implements WeftErrorDetails {
  constructor(code: WeftErrorCode, message: string, details?: WeftErrorDetails);
  readonly code: WeftErrorCode;
  readonly op?: string;
  readonly limit?: string;
  readonly asked?: number;
  readonly given?: number;
  readonly place?: string;
  readonly problems?: readonly string[];
}

export declare const Weft: {
  /** Loads a model: fetches its files, makes its buffers and compiles its shaders. Rejects with a WeftError; nothing is left then. */
  load(source: ModelSource, options?: LoadOptions): Promise<Model>;
};
