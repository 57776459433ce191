import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { splitInput } from "../../../src/ir/text/split-input.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { renderDiagnostics } from "../../../src/support/render-diagnostics.ts";

const million = 1_000_000;

/** The code of the first error, with what the errors take to be shown; "module" where there is none. */
function outcome(text: string): string {
  try {
    const module = parseModule(text, { file: "large.mlir", registry, allowUnregisteredDialects: true });
    return printModule(module, registry).length > 0 ? "module" : "";
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    expect(error.diagnostics.length).toBeLessThanOrEqual(101);
    const shown = renderDiagnostics(error.diagnostics, { sources: new Map([["large.mlir", text]]) });
    expect(shown.length).toBeLessThan(100_000);
    return error.diagnostics[0]!.code;
  }
}

test.each<[string, () => string, string]>([
  ["a string", () => `"a"() {x = "${"y".repeat(20 * million)}"} : () -> ()`, "module"],
  ["a string that is not closed", () => `"a"() {x = "${"y".repeat(50 * million)}`, "text/malformed-token"],
  ["a name", () => "a".repeat(50 * million), "text/unregistered-operation"],
  ["a line of operations", () => '"a"() : () -> () '.repeat(million / 2), "module"],
  ["a line of closing braces", () => "}".repeat(20 * million), "text/unexpected-token"],
  ["a line of opening braces", () => "{".repeat(20 * million), "text/unexpected-token"],
  ["brackets in a body", () => `"a"() {a = #d.a${"<".repeat(20 * million)}`, "text/malformed-token"],
  ["ten million errors", () => "foo\n".repeat(10 * million), "text/unregistered-operation"],
  ["nested regions that are not closed", () => '"a"() ({\n'.repeat(100_000), "text/nesting-limit"],
  ["nested arrays that are not closed", () => `"a"() {a = ${"[".repeat(100_000)}`, "text/nesting-limit"],
  ["nested modules", () => "module {\n".repeat(100_000) + "}\n".repeat(100_000), "text/nesting-limit"],
  ["digits", () => `"a"() {x = ${"7".repeat(million)}} : () -> ()`, "text/invalid-literal"],
])("%s", (_, text, expected) => {
  expect(outcome(text())).toBe(expected);
});

test("a million parts of a file", () => {
  expect(splitInput("// -----\n".repeat(million))).toHaveLength(million);
});
