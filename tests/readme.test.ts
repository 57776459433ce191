import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codeBlocks, linkTargets } from "./support/markdown.ts";
import { repositoryRoot } from "./support/shared-data.ts";

const read = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const files = globSync("samples/**/*.{ts,mlir}", { cwd: repositoryRoot });

describe.each(["README.md", "ARCHITECTURE.md"])("%s", (document) => {
  test("shows code of the samples, word for word", () => {
    const samples = files.map(read);
    const pieces = codeBlocks(read(document), "ts", "mlir").flatMap((block) => block.split(/\n\n(?=const|export)/));
    for (const piece of pieces)
      expect(
        samples.some((sample) => sample.includes(piece.trim())),
        piece,
      ).toBe(true);
  });

  test("links to files that are there", () => {
    for (const target of linkTargets(read(document))) expect(() => read(target), target).not.toThrow();
  });
});
