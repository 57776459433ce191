/// <reference types="@webgpu/types" />
import type { WebGpuManifest } from "../manifest.ts";
import { type Context, storageKinds } from "./context.ts";
import { checkLimit, limitsOf } from "./device.ts";
import type { Files } from "./files.ts";
import { WeftError } from "./weft-error.ts";

/** The manifest's buffers, by their indexes. */
export interface Buffers {
  /** Absent for those that only host functions use. */
  readonly device: readonly (GPUBuffer | undefined)[];
  /** Copies of those that host functions use. */
  readonly host: readonly (Uint8Array<ArrayBuffer> | undefined)[];
}

/** Makes a model's buffers and fills those of weights. */
export async function makeBuffers(manifest: WebGpuManifest, files: Files, context: Context): Promise<Buffers> {
  const { buffers, weights, weightsFile, weightsBytes, steps } = manifest;
  for (const { name, role, size } of buffers)
    if (role !== "host") checkLimit(limitsOf(context.device), "maxBufferSize", size, `buffer ${name}`);
  const contents = weightsFile ? await files.bytes(weightsFile) : new Uint8Array();
  // Weights that are part of the code, if any, are not in a file.
  if (weightsFile && contents.length !== weightsBytes)
    throw new WeftError("bad-artifact", `${weightsFile} has ${contents.length} bytes instead of ${weightsBytes}`);
  const fill = (index: number) => (target: Uint8Array) => {
    for (const { buffer, fileOffset, offset, size } of weights)
      if (buffer === index) target.set(contents.subarray(fileOffset, fileOffset + size), offset);
  };
  const onHost = new Set(
    steps.flatMap((step) => (step.kind === "host" ? step.arguments.map(({ buffer }) => buffer) : [])),
  );
  const host = buffers.map(({ role, size }, index) => {
    if (role !== "host" && !onHost.has(index)) return undefined;
    const copy = new Uint8Array(size);
    fill(index)(copy);
    return copy;
  });
  const device = buffers.map(({ name, role, size }, index) =>
    role === "host"
      ? undefined
      : context.allocate(name, size, storageKinds, role === "weights" ? fill(index) : undefined),
  );
  return { host, device: await Promise.all(device) };
}
