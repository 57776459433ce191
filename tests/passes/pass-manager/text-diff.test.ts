import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unifiedDiff } from "../../../src/passes/instrumentation/text-diff.ts";

/** Applies a unified diff as its format is defined: hunks name their place and hold the lines of both texts. */
function apply(before: string, diff: string): string {
  const lines = before.split("\n");
  const after: string[] = [];
  let next = 0;
  for (const line of diff.split("\n").slice(2, -1)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
      while (next < start) after.push(lines[next++]!);
      expect(after.length).toBe(Number(hunk[3]) - (hunk[4] === "0" ? 0 : 1));
    } else if (line[0] === "+") after.push(line.slice(1));
    else {
      expect(lines[next]).toBe(line.slice(1));
      if (line[0] === " ") after.push(line.slice(1));
      next++;
    }
  }
  return [...after, ...lines.slice(next)].join("\n");
}

const text = fc
  .array(fc.constantFrom("a", "b", "c", "d", "%0 = e"), { maxLength: 40 })
  .map((lines) => lines.join("\n"));

test("a diff applied to the text before gives the text after", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = unifiedDiff(before, after, ["before", "after"]);
      if (before === after) expect(diff).toBe("");
      else expect(apply(before, diff)).toBe(after);
    }),
    { numRuns: 500 },
  );
});

test("GNU diff finds as many changed lines", () => {
  const folder = mkdtempSync(join(tmpdir(), "weft-diff-"));
  const changes = (diff: string): number => diff.split("\n").filter((line) => /^[-+](?![-+]{2} )/.test(line)).length;
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        writeFileSync(join(folder, "before"), `${before}\n`);
        writeFileSync(join(folder, "after"), `${after}\n`);
        const { stdout } = spawnSync("diff", ["-u", "--minimal", "before", "after"], { cwd: folder, encoding: "utf8" });
        expect(changes(unifiedDiff(before, after, ["before", "after"]))).toBe(changes(stdout));
      }),
      { numRuns: 40 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a long text that changed everywhere is shown as replaced", () => {
  const before = Array.from({ length: 5000 }, (_, index) => `old ${index}`).join("\n");
  const after = Array.from({ length: 5000 }, (_, index) => `new ${index}`).join("\n");
  expect(apply(before, unifiedDiff(before, after, ["before", "after"]))).toBe(after);
});
