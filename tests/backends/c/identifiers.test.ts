import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cCommentText, cIdentifier, cNames, cString } from "../../../src/backends/c/identifiers.ts";
import { floatLiteral, integerLiteral } from "../../../src/backends/c/literals.ts";
import { escapeHtml } from "../../../src/backends/c/report-file.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 60 }),
  fc.stringMatching(/^[*/?\\"<\n %]{0,30}$/),
);

describe("text from models", () => {
  test("becomes an identifier that no compiler keeps for itself", () => {
    fc.assert(fc.property(text, (name) => void expect(cIdentifier(name)).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,41}$/)));
    const kept = ["int", "restrict", "main", "NAN", "EOF", "offsetof", "INT32_MAX", "1st", "", "☃", "__asm"];
    const names = ["x_int", "x_restrict", "x_main", "x_NAN", "x_EOF", "x_offsetof", "x_INT32_MAX", "x_1st"];
    expect(kept.map(cIdentifier)).toEqual([...names, "unnamed", "unnamed", "x_asm"]);
    expect(["X", "A1", "input.1"].map(cIdentifier)).toEqual(["X", "A1", "input_1"]);
  });
  test("gives different identifiers for different things", () => {
    const names = cNames();
    expect(["a.b", "a/b", "A b", "a_b_2"].map((name) => names.unique(name))).toEqual([
      "a_b",
      "a_b_2",
      "A_b_3",
      "a_b_2_2",
    ]);
  });
  test("never ends or starts a comment, and holds no trigraph or line splice", () => {
    fc.assert(
      fc.property(text, (name) => {
        const comment = `/* ${cCommentText(name)} */`;
        expect(comment.slice(2, -2)).not.toMatch(/\*\/|\/\*|\?\?|\\/);
        expect(comment).toMatch(/^[\x20-\x7e]*$/);
        expect(comment).not.toContain("/*/");
      }),
    );
  });
  test("is the same bytes again as a C string", () => {
    fc.assert(
      fc.property(text, (name) => {
        const literal = cString(name);
        expect(literal).toMatch(/^"([^"\\?]|\\[0-7]{3})*"$/);
        const bytes = [...literal.slice(1, -1).matchAll(/\\([0-7]{3})|(.)/g)].map(([, octal, plain]) =>
          octal === undefined ? plain!.charCodeAt(0) : parseInt(octal, 8),
        );
        expect(Buffer.from(bytes).equals(Buffer.from(name, "utf8"))).toBe(true);
      }),
    );
  });
  test("has no markup in a report", () => {
    fc.assert(
      fc.property(text, (name) => void expect(escapeHtml(name)).toMatch(/^(?:[^<>"'&]|&(?:amp|lt|gt|quot|#39);)*$/)),
    );
  });
});

describe("literals", () => {
  test("read back as the same float", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { text: literal } = floatLiteral(value, true);
        expect(literal).toMatch(/^-?\d[\d.]*(e[+-]?\d+)?f$/);
        expect(Object.is(Math.fround(Number(literal.slice(0, -1))), value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(
      [0.1, 1, -0, 1e-45, 3.4028234663852886e38].map((value) => floatLiteral(Math.fround(value), true).text),
    ).toEqual(["0.1f", "1.0f", "-0.0f", "1e-45f", "3.4028235e+38f"]);
    expect([NaN, Infinity, -Infinity].map((value) => floatLiteral(value, false).text)).toEqual([
      "NAN",
      "INFINITY",
      "-INFINITY",
    ]);
  });
  test("of integers stay inside their type", () => {
    expect(integerLiteral(-(2n ** 31n), 32).text).toBe("INT32_MIN");
    expect(integerLiteral(-(2n ** 63n), 64).text).toBe("INT64_MIN");
    expect(integerLiteral(2n ** 40n, 64).text).toBe("INT64_C(1099511627776)");
    expect(integerLiteral(255n, 8).text).toBe("-1");
    expect(integerLiteral(-128n, 8).text).toBe("-128");
  });
});
