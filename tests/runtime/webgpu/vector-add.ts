import type { FileContent } from "../../../src/backends/artifact.ts";
import { manifestText, type WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";

const shader = `@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
struct Parameters { count: i32, scale: f32 }
@group(0) @binding(3) var<uniform> parameters: Parameters;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = i32(id.x);
  if (i < parameters.count) { y[i] = (a[i] + b[i]) * parameters.scale; }
}
`;
/** Doubles the elements and adds a weight. */
const host = `export function twice_plus(x, w, y) {
  for (let i = 0; i < y.length; i++) y[i] = 2 * x[i] + w[0];
}
`;

export const count = 100;
const bits = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]!;
const bytes = count * 4;

/**
 * A model made by hand, that uses every kind of step: y = ((x + weight) * 3, elements in reverse halves), z = 2 * y + 7 on the host.
 * weight[i] = i.
 */
export function vectorAdd(change: (manifest: WebGpuManifest) => WebGpuManifest = (manifest) => manifest): {
  readonly manifest: WebGpuManifest;
  readonly files: ReadonlyMap<string, FileContent>;
} {
  const weights = new Uint8Array(512);
  new Float32Array(weights.buffer, 0, count).set(Array.from({ length: count }, (_, index) => index));
  new Float32Array(weights.buffer, 400, 1).set([7]);
  const manifest = change({
    format: "weft-artifact",
    version: 1,
    backend: "wgsl",
    model: "vector add",
    prefix: "vector_add",
    inputs: [{ name: "x", elementType: "f32", shape: [count], bytes, buffer: 0 }],
    outputs: [
      { name: "y", elementType: "f32", shape: [2, count / 2], bytes, buffer: 1 },
      { name: "__proto__", elementType: "f32", shape: [count], bytes, buffer: 2 },
    ],
    arenaBytes: 1024,
    arenaAlignment: 256,
    weightsBytes: 512,
    weightsHash: "",
    weightsFile: "weights.bin",
    sources: ["add.wgsl"],
    options: {},
    required: { features: [], limits: { maxStorageBuffersPerShaderStage: 3 } },
    buffers: [
      { name: "input_x", role: "input", size: bytes },
      { name: "output_y", role: "output", size: bytes },
      { name: "output_z", role: "output", size: bytes },
      { name: "arena", role: "arena", size: 1024 },
      { name: "weights", role: "weights", size: 512 },
    ],
    weights: [{ fileOffset: 0, buffer: 4, offset: 0, size: 512 }],
    shaders: [{ file: "add.wgsl", entryPoint: "main", bindings: ["read", "read", "read_write", "uniform"] }],
    hostFile: "host.js",
    steps: [
      {
        kind: "dispatch",
        name: "add",
        origin: "/Add <x>",
        shader: 0,
        bindings: [
          { buffer: 0, offset: 0, size: bytes },
          { buffer: 4, offset: 0, size: bytes },
          { buffer: 3, offset: 256, size: bytes },
        ],
        parameters: [count, bits(3)],
        workgroups: [2, 1, 1],
      },
      // The halves change places, one of them through the arena itself.
      {
        kind: "copy",
        name: "halves",
        source: { buffer: 3, offset: 256, size: bytes / 2 },
        destination: { buffer: 3, offset: 256 + bytes, size: bytes / 2 },
      },
      {
        kind: "copy",
        name: "first half",
        source: { buffer: 3, offset: 256 + bytes / 2, size: bytes / 2 },
        destination: { buffer: 1, offset: 0, size: bytes / 2 },
      },
      {
        kind: "copy",
        name: "second half",
        source: { buffer: 3, offset: 256 + bytes, size: bytes / 2 },
        destination: { buffer: 1, offset: bytes / 2, size: bytes / 2 },
      },
      {
        kind: "host",
        name: "twice",
        function: "twice_plus",
        arguments: [
          { buffer: 1, offset: 0, size: bytes, elementType: "f32", read: true, written: false },
          { buffer: 4, offset: 400, size: 4, elementType: "f32", read: false, written: false },
          { buffer: 2, offset: 0, size: bytes, elementType: "f32", read: false, written: true },
        ],
      },
    ],
  });
  return {
    manifest,
    files: new Map<string, FileContent>([
      ["manifest.json", manifestText(manifest)],
      ["add.wgsl", shader],
      ["host.js", host],
      ["weights.bin", [weights.subarray(0, 100), weights.subarray(100)]],
    ]),
  };
}

/** What the model gives, by arithmetic. */
export function expectedOutputs(x: Float32Array): { readonly y: Float32Array; readonly z: Float32Array } {
  const sums = x.map((value, index) => (value + index) * 3);
  const y = Float32Array.of(...sums.subarray(count / 2), ...sums.subarray(0, count / 2));
  return { y, z: y.map((value) => 2 * value + 7) };
}
