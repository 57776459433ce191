import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Artifact } from "../../../src/backends/artifact.ts";
import { cBackend } from "../../../src/backends/c/backend.ts";
import type { Module } from "../../../src/ir/module.ts";
import { buildSharedLibrary } from "../../../src/runtime/native/compiler.ts";
import { loadNative, type NativeModel } from "../../../src/runtime/native/load.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";

/** Warnings are errors in tests: generated code compiles cleanly. */
export const strictFlags = ["-Wall", "-Wextra", "-Werror", "-fno-math-errno", "-fno-trapping-math"];

/** Compiles a module with gcc and loads it. */
export async function load(
  module: Module,
  options: Readonly<Record<string, unknown>> = {},
  flags: readonly string[] = ["-O1", "-march=native", "-ffp-contract=fast"],
): Promise<{ readonly model: NativeModel; readonly artifact: Artifact; readonly source: string }> {
  const artifact = cBackend.compile(module, options);
  const source = artifact.files.get(`${artifact.manifest.prefix}.c`) as string;
  const pedantic = options["cDialect"] === "c99" ? ["-pedantic"] : [];
  const library = await buildSharedLibrary(artifact, { flags: [...flags, ...strictFlags, ...pedantic] });
  let weights = "";
  const { weightsFile } = artifact.manifest;
  if (weightsFile !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), "weft-test-"));
    weights = join(folder, weightsFile);
    writeFileSync(weights, Buffer.concat(artifact.files.get(weightsFile) as readonly Uint8Array[]));
  }
  const model = loadNative(library, artifact.manifest, weights);
  // What is loaded no longer needs its files.
  for (const file of [library, weights]) if (file !== "") rmSync(dirname(file), { recursive: true });
  return { model, artifact, source };
}

/** Compiles and runs a module once. */
export async function runModule(
  module: Module,
  inputs: Readonly<Record<string, HostTensor>> = {},
  options: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, HostTensor>>> {
  const { model } = await load(module, options);
  return Object.fromEntries(model.run(new Map(Object.entries(inputs))));
}
