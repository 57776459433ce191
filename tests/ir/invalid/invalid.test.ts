import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { splitInput } from "../../../src/ir/text/split-input.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { CompileError, type Diagnostic } from "../../../src/support/diagnostic.ts";
import { describeLocation, type Location } from "../../../src/support/location.ts";
import { checkExpectations, parseExpectations } from "../../../src/testing/expected-diagnostics.ts";
import { upstreamTool } from "../../../src/testing/upstream.ts";

// Inputs with errors, annotated where each is and with a part of what is said about it. Upstream's tool says that the annotations
// are right; Weft is to find the same errors on the same lines, and none on other lines. Where upstream stops at the first error,
// Weft may find more on its line.
//
// Unregistered dialects are allowed unless the first line is a `// RUN:` line without that option. Notes are upstream's: Weft may
// have others.

const allowUnregistered = "--allow-unregistered-dialect";

function optionsOf(text: string): readonly string[] {
  const [first = ""] = text.split("\n", 1);
  return first.startsWith("// RUN:") && !first.includes(allowUnregistered) ? [] : [allowUnregistered];
}

function diagnosticsOf(
  text: string,
  file: string,
  firstLine: number,
  options: readonly string[],
): readonly Diagnostic[] {
  try {
    const allowUnregisteredDialects = options.includes(allowUnregistered);
    return verifyModule(parseModule(text, { file, firstLine, registry, allowUnregisteredDialects }), registry);
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
}

const lineOf = (location: Location): number | undefined => (location.kind === "file" ? location.line : undefined);

/** Where Weft differs from the annotations, a line for each difference. */
function differencesOf(text: string, file: string, options: readonly string[]): readonly string[] {
  return splitInput(text).flatMap((chunk) => {
    const { expected, ...rest } = parseExpectations(chunk.text, file, chunk.firstLine);
    const found = diagnosticsOf(chunk.text, file, chunk.firstLine, options);
    const errors = expected.filter(({ kind }) => kind !== "note");
    const lines = new Set(errors.map(({ line }) => line));
    return checkExpectations(
      { ...rest, expected: errors },
      found.map((diagnostic) => ({ ...diagnostic, notes: [] })),
    )
      .filter(({ code, location }) => code !== "expected/unexpected" || !lines.has(lineOf(location)))
      .map(({ location, message }) => `${describeLocation(location)}: ${message}`);
  });
}

const inputs = globSync("**/*.mlir", { cwd: import.meta.dirname }).sort();

test("there are more than 300 inputs with errors", () => {
  const chunks = inputs.flatMap((input) => splitInput(readFileSync(join(import.meta.dirname, input), "utf8")));
  expect(chunks.length).toBeGreaterThan(300);
});

describe.each(inputs)("%s", (input) => {
  const path = join(import.meta.dirname, input);
  const text = readFileSync(path, "utf8");
  const options = optionsOf(text);

  test("every part expects an error", () => {
    const silent = splitInput(text).filter(
      (chunk) => !parseExpectations(chunk.text, input, chunk.firstLine).expected.some(({ kind }) => kind === "error"),
    );
    expect(silent.map(({ firstLine }) => `${input}:${firstLine}`)).toEqual([]);
  });

  test("upstream finds what is annotated", async () => {
    const run = promisify(execFile)(upstreamTool("mlir-opt"), [
      ...options,
      "--split-input-file",
      "--verify-diagnostics",
      path,
    ]);
    const complaints = await run.then(
      () => "",
      (error: { readonly stderr: string }) => error.stderr.replaceAll(`${path}:`, `${input}:`),
    );
    expect(complaints).toBe("");
  });

  test("Weft finds the same", () => {
    expect(differencesOf(text, input, options)).toEqual([]);
  });
});
