import type { FloatPredicate } from "../../../ir/dialects/arith.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { call, type Expression, infix, prefix } from "../expression.ts";
import type { Helper } from "../../printing/helpers.ts";
import { booleanLiteral } from "../literals.ts";
import type { Scope } from "../scope.ts";
import { helperFor } from "./integers.ts";

/** WGSL lets compilers assume that there are no infinities and NaN: what asks for them looks at the bits. */
const classes = {
  isnan: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) > {U}(0x7f800000u);\n}",
  isinf: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) == {U}(0x7f800000u);\n}",
  isfinite: "fn {N}(x: {F}) -> {B} {\n  return (bitcast<{U}>(x) & {U}(0x7fffffffu)) < {U}(0x7f800000u);\n}",
  isnormal:
    "fn {N}(x: {F}) -> {B} {\n  let magnitude = bitcast<{U}>(x) & {U}(0x7fffffffu);\n" +
    "  return (magnitude >= {U}(0x00800000u)) & (magnitude < {U}(0x7f800000u));\n}",
} as const;
/** Classes of floats, by the operations of the `math` dialect that ask for them. */
export type ClassName = keyof typeof classes;
/** A test of one f32 scalar or vector. */
export const classHelper = (name: ClassName, type: Type): Helper => helperFor(name, classes[name], type);

const isNaN = (scope: Scope, value: Expression, type: Type): Expression =>
  call(scope.helper(classHelper("isnan", type)), value);

type Comparison = (a: Expression, b: Expression, either: () => Expression) => Expression;
const plain =
  (operator: string): Comparison =>
  (a, b) =>
    infix(a, operator, b);
/** Also true when an operand is NaN. */
const orNaN =
  (operator: string): Comparison =>
  (a, b, either) =>
    infix(infix(a, operator, b), "|", either());

const comparisons: Readonly<Record<Exclude<FloatPredicate, "true" | "false">, Comparison>> = {
  oeq: plain("=="),
  ogt: plain(">"),
  oge: plain(">="),
  olt: plain("<"),
  ole: plain("<="),
  // The language's own `!=` may be false for NaN.
  une: (a, b) => prefix("!", infix(a, "==", b)),
  ugt: orNaN(">"),
  uge: orNaN(">="),
  ult: orNaN("<"),
  ule: orNaN("<="),
  one: (a, b) => infix(infix(a, "<", b), "|", infix(a, ">", b)),
  ueq: orNaN("=="),
  uno: (_a, _b, either) => either(),
  ord: (_a, _b, either) => prefix("!", either()),
};

/** The expression of an `arith.cmpf`. */
export function comparison(
  scope: Scope,
  op: Operation,
  predicate: FloatPredicate,
  lhs: ValueId,
  rhs: ValueId,
): Expression {
  const type = scope.typeOf(lhs);
  if (predicate === "true" || predicate === "false") {
    if (type.kind === "vector") return scope.reject(op, "it must be a constant by now");
    return booleanLiteral(predicate === "true");
  }
  const [first, second] = [scope.use(lhs), scope.use(rhs)];
  const isTwice = predicate.startsWith("u") || predicate === "one" || predicate === "ord";
  const [left, right] = isTwice ? [scope.repeatable(first), scope.repeatable(second)] : [first, second];
  const needsBits = elementOf(type).text === "f32";
  const either = (): Expression => {
    if (!needsBits) return infix(prefix("!", infix(left, "==", left)), "|", prefix("!", infix(right, "==", right)));
    if (right.isConstant) return isNaN(scope, left, type);
    if (lhs === rhs) return isNaN(scope, left, type);
    return infix(isNaN(scope, left, type), "|", isNaN(scope, right, type));
  };
  return comparisons[predicate](left, right, either);
}
