import { expect, test } from "vitest";
import { nearSplitMarkers, splitInput } from "../../../src/ir/text/split-input.ts";

test.each<[string, string, readonly [string, number][]]>([
  ["", "no marker", [["no marker", 1]]],
  [
    "the rest of the marker's line belongs to the next part",
    "a\n// ----- b\nc",
    [
      ["a\n", 1],
      [" b\nc", 2],
    ],
  ],
  [
    "a marker may be indented, or longer",
    "a\n  // -------\nb",
    [
      ["a\n  ", 1],
      ["--\nb", 2],
    ],
  ],
  [
    "parts may be empty",
    "a\n// -----\n// -----\nb",
    [
      ["a\n", 1],
      ["\n", 2],
      ["\nb", 3],
    ],
  ],
  ["nothing before the first marker", "// -----\nb", [["\nb", 1]]],
  ["a marker at the very end is a comment", "a\n// -----", [["a\n// -----", 1]]],
  [
    "a marker and the end of its line begin a part",
    "a\n// -----\n",
    [
      ["a\n", 1],
      ["\n", 2],
    ],
  ],
])("%s", (_, text, expected) => {
  expect(splitInput(text).map(({ text, firstLine }) => [text, firstLine])).toEqual(expected);
});

test("another marker", () => {
  expect(splitInput("a\n// ===\nb", "// ===").map(({ text }) => text)).toEqual(["a\n", "\nb"]);
  expect(splitInput("a\nb", "").map(({ text }) => text)).toEqual(["a\nb"]);
});

test("near misses", () => {
  const found = nearSplitMarkers("// -----\n a // ---- b\n// ---\n", "f.mlir");
  expect(found.map(({ severity, location }) => ({ severity, location }))).toMatchObject([
    { severity: "warning", location: { line: 2, column: 10 } },
    { severity: "warning", location: { line: 3, column: 7 } },
  ]);
});
