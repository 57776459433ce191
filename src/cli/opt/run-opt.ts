import { readFileSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import { readModel, readText } from "../../backends/compile-model.ts";
import { passes } from "../../passes/index.ts";
import { statisticsReport, timingReport } from "../../passes/instrumentation/reports.ts";
import { reproducerPipeline } from "../../passes/instrumentation/reproducer.ts";
import { traceEvents } from "../../passes/instrumentation/trace-events.ts";
import { parsePipeline } from "../../passes/parse-pipeline.ts";
import { type Pipeline, printPipeline } from "../../passes/pipeline.ts";
import { CompileError, defineDiagnostics, type Diagnostic, message } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { renderDiagnostics } from "../../support/render-diagnostics.ts";
import type { SourceText } from "../../support/source-text.ts";
import { instrumentationOf } from "../instrumentation-options.ts";
import { modelChoices } from "../model-options.ts";
import { type OptOptions, printOptions } from "./options.ts";
import { processModule, type ProcessedModule, processText, type TextSettings } from "./process-text.ts";

const optDiagnostics = defineDiagnostics("opt", {
  "no-reproducer": {
    severity: "error",
    message: message`${"file"} names no pipeline to run again`,
    help: "give the file that --reproducer wrote, or --pass-pipeline",
  },
  "two-pipelines": {
    severity: "error",
    message: message`${"first"} and ${"second"} both say what passes to run`,
    help: "give the passes in one way",
  },
  "needs-one-module": {
    severity: "error",
    message: message`${"option"} is about one module, but the input is to be split`,
    help: "leave out --split-input-file",
  },
  unreadable: {
    severity: "error",
    message: message`standard input cannot be read: ${"cause"}`,
    help: "give a file, or pipe a text in",
  },
  unwritable: {
    severity: "error",
    message: message`${"file"} cannot be written: ${"cause"}`,
    help: "check the path and the permissions",
  },
});

const standardInput = "<stdin>";

/** A process as a command sees it. */
export interface Streams {
  readonly input: () => string;
  readonly output: (text: string) => void;
  readonly errors: (text: string) => void;
  /** Whether errors are shown in colours. */
  readonly color: boolean;
  /** Tells that the command failed. */
  readonly fail: () => void;
}

/** Those of this process. */
export const processStreams: Streams = {
  input: () => readFileSync(0, "utf8"),
  output: (text) => void process.stdout.write(text),
  errors: (text) => void process.stderr.write(text),
  color: process.stderr.isTTY,
  fail: () => void (process.exitCode = 1),
};

/**
 * Runs `weft opt` as the command line says.
 *
 * @param elements the passes that are given by their own flags, as a pipeline has them
 * @returns whether there was no error
 * @throws CompileError for what keeps it from beginning
 */
export function runOpt(file: string, options: OptOptions, elements: readonly string[], streams: Streams): boolean {
  const isModel = extname(file).toLowerCase() === ".onnx";
  const name = file === "-" ? standardInput : file;
  const text = isModel ? "" : file === "-" ? inputOf(streams) : readText(file);
  if (options.trace !== undefined && options.splitInputFile !== undefined)
    throw new CompileError([optDiagnostics.at("needs-one-module", fileLocation(name), { option: "--trace" })]);
  const pipeline = pipelineOf(name, text, options, elements);
  if (options.dumpPassPipeline) streams.errors(`Pass Manager: ${printPipeline(pipeline)}\n`);
  const printing = printOptions(options);
  const settings: TextSettings = {
    pipeline,
    printing,
    allowUnregisteredDialects: options.allowUnregisteredDialect,
    runsReproducer: options.runReproducer,
    splitMarker: options.splitInputFile,
    outputSplitMarker: options.outputSplitMarker,
    verifyDiagnostics: options.verifyDiagnostics,
    instrumentation: { ...instrumentationOf(options, printing), write: streams.errors },
  };
  const output = new Output(options.output, streams);
  const processed = (module: ProcessedModule): void => reportOn(module, pipeline, options, streams);
  const succeeded = isModel
    ? processModelFile(file, settings, options, output, streams, processed)
    : processText(text, name, settings, {
        output: (part) => output.write(part),
        report: (diagnostics, source) => show(diagnostics, streams, new Map([[name, source]])),
        processed,
      });
  // As upstream's, a file is there only when all went well.
  if (succeeded) output.finish();
  return succeeded;
}

function inputOf(streams: Streams): string {
  try {
    return streams.input();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([optDiagnostics.at("unreadable", fileLocation(standardInput), { cause })]);
  }
}

function processModelFile(
  file: string,
  settings: TextSettings,
  options: OptOptions,
  output: Output,
  streams: Streams,
  report: (module: ProcessedModule) => void,
): boolean {
  const found: Diagnostic[] = [];
  const began = performance.now();
  const module = readModel(file, modelChoices(options));
  const processed = processModule(module, performance.now() - began, settings, found);
  show(found, streams);
  if (processed === undefined) return false;
  output.write(processed.text);
  report(processed);
  return true;
}

/** The passes that the command line, or the file itself, asks for. */
function pipelineOf(file: string, text: string, options: OptOptions, elements: readonly string[]): Pipeline {
  const given = [
    ...(options.passPipeline === undefined ? [] : ["--pass-pipeline"]),
    ...(elements.length === 0 ? [] : ["a pass's own flag"]),
    ...(options.runReproducer ? ["--run-reproducer"] : []),
  ];
  if (given.length > 1)
    throw new CompileError([
      optDiagnostics.at("two-pipelines", fileLocation(file), { first: given[0]!, second: given[1]! }),
    ]);
  const reproduced = options.runReproducer ? reproducerPipeline(text) : undefined;
  if (options.runReproducer && reproduced === undefined)
    throw new CompileError([optDiagnostics.at("no-reproducer", fileLocation(file), { file })]);
  return parsePipeline(reproduced ?? options.passPipeline ?? `builtin.module(${elements.join(",")})`, passes);
}

function reportOn(
  { result, timing }: ProcessedModule,
  pipeline: Pipeline,
  options: OptOptions,
  streams: Streams,
): void {
  if (options.timing) streams.errors(timingReport(timing));
  if (options.statistics) streams.errors(statisticsReport(pipeline, result.statistics));
  if (options.trace !== undefined) writeOutput(options.trace, traceEvents(result.history));
}

function show(
  diagnostics: readonly Diagnostic[],
  streams: Streams,
  sources: ReadonlyMap<string, SourceText> = new Map(),
): void {
  if (diagnostics.length > 0) streams.errors(`${renderDiagnostics(diagnostics, { sources, color: streams.color })}\n`);
}

/** Standard output as it comes, or a file at the end. */
class Output {
  readonly #file: string | undefined;
  readonly #streams: Streams;
  readonly #parts: string[] = [];

  constructor(file: string | undefined, streams: Streams) {
    this.#file = file === "-" ? undefined : file;
    this.#streams = streams;
  }
  write(text: string): void {
    if (this.#file === undefined) this.#streams.output(text);
    else this.#parts.push(text);
  }
  finish(): void {
    if (this.#file !== undefined) writeOutput(this.#file, this.#parts.join(""));
  }
}

function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([optDiagnostics.at("unwritable", fileLocation(file), { file, cause })]);
  }
}
