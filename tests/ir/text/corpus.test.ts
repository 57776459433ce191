import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { sharedFolder } from "../../support/shared-data.ts";

const corpus = join(sharedFolder, "mlir-corpus");
const sample = (folder: string, stride: number): readonly string[] =>
  readdirSync(join(corpus, folder)).filter((_, index) => index % stride === 0);
const read = (folder: string, file: string): string => readFileSync(join(corpus, folder, file), "utf8");

/** The generic form of a text, as `mlir-opt` was asked to print the file; undefined where it does not parse. */
function generic(text: string, file: string): string | undefined {
  try {
    const module = parseModule(text, { file, registry, allowUnregisteredDialects: true });
    const localScope = file.endsWith(".local.mlir");
    return printModule(module, registry, {
      generic: true,
      localScope,
      debugInfo: localScope || file.endsWith(".dbg.mlir"),
    });
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

test("what mlir-opt prints in the generic form comes back byte for byte", () => {
  const different = sample("generic", 45).filter((file) => {
    const text = read("generic", file);
    return generic(text, file) !== text;
  });
  // Sizes of 2^63 - 1, which a number does not hold exactly, are refused.
  expect(different).toEqual(["mlir__Dialect_MemRef_high-rank-overflow__001.dbg.mlir"]);
});

test("pretty forms mean what mlir-opt takes them to mean", () => {
  const files = sample("pretty", 22);
  const same = files.filter((file) => generic(read("pretty", file), file) === read("generic", file));
  // Operations of dialects that the compiler lacks have no pretty form here.
  expect(files.length).toBe(303);
  expect(same.length).toBeGreaterThanOrEqual(160);
});

test("pretty forms are printed so that they can be read again", () => {
  for (const file of sample("pretty", 22)) {
    const options = { file, registry, allowUnregisteredDialects: true };
    const first = generic(read("pretty", file), file);
    if (first === undefined) continue;
    const pretty = printModule(parseModule(read("pretty", file), options), registry);
    expect(generic(pretty, file), file).toBe(first);
  }
});
