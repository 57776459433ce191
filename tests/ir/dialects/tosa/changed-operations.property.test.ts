import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";
import { upstreamTool } from "../../../../src/testing/upstream.ts";
import { changedOperations } from "./changed-operations.ts";

const source = readFileSync(join(import.meta.dirname, "operations.mlir"), "utf8");

function firstErrorOf(text: string): string | undefined {
  try {
    return verifyModule(parseModule(text, { file: "changed.mlir", registry }), registry)[0]?.message;
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics[0]?.message;
    throw error;
  }
}

/** The first error of each text. */
function upstreamErrorsOf(texts: readonly string[]): readonly (string | undefined)[] {
  const separator = "// -----\n";
  const run = spawnSync(upstreamTool("mlir-opt"), ["--split-input-file", "-"], {
    input: texts.join(separator),
    maxBuffer: 2 ** 28,
  });
  expect(run.signal).toBeNull();
  const found: (string | undefined)[] = texts.map(() => undefined);
  const chunkOfLine = texts.flatMap((text, index) => Array.from({ length: text.split("\n").length }, () => index));
  for (const [, line, message] of run.stderr.toString("utf8").matchAll(/^<stdin>:(\d+):\d+: error: (.*)$/gm))
    found[chunkOfLine[Number(line) - 1]!] ??= message;
  return found;
}

/**
 * Where upstream goes by its representation instead of the rule: it computes with a kernel's unknown size as with a number, cannot
 * write constants of quantized type as elements, and stops at bounds of types without a width.
 */
const isOdd = (name: string, text: string): boolean =>
  (name === "tosa.transpose_conv2d" && text.includes("?")) ||
  (name === "tosa.const" && text.includes("!quant")) ||
  (name === "tosa.clamp" && /index|mxint8/.test(text));

test("changed operations are valid where upstream has them so", () => {
  const changed = fc
    .sample(changedOperations(source), 600)
    .filter(({ name, text }) => !isOdd(name, text))
    .map(({ text }) => text);
  const theirs = upstreamErrorsOf(changed);
  // Some of both, or nothing was tried.
  expect(theirs.filter((error) => error === undefined).length).toBeGreaterThan(50);
  expect(theirs.filter((error) => error !== undefined).length).toBeGreaterThan(50);
  const differences = changed.flatMap((text, index) => {
    const [ours, upstream] = [firstErrorOf(text), theirs[index]];
    return (ours === undefined) === (upstream === undefined) ? [] : [{ text, ours, upstream }];
  });
  expect(differences).toEqual([]);
});
