import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineCommentText } from "../../../src/backends/printing/comments.ts";
import { identifierFrom, NameTable } from "../../../src/backends/printing/names.ts";
import { wgslIdentifier } from "../../../src/backends/wgsl/identifiers.ts";
import { jsNames } from "../../../src/backends/wgsl/host/identifiers.ts";

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 60 }));

describe("names of any text", () => {
  test("are identifiers in every language", () => {
    const isIdentifier = /^[A-Za-z](?:\w{0,40}[A-Za-z0-9])?$/;
    fc.assert(
      fc.property(text, (name) => {
        for (const made of [identifierFrom(name, () => false), wgslIdentifier(name), jsNames().unique(name)])
          expect(made).toMatch(isIdentifier);
      }),
    );
  });
  test("are no words of the language", () => {
    expect(["loop", "vec3", "_in", "in.1", "1x1", "__"].map(wgslIdentifier)).toEqual([
      "x_loop",
      "x_vec3",
      "in",
      "in_1",
      "x_1x1",
      "unnamed",
    ]);
    const names = jsNames();
    expect(["await", "Float64Array", "loop"].map((name) => names.unique(name))).toEqual([
      "x_await",
      "x_Float64Array",
      "loop",
    ]);
  });
  test("differ from each other", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab._]{0,3}$/)), fc.boolean(), (wanted, ignoresCase) => {
        const names = new NameTable((name) => identifierFrom(name, () => false), { taken: ["a", "v1"], ignoresCase });
        const given = wanted.flatMap((name) => [
          names.unique(name),
          names.unique(name.toUpperCase()),
          names.numbered("v"),
        ]);
        const keys = ["a", "v1", ...given].map((name) => (ignoresCase ? name.toLowerCase() : name));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

test("a line comment stays one line of ASCII, of a length that is given", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 10, max: 200 }), (origin, longest) => {
      const comment = lineCommentText(origin, longest);
      expect(comment).toMatch(/^[\x20-\x7e]*$/);
      expect(comment.length).toBeLessThanOrEqual(longest);
    }),
  );
});
