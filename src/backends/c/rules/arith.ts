import { arith } from "../../../ir/dialects/index.ts";
import type { FloatPredicate, IntegerPredicate } from "../../../ir/dialects/arith.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, type Type, type VectorType } from "../../../ir/types.ts";
import { arithmetic, atom, call, castTo, type Expression, infix, operand, other, prefix } from "../expression.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { integerWidth, shortName } from "../types.ts";
import { constantExpression } from "./constants.ts";
import { bitsHelper, divisionHelper, type DivisionName, floatToIntegerHelper } from "./integer-helpers.ts";
import { asUnsigned, lanewise, maskFor, integerLanes, toMask, vectorTypeOf } from "./shapes.ts";

interface BinaryView {
  readonly op: { readonly results: readonly ValueId[] };
  readonly operands: { readonly lhs: ValueId; readonly rhs: ValueId };
}
type Binary = typeof arith.addi | typeof arith.divsi | typeof arith.andi | typeof arith.addf;

/** Sums, differences and products wrap: they are computed in the unsigned type. */
function wrapping(definition: Binary, operator: "+" | "-" | "*"): PrintingRule {
  return expressionRule<BinaryView>(definition, ({ op, operands: { lhs, rhs } }, scope) => {
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
  return expressionRule<BinaryView>(definition, ({ op, operands: { lhs, rhs } }, scope) => {
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
  return expressionRule<BinaryView>(definition, ({ operands: { lhs, rhs } }, scope) => {
    const [left, right] = [scope.use(lhs), scope.use(rhs)];
    if (operator === "^" && right.text === "true") return prefix("!", left);
    return infix(left, operator, right);
  });
}

function shift(definition: Binary, operator: "<<" | ">>", isSigned: boolean): PrintingRule {
  return expressionRule<BinaryView>(definition, ({ op, operands: { lhs, rhs } }, scope) => {
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
  return expressionRule<BinaryView>(definition, ({ operands: { lhs, rhs } }, scope) =>
    arithmetic(scope.use(lhs), operator, scope.use(rhs)),
  );
}

const integerOperators: Readonly<Record<IntegerPredicate, { readonly operator: string; readonly isSigned: boolean }>> =
  {
    eq: { operator: "==", isSigned: true },
    ne: { operator: "!=", isSigned: true },
    slt: { operator: "<", isSigned: true },
    sle: { operator: "<=", isSigned: true },
    sgt: { operator: ">", isSigned: true },
    sge: { operator: ">=", isSigned: true },
    ult: { operator: "<", isSigned: false },
    ule: { operator: "<=", isSigned: false },
    ugt: { operator: ">", isSigned: false },
    uge: { operator: ">=", isSigned: false },
  };

/** Comparisons by predicate: `x`, or the negation of the opposite comparison, which is true when an operand is NaN. */
const floatComparisons: Readonly<
  Record<Exclude<FloatPredicate, "true" | "false">, (a: Expression, b: Expression, isVector: boolean) => Expression>
> = (() => {
  const plain = (operator: string) => (a: Expression, b: Expression) => infix(a, operator, b);
  const not = (inner: Expression, isVector: boolean) => prefix(isVector ? "~" : "!", inner);
  const negated = (operator: string) => (a: Expression, b: Expression, isVector: boolean) =>
    not(infix(a, operator, b), isVector);
  const either = (a: Expression, left: string, b: Expression, right: string, isVector: boolean) =>
    other(`(${infix(a, left, b).text}) ${isVector ? "|" : "||"} (${infix(a, right, b).text})`);
  const unordered = (a: Expression, b: Expression, isVector: boolean) =>
    other(`(${infix(a, "!=", a).text}) ${isVector ? "|" : "||"} (${infix(b, "!=", b).text})`);
  return {
    oeq: plain("=="),
    ogt: plain(">"),
    oge: plain(">="),
    olt: plain("<"),
    ole: plain("<="),
    une: plain("!="),
    ugt: negated("<="),
    uge: negated("<"),
    ult: negated(">="),
    ule: negated(">"),
    one: (a, b, isVector) => either(a, "<", b, ">", isVector),
    ueq: (a, b, isVector) => not(either(a, "<", b, ">", isVector), isVector),
    uno: unordered,
    ord: (a, b, isVector) => not(unordered(a, b, isVector), isVector),
  };
})();

interface CastView {
  readonly op: { readonly results: readonly ValueId[] };
  readonly operands: { readonly in: ValueId };
}
interface Cast {
  readonly name: string;
  match(reader: IrReader, op: Operation): CastView | undefined;
}
const cast = (definition: Cast, print: (value: ValueId, from: Type, to: Type, scope: Scope) => Expression) =>
  expressionRule<CastView>(definition, ({ op, operands }, scope) =>
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
  wrapping(arith.addi, "+"),
  wrapping(arith.subi, "-"),
  wrapping(arith.muli, "*"),
  division(arith.divsi, "divsi"),
  division(arith.divui, "divui"),
  division(arith.remsi, "remsi"),
  division(arith.remui, "remui"),
  division(arith.floordivsi, "floordivsi"),
  division(arith.ceildivsi, "ceildivsi"),
  division(arith.ceildivui, "ceildivui"),
  bitwise(arith.andi, "&"),
  bitwise(arith.ori, "|"),
  bitwise(arith.xori, "^"),
  shift(arith.shli, "<<", false),
  shift(arith.shrsi, ">>", true),
  shift(arith.shrui, ">>", false),
  floating(arith.addf, "+"),
  floating(arith.subf, "-"),
  floating(arith.mulf, "*"),
  floating(arith.divf, "/"),
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
    const { operator, isSigned } = integerOperators[attributes.predicate];
    const [left, right] = isSigned
      ? [scope.use(lhs), scope.use(rhs)]
      : [asUnsigned(scope, lhs), asUnsigned(scope, rhs)];
    const vector = vectorTypeOf(scope, lhs);
    return vector ? toMask(scope, infix(left, operator, right), vector) : infix(left, operator, right);
  }),
  expressionRule(arith.cmpf, ({ op, operands: { lhs, rhs }, attributes }, scope) => {
    const vector = vectorTypeOf(scope, lhs);
    const { predicate } = attributes;
    if (predicate === "true" || predicate === "false") return scope.reject(op, "it must be a constant by now");
    const compare = floatComparisons[predicate];
    const comparison = compare(scope.use(lhs), scope.use(rhs), vector !== undefined);
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
