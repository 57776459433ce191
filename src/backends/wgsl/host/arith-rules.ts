import { arith, type FloatPredicate } from "../../../ir/dialects/arith.ts";
import { javaScriptRelations } from "../../../ir/dialects/relations.ts";
import type { Operation } from "../../../ir/module.ts";
import type { Type } from "../../../ir/types.ts";
import { arithmetic, atom, call, type Expression, infix, operand, other, prefix } from "../../printing/expression.ts";
import {
  bitwiseOperators,
  type DivisionName,
  divisions,
  floatArithmetic,
  floatComparisons,
  integerArithmetic,
} from "../../printing/operators.ts";
import {
  bitcastHelpers,
  ceilingDivide64,
  divide,
  divide64,
  floorDivide64,
  forRounding,
  remainder,
  remainder64,
  smallFloatHelper,
  toInteger64,
} from "./helpers.ts";
import { constantExpression } from "./literals.ts";
import {
  numberKindOf,
  type NumberKind,
  rounded,
  unsigned,
  wideUnsigned,
  wideWrapped,
  wrapped,
} from "./number-types.ts";
import type { ExpressionRule, HostScope } from "./scope.ts";

/** The operands as expressions, and how the result (or the operands, for comparisons) is held. */
function parts(op: Operation, scope: HostScope, of: "result" | "operand" = "result") {
  const type = scope.typeOf(of === "result" ? op.results[0]! : op.operands[0]!);
  const kind = numberKindOf(type) ?? scope.reject(op, `JavaScript has no number for ${type.text}`);
  const [a, b, c] = op.operands.map((value) => scope.use(value)) as [Expression, Expression, Expression];
  return { type, kind, a, b, c };
}

/** A float operation: computed in double and rounded once to its type, which is exact for + - * / and % (Figueroa 1995). */
export const floating =
  (compute: (...values: Expression[]) => Expression): ExpressionRule =>
  (op, scope) => {
    const { kind } = parts(op, scope);
    return rounded(scope, kind, compute(...op.operands.map((value) => scope.use(value))));
  };
/** A float operation whose result needs no rounding. */
export const exact =
  (compute: (...values: Expression[]) => Expression): ExpressionRule =>
  (op, scope) =>
    compute(...op.operands.map((value) => scope.use(value)));
/** A call of one of JavaScript's own functions: `Math.name(…)`. */
export const mathCall =
  (name: string): ((...values: Expression[]) => Expression) =>
  (...values) =>
    call(`Math.${name}`, ...values);

const isNaN = (value: Expression): Expression => infix(value, "!==", value);
const conditional = (condition: Expression, yes: Expression, no: Expression): Expression =>
  other(`${operand(condition)} ? ${operand(yes)} : ${operand(no)}`);

/** `minnumf` and `maxnumf`: a number wins over NaN. */
const numberWins =
  (name: "min" | "max"): ExpressionRule =>
  (op, scope) => {
    const [a, b] = op.operands.map((value) => scope.constant(scope.use(value))) as [Expression, Expression];
    return conditional(isNaN(a), b, conditional(isNaN(b), a, mathCall(name)(a, b)));
  };

/** Sums, differences and products wrap. */
const wrapping =
  (operator: "+" | "-" | "*"): ExpressionRule =>
  (op, scope) => {
    const { kind, a, b } = parts(op, scope);
    if (kind.kind === "boolean") return operator === "*" ? infix(a, "&&", b) : infix(a, "!==", b);
    if (kind.kind === "wide") return wideWrapped(arithmetic(a, operator, b));
    if (kind.kind === "index") return arithmetic(a, operator, b);
    const { width } = kind as NumberKind & { kind: "integer" };
    if (operator === "*") return width === 32 ? call("Math.imul", a, b) : wrapped(width, call("Math.imul", a, b));
    return wrapped(width, arithmetic(a, operator, b));
  };

const asSigned = (kind: NumberKind, value: Expression): Expression =>
  kind.kind === "boolean" ? conditional(value, atom("-1"), atom("0")) : value;
const asUnsigned = (kind: NumberKind, value: Expression): Expression =>
  kind.kind === "wide"
    ? wideUnsigned(value)
    : kind.kind === "boolean"
      ? conditional(value, atom("1"), atom("0"))
      : kind.kind === "integer"
        ? unsigned(kind.width, value)
        : value;

