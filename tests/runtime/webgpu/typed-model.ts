import type { FileContent } from "../../../src/backends/artifact.ts";
import type { ElementType } from "../../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import { type DeviceTensorEntry, manifestText, type WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";

/** A tensor to hand through. */
export interface Through {
  readonly elementType: ElementType;
  readonly count: number;
  readonly bytes: number;
}

/**
 * A model that gives each input back as the output of the same name, by copies on the device or by a function on the host whose
 * buffers the device does not have.
 */
export function identityModel(tensors: ReadonlyMap<string, Through>, onHost: boolean) {
  const entries = [...tensors].map(([name, { elementType, count, bytes }], index): DeviceTensorEntry => ({
    name,
    elementType,
    shape: [count],
    bytes,
    buffer: 2 * index,
  }));
  const padded = (bytes: number): number => Math.max(4, Math.ceil(bytes / 4) * 4);
  const manifest: WebGpuManifest = {
    format: "weft-artifact",
    version: 1,
    backend: "wgsl",
    model: "identity",
    prefix: "identity",
    inputs: entries,
    outputs: entries.map((entry) => ({ ...entry, buffer: entry.buffer + 1 })),
    arenaBytes: 0,
    arenaAlignment: 256,
    weightsBytes: 0,
    weightsHash: "",
    sources: [],
    options: {},
    required: { features: [], limits: {} },
    buffers: entries.flatMap(({ bytes }, index) =>
      (["input", "output"] as const).map((role) => ({
        name: `${role} ${index}`,
        role: onHost ? ("host" as const) : role,
        size: padded(bytes),
      })),
    ),
    weights: [],
    shaders: [],
    hostFile: "host.js",
    steps: entries.map(({ bytes, buffer, elementType }, index) =>
      onHost
        ? {
            kind: "host",
            name: `copy ${index}`,
            function: "copy",
            arguments: [buffer, buffer + 1].map((buffer) => ({
              buffer,
              offset: 0,
              size: bytes,
              elementType,
              read: false,
              written: false,
            })),
          }
        : {
            kind: "copy",
            name: `copy ${index}`,
            source: { buffer, offset: 0, size: padded(bytes) },
            destination: { buffer: buffer + 1, offset: 0, size: padded(bytes) },
          },
    ),
  };
  return new Map<string, FileContent>([
    ["manifest.json", manifestText(manifest)],
    ["host.js", "export function copy(from, to) { to.set(from); }"],
  ]);
}
