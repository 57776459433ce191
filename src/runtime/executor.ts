import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CompiledModel, compileModule, type CompileRequest } from "../backends/compile-model.ts";
import { writeArtifactFiles } from "../backends/write-artifact.ts";
import { entryOf, runEntry } from "../interpreter/entry.ts";
import { ModuleReader, type Module, walk } from "../ir/module.ts";
import { evaluateGraph } from "../passes/lower-onnx/evaluate-graph.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";
import { checkInputs, type Port } from "./check-inputs.ts";
import { buildSharedLibrary } from "./native/compiler.ts";
import { loadNative, type NativeModel } from "./native/load.ts";

export type { Port } from "./check-inputs.ts";

type Values = ReadonlyMap<string, HostTensor>;

/** A model ready to run on some target. */
export interface Executor {
  readonly target: string;
  readonly inputs: readonly Port[];
  /** @throws (or rejects with) CompileError for inputs that are missing, unknown or of another type or shape */
  run(inputs: Values): Values | Promise<Values>;
  dispose(): void;
}

/** A model that runs in this thread: its results are there when `run` returns. */
export interface SynchronousExecutor extends Executor {
  run(inputs: Values): Values;
}

/** The inputs of a module's entry function. */
export function inputPorts(module: Module): readonly Port[] {
  return entryOf(module)
    .arguments.filter((port) => port.role === "input")
    .map(({ name, elementType, type }) => ({
      name,
      elementType: elementType ?? "f32",
      shape:
        (type.kind === "tensor" || type.kind === "memref") && type.shape.every((size) => size !== "?")
          ? (type.shape as readonly number[])
          : undefined,
    }));
}

const holdsOnnx = (module: Module): boolean => {
  for (const op of walk(new ModuleReader(module))) if (op.name.startsWith("onnx.")) return true;
  return false;
};

/** Runs a module of any level on the reference interpreter. */
export function interpreterExecutor(module: Module): SynchronousExecutor {
  const inputs = inputPorts(module);
  const entry = entryOf(module);
  const isGraph = holdsOnnx(module);
  return {
    target: "interpreter",
    inputs,
    run(given) {
      checkInputs(inputs, given);
      if (!isGraph) return runEntry(module, given);
      const results = evaluateGraph(
        module,
        entry.op,
        inputs.map(({ name }) => ({ kind: "tensor", tensor: given.get(name)! })),
      );
      return new Map(
        results.flatMap((value, index) =>
          value.kind === "tensor" ? [[entry.results[index]!.name, value.tensor] as const] : [],
        ),
      );
    },
    dispose() {},
  };
}

/** A model compiled to native code, in this process. */
export interface NativeExecutor extends SynchronousExecutor {
  readonly compiled: CompiledModel;
  readonly native: NativeModel;
  /** Path of the shared library. */
  readonly library: string;
  /** Milliseconds that Weft and the C compiler took. */
  readonly compileMilliseconds: number;
  readonly buildMilliseconds: number;
}

/** Compiles a module to C, builds it with the C compiler and loads it. */
export async function nativeExecutor(module: Module, request: CompileRequest): Promise<NativeExecutor> {
  const started = performance.now();
  const compiled = compileModule(module, request);
  const compileMilliseconds = performance.now() - started;
  const library = await buildSharedLibrary(compiled.artifact);
  const buildMilliseconds = performance.now() - started - compileMilliseconds;
  const { manifest } = compiled.artifact;
  const folder = mkdtempSync(join(tmpdir(), "weft-run-"));
  try {
    writeArtifactFiles(compiled.artifact, folder);
    const weights = manifest.weightsFile === undefined ? "" : join(folder, manifest.weightsFile);
    const native = loadNative(library, manifest, weights);
    return {
      target: "c",
      inputs: native.inputs,
      compiled,
      native,
      library,
      compileMilliseconds,
      buildMilliseconds,
      run(given) {
        checkInputs(native.inputs, given);
        return native.run(given);
      },
      dispose: () => native.dispose(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes an executor for a target by name. */
export async function executorFor(module: Module, request: CompileRequest): Promise<Executor> {
  switch (request.target) {
    case "interpreter":
      return interpreterExecutor(module);
    case "wgsl": {
      // Dawn is large: only who needs it loads it.
      const { webGpuExecutor } = await import("./webgpu/executor.ts");
      return webGpuExecutor(module, request);
    }
    default:
      return nativeExecutor(module, request);
  }
}
