import { arith } from "../../../ir/dialects/index.ts";
import { relations } from "../../../ir/dialects/relations.ts";
import type { ValueId } from "../../../ir/module.ts";
import { elementOf, type Type, type VectorType } from "../../../ir/types.ts";
import { arithmetic, atom, call, type Expression, infix, operand, other, prefix } from "../../printing/expression.ts";
import {
  bitwiseOperators,
  type DivisionName,
  divisions,
  floatArithmetic,
  floatComparisons,
  integerArithmetic,
} from "../../printing/operators.ts";
import type { BinaryView, CastView, Matchable } from "../../printing/rule.ts";
import { castTo } from "../cast.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { integerWidth, shortName } from "../types.ts";
import { constantExpression } from "./constants.ts";
import { bitsHelper, divisionHelper, floatToIntegerHelper } from "./integer-helpers.ts";
import { asUnsigned, lanewise, maskFor, integerLanes, toMask, vectorTypeOf } from "./shapes.ts";

type Binary = Matchable<BinaryView>;

/** Sums, differences and products wrap: they are computed in the unsigned type. */
function wrapping(definition: Binary, operator: "+" | "-" | "*"): PrintingRule {
  return expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    if (type.kind === "index") {
      // Two literals would be computed in int.
      const wide = left.literal !== undefined && right.literal !== undefined ? castTo("int64_t", left) : left;
      return arithmetic(wide, operator, right);
    }
    if (type.kind !== "vector" && integerWidth(type) < 32)
      return castTo(scope.cType(type), arithmetic(left, operator, right));
    return castTo(scope.cType(type), arithmetic(asUnsigned(scope, lhs), operator, asUnsigned(scope, rhs)));
  });
}

/** `a / b` where the divisor is a literal that cannot trap, the guarded helper otherwise. */
function division(definition: Binary, name: DivisionName): PrintingRule {
  return expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    const helper = divisionHelper(name, elementOf(type));
    if (type.kind === "vector")
      return lanewise(
        scope,
        name,
        type,
        [
          { expression: left, type },
          { expression: right, type },
        ],
        (lanes) => `${helper.name}(${lanes.join(", ")})`,
        [helper],
      );
    if ((name === "divsi" || name === "remsi") && right.literal !== undefined && right.literal > 0) {
      const quotient = arithmetic(left, name === "divsi" ? "/" : "%", right);
      return integerWidth(type) < 32 ? castTo(scope.cType(type), quotient) : quotient;
    }
    return call(scope.helper(helper), left, right);
  });
}

function bitwise(definition: Binary, operator: "&" | "|" | "^"): PrintingRule {
  return expressionRule(definition, ({ operands: { lhs, rhs } }, scope) => {
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    if (operator === "^" && right.text === "true") return prefix("!", left);
    return infix(left, operator, right);
  });
}

function shift(definition: Binary, operator: "<<" | ">>", isSigned: boolean): PrintingRule {
  return expressionRule(definition, ({ op, operands: { lhs, rhs } }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    const value = isSigned ? scope.use(lhs) : asUnsigned(scope, lhs);
    // The amount has the type of the value; C shifts a vector by a vector of the same type only.
    const amount = type.kind === "vector" && !isSigned ? asUnsigned(scope, rhs) : scope.use(rhs);
    const shifted = infix(value, operator, amount);
    return isSigned && (type.kind === "vector" || integerWidth(type) >= 32)
      ? shifted
      : castTo(scope.cType(type), shifted);
  });
}

function floating(definition: Binary, operator: "+" | "-" | "*" | "/"): PrintingRule {
  return expressionRule(definition, ({ operands: { lhs, rhs } }, scope) =>
    arithmetic(scope.use(lhs), operator, scope.use(rhs)),
  );
}

const negation = (operator: "!" | "~") => (condition: Expression) => prefix(operator, condition);
const scalarComparisons = floatComparisons({ equal: "==", notEqual: "!=", or: "||", not: negation("!") });
/** Of vectors: each lane is all ones or zero. */
const vectorComparisons = floatComparisons({ equal: "==", notEqual: "!=", or: "|", not: negation("~") });

type Cast = Matchable<CastView>;
const cast = (definition: Cast, print: (value: ValueId, from: Type, to: Type, scope: Scope) => Expression) =>
  expressionRule(definition, ({ op, operands }, scope) =>
    print(operands.in, scope.typeOf(operands.in), scope.typeOf(op.results[0]!), scope),
  );
const converted = (value: Expression, type: string): Expression =>
  atom(`__builtin_convertvector(${value.text}, ${type})`);

/** A conversion that keeps the value: a C cast, lane by lane for vectors. */
const valueCast = (definition: Cast, isSigned: boolean): PrintingRule =>
  cast(definition, (value, from, to, scope) => {
    if (elementOf(from).text === "i1" && from.kind === "vector")
      return scope.reject(scope.reader.definition(value)!, "vectors of truth values must be selected by now");
    const source = isSigned || elementOf(from).kind === "float" ? scope.use(value) : asUnsigned(scope, value);
    if (to.kind === "vector") {
      // Unsigned wide targets keep their bits in the signed type.
      return converted(source, scope.vectorType(to));
    }
    if (from.text === "i1") {
      const integer = castTo(scope.cType(to), source);
      return isSigned ? prefix("-", integer) : integer;
    }
    if (to.text === "i1") return castTo("bool", infix(source, "&", atom("1")));
    return castTo(scope.cType(to), source);
  });

