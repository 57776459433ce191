import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "../../../src/ir/text/lexer.ts";
import { checkText } from "../../../src/testing/fuzz/check-text.ts";
import { fragments } from "../../../src/testing/fuzz/mutate.ts";
import { sharedFolder } from "../../support/shared-data.ts";

const texts = ["generic", "pretty"].flatMap((form) => {
  const folder = join(sharedFolder, "mlir-corpus", form);
  return readdirSync(folder)
    .filter((_, index) => index % 97 === 0)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .filter((text) => text.length < 3000);
});

interface Edit {
  readonly place: number;
  readonly kind: "drop" | "repeat" | "swap" | "insert";
  readonly text: string;
}

/** The text with some of its tokens dropped, repeated, exchanged for others of it, or with others put in. */
function edited(text: string, edits: readonly Edit[]): string {
  const { count, starts, ends } = tokenize(text);
  const tokens = Array.from({ length: count - 1 }, (_, index) => text.slice(starts[index], ends[index]));
  for (const { place, kind, text: inserted } of edits) {
    const index = place % Math.max(1, tokens.length);
    if (kind === "drop") tokens.splice(index, 1);
    else if (kind === "repeat") tokens.splice(index, 0, tokens[index] ?? "");
    else if (kind === "insert") tokens.splice(index, 0, inserted);
    else tokens.splice(index, 1, tokens[(place >> 3) % Math.max(1, tokens.length)] ?? "");
  }
  return tokens.map((token, index) => token + (index % 7 === 6 ? "\n" : " ")).join("");
}

test("a damaged text gives diagnostics or a module that can be verified and printed, and nothing else", () => {
  const edits = fc.array(
    fc.record({
      place: fc.nat(100_000),
      kind: fc.constantFrom("drop", "repeat", "swap", "insert"),
      text: fc.constantFrom(...fragments),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...texts), edits, (text, made) => {
      const outcome = checkText(edited(text, made));
      expect(outcome.kind === "defect" ? outcome.what : undefined).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});
