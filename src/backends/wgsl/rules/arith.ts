import { arith } from "../../../ir/dialects/index.ts";
import type { FloatPredicate } from "../../../ir/dialects/arith.ts";
import { relations } from "../../../ir/dialects/relations.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { binding, operand } from "../../printing/expression.ts";
import {
  bitwiseOperators,
  type DivisionName,
  divisions,
  floatArithmetic,
  integerArithmetic,
} from "../../printing/operators.ts";
import type { BinaryView, CastView, Matchable } from "../../printing/rule.ts";
import { arithmetic, call, type Expression, expressionOf, infix, prefix } from "../expression.ts";
import { unsignedLiteral } from "../literals.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { reshapedName } from "../types.ts";
import { asUnsigned, castBits } from "./bits.ts";
import { constantExpression } from "./constants.ts";
import { comparison } from "./float-comparisons.ts";
import { extremum, type ExtremumName } from "./extrema.ts";
import { conversionHelper, type ConversionName, divisionHelper } from "./integers.ts";
import { remainderHelper } from "./math-helpers.ts";

type Binary = Matchable<BinaryView>;

/** Both operands, not both constants: what the compiler computes itself must not overflow. */
export function pair(scope: Scope, lhs: ValueId, rhs: ValueId): readonly [Expression, Expression] {
  const [left, right] = [scope.use(lhs), scope.use(rhs)];
  return [left.isConstant && right.isConstant ? scope.named(left) : left, right];
}

const plain = (definition: Binary, operator: "+" | "-" | "*" | "/"): PrintingRule =>
  expressionRule(definition, ({ operands: { lhs, rhs } }, scope) => {
    const [left, right] = pair(scope, lhs, rhs);
    return arithmetic(left, operator, right);
  });

/** `a / b` where the divisor is a literal that needs no care, the guarded helper otherwise. */
const division = (definition: Binary, name: DivisionName): PrintingRule =>
  expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    const [left, right] = pair(scope, lhs, rhs);
    if ((name === "divsi" || name === "remsi") && right.literal !== undefined && right.literal > 0)
      return arithmetic(left, name === "divsi" ? "/" : "%", right);
    if ((name === "divui" || name === "remui") && right.literal !== undefined && right.literal > 0) {
      const unsigned = arithmetic(castBits("u32", left), name === "divui" ? "/" : "%", unsignedLiteral(right.literal));
      return castBits("i32", unsigned);
    }
    return call(scope.helper(divisionHelper(name, scope.typeOf(op.results[0]!))), left, right);
  });

const isTruth = (scope: Scope, value: ValueId): boolean => elementOf(scope.typeOf(value)).text === "i1";

const bitwise = (definition: Binary, operator: "&" | "|" | "^"): PrintingRule =>
  expressionRule(definition, ({ operands: { lhs, rhs } }, scope) => {
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    if (operator !== "^" || !isTruth(scope, lhs)) return infix(left, operator, right);
    return right.text === "true" ? prefix("!", left) : infix(left, "!=", right);
  });

/** Shifts by less than the width: others are spelled out by now. The amount is unsigned. */
const shift = (definition: Binary, operator: "<<" | ">>", isSigned: boolean): PrintingRule =>
  expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    const [value] = pair(scope, lhs, rhs);
    const amount = asUnsigned(scope, rhs);
    if (isSigned || operator === "<<") return infix(value, operator, amount);
    const type = scope.typeOf(op.results[0]!);
    return castBits(scope.typeName(type), infix(castBits(reshapedName(type, "u32")!, value), operator, amount));
  });

type Cast = Matchable<CastView>;
const cast = (
  definition: Cast,
  print: (value: Expression, from: Type, to: Type, scope: Scope, op: Operation) => Expression,
): PrintingRule =>
  expressionRule(definition, ({ op, operands }, scope) =>
    print(scope.use(operands.in), scope.typeOf(operands.in), scope.typeOf(op.results[0]!), scope, op),
  );

const converted = (scope: Scope, to: Type, value: Expression): Expression => call(scope.typeName(to), value);

/** `select(no, yes, condition)`. */
export const choose = (condition: Expression, yes: Expression, no: Expression): Expression =>
  call("select", no, yes, condition);

/** A truth value as a number: 1, or -1 where it is read as signed. */
function fromTruth(scope: Scope, value: Expression, to: Type, set: string): Expression {
  const name = scope.typeName(to);
  const isFloat = elementOf(to).kind === "float";
  const [zero, one] = [isFloat ? "0.0" : "0", isFloat ? `${set}.0` : set];
  return to.kind === "vector"
    ? expressionOf(`select(${name}(${zero}), ${name}(${one}), ${value.text})`, [value])
    : expressionOf(`select(${zero}, ${one}, ${value.text})`, [value]);
}

