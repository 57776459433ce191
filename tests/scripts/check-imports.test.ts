import { describe, expect, test } from "vitest";
import { importCycles, importsOf, wrongDirections } from "../../scripts/check-imports.ts";

describe("imports of a file", () => {
  test("are found in every form, relative to the repository's root", () => {
    const text = [
      'import { a } from "./a.ts";',
      "import {",
      "  type B,",
      "  c,",
      '} from "../ir/b.ts";',
      'import type { D } from "./d.ts";',
      'export * from "./e.ts";',
      'import "./f.ts";',
      'const later = await import("../../samples/g.ts");',
      'type T = typeof import("./h.ts");',
      'import again from "./a.ts";',
    ].join("\n");
    expect(importsOf("src/passes/x.ts", text)).toEqual([
      "src/passes/a.ts",
      "src/ir/b.ts",
      "src/passes/d.ts",
      "src/passes/e.ts",
      "src/passes/f.ts",
      "samples/g.ts",
      "src/passes/h.ts",
    ]);
  });

  test("leave out packages, and texts that are no imports", () => {
    const text = [
      'import { readFileSync } from "node:fs";',
      'import koffi from "koffi";',
      '// import { a } from "./a.ts";',
      ' * import { b } from "./b.ts";',
      "const text = \"import c from './c.ts'\";",
      'export const from = "./d.ts";',
      'export function load(from = "./e.ts") {}',
    ].join("\n");
    expect(importsOf("src/passes/x.ts", text)).toEqual([]);
  });
});

describe("the direction of imports", () => {
  const problems = (file: string, target: string): readonly string[] => wrongDirections(new Map([[file, [target]]]));

  test("goes towards the foundation, or stays in the folder", () => {
    expect(problems("src/passes/a.ts", "src/ir/b.ts")).toEqual([]);
    expect(problems("src/ir/text/a.ts", "src/ir/b.ts")).toEqual([]);
    expect(problems("src/ir/b.ts", "src/ir/text/a.ts")).toEqual([]);
    expect(problems("tests/ir/a.test.ts", "src/cli/main.ts")).toEqual([]);
    expect(problems("benchmarks/a.ts", "samples/ocr/b.ts")).toEqual([]);
  });

  test("never goes up, out of src, or from a folder that has no place", () => {
    expect(problems("src/ir/a.ts", "src/passes/b.ts")).toHaveLength(1);
    expect(problems("src/cli/a.ts", "samples/ocr/b.ts")).toHaveLength(1);
    expect(problems("src/misc/a.ts", "src/support/b.ts")).toHaveLength(2);
  });
});

describe("circles of imports", () => {
  const cycles = (...edges: readonly (readonly [string, readonly string[]])[]) => importCycles(new Map(edges));

  test("are found, each with all its files", () => {
    expect(cycles(["a", ["b"]], ["b", ["c"]], ["c", ["a"]], ["d", ["a", "e"]], ["e", ["d"]], ["f", ["a"]])).toEqual([
      ["a", "b", "c"],
      ["d", "e"],
    ]);
    expect(cycles(["a", ["a"]])).toEqual([["a"]]);
  });

  test("two ways to one file are none", () => {
    expect(cycles(["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", []])).toEqual([]);
  });
});
