import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { CompileError, type Diagnostic } from "../../../src/support/diagnostic.ts";
import { describeLocation } from "../../../src/support/location.ts";
import { renderDiagnostics } from "../../../src/support/render-diagnostics.ts";

function diagnosticsOf(text: string, allowUnregisteredDialects = true): readonly Diagnostic[] {
  try {
    parseModule(text, { file: "bad.mlir", registry, allowUnregisteredDialects });
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
  return [];
}
const summary = (text: string, allowUnregisteredDialects = true): readonly string[] =>
  diagnosticsOf(text, allowUnregisteredDialects).map(({ code, location }) => `${describeLocation(location)} ${code}`);

describe("one error each", () => {
  test.each([
    ['"test.op"(%x) : (i32) -> ()', ["bad.mlir:1:11 text/unknown-value"]],
    ['%0 = "a"() : () -> i32\n%0 = "b"() : () -> i32', ["bad.mlir:2:1 text/redefined-value"]],
    ['%0 = "a"() : () -> i32\n"b"(%0) : (f32) -> ()', ["bad.mlir:2:5 text/value-type"]],
    ['"b"(%0) : (f32) -> ()\n%0 = "a"() : () -> i32', ["bad.mlir:2:1 text/definition-type"]],
    ['%0:2 = "a"() : () -> i32', ["bad.mlir:1:8 text/result-count"]],
    ['%0:2 = "a"() : () -> (i32, i32)\n"b"(%0#2) : (i32) -> ()', ["bad.mlir:2:5 text/result-number"]],
    ['"a"() : (i32) -> ()', ["bad.mlir:1:1 text/operand-count"]],
    ['"a"() ({\n  "br"()[^bb1] : () -> ()\n}) : () -> ()', ["bad.mlir:2:10 text/unknown-block"]],
    [
      '"a"() ({\n^bb0:\n  "x"() : () -> ()\n^bb0:\n  "x"() : () -> ()\n}) : () -> ()',
      ["bad.mlir:4:1 text/redefined-block"],
    ],
    ['"a"() {x = #nothing} : () -> ()', ["bad.mlir:1:12 text/unknown-alias"]],
    ["#a = 1 : i32\n#a = 2 : i32", ["bad.mlir:2:1 text/redefined-alias"]],
    ['#a = [#b]\n#b = [#a]\n"x"() {a = #a} : () -> ()', ["bad.mlir:2:7 text/cyclic-alias"]],
    ['"a"() {x = 1 : i32, x} : () -> ()', ["bad.mlir:1:21 text/duplicate-attribute"]],
    ['"a"() {x = "never closed} : () -> ()', ["bad.mlir:1:12 text/malformed-token"]],
    ['"a"() {x = #d.a<[1)>} : () -> ()', ["bad.mlir:1:12 text/malformed-token"]],
    ['"a"() {x = 300 : i8} : () -> ()', ["bad.mlir:1:12 text/invalid-literal"]],
    ['"a"() {x = 1 : f32} : () -> ()', ["bad.mlir:1:12 text/invalid-literal"]],
    ['"a"() {x = dense<[1, [2]]> : tensor<2xi32>} : () -> ()', ["bad.mlir:1:23 text/invalid-literal"]],
    ['"a"() {x = dense<[1, 2]> : tensor<3xi32>} : () -> ()', ["bad.mlir:1:18 text/invalid-literal"]],
    ['"a"() {x = dense<0.5> : tensor<3xi32>} : () -> ()', ["bad.mlir:1:18 text/invalid-literal"]],
    ['"a"() : () -> (i32', ["bad.mlir:1:19 text/unexpected-token"]],
    ["}", ["bad.mlir:1:1 text/unexpected-token"]],
    ["module {", ["bad.mlir:1:9 text/unexpected-token"]],
    ["%0 = arith.addd %1, %1 : f32", ["bad.mlir:1:6 text/unregistered-operation"]],
    ["func.func @f(%a: i32) {\n  %0 = arith.addi %a : i32\n  return\n}", ["bad.mlir:2:22 text/unexpected-token"]],
    ['"a"() : () -> () loc("x":)', ["bad.mlir:1:26 text/unexpected-token"]],
    ['"a"() {x = affine_map<(d0) -> (d1)>} : () -> ()', ["bad.mlir:1:32 text/syntax"]],
    ["{-# dialect_resources: { builtin: { a: 1 } } #-}", ["bad.mlir:1:40 text/syntax"]],
  ])("%s", (text, expected) => {
    expect(summary(text)).toEqual(expected);
  });

  test("operations of unknown dialects only where they are allowed", () => {
    expect(summary('"a.b"() : () -> ()', false)).toEqual(["bad.mlir:1:1 text/unregistered-operation"]);
    expect(summary('"a.b"() : () -> ()', true)).toEqual([]);
  });
});

test("several errors in one run, in order, without errors that only follow from others", () => {
  const text = `func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, : i32
  %1 = arith.addi %0, %a : i32
  %2 = arith.nonsense %1 : i32
  %3 = arith.muli %2, %missing : i32
  scf.if %a {
    %4 = arith.addi %a %a : i32
  }
  return %3 : i32
}
func.func @g() {
  return %nothing : i32
}`;
  expect(summary(text)).toEqual([
    "bad.mlir:2:23 text/unexpected-token",
    "bad.mlir:4:8 text/unregistered-operation",
    "bad.mlir:6:10 text/value-type",
    "bad.mlir:5:23 text/unknown-value",
    "bad.mlir:12:10 text/unknown-value",
  ]);
});

test("a frame shows the place, and control characters do no harm", () => {
  const text = 'func.func @f() {\n  "a"(%\u001b[31m) : (i32) -> ()\n  return\n}';
  const rendered = renderDiagnostics(diagnosticsOf(text), { sources: new Map([["bad.mlir", text]]) });
  expect(rendered).toMatch(
    /^bad\.mlir:2:7: error: .* \[text\/[a-z-]+\]\n {2}"a"\(%\\u\{1b\}\[31m\) : \(i32\) -> \(\)\n {6}\^$/m,
  );
  expect(rendered).not.toContain("\u001b");
});

describe("hostile texts end with an error, soon", () => {
  const nested = (depth: number, open: string, inner: string, close: string): string =>
    open.repeat(depth) + inner + close.repeat(depth);
  const doubling = (levels: number): string =>
    Array.from({ length: levels }, (_, index) => `!t${index + 1} = tuple<!t${index}, !t${index}>`).join("\n");
  test.each([
    ["regions", nested(100_000, '"a"() ({\n', '"b"() : () -> ()\n', "}) : () -> ()\n"), "text/nesting-limit"],
    ["types", `"a"() : () -> ${nested(100_000, "tuple<", "i32", ">")}`, "text/nesting-limit"],
    ["arrays", `"a"() {x = ${nested(100_000, "[", "1", "]")}} : () -> ()`, "text/nesting-limit"],
    [
      "tensor literals",
      `"a"() {x = dense<${nested(100_000, "[", "1", "]")}> : tensor<1xi32>} : () -> ()`,
      "text/invalid-literal",
    ],
    ["bodies of attributes", `"a"() {x = #d.a${nested(100_000, "<", "x", ">")}} : () -> ()`, "text/malformed-token"],
    [
      "affine expressions",
      `"a"() {x = affine_map<(d0) -> (${nested(100_000, "(", "d0", ")")})>} : () -> ()`,
      "text/nesting-limit",
    ],
    ["minus signs", `"a"() {x = affine_map<(d0) -> (${"-".repeat(100_000)}d0)>} : () -> ()`, "text/nesting-limit"],
    [
      "chains of aliases",
      `${Array.from({ length: 10_000 }, (_, index) => `#a${index} = [#a${index + 1}]`).join("\n")}\n#a10000 = 1`,
      "text/nesting-limit",
    ],
    ["types that double", `!t0 = i32\n${doubling(60)}\n"a"() : () -> !t60`, "text/too-large"],
    [
      "attributes that double",
      `#t0 = #test.a<x>\n${doubling(60).replaceAll("!t", "#t").replaceAll("tuple", "#test.a")}`,
      "text/too-large",
    ],
    ["errors", '"a"(\n'.repeat(100_000), "text/too-many-errors"],
    ["locations", `"a"() : () -> () loc(${nested(100_000, 'callsite("a" at ', '"b"', ")")})`, "text/nesting-limit"],
  ])("%s", (_, text, code) => {
    const codes = diagnosticsOf(text).map((diagnostic) => diagnostic.code);
    expect(codes).toContain(code);
  });

  test("names of object members are names like any other", () => {
    const text = '"a"() {__proto__ = 1 : i32, constructor = 2 : i32, hasOwnProperty} : () -> ()';
    expect(summary(text)).toEqual([]);
  });

  test("a result list of a billion values is refused without making them", () => {
    expect(summary('%a:1000000000 = "x"() : () -> ()\n%b:1000000000 = nonsense')).toEqual([
      "bad.mlir:1:17 text/no-results",
      "bad.mlir:2:17 text/unregistered-operation",
    ]);
  });
});
