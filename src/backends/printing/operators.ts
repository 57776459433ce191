import { arith, type FloatPredicate } from "../../ir/dialects/arith.ts";
import { math } from "../../ir/dialects/math.ts";
import { type Expression, infix } from "./expression.ts";
import type { BinaryView, Matchable, UnaryView } from "./rule.ts";

/** Operations, and what each is called in code. */
type Operators<V, O> = readonly (readonly [definition: Matchable<V>, operator: O])[];

/** Sums, differences and products of integers. */
export const integerArithmetic: Operators<BinaryView, "+" | "-" | "*"> = [
  [arith.addi, "+"],
  [arith.subi, "-"],
  [arith.muli, "*"],
];

/** Operations on the bits of integers. */
export const bitwiseOperators: Operators<BinaryView, "&" | "|" | "^"> = [
  [arith.andi, "&"],
  [arith.ori, "|"],
  [arith.xori, "^"],
];

/** Sums, differences, products and quotients of floats. */
export const floatArithmetic: Operators<BinaryView, "+" | "-" | "*" | "/"> = [
  [arith.addf, "+"],
  [arith.subf, "-"],
  [arith.mulf, "*"],
  [arith.divf, "/"],
];

/** Operations that divide integers, by their names in the `arith` dialect. */
export type DivisionName = "divsi" | "divui" | "remsi" | "remui" | "floordivsi" | "ceildivsi" | "ceildivui";

/** Divisions of integers, and remainders. */
export const divisions: Operators<BinaryView, DivisionName> = (
  ["divsi", "divui", "remsi", "remui", "floordivsi", "ceildivsi", "ceildivui"] as const
).map((name) => [arith[name], name]);

/** Functions of one float that libraries have under the name they have in the `math` dialect. */
export const elementaryFunctions = [
  [math.acos, "acos"],
  [math.acosh, "acosh"],
  [math.asin, "asin"],
  [math.asinh, "asinh"],
  [math.atan, "atan"],
  [math.atanh, "atanh"],
  [math.cbrt, "cbrt"],
  [math.cos, "cos"],
  [math.cosh, "cosh"],
  [math.exp, "exp"],
  [math.expm1, "expm1"],
  [math.log, "log"],
  [math.log1p, "log1p"],
  [math.log2, "log2"],
  [math.sin, "sin"],
  [math.sinh, "sinh"],
  [math.tan, "tan"],
  [math.tanh, "tanh"],
] as const satisfies Operators<UnaryView, string>;

/** How a language compares. */
export interface ComparisonSyntax {
  readonly equal: string;
  readonly notEqual: string;
  readonly or: string;
  readonly not: (condition: Expression) => Expression;
}

/**
 * Comparisons of floats in a language whose operators follow IEEE 754: `x`, or the negation of the opposite comparison, which is true
 * when an operand is NaN.
 */
export function floatComparisons({
  equal,
  notEqual,
  or,
  not,
}: ComparisonSyntax): Readonly<
  Record<Exclude<FloatPredicate, "true" | "false">, (a: Expression, b: Expression) => Expression>
> {
  const plain = (operator: string) => (a: Expression, b: Expression) => infix(a, operator, b);
  const negated = (operator: string) => (a: Expression, b: Expression) => not(infix(a, operator, b));
  const differ = (a: Expression, b: Expression) => infix(infix(a, "<", b), or, infix(a, ">", b));
  const unordered = (a: Expression, b: Expression) => infix(infix(a, notEqual, a), or, infix(b, notEqual, b));
  return {
    oeq: plain(equal),
    ogt: plain(">"),
    oge: plain(">="),
    olt: plain("<"),
    ole: plain("<="),
    une: plain(notEqual),
    ugt: negated("<="),
    uge: negated("<"),
    ult: negated(">="),
    ule: negated(">"),
    one: differ,
    ueq: (a, b) => not(differ(a, b)),
    uno: unordered,
    ord: (a, b) => not(unordered(a, b)),
  };
}
