import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { splitInput } from "../../src/ir/text/split-input.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { CompileError, type Diagnostic } from "../../src/support/diagnostic.ts";
import { fileLocation, fusedLocation, nameLocation, unknownLocation } from "../../src/support/location.ts";
import {
  checkExpectations,
  type ExpectationLevel,
  type Expectations,
  parseExpectations,
} from "../../src/testing/expected-diagnostics.ts";
import { upstreamTool } from "../../src/testing/upstream.ts";

const file = "t.mlir";

function upstreamComplaints(text: string, level: ExpectationLevel): readonly string[] {
  const { stderr } = spawnSync(upstreamTool("mlir-opt"), ["--split-input-file", `--verify-diagnostics=${level}`, "-"], {
    input: text,
    encoding: "utf8",
  });
  return [...stderr.matchAll(/^<stdin>:(\d+):\d+: error: (.*)$/gm)].map(
    ([, line, complaint]) => `${line} ${complaint}`,
  );
}

function diagnosticsOf(text: string, firstLine: number): readonly Diagnostic[] {
  try {
    return verifyModule(parseModule(text, { file, firstLine, registry }), registry);
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
}
const described = (all: readonly Diagnostic[]): readonly string[] =>
  all.map(({ location, message }) => `${location.kind === "file" ? location.line : "?"} ${message}`);
const complaints = (text: string, level: ExpectationLevel): readonly string[] =>
  splitInput(text).flatMap((chunk) => {
    const expectations = parseExpectations(chunk.text, file, chunk.firstLine);
    return described(checkExpectations(expectations, diagnosticsOf(chunk.text, chunk.firstLine), level));
  });

const twice = "module {\n  func.func private @a()\n  func.func private @a()\n}\n";
const redefined = (...annotated: readonly string[]): string => `${annotated.join("\n")}\n${twice}`;

test.each<[string, string]>([
  ["what is found and not expected", redefined()],
  ["the annotation's own line", 'module { "builtin.module"() : () -> () } // expected-error {{requires one region}}'],
  ["lines on", redefined("// expected-error @+4 {{redefinition of}}", "// expected-note@+2 {{existing symbol}}")],
  ["lines back", `${twice}// expected-error @-2 {{redefinition of symbol}}\n// expected-note@-4 {{see existing}}`],
  [
    "above and below, over other annotations",
    "module {\n  // expected-note @below {{see existing}}\n  // another comment {{x}}\n  func.func private @a()\n" +
      "  func.func private @a()\n  // expected-remark @+9 {{nothing}}\n  // expected-error @above {{redefinition}}\n}\n",
  ],
  ["below at the end", "module {\n}\n// expected-error @below {{nothing}}"],
  [
    "a regular expression",
    redefined(
      "// expected-error-re @+4 {{redef{{[a-z]+}} of {{.*}} '{{[[:alpha:]]}}'}}",
      "// expected-note @+2 {{see}}",
    ),
  ],
  ["characters with a meaning in regular expressions", redefined("// expected-error-re @+3 {{r.def}}")],
  ["another text", redefined("// expected-error @+3 {{something else}}", "// expected-note @+2 {{see}}")],
  ["another kind", redefined("// expected-warning @+4 {{redefinition}}", "// expected-error @+2 {{see}}")],
  ["twice", redefined("// expected-error @+4 {{redefinition}}", "// expected-error @+3 {{redefinition}}", "")],
  [
    "spaces, and more after the braces",
    redefined("//expected-error   @+4   {{redefinition}}   ", "// expected-note @+2 {{see}} x"),
  ],
  [
    "parts of a file",
    `${redefined("// expected-error @+3 {{r}}")}\n// -----\n${twice}\n  // ----- \n${twice}// expected-error @-2 {{r}}`,
  ],
])("as upstream: %s", (_, text) => {
  for (const level of ["all", "only-expected"] as const)
    expect(complaints(text, level).toSorted()).toEqual(upstreamComplaints(text, level).toSorted());
});

test("an invalid regular expression is an error at its annotation", () => {
  const { problems } = parseExpectations("\n// expected-error-re {{a{{(}}b}}", file, 10);
  expect(problems).toMatchObject([{ code: "expected/invalid-pattern", location: fileLocation(file, 11, 4) }]);
});

test("the place of a diagnostic is the first one in a file", () => {
  const expectations: Expectations = parseExpectations(
    "// expected-error {{x}}\n// expected-error @unknown {{x}}",
    file,
  );
  const at = (location: Diagnostic["location"]): Diagnostic => ({
    code: "a/b",
    severity: "error",
    message: "x",
    location,
    notes: [],
    help: undefined,
  });
  const first = fileLocation(file, 1, 1);
  const found = [fusedLocation("p", [nameLocation("n"), nameLocation("m", first)]), unknownLocation].map(at);
  expect(checkExpectations(expectations, found)).toEqual([]);
  expect(checkExpectations(expectations, [at(first), at(first)])).toMatchObject([{ code: "expected/missing" }]);
  expect(checkExpectations(expectations, [...found, at(fileLocation("other.mlir", 1, 1))])).toMatchObject([
    { code: "expected/unexpected" },
  ]);
});
