import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullMatcher } from "../../../src/passes/lower-onnx/regular-expression.ts";
import { PatternError } from "../../../src/passes/lower-onnx/regular-expression-syntax.ts";

// Meanings from RE2's syntax page.
describe("patterns in RE2's syntax match whole texts", () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ["", [""], ["a"]],
    ["abc", ["abc"], ["ab", "abcd", "xabc"]],
    ["a|bc|", ["a", "bc", ""], ["abc"]],
    ["a.c", ["abc", "a☃c"], ["a\nc", "ac"]],
    ["(?s)a.c", ["a\nc"], []],
    ["(?s:a.)b.", ["a\nbc"], ["a\nb\n"]],
    ["[a-c0-9_]+", ["a1_"], ["", "d"]],
    ["[^a-c]", ["d", "\n"], ["a"]],
    ["[]a]+", ["]a"], ["b"]],
    ["[a\\]-]+", ["a]-"], ["b"]],
    ["[[:alpha:]][[:^digit:]]", ["ab"], ["a1", "1a"]],
    ["a{2}", ["aa"], ["a", "aaa"]],
    ["a{1,3}?", ["a", "aaa"], ["", "aaaa"]],
    ["a{2,}", ["aa", "aaaaa"], ["a"]],
    ["a{,2}", ["a{,2}"], ["a", "aa"]],
    ["(ab)*?c", ["c", "ababc"], ["abab"]],
    ["(?i)straße", ["STRAßE", "Straße"], ["STRASSE"]],
    ["a(?i:b)c", ["abc", "aBc"], ["Abc"]],
    ["(?i)a(?-i)b", ["Ab"], ["AB"]],
    ["(?P<year>\\d{4})-(?<month>\\d\\d)", ["2026-11"], ["2026-1"]],
    ["\\w+@\\w+\\.(com|org)", ["a_b@c.org"], ["a@b.net", "é@b.com"]],
    ["\\s\\S", [" x"], ["\u00a0x", "x "]],
    ["\\bab\\b.*", ["ab", "ab c"], ["abc"]],
    ["a\\Bb", ["ab"], []],
    ["^a$", ["a"], ["a\n"]],
    ["(?m)a$\n^b", ["a\nb"], ["ab"]],
    ["\\Aa\\z", ["a"], ["ab"]],
    ["\\pL\\p{Greek}\\PN\\p{^Lu}", ["aβxy"], ["1βxy", "abxy"]],
    ["\\x41\\x{1F600}\\101\\t", ["A😀A\t"], ["A"]],
    ["\\Qa.b*\\E+", ["a.b*", "a.b**"], ["aXb*", "a.b"]],
    ["\\Qa.b\\Ec", ["a.bc"], ["axbc"]],
    ["(a*)*", ["", "aaa"], ["b"]],
    ["(|a)+", ["", "aa"], ["b"]],
  ])("%j", (pattern, matching, other) => {
    const matches = fullMatcher(pattern);
    for (const text of matching) expect(matches(text), text).toBe(true);
    for (const text of other) expect(matches(text), text).toBe(false);
  });

  test.each([
    ["(a)\\1", /refers back/],
    ["(?=a)", /looks around/],
    ["(?<!a)b", /looks around/],
    ["a**", /repeated/],
    ["a{2}{3}", /repeated/],
    ["*a", /nothing for \*/],
    ["(a", /no end/],
    ["a)", /too many/],
    ["[a", /ends too early/],
    ["[z-a]", /backwards/],
    ["a{1001}", /out of range/],
    ["a{3,2}", /out of range/],
    ["((((a{100}){100}){100}){100})", /states/],
    ["\\p{Klingon}", /no character class Klingon/],
    ["[[:nothing:]]", /no character class \[:nothing:\]/],
    ["\\C", /no \\C/],
    ["\\", /ends too early/],
  ])("%j is refused", (pattern, problem) => {
    expect(() => fullMatcher(pattern)).toThrow(PatternError);
    expect(() => fullMatcher(pattern)).toThrow(problem);
  });

  test("deep nesting is refused", () => {
    expect(() => fullMatcher("(".repeat(100_000))).toThrow(/nest/);
  });
  test("patterns that make backtracking explode take linear time", () => {
    expect(fullMatcher("(a|aa)+$b?")("a".repeat(5000) + "c")).toBe(false);
    expect(fullMatcher("(a*)*b")("a".repeat(5000))).toBe(false);
  });

  test("agrees with JavaScript where both mean the same", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "c");
    const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
      piece: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        atom,
        fc
          .tuple(tie("pattern"), fc.constantFrom("", "*", "+?", "{0,2}"))
          .map(([inner, suffix]) => `(?:${inner})${suffix}`),
        fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
      ),
      pattern: fc.array(tie("piece"), { maxLength: 3 }).map((pieces) => pieces.join("")),
    }));
    const text = fc.array(fc.constantFrom("a", "b", "c", " "), { maxLength: 6 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(pattern, text, (expression, subject) => {
        expect(fullMatcher(expression)(subject)).toBe(new RegExp(`^(?:${expression})$`, "u").test(subject));
      }),
    );
  });
});
