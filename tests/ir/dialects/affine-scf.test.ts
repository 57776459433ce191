import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { affine, registry, scf } from "../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { upstreamPrints } from "../../../src/testing/upstream.ts";

const parse = (text: string): Module => parseModule(text, { file: "test.mlir", registry });
const printed = (text: string, generic: boolean): string => printModule(parse(text), registry, { generic });
const upstreamPrint = (text: string, ...options: readonly string[]): string => {
  const [answer] = upstreamPrints([text], options);
  return answer?.kind === "printed" ? answer.text : `refused: ${answer?.message}`;
};

describe.each([affine.dialect, scf.dialect])("$name", ({ name, operations }) => {
  const text = readFileSync(join(import.meta.dirname, name, "operations.mlir"), "utf8");

  test("all operations are in the text, and it is valid", () => {
    const used = new Set([...walk(new ModuleReader(parse(text)))].map((op) => op.name));
    expect(operations.filter((operation) => !used.has(operation.name))).toEqual([]);
    expect(verifyModule(parse(text), registry)).toEqual([]);
  });

  test("upstream reads the same from the text and from what is printed of it", () => {
    const generic = printed(text, true);
    expect(upstreamPrint(text, "--mlir-print-op-generic")).toBe(generic);
    expect(upstreamPrint(printed(text, false), "--mlir-print-op-generic")).toBe(generic);
    expect(printed(printed(text, false), true)).toBe(generic);
  });
});

/** Bodies with subscripts whose text would be read as other ones; `%p` is a pack of two results. */
test.each([
  ["a value that is given twice", '%0 = "affine.load"(%m, %i, %i) <{map = affine_map<(d0, d1) -> (d0, d1)>}>'],
  ["a value that is not read", '%0 = "affine.load"(%m, %i, %j) <{map = affine_map<(d0, d1) -> (d0, 0)>}>'],
  ["dimensions in another order", '%0 = "affine.load"(%m, %i, %j) <{map = affine_map<(d0, d1) -> (d1, d0)>}>'],
  ["a dimension that is a symbol too", '%0 = "affine.load"(%m, %n, %n) <{map = affine_map<(d0)[s0] -> (d0, s0)>}>'],
  ["two results of one operation", '%0 = "affine.load"(%m, %p#0, %p#1) <{map = affine_map<(d0, d1) -> (d0, d1)>}>'],
])("subscripts are printed where they are read back: not for %s", (_, load) => {
  const text = `func.func @f(%m: memref<8x8xf32>, %n: index) {
    affine.for %i = 0 to 8 {
      affine.for %j = 0 to 8 {
        %p:2 = affine.delinearize_index %i into (4, 2) : index, index
        ${load} : (memref<8x8xf32>, index, index) -> f32
      }
    }
    return
  }`;
  expect(verifyModule(parse(text), registry)).toEqual([]);
  const pretty = printed(text, false);
  expect(pretty).toContain('"affine.load"');
  expect(printed(pretty, true)).toBe(printed(text, true));
  expect(upstreamPrint(pretty, "--mlir-print-op-generic")).toBe(printed(text, true));
});

test("arguments of loops have the locations that are written with them", () => {
  const text = `func.func @f(%n: index, %f: f32) {
    affine.for %i loc("x") = 0 to 10 iter_args() -> () {
    }
    affine.parallel (%i loc("y")) = (0) to (10) {
    }
    %0 = scf.for %i = %n to %n step %n iter_args(%a loc("z") = %f) -> f32 {
      scf.yield %a : f32
    }
    scf.forall (%i loc("v")) in (%n) shared_outs() -> () {
    }
    return
  }
  `;
  const [pretty] = upstreamPrints([text], ["--mlir-print-debuginfo", "--mlir-print-local-scope"]);
  const [generic] = upstreamPrints(
    [text],
    ["--mlir-print-op-generic", "--mlir-print-debuginfo", "--mlir-print-local-scope"],
  );
  const module = parseModule(text, { file: "<stdin>", registry });
  const print = (isGeneric: boolean) => ({
    kind: "printed",
    text: printModule(module, registry, { generic: isGeneric, debugInfo: true, localScope: true }),
  });
  expect(print(false)).toEqual(pretty);
  expect(print(true)).toEqual(generic);
});