/** The number as an integer of the result's type. */
const fitted = (kind: NumberKind, value: Expression): Expression =>
  kind.kind === "wide" ? wideWrapped(value) : kind.kind === "integer" ? wrapped(kind.width, value) : value;

interface Division {
  readonly isUnsigned?: true;
  /** On bigints. */
  readonly wide: (scope: HostScope, a: Expression, b: Expression) => Expression;
  /** On numbers. The quotient of integers below 2^53 rounds to the right side of every integer. */
  readonly narrow: (scope: HostScope, a: Expression, b: Expression) => Expression;
}
/** A divisor that is a constant other than 0 needs no check. */
const quotient = (scope: HostScope, a: Expression, b: Expression): Expression =>
  b.literal !== undefined && b.literal !== 0 ? arithmetic(a, "/", b) : call(scope.helper(divide), a, b);
const rest = (scope: HostScope, a: Expression, b: Expression): Expression =>
  b.literal !== undefined && b.literal !== 0 ? arithmetic(a, "%", b) : call(scope.helper(remainder), a, b);

const divisionCode: Readonly<Record<DivisionName, Division>> = {
  divsi: {
    wide: (scope, a, b) => call(scope.helper(divide64), a, b),
    narrow: (scope, a, b) => mathCall("trunc")(quotient(scope, a, b)),
  },
  divui: {
    isUnsigned: true,
    wide: (scope, a, b) => call(scope.helper(divide64), a, b),
    narrow: (scope, a, b) => mathCall("floor")(quotient(scope, a, b)),
  },
  remsi: { wide: (scope, a, b) => call(scope.helper(remainder64), a, b), narrow: rest },
  remui: { isUnsigned: true, wide: (scope, a, b) => call(scope.helper(remainder64), a, b), narrow: rest },
  floordivsi: {
    wide: (scope, a, b) => call(scope.helper(floorDivide64), a, b),
    narrow: (scope, a, b) => mathCall("floor")(quotient(scope, a, b)),
  },
  ceildivsi: {
    wide: (scope, a, b) => call(scope.helper(ceilingDivide64), a, b),
    narrow: (scope, a, b) => mathCall("ceil")(quotient(scope, a, b)),
  },
  ceildivui: {
    isUnsigned: true,
    wide: (scope, a, b) => call(scope.helper(ceilingDivide64), a, b),
    narrow: (scope, a, b) => mathCall("ceil")(quotient(scope, a, b)),
  },
};
const division =
  ({ isUnsigned, wide, narrow }: Division): ExpressionRule =>
  (op, scope) => {
    const { kind, a, b } = parts(op, scope);
    if (kind.kind === "boolean") return scope.reject(op, "truth values cannot be divided");
    const [left, right] = isUnsigned ? [readAs(kind, a), readAs(kind, b)] : [a, b];
    return fitted(kind, (kind.kind === "wide" ? wide : narrow)(scope, left, right));
  };
/** A literal that is not negative is its own unsigned reading. */
const readAs = (kind: NumberKind, value: Expression): Expression =>
  value.literal !== undefined && value.literal >= 0 ? value : asUnsigned(kind, value);

const bitwise =
  (operator: "&" | "|" | "^"): ExpressionRule =>
  (op, scope) => {
    const { kind, a, b } = parts(op, scope);
    if (kind.kind === "boolean") {
      if (operator === "^" && b.text === "true") return prefix("!", a);
      return infix(a, operator === "&" ? "&&" : operator === "|" ? "||" : "!==", b);
    }
    if (kind.kind !== "index") return infix(a, operator, b);
    return atom(`Number(${infix(atom(`BigInt(${a.text})`), operator, atom(`BigInt(${b.text})`)).text})`);
  };

/** Shifts by the width or more shift all bits out. */
const shift =
  (operator: "<<" | ">>", isUnsigned: boolean): ExpressionRule =>
  (op, scope) => {
    const { kind, a, b } = parts(op, scope);
    if (kind.kind === "wide") {
      const amount = wideUnsigned(b);
      const most = isUnsigned || operator === "<<" ? "64n" : "63n";
      const bounded = /^\d+n$/.test(b.text)
        ? atom(`${BigInt(b.text.slice(0, -1)) < 64n ? b.text : most}`)
        : conditional(infix(amount, "<", atom("64n")), b, atom(most));
      return wideWrapped(infix(isUnsigned ? wideUnsigned(a) : a, operator, bounded));
    }
    if (kind.kind !== "integer") return scope.reject(op, "only integers can be shifted");
    const { width } = kind;
    const shifted = (amount: Expression): Expression => {
      const value = isUnsigned && operator === ">>" ? unsigned(width, a) : a;
      return wrapped(width, infix(value, isUnsigned && operator === ">>" ? ">>>" : operator, amount));
    };
    if (b.literal !== undefined && b.literal >= 0 && b.literal < width) return shifted(b);
    const amount = scope.constant(b);
    const fits = infix(unsigned(32, amount), "<", atom(String(width)));
    const outside = isUnsigned || operator === "<<" ? atom("0") : infix(a, ">>", atom("31"));
    return conditional(fits, shifted(amount), outside);
  };

