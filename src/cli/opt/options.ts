import { type Command, InvalidArgumentError } from "commander";
import { defaultSplitMarker } from "../../ir/text/split-input.ts";
import type { PrintOptions } from "../../ir/text/print.ts";
import { passes } from "../../passes/index.ts";
import type { AnyPass } from "../../passes/pass.ts";
import { type OptionSpecs, optionText } from "../../passes/pass-options.ts";
import type { ExpectationLevel } from "../../testing/expected-diagnostics.ts";
import { type InstrumentationOptions, withInstrumentation } from "../instrumentation-options.ts";
import { type ModelOptions, withModelOptions } from "../model-options.ts";

/** What the command line of `weft opt` says. */
export interface OptOptions extends ModelOptions, InstrumentationOptions {
  readonly allowUnregisteredDialect: boolean;
  readonly splitInputFile?: string;
  readonly outputSplitMarker: string;
  readonly verifyDiagnostics?: ExpectationLevel;
  readonly passPipeline?: string;
  readonly runReproducer: boolean;
  readonly dumpPassPipeline: boolean;
  readonly listPasses: boolean;
  readonly showDialects: boolean;
  readonly output?: string;
  readonly generic: boolean;
  readonly debuginfo: boolean;
  readonly localScope: boolean;
  readonly elide?: number;
  readonly mlirElideElementsattrsIfLarger?: number;
  readonly mlirElideResourceStringsIfLarger?: number;
}

/** Adds the options of `OptOptions` to a command; `onPass` is told each pass's flag, in the order of the command line. */
export function withOptOptions(command: Command, onPass: (element: string) => void): Command {
  command
    .optionsGroup("Input:")
    .option("--allow-unregistered-dialect", "let operations of unknown dialects pass, in the generic form", false)
    .option(
      "--split-input-file [=marker]",
      `process the parts between lines with '${defaultSplitMarker}' (or the given text) one by one`,
      (text: string) => text || defaultSplitMarker,
    )
    .option(
      "--verify-diagnostics [=level]",
      "hold errors and warnings against '// expected-error {{…}}' annotations; only-expected lets others pass",
      expectationLevel,
    );
  withModelOptions(command)
    .optionsGroup("Passes to run:")
    .option("--pass-pipeline <text>", "passes to run, e.g. 'builtin.module(canonicalize,func.func(cse))'")
    .option("--run-reproducer", "run the pipeline that the file itself names, as a failed pass left it", false)
    .option("--dump-pass-pipeline", "print the pipeline that will be run", false)
    .option("--list-passes", "list every pass with its options and stop", false)
    .option("--show-dialects", "list every dialect and stop", false)
    .optionsGroup("Output:")
    .option("-o, --output <file>", "write there instead of to standard output (-)")
    .option("--output-split-marker <text>", "what stands between the outputs of parts", defaultSplitMarker)
    .option("--mlir-print-op-generic, --generic", "print the generic form", false)
    .option("--mlir-print-debuginfo, --debuginfo", "print locations", false)
    .option("--mlir-print-local-scope, --local-scope", "print no aliases", false)
    .option("--mlir-elide-elementsattrs-if-larger <number>", "leave out constants with more elements", count)
    .option("--mlir-elide-resource-strings-if-larger <number>", "leave out resources with more characters", count)
    .option("--elide <number>", "both", count);
  withInstrumentation(command, true)
    .option("--mlir-disable-threading", "accepted, without effect: there is one thread", false)
    .optionsGroup("Each pass, in the order of the command line:");
  for (const pass of passes.passes) {
    const flag = Object.keys(pass.options as OptionSpecs).length === 0 ? `--${pass.name}` : `--${pass.name} [=options]`;
    command.option(flag, pass.summary);
    command.on(`option:${pass.name}`, (options: string | null) => onPass(elementText(pass, options)));
  }
  return command;
}

function expectationLevel(text: string): ExpectationLevel {
  if (text === "" || text === "all") return "all";
  if (text === "only-expected") return "only-expected";
  throw new InvalidArgumentError("It is all or only-expected.");
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is a number of elements or characters.");
  return Number(text);
}

/** A pass as a pipeline has it, on whatever it may run on. */
function elementText({ name, anchors }: AnyPass, options: string | null): string {
  const element = options ? `${name}{${options}}` : name;
  return anchors.includes("builtin.module") ? element : `func.func(${element})`;
}

/** How the command line wants modules printed. */
export function printOptions(options: OptOptions): PrintOptions {
  const elements = options.mlirElideElementsattrsIfLarger ?? options.elide;
  const resources = options.mlirElideResourceStringsIfLarger ?? options.elide;
  return {
    generic: options.generic,
    debugInfo: options.debuginfo,
    localScope: options.localScope,
    ...(elements === undefined ? {} : { elideLargerThan: elements }),
    ...(resources === undefined ? {} : { elideResourcesLargerThan: resources }),
  };
}

/** Every pass with its options, in the form of `mlir-opt --list-passes`. */
export function passList(): string {
  const rows = passes.passes.flatMap((pass) => [
    [`  --${pass.name}`, `  ${pass.summary}`] as const,
    ...Object.entries(pass.options as OptionSpecs).map(
      ([name, { description, help }]) => [`    --${optionText(name)}=<${description}>`, help] as const,
    ),
  ]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return `Passes:\n${rows.map(([name, help]) => `${name.padEnd(width)} - ${help}\n`).join("")}`;
}
