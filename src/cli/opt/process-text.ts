import { failureOf } from "../../backends/compile-model.ts";
import { registry } from "../../ir/dialects/index.ts";
import { withoutReproducer } from "../../passes/instrumentation/reproducer.ts";
import type { Module } from "../../ir/module.ts";
import { parseModule } from "../../ir/text/parse.ts";
import { printModule, type PrintOptions } from "../../ir/text/print.ts";
import { type InputChunk, nearSplitMarkers, splitInput } from "../../ir/text/split-input.ts";
import { verifyModule } from "../../ir/verifier.ts";
import type { TimingNode } from "../../passes/instrumentation/reports.ts";
import { type PipelineOptions, type PipelineResult, runPipeline } from "../../passes/pass-manager.ts";
import type { Pipeline } from "../../passes/pipeline.ts";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { SourceText } from "../../support/source-text.ts";
import { checkExpectations, type ExpectationLevel, parseExpectations } from "../../testing/expected-diagnostics.ts";

/** What is done to a text. */
export interface TextSettings {
  readonly pipeline: Pipeline;
  readonly allowUnregisteredDialects: boolean;
  /** Whether the pipeline is the text's own, and is not written again. */
  readonly runsReproducer: boolean;
  /** What separates the parts that are processed one by one; undefined when the text is one. */
  readonly splitMarker: string | undefined;
  /** Stands on a line of its own between the parts' outputs. */
  readonly outputSplitMarker: string;
  /** Diagnostics are held against the text's annotations instead of being shown. */
  readonly verifyDiagnostics: ExpectationLevel | undefined;
  readonly printing: PrintOptions;
  readonly instrumentation: PipelineOptions;
}

/** A module after its passes, and where the time went. */
export interface ProcessedModule {
  readonly result: PipelineResult;
  readonly timing: TimingNode;
}

/** Where the results go. */
export interface TextSink {
  readonly output: (text: string) => void;
  /** @param source the text that the diagnostics' lines are of */
  readonly report: (diagnostics: readonly Diagnostic[], source: SourceText) => void;
  readonly processed: (module: ProcessedModule) => void;
}

/**
 * What `weft opt` does with a text: reads it, part by part, verifies it, runs the passes, prints it. A part with errors prints
 * nothing, and the next is processed all the same.
 *
 * @returns whether there was no error: none at all, or those that the text expects and no others
 */
export function processText(text: string, file: string, settings: TextSettings, sink: TextSink): boolean {
  const { splitMarker } = settings;
  const source = new SourceText(text);
  const chunks = splitMarker === undefined ? [{ text, firstLine: 1 }] : splitInput(text, splitMarker);
  if (splitMarker !== undefined) sink.report(nearSplitMarkers(text, file, splitMarker), source);
  let succeeded = true;
  chunks.forEach((chunk, index) => {
    if (index > 0) sink.output(`${settings.outputSplitMarker}\n`);
    if (!processChunk(chunk, file, source, settings, sink)) succeeded = false;
  });
  return succeeded;
}

function processChunk(
  chunk: InputChunk,
  file: string,
  source: SourceText,
  settings: TextSettings,
  sink: TextSink,
): boolean {
  const found: Diagnostic[] = [];
  const began = performance.now();
  const read = parsed(chunk, file, settings.allowUnregisteredDialects, found);
  const module = read && settings.runsReproducer ? withoutReproducer(read) : read;
  const parsing = performance.now() - began;
  const processed = module === undefined ? undefined : processModule(module, parsing, settings, found);
  if (processed !== undefined) {
    sink.output(processed.text);
    sink.processed(processed);
  }
  const expectations = settings.verifyDiagnostics && parseExpectations(chunk.text, file, chunk.firstLine);
  const shown = expectations ? checkExpectations(expectations, found, settings.verifyDiagnostics) : found;
  sink.report(shown, source);
  return !shown.some(({ severity }) => severity === "error");
}

function parsed(
  { text, firstLine }: InputChunk,
  file: string,
  allowUnregisteredDialects: boolean,
  found: Diagnostic[],
): Module | undefined {
  try {
    const module = parseModule(text, { file, firstLine, registry, allowUnregisteredDialects });
    found.push(...verifyModule(module, registry));
    return found.some(({ severity }) => severity === "error") ? undefined : module;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    found.push(...error.diagnostics);
    return undefined;
  }
}

/**
 * Runs the passes on a module and prints it; undefined when a pass fails.
 * @param parsing milliseconds that reading it took
 * @param found what the passes tell is added here
 */
export function processModule(
  module: Module,
  parsing: number,
  { pipeline, instrumentation, printing }: Pick<TextSettings, "pipeline" | "instrumentation" | "printing">,
  found: Diagnostic[],
): (ProcessedModule & { readonly text: string }) | undefined {
  const result = runPipeline(module, pipeline, { verify: verifyModule, ...instrumentation });
  if (result.failure) {
    const warnings = result.diagnostics.filter(({ severity }) => severity !== "error");
    found.push(...warnings, ...failureOf(result).diagnostics);
    return undefined;
  }
  found.push(...result.diagnostics);
  const began = performance.now();
  const printed = printModule(result.module, registry, printing);
  // Upstream ends a module's text with an empty line, except where nothing is named at its beginning.
  const text = printing.localScope ? printed : `${printed}\n`;
  const output = performance.now() - began;
  return { result, timing: withEnds(result.timing, parsing, output), text };
}

/** The time of the passes between the times of reading and writing. */
function withEnds({ name, milliseconds, children }: TimingNode, parsing: number, output: number): TimingNode {
  const passes = children.filter((child) => child.name !== "Rest");
  const rest = children.filter((child) => child.name === "Rest");
  const end = (what: string, milliseconds: number): TimingNode => ({ name: what, milliseconds, children: [] });
  return {
    name,
    milliseconds: milliseconds + parsing + output,
    children: [end("Parser", parsing), ...passes, end("Output", output), ...rest],
  };
}
