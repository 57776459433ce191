import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { upstreamTool } from "../../src/testing/upstream.ts";
import { runWeftOpt } from "../support/check/weft-opt.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-opt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const sums = file(
  "sums.mlir",
  `func.func @f(%a: i32) -> i32 {
  %c = arith.constant 1 : i32
  %c1 = arith.constant 1 : i32
  %d = arith.addi %c, %c1 : i32
  %e = arith.addi %a, %d : i32
  return %e : i32
}
func.func @g() {
  return
}
`,
);
const parts = file(
  "parts.mlir",
  `func.func private @a()
// -----
func.func @b() { "builtin.unknown"() : () -> () }

// ----- the next
module @c {}
// ====
  // -----
func.func @d(%x: i32) { return }
`,
);
const constants = file(
  "constants.mlir",
  `#map = affine_map<(d0) -> (d0)>
"test.op"() {a = dense<[1, 2, 3]> : tensor<3xi32>, b = dense_resource<blob> : tensor<2xi8>, c = dense<1> : tensor<9xi32>,
  d = #map, e = #map} : () -> ()
{-# dialect_resources: { builtin: { blob: "0x040000000102" } } #-}
`,
);

function upstream(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(upstreamTool("mlir-opt"), args, { input, encoding: "utf8" });
  return { output: stdout, errors: stderr, failed: status !== 0 };
}

describe("the output is mlir-opt's", () => {
  test.each<[string, readonly string[]]>([
    ["as it is", [sums]],
    ["one dash before a long name", ["-mlir-print-op-generic", sums]],
    ["passes by their own flags", ["--canonicalize", sums, "-cse"]],
    ["flags that are said to be on and off", ["--cse", "--mlir-print-op-generic=false", "--verify-each=true", sums]],
    ["a pipeline with anchors", ["--pass-pipeline=builtin.module(func.func(canonicalize,cse),cse)", sums]],
    ["a pipeline in the next argument", ["--pass-pipeline", "builtin.module(cse)", sums]],
    ["any operation at the top", ["--pass-pipeline=any(cse)", sums]],
    ["locations", ["--mlir-print-debuginfo", sums]],
    ["locations without aliases", ["--mlir-print-debuginfo", "--mlir-print-local-scope", sums]],
    ["threads", ["--mlir-disable-threading", sums]],
    ["parts, some of them wrong", ["--split-input-file", parts]],
    ["parts between other markers", ["--split-input-file=// ====", "--output-split-marker=// next", parts]],
    ["dialects that are not known", ["--allow-unregistered-dialect", constants]],
    ["constants left out", ["--allow-unregistered-dialect", "--mlir-elide-elementsattrs-if-larger=2", constants]],
    [
      "as many elements as allowed",
      ["--allow-unregistered-dialect", "--mlir-elide-elementsattrs-if-larger=3", constants],
    ],
    [
      "a resource as long as allowed",
      ["--allow-unregistered-dialect", "--mlir-elide-resource-strings-if-larger=16", constants],
    ],
    [
      "reproducers",
      [
        "--run-reproducer",
        file(
          "r.mlir",
          `${readFileSync(sums, "utf8")}
{-# external_resources: { mlir_reproducer: { pipeline: "builtin.module(cse,canonicalize)", disable_threading: true, verify_each: true } } #-}
`,
        ),
      ],
    ],
  ])("%s", (_, args) => {
    const expected = upstream(args);
    const { output, failed } = runWeftOpt(args);
    expect({ output, failed }).toEqual({ output: expected.output, failed: expected.failed });
  });

  test("from standard input", () => {
    const text = readFileSync(sums, "utf8");
    for (const args of [["-"], [], ["--mlir-print-debuginfo", "-"]])
      expect(runWeftOpt(args, text).output).toBe(upstream(args, text).output);
  });

  test("into a file, which is not written when there is an error", () => {
    const [good, bad] = [join(folder, "good.out"), join(folder, "bad.out")];
    expect(runWeftOpt([sums, "-o", good])).toEqual({ output: "", errors: "", failed: false });
    expect(readFileSync(good, "utf8")).toBe(upstream([sums]).output);
    expect(runWeftOpt(["-o", bad, "--split-input-file", parts]).failed).toBe(true);
    expect(existsSync(bad)).toBe(false);
    expect(runWeftOpt([sums, "-o", "-"]).output).toBe(upstream([sums]).output);
  });
});

