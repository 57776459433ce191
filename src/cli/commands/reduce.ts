import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { readText } from "../../backends/compile-model.ts";
import { registry } from "../../ir/dialects/index.ts";
import type { Module } from "../../ir/module.ts";
import { parseModule } from "../../ir/text/parse.ts";
import { printModule } from "../../ir/text/print.ts";
import { verifyModule } from "../../ir/verifier.ts";
import { CompileError, defineDiagnostics, message, throwOnErrors } from "../../support/diagnostic.ts";
import { contentHash } from "../../support/hash.ts";
import { fileLocation } from "../../support/location.ts";
import { operationCount, type Reduction, reductionCandidates } from "../../testing/reduce/reduce.ts";
import { type InterestTest, type TestRun, TestRunner } from "../reduce/interest-test.ts";

interface ReduceCommandOptions {
  readonly test?: string;
  readonly command?: string;
  readonly exitCode?: number;
  readonly stderr?: string;
  readonly output: string;
  readonly generic: boolean;
  readonly debuginfo: boolean;
  readonly verify: boolean;
  readonly timeout: number;
  readonly timeLimit?: number;
  readonly maxTests?: number;
}

const commandDiagnostics = defineDiagnostics("reduce", {
  "no-test": {
    severity: "error",
    message: message`${"what"} of --test and --command is given`,
    help: "say what is interesting: --test ./check.sh (ends with 0 on it), or --command 'weft opt … {}' (fails on it)",
  },
  "not-interesting": {
    severity: "error",
    message: message`the input itself is not interesting: the test ${"outcome"}`,
    help: "run the test on the input by hand; a script ends with 0 on what is interesting, a command fails as the options say",
  },
  "test-not-started": {
    severity: "error",
    message: message`the test cannot be started: ${"cause"}`,
    help: "check the path, and that the script may be executed",
  },
});

const details = `
A test says what is interesting:
  --test SCRIPT      is run with the file's name, and ends with 0 when the file is interesting (as for llvm-reduce)
  --command TEXT     is run by the shell, {} in it the file's name; interesting is what makes it end with --exit-code, or write
                     --stderr, or both; without these, what makes it fail in any way

The smallest file found so far is at the output's place all the time, so Ctrl-C loses nothing. Operations of any dialect are
reduced; those that are not known must be in the generic form.

Examples:
  weft reduce bad.mlir --command 'weft opt --canonicalize {}' --stderr 'internal error' -o small.mlir
  weft reduce bad.mlir --test ./is-miscompiled.sh --time-limit 600`;

function number(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It is a number.");
  return Number(text);
}

/** `weft reduce`: the smallest module that a test still finds interesting. */
export function addReduceCommand(program: Command): void {
  program
    .command("reduce")
    .argument("<file>", "MLIR text")
    .description("shrink a module while it stays interesting, for instance while a command fails on it")
    .optionsGroup("What is interesting:")
    .option("--test <script>", "a program that ends with 0 on an interesting file")
    .option("--command <text>", "a shell command that fails on an interesting file, {} its name")
    .option("--exit-code <number>", "the status that the command must end with", number)
    .option("--stderr <text>", "what the command must write to its errors")
    .option("--timeout <seconds>", "what does not end by then is not interesting", number, 60)
    .optionsGroup("Output:")
    .option("-o, --output <file>", "the reduced module", "reduced.mlir")
    .option("--generic", "write the generic form", false)
    .option("--debuginfo", "write locations", false)
    .optionsGroup("Limits:")
    .option("--time-limit <seconds>", "end after this time, with the smallest found", number)
    .option("--max-tests <number>", "end after so many tests", number)
    .option("--no-verify", "let modules pass that do not verify")
    .addHelpText("after", details)
    .action(reduceFile);
}

async function reduceFile(file: string, options: ReduceCommandOptions): Promise<void> {
  const test = testOf(file, options);
  const module = parseModule(readText(file), { file, registry, allowUnregisteredDialects: true });
  if (options.verify) throwOnErrors(verifyModule(module, registry));
  const folder = mkdtempSync(join(tmpdir(), "weft-reduce-"));
  const runner = new TestRunner(test, join(folder, "candidate.mlir"), options.timeout);
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
    runner.stop();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const reduction = await reduce(module, file, runner, options, interruption.signal);
    const kept = operationCount(reduction.module);
    const how = interruption.signal.aborted ? "interrupted" : reduction.minimal ? "minimal" : "stopped at the limit";
    process.stdout.write(`${options.output}: ${kept} operations after ${reduction.tests} tests, ${how}\n`);
    if (interruption.signal.aborted) process.exitCode = 130;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    rmSync(folder, { recursive: true, force: true });
  }
}

function testOf(file: string, { test, command, exitCode, stderr }: ReduceCommandOptions): InterestTest {
  if ((test === undefined) === (command === undefined)) {
    const what = test === undefined ? "neither" : "each";
    throw new CompileError([commandDiagnostics.at("no-test", fileLocation(file), { what })]);
  }
  return test !== undefined ? { kind: "script", path: test } : { kind: "command", text: command!, exitCode, stderr };
}

async function reduce(
  module: Module,
  file: string,
  runner: TestRunner,
  options: ReduceCommandOptions,
  interruption: AbortSignal,
): Promise<Reduction> {
  const text = (candidate: Module): string =>
    printModule(candidate, registry, { generic: options.generic, debugInfo: options.debuginfo });
  const deadline = performance.now() + 1000 * (options.timeLimit ?? Infinity);
  const candidates = reductionCandidates(module, {
    verify: options.verify,
    ...(options.maxTests === undefined ? {} : { maxTests: options.maxTests }),
    shouldStop: () => interruption.aborted || performance.now() > deadline,
    onProgress: ({ module: smaller, before, after, step, tests }) => {
      writeWhole(options.output, text(smaller));
      if (after < before) process.stderr.write(`${before} → ${after} operations: ${step} (${tests} tests)\n`);
    },
  });
  // Different candidates may have one text, when what differs is not written.
  const answers = new Map<string, boolean>();
  let next = candidates.next();
  while (!next.done) {
    const candidate = text(next.value);
    const key = contentHash(Buffer.from(candidate));
    if (!answers.has(key)) {
      const run = await runTest(runner, candidate, file);
      if (interruption.aborted && answers.size === 0) return { module, tests: 0, minimal: false };
      if (answers.size === 0) acceptInput(run, file, options.output, candidate);
      answers.set(key, run.isInteresting);
    }
    next = candidates.next(answers.get(key)!);
  }
  return next.value;
}

/** The input is the smallest found so far. @throws CompileError when it is not interesting */
function acceptInput({ isInteresting, description }: TestRun, file: string, output: string, text: string): void {
  if (!isInteresting)
    throw new CompileError([commandDiagnostics.at("not-interesting", fileLocation(file), { outcome: description })]);
  writeWhole(output, text);
}

async function runTest(runner: TestRunner, text: string, file: string): Promise<TestRun> {
  try {
    return await runner.run(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([commandDiagnostics.at("test-not-started", fileLocation(file), { cause })]);
  }
}

/** Writes a file so that at any time either the text before or the new one is there whole. */
function writeWhole(file: string, text: string): void {
  const present = statSync(file, { throwIfNoEntry: false });
  if (present !== undefined && !present.isFile()) return writeFileSync(file, text);
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}
