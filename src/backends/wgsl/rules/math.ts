import { math } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf } from "../../../ir/types.ts";
import { elementaryFunctions } from "../../printing/operators.ts";
import type { BinaryView, Matchable, UnaryView } from "../../printing/rule.ts";
import { arithmetic, call, type Expression } from "../expression.ts";
import { floatLiteral } from "../literals.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { pair } from "./arith.ts";
import { classHelper, type ClassName } from "./float-comparisons.ts";
import { integerPowerHelper } from "./integers.ts";
import { mathHelper } from "./math-helpers.ts";

/** An operand that is no constant: what the compiler computes itself must not overflow. */
const varying = (scope: Scope, value: ValueId): Expression => {
  const expression = scope.use(value);
  return expression.isConstant ? scope.named(expression) : expression;
};

/** A function of the language. */
const builtIn = (definition: Matchable<UnaryView>, name: string): PrintingRule =>
  expressionRule(definition, ({ operands }, scope) => call(name, varying(scope, operands.operand)));

/** Rejects what only exists for f32. */
function singleOnly(scope: Scope, op: Operation, value: ValueId): void {
  const type = scope.typeOf(value);
  if (elementOf(type).text !== "f32") scope.reject(op, `${type.text} must be f32 by now`);
}
const unary = (definition: Matchable<UnaryView>, name: string): PrintingRule =>
  expressionRule(definition, ({ op, operands }, scope) => {
    singleOnly(scope, op, operands.operand);
    return call(scope.helper(mathHelper(name, scope.typeOf(operands.operand))), varying(scope, operands.operand));
  });
const binary = (definition: Matchable<BinaryView>, name: string): PrintingRule =>
  expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    singleOnly(scope, op, lhs);
    const [left, right] = pair(scope, lhs, rhs);
    return call(scope.helper(mathHelper(name, scope.typeOf(lhs))), left, right);
  });
const classify = (definition: Matchable<UnaryView>, name: ClassName): PrintingRule =>
  expressionRule(definition, ({ op, operands }, scope) => {
    singleOnly(scope, op, operands.operand);
    return call(scope.helper(classHelper(name, scope.typeOf(operands.operand))), scope.use(operands.operand));
  });

/** Operations of the `math` dialect. */
export const mathRules: readonly PrintingRule[] = [
  builtIn(math.absf, "abs"),
  builtIn(math.absi, "abs"),
  builtIn(math.ceil, "ceil"),
  builtIn(math.floor, "floor"),
  builtIn(math.trunc, "trunc"),
  builtIn(math.roundeven, "round"),
  builtIn(math.sqrt, "sqrt"),
  builtIn(math.rsqrt, "inverseSqrt"),
  builtIn(math.ctlz, "countLeadingZeros"),
  builtIn(math.cttz, "countTrailingZeros"),
  builtIn(math.ctpop, "countOneBits"),
  ...elementaryFunctions.map(([definition, name]) => unary(definition, name)),
  binary(math.atan2, "atan2"),
  binary(math.copysign, "copysign"),
  unary(math.exp2, "exp2"),
  unary(math.erf, "erf"),
  unary(math.erfc, "erfc"),
  unary(math.round, "round"),
  binary(math.powf, "powf"),
  classify(math.isnan, "isnan"),
  classify(math.isinf, "isinf"),
  classify(math.isfinite, "isfinite"),
  classify(math.isnormal, "isnormal"),
  expressionRule(math.log10, ({ op, operands }, scope) => {
    singleOnly(scope, op, operands.operand);
    const log = scope.helper(mathHelper("log", scope.typeOf(operands.operand)));
    return arithmetic(call(log, varying(scope, operands.operand)), "*", floatLiteral(Math.fround(Math.LOG10E))!);
  }),
  // Whether the product is rounded before the sum is the device's choice.
  expressionRule(math.fma, ({ operands }, scope) => {
    const [left, right] = pair(scope, operands.a, operands.b);
    return arithmetic(arithmetic(left, "*", right), "+", scope.use(operands.c));
  }),
  expressionRule(math.fpowi, ({ op, operands: { lhs, rhs } }, scope) => {
    singleOnly(scope, op, lhs);
    const type = scope.typeOf(lhs);
    const exponent = call(scope.typeName(type), scope.use(rhs));
    return call(scope.helper(mathHelper("powf", type)), scope.use(lhs), exponent);
  }),
  expressionRule(math.ipowi, ({ op, operands: { lhs, rhs } }, scope) => {
    const type = scope.typeOf(lhs);
    if (type.kind === "vector") return scope.reject(op, "integer powers of vectors must be scalars by now");
    return call(scope.helper(integerPowerHelper(type)), varying(scope, lhs), scope.use(rhs));
  }),
];
