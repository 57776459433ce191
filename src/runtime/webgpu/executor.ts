import type { Artifact } from "../../backends/artifact.ts";
import { type CompiledModel, compileModule, type CompileRequest } from "../../backends/compile-model.ts";
import type { LoadOptions } from "../../backends/wgsl/loader/weft-webgpu.d.ts";
import { type Module, ModuleReader } from "../../ir/module.ts";
import { targetAttributeName, withWebGpuTarget } from "../../targets/webgpu.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { checkInputs } from "../check-inputs.ts";
import type { Executor } from "../executor.ts";
import { adapterLimits } from "./adapter.ts";
import { loadArtifact, type WebGpuModel } from "./load.ts";

/** A model compiled to WGSL, on a device of this process. */
export interface WebGpuExecutor extends Executor {
  run(inputs: ReadonlyMap<string, HostTensor>): Promise<ReadonlyMap<string, HostTensor>>;
  readonly webGpu: WebGpuModel;
  /** Milliseconds until the model could run: its buffers filled, its shaders compiled by the driver. */
  readonly loadMilliseconds: number;
}

/** A model that was compiled here too. */
export interface CompilingWebGpuExecutor extends WebGpuExecutor {
  readonly compiled: CompiledModel;
  readonly compileMilliseconds: number;
}

/**
 * Compiles a module for the live adapter, unless its attributes say for which device, and loads it.
 * @throws CompileError for what cannot be compiled, `webgpu/no-adapter`, `webgpu/load-failed`
 */
export async function webGpuExecutor(
  module: Module,
  request: CompileRequest,
  options: LoadOptions = {},
): Promise<CompilingWebGpuExecutor> {
  const started = performance.now();
  const reader = new ModuleReader(module);
  const isTargeted = targetAttributeName in reader.operation(reader.root).attributes;
  const compiled = compileModule(isTargeted ? module : withWebGpuTarget(module, await adapterLimits()), request);
  const compileMilliseconds = performance.now() - started;
  return { ...(await artifactExecutor(compiled.artifact, options)), compiled, compileMilliseconds };
}

/** Loads what is compiled already. @throws CompileError `webgpu/no-adapter`, `webgpu/load-failed` */
export async function artifactExecutor(artifact: Artifact, options: LoadOptions = {}): Promise<WebGpuExecutor> {
  const started = performance.now();
  const webGpu = await loadArtifact(artifact, options);
  const { inputs } = artifact.manifest;
  return {
    target: "wgsl",
    inputs,
    webGpu,
    loadMilliseconds: performance.now() - started,
    async run(given) {
      checkInputs(inputs, given);
      return webGpu.run(given);
    },
    dispose: () => webGpu.dispose(),
  };
}
