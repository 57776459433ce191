import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { upstreamPrints } from "../../src/testing/upstream.ts";

const constants = fc.constantFrom("0", "1", "2", "3", "4", "6", "8", "12", "-1", "-2", "-4").map((text) => `(${text})`);
const inputs = fc.constantFrom("d0", "d1", "s0", "s1");
const symbolic = fc.oneof(fc.constantFrom("s0", "s1", "(s0 + s1)", "(s1 * 2)", "(s0 - 3)"), constants);

/** Texts of expressions, with parentheses everywhere. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.oneof(inputs, constants),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-"), tie("expression"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("*", "floordiv", "ceildiv", "mod"), symbolic)
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(symbolic, tie("expression")).map(([left, right]) => `(${left} * ${right})`),
    // What a remainder is made of.
    fc.tuple(tie("expression"), symbolic).map(([left, right]) => `(${left} - (${left} floordiv ${right}) * ${right})`),
    tie("expression").map((inner) => `-(${inner})`),
  ),
}));

/** One operation with a map for each expression. */
const moduleOf = (expressions: readonly string[]): string =>
  `"test.maps"() {${expressions.map((text, index) => `a${index} = affine_map<(d0, d1)[s0, s1] -> (${text})>`).join(", ")}} : () -> ()\n`;

test("affine expressions are simplified and spelled as upstream does", () => {
  const expressions = fc.sample(expression, { numRuns: 2000 });
  const text = moduleOf(expressions);
  const module = parseModule(text, { file: "test.mlir", registry, allowUnregisteredDialects: true });
  const [answer] = upstreamPrints([text], ["--mlir-print-op-generic"]);
  expect(answer?.kind === "printed" ? answer.text.split("\n") : answer).toEqual(
    printModule(module, registry, { generic: true }).split("\n"),
  );
});