const extremum =
  (name: "min" | "max", isUnsigned: boolean): ExpressionRule =>
  (op, scope) => {
    const { kind } = parts(op, scope);
    if (!isUnsigned && (kind.kind === "integer" || kind.kind === "index"))
      return mathCall(name)(...op.operands.map((value) => scope.use(value)));
    const [a, b] = op.operands.map((value) => scope.constant(scope.use(value))) as [Expression, Expression];
    const read = isUnsigned ? asUnsigned : asSigned;
    return conditional(infix(read(kind, a), name === "min" ? "<" : ">", read(kind, b)), a, b);
  };

const compareIntegers: ExpressionRule = (op, scope) => {
  const predicate = arith.cmpi.match(scope.reader, op)?.attributes.predicate ?? scope.reject(op, "it has no predicate");
  const { kind, a, b } = parts(op, scope, "operand");
  const read = predicate.startsWith("u")
    ? readAs
    : predicate.startsWith("s")
      ? asSigned
      : (_: NumberKind, x: Expression) => x;
  return infix(read(kind, a), javaScriptRelations[predicate], read(kind, b));
};

const not = (value: Expression): Expression => prefix("!", value);
const floatConditions: Readonly<Record<FloatPredicate, (a: Expression, b: Expression) => Expression>> = {
  ...floatComparisons({ equal: "===", notEqual: "!==", or: "||", not }),
  false: () => atom("false"),
  true: () => atom("true"),
  ord: (a, b) => infix(infix(a, "===", a), "&&", infix(b, "===", b)),
};
const compareFloats: ExpressionRule = (op, scope) => {
  const predicate = arith.cmpf.match(scope.reader, op)?.attributes.predicate ?? scope.reject(op, "it has no predicate");
  const { a, b } = parts(op, scope);
  return floatConditions[predicate](a, b);
};

/** Conversions between integers keep the low bits; wider ones repeat the sign or are filled with zeros. */
const integerCast =
  (isUnsigned: boolean): ExpressionRule =>
  (op, scope) => {
    const { kind: to, a } = parts(op, scope);
    const from = numberKindOf(scope.typeOf(op.operands[0]!))!;
    const read = isUnsigned ? readAs(from, a) : asSigned(from, a);
    if (to.kind === "boolean") {
      if (from.kind === "boolean") return a;
      return from.kind === "wide"
        ? infix(infix(a, "&", atom("1n")), "!==", atom("0n"))
        : infix(infix(a, "&", atom("1")), "!==", atom("0"));
    }
    if (to.kind === "wide") return from.kind === "wide" ? a : atom(`BigInt(${read.text})`);
    if (to.kind === "index") return from.kind === "wide" ? atom(`Number(${read.text})`) : read;
    const { width } = to as NumberKind & { kind: "integer" };
    if (from.kind === "wide") return atom(`Number(BigInt.asIntN(${width}, ${a.text}))`);
    // Beyond 32 bits only `index` has values: `|` takes them modulo 2^32.
    const fits =
      from.kind === "boolean" || (from.kind === "integer" && (isUnsigned ? from.width < width : from.width <= width));
    return fits ? read : wrapped(width, a);
  };

const integerToFloat =
  (isUnsigned: boolean): ExpressionRule =>
  (op, scope) => {
    const { kind, a } = parts(op, scope);
    const from = numberKindOf(scope.typeOf(op.operands[0]!))!;
    const read = isUnsigned ? readAs(from, a) : asSigned(from, a);
    if (from.kind !== "wide") return rounded(scope, kind, read);
    if (kind.kind === "f64") return atom(`Number(${read.text})`);
    return rounded(scope, kind, call(scope.helper(forRounding), read));
  };

