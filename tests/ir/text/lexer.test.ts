import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "../../../src/ir/text/lexer.ts";
import { kindOf, tokenTypes } from "../../../src/ir/text/tokens.ts";
import { sharedFolder } from "../../support/shared-data.ts";

const tokensOf = (text: string): readonly string[] => {
  const { source, count, kinds, starts, ends } = tokenize(text);
  return Array.from(
    { length: count - 1 },
    (_, index) => `${tokenTypes[kinds[index]!]!.name} ${source.slice(starts[index], ends[index])}`,
  );
};

test.each([
  ["tensor<4x?xf32>", ["keyword_tensor tensor", "Less <", "Dimensions 4x?x", "FloatType f32", "Greater >"]],
  ["vector<4x[8]xi1>", ["keyword_vector vector", "Less <", "Dimensions 4x[8]x", "IntegerType i1", "Greater >"]],
  [
    "memref<*xi32, 1>",
    ["keyword_memref memref", "Less <", "Dimensions *x", "IntegerType i32", "Comma ,", "Integer 1", "Greater >"],
  ],
  ["tensor<0x4xf32>", ["keyword_tensor tensor", "Less <", "Dimensions 0x4x", "FloatType f32", "Greater >"]],
  ["0x4 4.5e-3 1. 7", ["Integer 0x4", "Float 4.5e-3", "Float 1.", "Integer 7"]],
  [
    '%a#1 %0:2 ^bb1 @f @"g h" #map !t',
    [
      "Value %a#1",
      "Value %0",
      "Colon :",
      "Integer 2",
      "Block ^bb1",
      "Symbol @f",
      'Symbol @"g h"',
      "AttributeName #map",
      "TypeName !t",
    ],
  ],
  ['#d.a<x -> (y), "<">>', ['AttributeBody #d.a<x -> (y), "<">', "Greater >"]],
  ["!d<{}> -> f32", ["TypeBody !d<{}>", "Arrow ->", "FloatType f32"]],
  [
    "a::b - -> ... {-# #-}",
    [
      "Identifier a",
      "ColonColon ::",
      "Identifier b",
      "Minus -",
      "Arrow ->",
      "Ellipsis ...",
      "MetadataBegin {-#",
      "MetadataEnd #-}",
    ],
  ],
  ["// nothing\nx // more", ["Identifier x"]],
  ['"a\\22b\\\\" "open', ['String "a\\22b\\\\"', 'Error "open']],
  ['"\\q"', ['Error "\\', "Identifier q", 'Error "']],
])("%s", (text, expected) => {
  expect(tokensOf(text)).toEqual(expected);
});

test("tokens are in order, and nothing but blanks and comments lies between them, in any text", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[-%#!@^"<>(){}[\]:=,.x0-9a-f\n\\ ]*$/));
  fc.assert(
    fc.property(texts, (text) => {
      const { count, kinds, starts, ends } = tokenize(text);
      let last = 0;
      for (let index = 0; index < count; index++) {
        const between = text
          .slice(last, starts[index])
          .replaceAll(/\/\/[^\n]*/g, "")
          .replaceAll("\0", "");
        expect(between).toMatch(/^[ \t\r\n]*$/);
        if (kinds[index] !== kindOf.EndOfFile) expect(ends[index]).toBeGreaterThan(starts[index]!);
        last = ends[index]!;
      }
      expect(last).toBe(text.length);
    }),
    { numRuns: 1000 },
  );
});

test("what mlir-opt prints has no malformed token", () => {
  const folder = join(sharedFolder, "mlir-corpus", "generic");
  for (const file of readdirSync(folder).filter((_, index) => index % 20 === 3))
    expect(tokenize(readFileSync(join(folder, file), "utf8")).kinds, file).not.toContain(kindOf.Error);
});
