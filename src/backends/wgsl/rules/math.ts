import { math } from "../../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { elementOf } from "../../../ir/types.ts";
import { arithmetic, call, type Expression } from "../expression.ts";
import { floatLiteral } from "../literals.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { pair } from "./arith.ts";
import { classHelper, type ClassName } from "./float-comparisons.ts";
import { integerPowerHelper } from "./integers.ts";
import { mathHelper } from "./math-helpers.ts";

interface UnaryView {
  readonly op: Operation;
  readonly operands: { readonly operand: ValueId };
}
interface BinaryView {
  readonly op: Operation;
  readonly operands: { readonly lhs: ValueId; readonly rhs: ValueId };
}
interface Definition<V> {
  readonly name: string;
  match(reader: IrReader, op: Operation): V | undefined;
}

/** An operand that is no constant: what the compiler computes itself must not overflow. */
const varying = (scope: Scope, value: ValueId): Expression => {
  const expression = scope.use(value);
  return expression.isConstant ? scope.named(expression) : expression;
};

/** A function of the language. */
const builtIn = (definition: Definition<UnaryView>, name: string): PrintingRule =>
  expressionRule<UnaryView>(definition, ({ operands }, scope) => call(name, varying(scope, operands.operand)));

/** Rejects what only exists for f32. */
function singleOnly(scope: Scope, op: Operation, value: ValueId): void {
  const type = scope.typeOf(value);
  if (elementOf(type).text !== "f32") scope.reject(op, `${type.text} must be f32 by now`);
}
const unary = (definition: Definition<UnaryView>, name: string): PrintingRule =>
  expressionRule<UnaryView>(definition, ({ op, operands }, scope) => {
    singleOnly(scope, op, operands.operand);
    return call(scope.helper(mathHelper(name, scope.typeOf(operands.operand))), varying(scope, operands.operand));
  });
const binary = (definition: Definition<BinaryView>, name: string): PrintingRule =>
  expressionRule<BinaryView>(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    singleOnly(scope, op, lhs);
    const [left, right] = pair(scope, lhs, rhs);
    return call(scope.helper(mathHelper(name, scope.typeOf(lhs))), left, right);
  });
const classify = (definition: Definition<UnaryView>, name: ClassName): PrintingRule =>
  expressionRule<UnaryView>(definition, ({ op, operands }, scope) => {
    singleOnly(scope, op, operands.operand);
    return call(scope.helper(classHelper(name, scope.typeOf(operands.operand))), scope.use(operands.operand));
  });

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
  unary(math.acos, "acos"),
  unary(math.acosh, "acosh"),
  unary(math.asin, "asin"),
  unary(math.asinh, "asinh"),
  unary(math.atan, "atan"),
  unary(math.atanh, "atanh"),
  binary(math.atan2, "atan2"),
  unary(math.cbrt, "cbrt"),
  binary(math.copysign, "copysign"),
  unary(math.log2, "log2"),
  unary(math.log, "log"),
  unary(math.exp2, "exp2"),
  unary(math.exp, "exp"),
  unary(math.cos, "cos"),
  unary(math.cosh, "cosh"),
  unary(math.erf, "erf"),
  unary(math.erfc, "erfc"),
  unary(math.expm1, "expm1"),
  unary(math.log1p, "log1p"),
  unary(math.round, "round"),
  unary(math.sin, "sin"),
  unary(math.sinh, "sinh"),
  unary(math.tan, "tan"),
  unary(math.tanh, "tanh"),
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
