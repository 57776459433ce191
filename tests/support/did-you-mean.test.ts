import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestWord } from "../../src/support/did-you-mean.ts";

// Distances as they are given in the literature for these pairs.
test.each([
  ["kitten", "sitting", 3],
  ["saturday", "sunday", 3],
  ["ca", "ac", 1],
  ["", "abc", 3],
  ["same", "same", 0],
])("%j and %j are %i apart", (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
});

test("the distance is symmetric and zero for equal words only", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (left, right) => {
      const distance = editDistance(left, right);
      expect(editDistance(right, left)).toBe(distance);
      expect(distance === 0).toBe(left === right);
      expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
});

test("only near words are suggested", () => {
  const known = ["canonicalize", "cse", "constant-fold"];
  expect(nearestWord("canonicalise", known)).toBe("canonicalize");
  expect(nearestWord("ces", known)).toBe("cse");
  expect(nearestWord("vectorize", known)).toBeUndefined();
  expect(nearestWord("x".repeat(100_000), known)).toBeUndefined();
});
