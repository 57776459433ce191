import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { registry, tosa } from "../../../../src/ir/dialects/index.ts";
import { walk, ModuleReader } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { printModule } from "../../../../src/ir/text/print.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { upstreamPrints } from "../../../../src/testing/upstream.ts";

const text = readFileSync(join(import.meta.dirname, "operations.mlir"), "utf8");
const module = parseModule(text, { file: "operations.mlir", registry });

const upstreamGeneric = (input: string): string => {
  const [answer] = upstreamPrints([input], ["--mlir-print-op-generic"]);
  if (answer?.kind !== "printed") throw new Error(answer?.message);
  return answer.text;
};

describe("operations of tosa", () => {
  test("all of them are in the text", () => {
    const used = new Set([...walk(new ModuleReader(module))].map(({ name }) => name));
    expect(tosa.dialect.operations.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  test("are valid", () => {
    expect(verifyModule(module, registry)).toEqual([]);
  });

  test("are read as upstream reads them", () => {
    expect(printModule(module, registry, { generic: true })).toBe(upstreamGeneric(text));
  });

  test("are read back from their generic form", () => {
    const generic = printModule(module, registry, { generic: true });
    const again = parseModule(generic, { file: "generic.mlir", registry });
    expect(printModule(again, registry, { generic: true })).toBe(generic);
  });

  test("are printed as upstream prints them", () => {
    const [answer] = upstreamPrints([text], []);
    // Upstream calls each of several results by its declared name.
    const withoutSeveralResults = (printed: string) =>
      printed.split("\n").filter((line) => !/fft2d|cast_to_block_scaled/.test(line));
    expect(withoutSeveralResults(printModule(module, registry, {}))).toEqual(
      withoutSeveralResults(answer?.kind === "printed" ? answer.text : ""),
    );
  });

  test("upstream reads what is printed", () => {
    expect(upstreamGeneric(printModule(module, registry, {}))).toBe(upstreamGeneric(text));
  });
});
