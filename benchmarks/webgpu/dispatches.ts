import { compileModule } from "../../src/backends/compile-model.ts";
import { findBackend } from "../../src/backends/index.ts";
import type { WebGpuManifest } from "../../src/backends/wgsl/manifest.ts";
import type { Module } from "../../src/ir/module.ts";

/** Passes that make one kernel of what would be several. */
const fusions: ReadonlySet<string> = new Set([
  "fuse-elementwise",
  "fuse-rows",
  "fuse-attention",
  "form-kernels",
  "fuse-launches",
]);

/** How many dispatches a run of a model takes, on the road with and without the passes that fuse. */
export function countDispatches(module: Module): { readonly fused: number; readonly unfused: number } {
  const road = findBackend("wgsl").pipeline();
  const names = road.slice(road.indexOf("(") + 1, -1).split(",");
  const plain = `builtin.module(${names.filter((name) => !fusions.has(name.split("{")[0]!)).join(",")})`;
  return { fused: dispatchesAfter(module, road), unfused: dispatchesAfter(module, plain) };
}

function dispatchesAfter(module: Module, pipeline: string): number {
  const { manifest } = compileModule(module, { target: "wgsl", pipeline }).artifact;
  return (manifest as WebGpuManifest).steps.filter(({ kind }) => kind === "dispatch").length;
}
