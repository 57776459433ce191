import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFile, repositoryRoot, sharedFolder } from "../../support/shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-errors-"));
const recogniser = packageFile("@gutenye", "ocr-models", "assets", "ch_PP-OCRv4_rec_infer.onnx");
const small = join(sharedFolder, "models", "mlperf_ad.onnx");
const suite = join(sharedFolder, "onnx-backend-tests");
/** A loop whose number of iterations is known only at run time. */
const endless = join(suite, "node", "test_range_float16_type_positive_delta_expanded", "model.onnx");
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(file("garbage.onnx"), "garbage");
  writeFileSync(file("empty.onnx"), "");
  writeFileSync(file("open.mlir"), "func.func @a( {\n");
  writeFileSync(
    file("three.mlir"),
    "func.func @a(%a : i32) -> i32 {\n  %x = arith.addi %a, %z : i32\n  %y = arith.foo %a : i32\n  return %x : i64\n}\n",
  );
  writeFileSync(file("right.mlir"), "func.func @a(%a : i32) -> i32 {\n  return %a : i32\n}\n");
  writeFileSync(file("profile.yaml"), "name: x\nkind: tpu\nlimits: { maxBufferSize: 0 }\n");
  writeFileSync(file("tiny.yaml"), "name: tiny\nkind: gpu\nlimits: { maxBufferSize: 256 }\n");
  writeFileSync(file("mine.txt"), "a file that is not Weft's");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function weft(...args: readonly string[]) {
  const result = spawnSync(process.execPath, [join(repositoryRoot, "src/cli/main.ts"), ...args], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status: result.status, output: result.stdout, errors: result.stderr };
}

/** Command lines with the codes they must be answered with, in order. */
const cases: readonly (readonly [name: string, args: readonly string[], codes: readonly string[]])[] = [
  ["a model that is not there", ["compile", file("nowhere.onnx")], ["onnx/file-unreadable"]],
  ["text that is not there", ["opt", file("nowhere.mlir")], ["compile/unreadable"]],
  ["a file of another kind", ["compile", file("mine.txt")], ["compile/unknown-format"]],
  ["bytes that are no model", ["compile", file("garbage.onnx")], ["onnx/wire-tag"]],
  ["an empty model", ["compile", file("empty.onnx")], ["onnx/not-a-model"]],
  ["unbound dimensions, all of them", ["compile", recogniser], ["onnx/dimension-unbound", "onnx/dimension-unbound"]],
  ["a shape of another rank", ["compile", recogniser, "--shape", "x=1x3x48"], ["onnx/dimension-rank"]],
  ["a shape that is none", ["compile", recogniser, "--shape", "x=1x3x48xwide"], ["onnx/dimension-syntax"]],
  ["a dimension the model has not", ["compile", small, "--bind", "batch=1"], ["onnx/dimension-unknown-name"]],
  ["an unknown target", ["compile", small, "--target", "vhdl"], ["backend/unknown-backend"]],
  ["a value an option cannot have", ["compile", small, "--c-dialect", "c11"], ["backend/invalid-option"]],
  ["a folder that is not Weft's", ["compile", small, "-o", folder], ["backend/foreign-folder"]],
  [
    "an input the model has not",
    ["run", small, "--target", "interpreter", "--input", "foo=random"],
    ["runtime/unknown-input", "runtime/missing-input"],
  ],
  [
    "an input of another size",
    ["run", small, "--target", "interpreter", "--input", `actual_input_1=${file("mine.txt")}`],
    ["input/unreadable"],
  ],
  ["text that ends too early", ["opt", file("open.mlir")], ["text/unexpected-token"]],
  [
    "several errors in one text",
    ["opt", file("three.mlir")],
    ["text/unregistered-operation", "text/value-type", "text/unknown-value"],
  ],
  [
    "unknown passes and options, all of them",
    ["opt", file("right.mlir"), "--pass-pipeline", "builtin.module(canonicalise,cse{x=1})"],
    ["passes/unknown-pass", "passes/unknown-option"],
  ],
  [
    "a pipeline that ends too early",
    ["opt", file("right.mlir"), "--pass-pipeline", "builtin.module(cse"],
    ["passes/syntax"],
  ],
  ["a folder without tests", ["conformance", folder], ["conformance/no-tests"]],
  ["a filter that no test matches", ["conformance", suite, "--filter", "matmal"], ["conformance/no-match"]],
  ["a filter that is no expression", ["conformance", suite, "--filter", "("], ["conformance/invalid-filter"]],
  [
    "a device profile that is not there",
    ["compile", small, "--target", "wgsl", "--device-profile", file("nowhere.yaml"), "-o", file("out")],
    ["wgsl/unreadable-profile"],
  ],
  [
    "a device profile with several errors",
    ["compile", small, "--target", "wgsl", "--device-profile", file("profile.yaml"), "-o", file("out")],
    ["device-profile/invalid", "device-profile/invalid"],
  ],
  [
    "a device without room for an input",
    ["compile", small, "--target", "wgsl", "--device-profile", file("tiny.yaml"), "-o", file("out")],
    ["wgsl/limit-exceeded"],
  ],
  [
    "an operation that no target runs",
    ["compile", endless, "--target", "wgsl", "-o", file("out")],
    ["onnx/unsupported"],
  ],
];

describe("bad input on the command line", () => {
  test.each(cases)("%s", (_, args, codes) => {
    const before = readdirSync(folder).sort();
    const { status, output, errors } = weft(...args);
    expect(status).toBe(1);
    expect(output).toBe("");
    expect([...errors.matchAll(/^(?:.*: )?error: .* \[([a-z-]+\/[a-z-]+)\]$/gm)].map((match) => match[1])).toEqual(
      codes,
    );
    expect(errors).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  test("a place in text comes with its line", () => {
    const { errors } = weft("opt", file("three.mlir"));
    expect(errors).toContain(`${file("three.mlir")}:3:8: error: `);
    expect(errors).toContain("\n  %y = arith.foo %a : i32\n       ^\n");
  });

  test("nothing is written when a compilation fails", () => {
    weft("compile", file("garbage.onnx"), "-o", file("out"));
    expect(existsSync(file("out"))).toBe(false);
  });

  test("control characters of a hostile model do not reach the terminal", () => {
    const { errors } = weft("opt", file("right.mlir"), "--pass-pipeline", "builtin.module(\u001b[2Jcse)");
    expect(errors).not.toContain("\u001b[2J");
  });
});
