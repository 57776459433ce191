import { type Module, ModuleReader } from "../../ir/module.ts";
import { runPipeline } from "../../passes/pass-manager.ts";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { type Artifact, type FileContent, type Manifest, manifestFile } from "../artifact.ts";
import type { Backend, CompilationRecord, PassRecord } from "../backend.ts";
import { resolveOptions } from "../options.ts";
import { standardPipeline } from "../roads.ts";
import { exampleFile } from "./example-file.ts";
import { headerFile } from "./header-file.ts";
import { cIdentifier } from "./identifiers.ts";
import { readEntryPoint } from "./interface.ts";
import { makefile, readmeFile } from "./build-files.ts";
import { legalizationFor } from "./legalize/index.ts";
import { printModule } from "./module-printer.ts";
import { cOptions, type COptions } from "./options.ts";
import { reportFile } from "./report-file.ts";
import { sourceFile, weightsForm } from "./source-file.ts";
import { weightsAlignment } from "./weights.ts";

const optionsFrom = (given: Readonly<Record<string, unknown>> = {}): COptions => {
  const options = resolveOptions("c", cOptions, given);
  return { ...options, name: cIdentifier(options.name) };
};

/** Runs the legalization passes. @throws CompileError with everything they reported */
function legalize(
  module: Module,
  options: COptions,
): { readonly module: Module; readonly passes: readonly PassRecord[] } {
  const result = runPipeline(module, legalizationFor(options));
  const errors: readonly Diagnostic[] = result.diagnostics.filter(({ severity }) => severity === "error");
  if (result.failure !== undefined) throw new CompileError(errors);
  const passes = result.history.map(({ pass, milliseconds, statistics }) => ({
    name: pass.name,
    milliseconds,
    statistics: Object.fromEntries(statistics),
  }));
  return { module: result.module, passes };
}

/** Compiles kernel-level IR to a folder of C. */
export const cBackend: Backend = {
  name: "c",
  summary: "C for gcc and clang: one source file, a header, the weights, no library but libc and libm",
  options: cOptions,
  describeTarget: (module) => module,
  pipeline: (given) => standardPipeline("kernel", optionsFrom(given).cDialect !== "c99"),
  legalization: (given) => legalizationFor(optionsFrom(given)),
  compile(module: Module, given = {}, record: CompilationRecord = {}): Artifact {
    const options = optionsFrom(given);
    const prefix = options.name;
    const entry = readEntryPoint(new ModuleReader(module));
    const legal = legalize(module, options);
    const reader = new ModuleReader(legal.module);
    const printed = printModule(reader, options.cDialect, options.threads);
    const modelName = record.modelName ?? prefix;
    const form = weightsForm(options, printed.weights.bytes);
    const weightsFile = form === "file" || form === "incbin" ? `${prefix}.weights.bin` : undefined;
    const source = `${prefix}.c`;
    const manifest: Manifest = {
      format: "weft-artifact",
      version: 1,
      backend: "c",
      model: modelName,
      prefix,
      inputs: entry.inputs,
      outputs: entry.outputs,
      arenaBytes: entry.arenaBytes,
      arenaAlignment: weightsAlignment,
      weightsBytes: printed.weights.bytes,
      weightsHash: printed.weights.hash,
      ...(form === "file" ? { weightsFile: weightsFile! } : {}),
      sources: [source],
      options,
    };
    const files = new Map<string, FileContent>([
      [source, sourceFile(prefix, modelName, entry, printed, options)],
      [`${prefix}.h`, headerFile(prefix, modelName, entry, printed.weights.bytes)],
      [`${prefix}_main.c`, exampleFile(prefix, entry)],
      ["Makefile", makefile(prefix, options, form)],
      ["README.md", readmeFile(prefix, modelName, options, form)],
      ["report.html", reportFile({ modelName, entry, printed, options, record, passes: legal.passes })],
      [manifestFile, `${JSON.stringify(manifest, undefined, 2)}\n`],
    ]);
    if (weightsFile !== undefined) files.set(weightsFile, printed.weights.pieces);
    return { manifest, files };
  },
};
