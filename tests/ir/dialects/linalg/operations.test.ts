import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { linalg, registry } from "../../../../src/ir/dialects/index.ts";
import { namedOperations } from "../../../../src/ir/dialects/linalg/named-operations.ts";
import { ModuleReader, walk } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { printModule } from "../../../../src/ir/text/print.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { upstreamPrints } from "../../../../src/testing/upstream.ts";

const text = readFileSync(join(import.meta.dirname, "operations.mlir"), "utf8");
const module = parseModule(text, { file: "operations.mlir", registry });
const generic = printModule(module, registry, { generic: true });
const pretty = printModule(module, registry, {});

const upstreamGeneric = (input: string): string => {
  const [answer] = upstreamPrints([input], ["--mlir-print-op-generic"]);
  return answer?.kind === "printed" ? answer.text : `refused: ${answer?.message}`;
};

describe("operations of linalg that are no entries of the table", () => {
  test("all of them are in the text", () => {
    const used = new Set([...walk(new ModuleReader(module))].map(({ name }) => name));
    const inTable = new Set(Object.keys(namedOperations).map((name) => `linalg.${name}`));
    const names = linalg.dialect.operations.map(({ name }) => name);
    expect(names.filter((name) => !used.has(name) && !inTable.has(name))).toEqual([]);
  });

  test("are valid", () => {
    expect(verifyModule(module, registry)).toEqual([]);
  });

  test("are read as upstream reads them", () => {
    expect(generic).toBe(upstreamGeneric(text));
  });

  test("are read back from their generic and from their pretty form", () => {
    for (const printed of [generic, pretty]) {
      const again = parseModule(printed, { file: "again.mlir", registry });
      expect(printModule(again, registry, { generic: true })).toBe(generic);
    }
  });

  test("are printed as upstream prints them", () => {
    const [answer] = upstreamPrints([text], []);
    expect(pretty).toBe(answer?.kind === "printed" ? answer.text : answer?.message);
  });

  test("upstream reads what is printed", () => {
    expect(upstreamGeneric(pretty)).toBe(generic);
  });
});

describe("a body that is not the one the name says is written out", () => {
  test.each([
    ["another operation", "arith.subf %x, %y : f32"],
    ["other operands", "arith.mulf %y, %x : f32"],
    ["a promise", "arith.mulf %x, %y fastmath<fast> : f32"],
  ])("%s", (_, product) => {
    const source = `func.func @f(%a: memref<2x3xf32>, %b: memref<3xf32>, %c: memref<2xf32>) {
      "linalg.add"(%a, %a, %a) <{operandSegmentSizes = array<i32: 2, 1>}> ({
      ^bb0(%x: f32, %y: f32, %z: f32):
        %p = ${product}
        linalg.yield %p : f32
      }) : (memref<2x3xf32>, memref<2x3xf32>, memref<2x3xf32>) -> ()
      return
    }`;
    const printed = printModule(parseModule(source, { file: "f.mlir", registry }), registry, {});
    expect(printed).toContain('"linalg.add"(');
    expect(upstreamGeneric(printed)).toBe(upstreamGeneric(source));
  });
});
