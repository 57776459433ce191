export { adapterLimits, findAdapter, sharedDevice, useSoftwareWithoutDriver } from "./adapter.ts";
export { webGpuDiagnostics } from "./diagnostics.ts";
export { artifactExecutor, type CompilingWebGpuExecutor, webGpuExecutor, type WebGpuExecutor } from "./executor.ts";
export { loadArtifact, type WebGpuModel } from "./load.ts";
