import type { Operation, ValueId } from "../../../ir/module.ts";
import { attributeOf } from "../../../ir/module.ts";
import { elementOf } from "../../../ir/types.ts";
import { call, type Expression, expressionOf, infix } from "../expression.ts";
import type { Scope } from "../scope.ts";
import { asUnsigned } from "./bits.ts";
import { classHelper } from "./float-comparisons.ts";
import { helperFor } from "./integers.ts";

/** Minima and maxima, by their names in the `arith` dialect. */
export type ExtremumName = "minsi" | "maxsi" | "minui" | "maxui" | "minimumf" | "maximumf" | "minnumf" | "maxnumf";

/** NaN wins over a number, or loses to it. Which of two zeros comes out is not specified. */
const templates = {
  minimumf: "fn {N}(a: {F}, b: {F}) -> {F} {\n  return select(b, a, (a < b) | isnan_{S}(a));\n}",
  maximumf: "fn {N}(a: {F}, b: {F}) -> {F} {\n  return select(b, a, (a > b) | isnan_{S}(a));\n}",
  minnumf: "fn {N}(a: {F}, b: {F}) -> {F} {\n  return select(b, a, (a < b) | isnan_{S}(b));\n}",
  maxnumf: "fn {N}(a: {F}, b: {F}) -> {F} {\n  return select(b, a, (a > b) | isnan_{S}(b));\n}",
} as const;

/** Whether the operation promises that no operand is NaN. */
const hasNoNaN = (op: Operation): boolean => {
  const flags = attributeOf(op, "fastmath");
  return flags?.kind === "dialect" && /\b(nnan|fast)\b/.test(flags.body);
};

/** The expression of a minimum or maximum. */
export function extremum(scope: Scope, name: ExtremumName, op: Operation, lhs: ValueId, rhs: ValueId): Expression {
  const type = scope.typeOf(lhs);
  const builtIn = name.startsWith("min") ? "min" : "max";
  const [left, right] = [scope.use(lhs), scope.use(rhs)];
  if (elementOf(type).kind !== "float") {
    if (elementOf(type).text === "i1")
      return infix(left, (builtIn === "min") === name.endsWith("ui") ? "&" : "|", right);
    if (name.endsWith("si")) return call(builtIn, left, right);
    const inner = call(builtIn, asUnsigned(scope, lhs), asUnsigned(scope, rhs));
    return expressionOf(`bitcast<${scope.typeName(type)}>(${inner.text})`, [inner]);
  }
  if (hasNoNaN(op) || elementOf(type).text !== "f32") return call(builtIn, left, right);
  // A literal is no NaN: one comparison decides, and what NaN fails keeps it or drops it by its place.
  if (right.isConstant || left.isConstant) {
    const [constant, read] = right.isConstant ? [right, left] : [left, right];
    const value = scope.repeatable(read);
    const operator = builtIn === "min" ? "<" : ">";
    return name === "minimumf" || name === "maximumf"
      ? call("select", value, constant, infix(constant, operator, value))
      : call("select", constant, value, infix(value, operator, constant));
  }
  const isNaN = classHelper("isnan", type);
  const code = templates[name as keyof typeof templates].replaceAll("isnan_{S}", isNaN.name);
  return call(scope.helper(helperFor(name, code, type, [isNaN])), left, right);
}
