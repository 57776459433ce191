import { readFileSync, statSync } from "node:fs";
import { Command, Help, type Option } from "commander";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { renderDiagnostics } from "../support/render-diagnostics.ts";
import { normalizedArguments } from "./arguments.ts";

const examples = `
Examples:
  weft compile model.onnx --bind batch=1 -o out        compile to C in the folder out/
  weft compile model.onnx --target wgsl --serve        compile to WGSL, and serve a page that runs it
  weft run model.onnx --input x=picture.npy            compile, run once, print the outputs
  weft verify model.onnx --shape x=1x3x48x192          compare targets with ONNX Runtime
  weft bench model.onnx --against onnxruntime          measure, in turns with ONNX Runtime
  weft opt file.mlir --pass-pipeline 'builtin.module(canonicalize,cse)'
  weft reduce bad.mlir --command 'weft opt --cse {}'    the smallest module that still fails
  weft explain model.onnx                              what becomes of each node, and why
  weft conformance tests-folder --target c             run ONNX backend tests`;

/** What an option does; that a switch is off by default need not be said. */
function optionDescription(this: Help, option: Option): string {
  return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
}

/** Each command's module, loaded when it is wanted: most start-ups need one of them. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  compile: async () => (await import("./commands/compile.ts")).addCompileCommand,
  run: async () => (await import("./commands/run.ts")).addRunCommand,
  verify: async () => (await import("./commands/verify.ts")).addVerifyCommand,
  bench: async () => (await import("./commands/bench.ts")).addBenchCommand,
  opt: async () => (await import("./commands/opt.ts")).addOptCommand,
  reduce: async () => (await import("./commands/reduce.ts")).addReduceCommand,
  explain: async () => (await import("./commands/explain.ts")).addExplainCommand,
  conformance: async () => (await import("./commands/conformance.ts")).addConformanceCommand,
  lsp: async () => (await import("./commands/lsp.ts")).addLspCommand,
};

/** The command line with the one command that `name` is, or with all where it is none: help and suggestions know them all. */
async function makeProgram(name: string | undefined): Promise<Command> {
  const program = new Command("weft")
    .description("a compiler for ONNX models")
    .version("0.1.0")
    .configureHelp({ optionDescription })
    .showHelpAfterError("(weft --help and weft COMMAND --help say more)")
    .addHelpText("after", examples);
  const wanted = name !== undefined && Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const load of wanted) (await load())(program);
  return program;
}

/** Larger files are not read again for code frames. */
const largestFramed = 16 * 1024 * 1024;

/** The texts of the files that diagnostics point into. */
function sourcesOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { location } of diagnostics) {
    if (location.kind !== "file" || location.line === 0 || sources.has(location.file)) continue;
    if (statSync(location.file, { throwIfNoEntry: false })?.isFile() && statSync(location.file).size <= largestFramed)
      sources.set(location.file, readFileSync(location.file, "utf8"));
  }
  return sources;
}

/** Runs the command line; errors end in one message each and exit code 1. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const program = await makeProgram(args[2]);
    const command = program.commands.find((candidate) => candidate.name() === args[2]);
    const rest = args.slice(3);
    await program.parseAsync([...args.slice(0, 3), ...(command ? normalizedArguments(command, rest) : rest)]);
  } catch (error) {
    reportError(error);
  }
}

function reportError(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof CompileError)
    process.stderr.write(
      `${renderDiagnostics(error.diagnostics, { color: process.stderr.isTTY, sources: sourcesOf(error.diagnostics) })}\n`,
    );
  else
    process.stderr.write(
      `error: ${error instanceof Error ? error.message : String(error)} [internal/unexpected]\n` +
        `  help: this is a defect of weft; run again with WEFT_TRACE=1 for its place and report it\n` +
        (process.env["WEFT_TRACE"] && error instanceof Error ? `${error.stack}\n` : ""),
    );
}
