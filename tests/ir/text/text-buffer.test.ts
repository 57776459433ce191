import fc from "fast-check";
import { expect, test } from "vitest";
import { TextBuffer } from "../../../src/ir/text/text-buffer.ts";

const piece = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  // A lone surrogate stands for a byte that is not UTF-8.
  fc.constant("\udcff"),
  fc.nat(20_000).map((length) => "x".repeat(length)),
  fc.constant("0123456789".repeat(80_000)),
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("write"), text: piece, share: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("truncate", "take"),
      text: fc.constant(""),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

test("a buffer holds what was written and not taken back", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const buffer = new TextBuffer();
      let text = "";
      for (const { kind, text: written, share } of steps) {
        const length = Math.floor(text.length * share);
        if (kind === "write") {
          buffer.write(written);
          text += written;
        } else {
          if (kind === "truncate") buffer.truncate(length);
          else expect(buffer.takeFrom(length) === text.slice(length)).toBe(true);
          text = text.slice(0, length);
        }
        expect(buffer.length).toBe(text.length);
      }
      // Strings of a megabyte are not to be shown.
      expect(buffer.finish() === text).toBe(true);
    }),
  );
});