/** Out of range saturates, NaN gives 0. */
const floatToInteger =
  (isUnsigned: boolean): ExpressionRule =>
  (op, scope) => {
    const { kind, a } = parts(op, scope);
    if (kind.kind === "boolean") return infix(a, isUnsigned ? ">=" : "<=", atom(isUnsigned ? "1" : "-1"));
    if (kind.kind === "wide") {
      const [low, high] = isUnsigned ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
      const clamped = call(scope.helper(toInteger64), a, atom(`${low}n`), atom(`${high}n`));
      return isUnsigned ? wideWrapped(clamped) : clamped;
    }
    if (kind.kind !== "integer") return scope.reject(op, "floats cannot become an index");
    const { width } = kind;
    const [low, high] = isUnsigned ? [0, 2 ** width - 1] : [-(2 ** (width - 1)), 2 ** (width - 1) - 1];
    return wrapped(width, call("Math.max", atom(String(low)), call("Math.min", atom(String(high)), a)));
  };

/** The bits of one type as another of the same size. */
const bitcast: ExpressionRule = (op, scope) => {
  const [from, to] = [scope.typeOf(op.operands[0]!), scope.typeOf(op.results[0]!)];
  const a = scope.use(op.operands[0]!);
  if (from === to) return a;
  const helper = bitcastHelpers[`${from.text} ${to.text}`];
  if (helper) return call(scope.helper(helper), a);
  const [source, target] = [numberKindOf(from), numberKindOf(to)];
  if (source?.kind === "small") {
    const pattern = atom(`${scope.helper(smallFloatHelper(source.format))}.encode(${a.text})`);
    if (target?.kind === "integer") return wrapped(target.width, pattern);
    if (target?.kind === "small") return decoded(scope, to, pattern);
  }
  if (source?.kind === "integer" && target?.kind === "small") return decoded(scope, to, unsigned(source.width, a));
  return scope.reject(op, `${from.text} cannot be read as ${to.text}`);
};
function decoded(scope: HostScope, type: Type, pattern: Expression): Expression {
  const kind = numberKindOf(type) as NumberKind & { kind: "small" };
  return atom(`${scope.helper(smallFloatHelper(kind.format))}.decode[${pattern.text}]`);
}

/** Rules for operations that differ in an operator. */
export const byName = <O>(
  operators: readonly (readonly [definition: { readonly name: string }, operator: O])[],
  rule: (operator: O) => ExpressionRule,
): Readonly<Record<string, ExpressionRule>> =>
  Object.fromEntries(operators.map(([{ name }, operator]) => [name, rule(operator)]));

/** Expressions of the `arith` dialect, by full name. */
export const arithRules: Readonly<Record<string, ExpressionRule>> = {
  "arith.constant": (op, scope) => {
    const value = op.properties["value"] ?? op.attributes["value"];
    return value === undefined ? scope.reject(op, "it has no value") : constantExpression(op, value, scope);
  },
  ...byName(floatArithmetic, (operator) => floating((a, b) => arithmetic(a!, operator, b!))),
  "arith.remf": floating((a, b) => arithmetic(a!, "%", b!)),
  "arith.negf": exact((a) => prefix("-", a!)),
  "arith.minimumf": exact(mathCall("min")),
  "arith.maximumf": exact(mathCall("max")),
  "arith.minnumf": numberWins("min"),
  "arith.maxnumf": numberWins("max"),
  ...byName(integerArithmetic, wrapping),
  ...byName(divisions, (name) => division(divisionCode[name])),
  ...byName(bitwiseOperators, bitwise),
  "arith.shli": shift("<<", false),
  "arith.shrsi": shift(">>", false),
  "arith.shrui": shift(">>", true),
  "arith.minsi": extremum("min", false),
  "arith.maxsi": extremum("max", false),
  "arith.minui": extremum("min", true),
  "arith.maxui": extremum("max", true),
  "arith.cmpi": compareIntegers,
  "arith.cmpf": compareFloats,
  "arith.select": (op, scope) => {
    const { a, b, c } = parts(op, scope);
    return conditional(a, b, c);
  },
  "arith.extsi": integerCast(false),
  "arith.extui": integerCast(true),
  "arith.trunci": integerCast(false),
  "arith.index_cast": integerCast(false),
  "arith.index_castui": integerCast(true),
  "arith.extf": exact((a) => a!),
  "arith.truncf": floating((a) => a!),
  "arith.sitofp": integerToFloat(false),
  "arith.uitofp": integerToFloat(true),
  "arith.fptosi": floatToInteger(false),
  "arith.fptoui": floatToInteger(true),
  "arith.bitcast": bitcast,
};