/** Conversions between 32-bit integers and indices keep the bits; only truth values become numbers, and back. */
const integerCast = (definition: Cast, isSigned: boolean): PrintingRule =>
  cast(definition, (value, from, to, scope) => {
    if (elementOf(from).text === "i1") return fromTruth(scope, value, to, isSigned ? "-1" : "1");
    if (elementOf(to).text !== "i1") {
      scope.typeName(from);
      scope.typeName(to);
      return value;
    }
    const name = scope.typeName(from);
    return expressionOf(`(${operand(value)} & ${name}(1)) != ${name}(0)`, [value], { binding: binding.other });
  });

const toFloat = (definition: Cast, isSigned: boolean): PrintingRule =>
  cast(definition, (value, from, to, scope) => {
    if (elementOf(from).text === "i1") return fromTruth(scope, value, to, isSigned ? "-1" : "1");
    return converted(scope, to, isSigned ? value : castBits(reshapedName(from, "u32")!, value));
  });

const toInteger = (definition: Cast, name: ConversionName): PrintingRule =>
  cast(definition, (value, from, to, scope, op) => {
    if (elementOf(to).text !== "i32") return scope.reject(op, `${to.text} must be 32 bits wide by now`);
    const single = elementOf(from).text === "f16" ? call(reshapedName(from, "f32")!, value) : value;
    return call(scope.helper(conversionHelper(name, to)), single);
  });

const extremumRule = (definition: Binary, name: ExtremumName): PrintingRule =>
  expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => extremum(scope, name, op, lhs, rhs));

const compareIntegers = expressionRule(arith.cmpi, ({ operands: { lhs, rhs }, attributes: { predicate } }, scope) => {
  const operator = relations[predicate];
  if (predicate.startsWith("u") && !isTruth(scope, lhs))
    return infix(asUnsigned(scope, lhs), operator, asUnsigned(scope, rhs));
  return infix(scope.use(lhs), operator, scope.use(rhs));
});

/** Operations of the `arith` dialect. */
export const arithRules: readonly PrintingRule[] = [
  expressionRule(arith.constant, ({ op, attributes }, scope) =>
    constantExpression(op, attributes.value, scope.typeOf(op.results[0]!), scope),
  ),
  ...integerArithmetic.map(([definition, operator]) => plain(definition, operator)),
  ...divisions.map(([definition, name]) => division(definition, name)),
  ...bitwiseOperators.map(([definition, operator]) => bitwise(definition, operator)),
  shift(arith.shli, "<<", true),
  shift(arith.shrsi, ">>", true),
  shift(arith.shrui, ">>", false),
  extremumRule(arith.minsi, "minsi"),
  extremumRule(arith.maxsi, "maxsi"),
  extremumRule(arith.minui, "minui"),
  extremumRule(arith.maxui, "maxui"),
  extremumRule(arith.minimumf, "minimumf"),
  extremumRule(arith.maximumf, "maximumf"),
  extremumRule(arith.minnumf, "minnumf"),
  extremumRule(arith.maxnumf, "maxnumf"),
  ...floatArithmetic.map(([definition, operator]) => plain(definition, operator)),
  expressionRule(arith.remf, ({ op, operands: { lhs, rhs } }, scope) => {
    const [left, right] = pair(scope, lhs, rhs);
    return call(scope.helper(remainderHelper(scope.typeOf(op.results[0]!))), left, right);
  }),
  expressionRule(arith.negf, ({ operands }, scope) => prefix("-", scope.use(operands.operand))),
  compareIntegers,
  expressionRule(arith.cmpf, ({ op, operands: { lhs, rhs }, attributes: { predicate } }, scope) =>
    comparison(scope, op, predicate as FloatPredicate, lhs, rhs),
  ),
  expressionRule(arith.select, ({ op, operands }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    if (type.kind === "memref") return scope.reject(op, "buffers cannot be selected");
    const [condition, yes, no] = [operands.condition, operands.true_value, operands.false_value].map((value) =>
      scope.use(value),
    ) as [Expression, Expression, Expression];
    // A scalar type's literals would be abstract numbers, which select takes only when it can tell their type.
    return choose(condition, yes, no);
  }),
  integerCast(arith.extsi, true),
  integerCast(arith.extui, false),
  integerCast(arith.trunci, true),
  integerCast(arith.index_cast, true),
  integerCast(arith.index_castui, false),
  cast(arith.extf, (value, _, to, scope) => converted(scope, to, value)),
  cast(arith.truncf, (value, _, to, scope) => converted(scope, to, value)),
  toFloat(arith.sitofp, true),
  toFloat(arith.uitofp, false),
  toInteger(arith.fptosi, "fptosi"),
  toInteger(arith.fptoui, "fptoui"),
  cast(arith.bitcast, (value, from, to, scope) =>
    from === to
      ? value
      : expressionOf(`bitcast<${scope.typeName(to)}>(${value.isConstant ? scope.named(value).text : value.text})`, [
          value,
        ]),
  ),
];
