import koffi from "koffi";
import type { ArtifactTensor, Manifest } from "../../backends/artifact.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { unknownLocation } from "../../support/location.ts";
import { bytesOf, type HostTensor, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import { nativeDiagnostics } from "./diagnostics.ts";
import { allocateAligned, allocateAlignedTensor, type AlignedMemory, type AlignedTensor } from "./memory.ts";

/** Where a compiled model is: enough to load it, here or in another process. */
export interface NativeModelFiles {
  readonly library: string;
  readonly manifest: Manifest;
  /** Path of the weights file; empty for models without one. */
  readonly weights: string;
}

/** A run whose memory is set up: to be repeated without copies. */
export interface PreparedRun {
  /** Inputs in the model's memory, by name: writing into their data changes what the next run reads. */
  readonly inputs: ReadonlyMap<string, HostTensor>;
  /** Outputs in the model's memory, by name: overwritten by each run. */
  readonly outputs: ReadonlyMap<string, HostTensor>;
  /** Runs the model. @throws CompileError `native/run-failed` */
  run(): void;
}

/** A compiled model in this process. */
export interface NativeModel {
  readonly manifest: Manifest;
  readonly inputs: readonly ArtifactTensor[];
  readonly outputs: readonly ArtifactTensor[];
  readonly arenaBytes: number;
  /**
   * Runs the model.
   * @throws CompileError `native/wrong-input` for missing inputs and wrong types or shapes, `native/run-failed`
   */
  run(inputs: ReadonlyMap<string, HostTensor>): Map<string, HostTensor>;
  /** Sets up memory for runs without copies, with the given inputs or zeros in it. */
  prepare(inputs?: ReadonlyMap<string, HostTensor>): PreparedRun;
  /** Frees the weights. The library itself stays loaded until the process ends. */
  dispose(): void;
}

const describe = ({
  elementType,
  shape,
}: {
  readonly elementType: string;
  readonly shape: readonly number[];
}): string => `${elementType}[${shape.join(", ")}]`;

/** Addresses as native code wants an array of pointers. */
function pointerArray(tensors: readonly AlignedTensor[]): AlignedMemory {
  const memory = allocateAligned(Math.max(1, tensors.length) * 8);
  const words = new BigUint64Array(memory.bytes.buffer, memory.bytes.byteOffset, tensors.length);
  tensors.forEach(({ memory: { address } }, index) => (words[index] = address));
  return memory;
}

/**
 * Loads a shared library made from an artifact.
 * @param weights path of the weights file, for artifacts that have one
 * @throws CompileError `native/load-failed`, `native/init-failed`
 */
export function loadNative(library: string, manifest: Manifest, weights = ""): NativeModel {
  const { prefix, model } = manifest;
  let functions;
  try {
    const handle = koffi.load(library);
    functions = {
      init: handle.func(`int ${prefix}_init(const char *path)`),
      run: handle.func(`int ${prefix}_run(void *inputs, void *outputs, void *arena)`),
      free: handle.func(`void ${prefix}_free(void)`),
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([nativeDiagnostics.at("load-failed", unknownLocation, { path: library, cause })]);
  }
  const { init, run, free } = functions;
  const status = init(weights) as number;
  if (status !== 0)
    throw new CompileError([nativeDiagnostics.at("init-failed", unknownLocation, { model, path: weights, status })]);
  const fill = ({ tensor, memory }: AlignedTensor, given: HostTensor | undefined, spec: ArtifactTensor): void => {
    if (given === undefined || describe(given) !== describe(tensor)) {
      const found = given === undefined ? "nothing" : describe(given);
      const values = { model, input: spec.name, expected: describe(spec), found };
      throw new CompileError([nativeDiagnostics.at("wrong-input", unknownLocation, values)]);
    }
    memory.bytes.set(bytesOf(given));
  };
  const prepare = (given?: ReadonlyMap<string, HostTensor>): PreparedRun => {
    const inputs = manifest.inputs.map(allocateAlignedTensor);
    if (given)
      inputs.forEach((input, index) => fill(input, given.get(manifest.inputs[index]!.name), manifest.inputs[index]!));
    const outputs = manifest.outputs.map(allocateAlignedTensor);
    const arena = allocateAligned(manifest.arenaBytes, manifest.arenaAlignment);
    const [inputPointers, outputPointers] = [pointerArray(inputs), pointerArray(outputs)];
    const named = (specs: readonly ArtifactTensor[], tensors: readonly AlignedTensor[]) =>
      new Map(specs.map(({ name }, index) => [name, tensors[index]!.tensor]));
    return {
      inputs: named(manifest.inputs, inputs),
      outputs: named(manifest.outputs, outputs),
      run() {
        const failed = run(inputPointers.bytes, outputPointers.bytes, arena.address) as number;
        if (failed === 0) return;
        const cause = `its entry point returned ${failed}`;
        throw new CompileError([nativeDiagnostics.at("run-failed", unknownLocation, { model, cause })]);
      },
    };
  };
  return {
    manifest,
    inputs: manifest.inputs,
    outputs: manifest.outputs,
    arenaBytes: manifest.arenaBytes,
    prepare,
    run(inputs) {
      const prepared = prepare(inputs);
      prepared.run();
      // Results of their own, packed: the prepared memory is aligned and padded.
      return new Map(
        [...prepared.outputs].map(([name, { elementType, shape, data }]) => {
          const bytes = bytesOf({ elementType, shape, data });
          return [name, tensorFromBytes(elementType, shape, bytes.slice())] as const;
        }),
      );
    },
    dispose: () => void free(),
  };
}
