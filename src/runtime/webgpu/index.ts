export { adapterLimits, findAdapter } from "./adapter.ts";
export { webGpuDiagnostics } from "./diagnostics.ts";
export { loadArtifact, type WebGpuModel } from "./load.ts";
