export { type Batch, type BatchItem, type BatchOptions, buildBatch } from "./batch.ts";
export { NativeChild } from "./child.ts";
export { buildSharedLibrary, type CompilerOptions, defaultFlags, readArtifact } from "./compiler.ts";
export { nativeDiagnostics } from "./diagnostics.ts";
export { loadNative, type NativeModel, type NativeModelFiles, type PreparedRun } from "./load.ts";
