import { Command } from "commander";
import { normalizedArguments } from "../../../src/cli/arguments.ts";
import { addOptCommand } from "../../../src/cli/commands/opt.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { renderDiagnostics } from "../../../src/support/render-diagnostics.ts";
import type { Tool } from "./check-runner.ts";

/** What a command wrote. */
export interface ToolResult {
  readonly output: string;
  readonly errors: string;
  readonly failed: boolean;
}

/** `weft opt …` in this process. */
export function runWeftOpt(args: readonly string[], input = ""): ToolResult {
  let output = "";
  let errors = "";
  let failed = false;
  const program = new Command();
  const failing = {
    writeErr: (text: string) => void (errors += text),
    writeOut: (text: string) => void (output += text),
  };
  program.exitOverride().configureOutput(failing);
  addOptCommand(program, {
    input: () => input,
    output: (text) => void (output += text),
    errors: (text) => void (errors += text),
    color: false,
    fail: () => void (failed = true),
  });
  const [command] = program.commands;
  try {
    program.parse(["opt", ...normalizedArguments(command!, args)], { from: "user" });
  } catch (error) {
    failed = true;
    if (error instanceof CompileError) errors += renderDiagnostics(error.diagnostics);
    // Commander has written what it found, and throws instead of ending the process.
    else if (!(error instanceof Error && "exitCode" in error)) throw error;
  }
  return { output, errors, failed };
}

/** `weft opt FILE …` in this process. `not weft opt …` must fail, and gives what it tells. */
export const weftOpt: Tool = (words) => {
  const mustFail = words[0] === "not";
  const [program, command, ...rest] = mustFail ? words.slice(1) : words;
  if (program !== "weft" || command !== "opt") throw new Error(`unknown tool in ${words.join(" ")}`);
  const { output, errors, failed } = runWeftOpt(rest);
  if (failed !== mustFail) throw new Error(errors || "expected errors, found none");
  return mustFail ? errors : output;
};
