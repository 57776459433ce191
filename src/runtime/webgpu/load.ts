/// <reference types="@webgpu/types" />
import type { Artifact } from "../../backends/artifact.ts";
import { load } from "../../backends/wgsl/loader/load.ts";
import type { LoadOptions, Model, TensorData } from "../../backends/wgsl/loader/weft-webgpu.d.ts";
import { WeftError } from "../../backends/wgsl/loader/weft-error.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { unknownLocation } from "../../support/location.ts";
import { type HostTensor, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import { sharedDevice } from "./adapter.ts";
import { webGpuDiagnostics } from "./diagnostics.ts";
import { patiently } from "./patient-wait.ts";

type Values = ReadonlyMap<string, HostTensor>;

/** A model on a device of this process, with tensors of the compiler's kind. */
export interface WebGpuModel {
  /** The model as the loader made it: for timings, and for tensors that stay on the device. */
  readonly model: Model;
  /** @throws CompileError `webgpu/run-failed` with what the loader says */
  run(inputs: Values): Promise<Map<string, HostTensor>>;
  dispose(): void;
}

/**
 * Loads an artifact with the loader that pages use.
 * @param options the device or adapter to use; the process's shared device when absent
 * @throws CompileError `webgpu/no-adapter`, `webgpu/load-failed`
 */
export async function loadArtifact(
  artifact: Pick<Artifact, "files" | "manifest">,
  options: LoadOptions = {},
): Promise<WebGpuModel> {
  const { model: name } = artifact.manifest;
  const failed = (kind: "load-failed" | "run-failed", error: unknown): CompileError => {
    const [code, cause] = error instanceof WeftError ? [error.code, error.message] : ["unknown", String(error)];
    return new CompileError([webGpuDiagnostics.at(kind, unknownLocation, { model: name, code, cause })]);
  };
  const used = options.device || options.adapter ? options : { device: await sharedDevice() };
  let model: Model;
  try {
    model = await patiently(load(artifact.files, used));
  } catch (error) {
    throw failed("load-failed", error);
  }
  return {
    model,
    async run(inputs) {
      const given = [...inputs].map(([name, { data }]) => [name, data as TensorData] as const);
      try {
        const outputs = await patiently(model.run(Object.fromEntries(given)));
        return new Map(
          model.outputs.map(({ name, elementType, shape }) => {
            const { buffer, byteOffset, byteLength } = outputs[name]!;
            return [name, tensorFromBytes(elementType, shape, new Uint8Array(buffer, byteOffset, byteLength))] as const;
          }),
        );
      } catch (error) {
        throw failed("run-failed", error);
      }
    },
    dispose: () => model.dispose(),
  };
}