const floatToInteger = (definition: Cast, isSigned: boolean): PrintingRule =>
  cast(definition, (value, from, to, scope) => {
    if (to.kind !== "vector") return call(scope.helper(floatToIntegerHelper(from, to, isSigned)), scope.use(value));
    const target = scope.vectorType(to);
    return isSigned
      ? converted(scope.use(value), target)
      : castTo(target, converted(scope.use(value), scope.vectorType(to, "unsigned")));
  });

const bitcast = cast(arith.bitcast, (value, from, to, scope) => {
  if (from === to) return scope.use(value);
  if (to.kind === "vector") return castTo(scope.cType(to), scope.use(value));
  if (shortName(from) === shortName(to)) return scope.use(value);
  return call(scope.helper(bitsHelper(from, to)), scope.use(value));
});

export const arithRules: readonly PrintingRule[] = [
  expressionRule(arith.constant, ({ op, attributes }, scope) =>
    constantExpression(op, attributes.value, scope.typeOf(op.results[0]!), scope),
  ),
  ...integerArithmetic.map(([definition, operator]) => wrapping(definition, operator)),
  ...divisions.map(([definition, name]) => division(definition, name)),
  ...bitwiseOperators.map(([definition, operator]) => bitwise(definition, operator)),
  shift(arith.shli, "<<", false),
  shift(arith.shrsi, ">>", true),
  shift(arith.shrui, ">>", false),
  ...floatArithmetic.map(([definition, operator]) => floating(definition, operator)),
  expressionRule(arith.remf, ({ op, operands: { lhs, rhs } }, scope) => {
    scope.include("math.h");
    const type = scope.typeOf(op.results[0]!);
    const name = elementOf(type).text === "f32" ? "fmodf" : "fmod";
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    if (type.kind !== "vector") return call(name, left, right);
    const operands = [left, right].map((expression) => ({ expression, type }));
    return lanewise(scope, name, type, operands, (lanes) => `${name}(${lanes.join(", ")})`);
  }),
  expressionRule(arith.negf, ({ operands }, scope) => prefix("-", scope.use(operands.operand))),
  expressionRule(arith.cmpi, ({ operands: { lhs, rhs }, attributes }, scope) => {
    const { predicate } = attributes;
    const operator = relations[predicate];
    const [left, right] = predicate.startsWith("u")
      ? [asUnsigned(scope, lhs), asUnsigned(scope, rhs)]
      : [scope.use(lhs), scope.use(rhs)];
    const vector = vectorTypeOf(scope, lhs);
    return vector ? toMask(scope, infix(left, operator, right), vector) : infix(left, operator, right);
  }),
  expressionRule(arith.cmpf, ({ op, operands: { lhs, rhs }, attributes }, scope) => {
    const vector = vectorTypeOf(scope, lhs);
    const { predicate } = attributes;
    if (predicate === "true" || predicate === "false") return scope.reject(op, "it must be a constant by now");
    const comparison = (vector ? vectorComparisons : scalarComparisons)[predicate](scope.use(lhs), scope.use(rhs));
    return vector ? toMask(scope, comparison, vector) : comparison;
  }),
  expressionRule(arith.select, ({ op, operands }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    const [condition, left, right] = [operands.condition, operands.true_value, operands.false_value].map((value) =>
      scope.use(value),
    ) as [Expression, Expression, Expression];
    if (type.kind === "memref") return scope.reject(op, "buffers cannot be selected");
    if (type.kind !== "vector" || vectorTypeOf(scope, operands.condition) === undefined)
      return other(`${operand(condition)} ? ${operand(left)} : ${operand(right)}`);
    return vectorSelect(scope, condition, left, right, type);
  }),
  valueCast(arith.extsi, true),
  valueCast(arith.extui, false),
  valueCast(arith.trunci, true),
  valueCast(arith.index_cast, true),
  valueCast(arith.index_castui, false),
  valueCast(arith.extf, true),
  valueCast(arith.truncf, true),
  valueCast(arith.sitofp, true),
  valueCast(arith.uitofp, false),
  floatToInteger(arith.fptosi, true),
  floatToInteger(arith.fptoui, false),
  bitcast,
];

/** C has no `?:` for vectors: lanes are picked by a mask's bits, which gcc and clang turn into one blend. */
function vectorSelect(
  scope: Scope,
  condition: Expression,
  left: Expression,
  right: Expression,
  type: VectorType,
): Expression {
  const name = scope.vectorType(type);
  const integers = scope.vectorType(integerLanes(type));
  const helper = scope.helper({
    name: `select_${name}`,
    code:
      `static inline __attribute__((always_inline)) ${name} select_${name}(${integers} mask, ${name} a, ${name} b) {\n` +
      `  return (${name})((mask & (${integers})a) | (~mask & (${integers})b));\n}`,
  });
  return call(helper, maskFor(scope, condition, type), left, right);
}