/** Headings with the passes' names, without the titles that C++ classes give. */
const dumps = (errors: string): string => errors.replaceAll(/IR Dump (\w+) \w+ \(/g, "IR Dump $1 (");

test.each<[string, readonly string[]]>([
  ["after all", ["--mlir-print-ir-after-all", "--canonicalize", "--cse"]],
  ["before and after one", ["--mlir-print-ir-before=cse", "--mlir-print-ir-after=cse", "--canonicalize", "--cse"]],
  ["around several", ["--mlir-print-ir-after=cse", "--mlir-print-ir-after=canonicalize", "--canonicalize", "--cse"]],
  ["after changes", ["--mlir-print-ir-after-all", "--mlir-print-ir-after-change", "--canonicalize", "--cse", "--cse"]],
  [
    "generic, with locations",
    ["--mlir-print-ir-after-all", "--mlir-print-op-generic", "--mlir-print-debuginfo", "--cse"],
  ],
  [
    "functions",
    ["--mlir-print-ir-after-all", "--pass-pipeline=builtin.module(func.func(cse))", "--mlir-disable-threading"],
  ],
  [
    "modules around functions",
    [
      "--mlir-print-ir-after-all",
      "--mlir-print-ir-module-scope",
      "--mlir-disable-threading",
      "--pass-pipeline=builtin.module(func.func(cse))",
    ],
  ],
])("the IR printed on the way is mlir-opt's: %s", (_, options) => {
  expect(dumps(runWeftOpt([...options, sums]).errors)).toBe(dumps(upstream([...options, sums]).errors));
});

describe("reports", () => {
  test("what a pass changed, as a diff", () => {
    const { errors } = runWeftOpt(["--cse", "--print-ir-after-change", sums]);
    expect(errors).toMatch(
      /^\/\/ -----\/\/ IR Dump After Cse \(cse\) \/\/----- \/\/\n--- before cse\n\+\+\+ after cse\n@@ .* @@\n/,
    );
    expect(errors).toMatch(/^-.*arith\.constant/m);
    expect(runWeftOpt(["--cse", "--cse", "--print-ir-after-change", sums]).errors).toBe(errors);
  });

  test("times, passes, dialects and the pipeline", () => {
    expect(runWeftOpt(["--mlir-timing", "--cse", sums]).errors).toMatch(
      / Parser\n.* cse\n[^]* Output\n.* Rest\n.* Total\n/,
    );
    expect(runWeftOpt(["--list-passes"]).output).toMatch(/^Passes:\n/);
    expect(runWeftOpt(["--list-passes"]).output).toMatch(/^ {4}--max-rounds=<an integer> +- /m);
    expect(runWeftOpt(["--show-dialects"]).output).toMatch(/^Available Dialects: .*arith,.*func,.*\n$/);
    expect(runWeftOpt(["--dump-pass-pipeline", "--canonicalize=max-rounds=3", "--cse", sums]).errors).toBe(
      "Pass Manager: builtin.module(canonicalize{max-rounds=3},cse)\n",
    );
  });
});

describe("errors", () => {
  test("have upstream's form: file, line, column, the line and a caret", () => {
    const wrong = file("wrong.mlir", 'func.func @f() {\n  %0 = "test.op"(%missing) : (i32) -> i32\n  return\n}\n');
    const form = (text: string): string =>
      text
        .replace(/error: .*/, "error:")
        .split("\n")
        .slice(0, 3)
        .join("\n");
    expect(form(runWeftOpt(["--allow-unregistered-dialect", wrong]).errors)).toBe(
      form(upstream(["--allow-unregistered-dialect", wrong]).errors),
    );
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      "an unknown pass",
      ["--pass-pipeline=builtin.module(canonicalise)", sums],
      /"canonicalise"; did you mean "canonicalize"\?/,
    ],
    ["an unknown flag", ["--canonicalise", sums], /unknown option '--canonicalise'\n\(Did you mean --canonicalize\?\)/],
    ["an unknown anchor", ["--pass-pipeline=func.fun(cse)", sums], /did you mean "func\.func"\?/],
    ["passes said in two ways", ["--cse", "--pass-pipeline=builtin.module(cse)", sums], /both say what passes/],
    ["an unknown option of a pass", ["--canonicalize=max-round=1", sums], /did you mean "max-rounds"\?/],
    ["a level that is none", ["--verify-diagnostics=some", sums], /all or only-expected/],
    ["a number that is none", ["--elide=few", sums], /number of elements/],
    ["a file that is not there", [join(folder, "nowhere.mlir")], /nowhere\.mlir: error: /],
    ["a place that cannot be written to", [sums, "-o", join(folder, "no", "where")], /where: error: /],
    ["a trace of parts", [parts, "--split-input-file", "--trace=t.json"], /needs-one-module/],
    ["no reproducer", [sums, "--run-reproducer"], /no-reproducer/],
  ])("%s", (_, args, expected) => {
    const { output, errors, failed } = runWeftOpt(args);
    expect({ output, failed }).toEqual({ output: "", failed: true });
    expect(errors).toMatch(expected);
  });

  test("a near miss of the marker is a warning", () => {
    const near = file("near.mlir", "module {}\n// ---\nmodule {}\n");
    const { errors, failed } = runWeftOpt(["--split-input-file", near]);
    expect(failed).toBe(false);
    expect(errors).toBe(
      `${near}:2:7: warning: near miss with file split marker '// -----' [text/near-split-marker]\n// ---\n      ^\n`,
    );
    expect(upstream(["--split-input-file", near]).errors).toContain(
      `${near}:2:7: warning: near miss with file split marker`,
    );
  });
});

describe("--verify-diagnostics", () => {
  const annotated = (annotation: string): string =>
    file(
      "annotated.mlir",
      `func.func private @a()\n// -----\n${annotation}\nfunc.func @b() { "builtin.unknown"() : () -> () }\n`,
    );

  test("is content when every error is expected, whatever part it is in", () => {
    const right = annotated("// expected-error @below {{}}");
    for (const run of [runWeftOpt, upstream])
      expect(run(["--split-input-file", "--verify-diagnostics", right]).failed).toBe(false);
  });
  test("tells of errors that are missing and those that nobody expects", () => {
    const wrong = annotated("// expected-error @below {{other}}");
    const { errors, failed } = runWeftOpt(["--split-input-file", "--verify-diagnostics", wrong]);
    expect(failed).toBe(true);
    expect(errors).toMatch(
      /^.*:4:\d+: error: unexpected error: .*\n[^]*^.*:3:4: error: expected error "other" was not produced/m,
    );
    expect(runWeftOpt(["--split-input-file", "--verify-diagnostics=only-expected", wrong]).errors).not.toContain(
      "unexpected",
    );
  });
});
