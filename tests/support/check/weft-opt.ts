import { readFileSync } from "node:fs";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { CompileError, type Diagnostic } from "../../../src/support/diagnostic.ts";
import { renderDiagnostics } from "../../../src/support/render-diagnostics.ts";
import type { Tool } from "./check-runner.ts";

/**
 * `weft opt FILE [--pass-pipeline=…] [--generic] [--debug-info] [--allow-unregistered-dialect]` in this process, the module verified
 * before and after every pass. `not weft opt …` must fail, and gives the diagnostics.
 */
export const weftOpt: Tool = (words) => {
  const mustFail = words[0] === "not";
  const [program, command, ...rest] = mustFail ? words.slice(1) : words;
  if (program !== "weft" || command !== "opt") throw new Error(`unknown tool in ${words.join(" ")}`);
  const result = run(rest);
  const failed = result.diagnostics.some(({ severity }) => severity === "error");
  if (failed !== mustFail) throw new Error(renderDiagnostics(result.diagnostics) || "expected errors, found none");
  return mustFail ? renderDiagnostics(result.diagnostics) : result.output;
};

interface Result {
  readonly output: string;
  readonly diagnostics: readonly Diagnostic[];
}

function run(words: readonly string[]): Result {
  const file = words.find((word) => !word.startsWith("-"))!;
  const pipelineText = words.find((word) => word.startsWith("--pass-pipeline="))?.slice("--pass-pipeline=".length);
  const has = (option: string): boolean => words.includes(option);
  try {
    const module = parseModule(readFileSync(file, "utf8"), {
      file,
      registry,
      allowUnregisteredDialects: has("--allow-unregistered-dialect"),
    });
    const invalid = verifyModule(module, registry);
    if (invalid.length > 0) return { output: "", diagnostics: invalid };
    const pipeline = parsePipeline(pipelineText ?? "builtin.module()", passes);
    const result = runPipeline(module, pipeline, { verifyEach: true, verify: verifyModule });
    const output = printModule(result.module, registry, { generic: has("--generic"), debugInfo: has("--debug-info") });
    return { output, diagnostics: result.diagnostics };
  } catch (error) {
    if (error instanceof CompileError) return { output: "", diagnostics: error.diagnostics };
    throw error;
  }
}
