import { arith, math } from "../../ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../ir/dialects/arith.ts";
import type { ValueId } from "../../ir/module.ts";
import {
  f32,
  f64,
  i1,
  i16,
  i32,
  i64,
  i8,
  indexType,
  type IntegerType,
  type Type,
  withElement,
} from "../../ir/types.ts";
import { isFloat, isInteger, isTensor, type ProgramScope, type Rule, type Step } from "./program-scope.ts";

const scalarTypes: readonly Type[] = [f32, i32, f64, i64, i8, i16];
/** Scalars, and tensors of them where elementwise operations on tensors are wanted. */
const elementOf = (type: Type): Type => (isTensor(type) ? type.element : type);

/** Two values of one type whose element fits; the second may be the first. */
function pair(scope: ProgramScope, fits: (type: Type) => boolean, step: Step): readonly [ValueId, ValueId] | undefined {
  const lhs = scope.find((type) => fits(elementOf(type)) && allowed(scope, type), step.picks[0]!);
  if (lhs === undefined) return undefined;
  const type = scope.typeOf(lhs);
  return [lhs, scope.find((other) => other === type, step.picks[1]!)!];
}
/** In the body of a structured operation only scalars are computed with. */
const allowed = (scope: ProgramScope, type: Type): boolean => scope.depth < bodyDepth || !isTensor(type);
/** Scopes this deep are bodies of structured operations. */
export const bodyDepth = 100;

/** Operations of two floats that give the same type. */
export const floatOperations = [
  arith.addf,
  arith.subf,
  arith.mulf,
  arith.divf,
  arith.minimumf,
  arith.maximumf,
  arith.minnumf,
  arith.maxnumf,
] as const;
/** Operations of two integers that give the same type and are defined for all values. */
export const integerOperations = [
  arith.addi,
  arith.subi,
  arith.muli,
  arith.andi,
  arith.ori,
  arith.xori,
  arith.minsi,
  arith.maxsi,
  arith.minui,
  arith.maxui,
] as const;
const guardedOperations = [
  arith.divsi,
  arith.divui,
  arith.remsi,
  arith.remui,
  arith.floordivsi,
  arith.ceildivsi,
] as const;
const shiftOperations = [arith.shli, arith.shrsi, arith.shrui] as const;
/** Operations of math that IEEE 754 defines to the last bit. */
const exactMath = [math.absf, math.floor, math.ceil, math.trunc, math.roundeven, math.sqrt] as const;
const inexactMath = [math.exp, math.tanh, math.sin, math.cos, math.erf, math.log1p, math.rsqrt, math.atan] as const;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

const binaryFloat: Rule = (scope, step) => {
  const values = pair(scope, isFloat, step);
  if (values === undefined) return scope.add(scope.scalar(at([f32, f64], step.picks[2]!), step.picks[0]!));
  const [lhs, rhs] = values;
  scope.add(at(floatOperations, step.picks[2]!).build(scope.builder, { lhs, rhs }, {}).result);
};

const binaryInteger: Rule = (scope, step) => {
  const values = pair(scope, isInteger, step);
  if (values === undefined) return scope.add(scope.scalar(at([i32, i64, i8], step.picks[2]!), step.picks[0]!));
  const [lhs, rhs] = values;
  scope.add(at(integerOperations, step.picks[2]!).build(scope.builder, { lhs, rhs }, {}).result);
};

/** Divisors are between 1 and 8, so that neither zero nor the one overflowing quotient occurs. */
const division: Rule = (scope, step) => {
  const type = at([i32, i64, i16, i8], step.picks[2]!);
  const lhs = scope.scalar(type, step.picks[0]!);
  const low = arith.andi.build(
    scope.builder,
    { lhs: scope.scalar(type, step.picks[1]!), rhs: scope.constant(type, 7) },
    {},
  );
  const rhs = arith.addi.build(scope.builder, { lhs: low.result, rhs: scope.constant(type, 1) }, {}).result;
  scope.add(at(guardedOperations, step.picks[3]!).build(scope.builder, { lhs, rhs }, {}).result);
};

/** Shift amounts are below the width. */
const shift: Rule = (scope, step) => {
  const type = at([i32, i64, i8], step.picks[2]!) as IntegerType;
  const amount = arith.andi.build(
    scope.builder,
    { lhs: scope.scalar(type, step.picks[1]!), rhs: scope.constant(type, type.width - 1) },
    {},
  ).result;
  const lhs = scope.scalar(type, step.picks[0]!);
  scope.add(at(shiftOperations, step.picks[3]!).build(scope.builder, { lhs, rhs: amount }, {}).result);
};

const compare: Rule = (scope, step) => {
  const values = pair(scope, (type) => isFloat(type) || isInteger(type), step);
  if (values === undefined) return;
  const [lhs, rhs] = values;
  const isFloating = isFloat(elementOf(scope.typeOf(lhs)));
  const { result } = isFloating
    ? arith.cmpf.build(scope.builder, { lhs, rhs }, { predicate: at(floatPredicates, step.picks[2]!) })
    : arith.cmpi.build(scope.builder, { lhs, rhs }, { predicate: at(integerPredicates, step.picks[2]!) });
  scope.add(result);
};

const select: Rule = (scope, step) => {
  const chosen = scope.find((type) => allowed(scope, type), step.picks[1]!);
  if (chosen === undefined) return;
  const type = scope.typeOf(chosen);
  const shaped = isTensor(type) ? scope.find((other) => other === withElement(type, i1), step.picks[0]!) : undefined;
  const condition = shaped ?? scope.scalar(i1, step.picks[0]!);
  const other = scope.find((candidate) => candidate === type, step.picks[2]!)!;
  const operands = { condition, true_value: chosen, false_value: other };
  scope.add(arith.select.build(scope.builder, operands, {}, { resultTypes: [type] }).result);
};

const negate: Rule = (scope, step) => {
  const operand = scope.find((type) => isFloat(elementOf(type)) && allowed(scope, type), step.picks[0]!);
  if (operand !== undefined) scope.add(arith.negf.build(scope.builder, { operand }, {}).result);
};

const exactUnary: Rule = (scope, step) => {
  const operand = scope.find((type) => isFloat(elementOf(type)) && allowed(scope, type), step.picks[0]!);
  if (operand !== undefined) scope.add(at(exactMath, step.picks[1]!).build(scope.builder, { operand }, {}).result);
};
const inexactUnary: Rule = (scope, step) => {
  const operand = scope.find((type) => isFloat(elementOf(type)) && allowed(scope, type), step.picks[0]!);
  if (operand !== undefined) scope.add(at(inexactMath, step.picks[1]!).build(scope.builder, { operand }, {}).result);
};

const widen: Rule = (scope, step) => {
  const from = at([i8, i16, i32], step.picks[1]!);
  const to = at([i64, i32], from === i32 ? 0 : step.picks[2]!);
  const operands = { in: scope.scalar(from, step.picks[0]!) };
  const cast = step.picks[3]! % 2 === 0 ? arith.extsi : arith.extui;
  scope.add(cast.build(scope.builder, operands, {}, { resultTypes: [to] }).out);
};
const narrow: Rule = (scope, step) => {
  const from = at([i64, i32], step.picks[1]!);
  const to = at([i8, i16], step.picks[2]!);
  scope.add(
    arith.trunci.build(scope.builder, { in: scope.scalar(from, step.picks[0]!) }, {}, { resultTypes: [to] }).out,
  );
};
const resizeFloat: Rule = (scope, step) => {
  const isWider = step.picks[1]! % 2 === 0;
  const operands = { in: scope.scalar(isWider ? f32 : f64, step.picks[0]!) };
  const { out } = isWider
    ? arith.extf.build(scope.builder, operands, {}, { resultTypes: [f64] })
    : arith.truncf.build(scope.builder, operands, {}, { resultTypes: [f32] });
  scope.add(out);
};
const toFloat: Rule = (scope, step) => {
  const operands = { in: scope.scalar(at([i32, i64, i8], step.picks[1]!), step.picks[0]!) };
  const cast = step.picks[3]! % 2 === 0 ? arith.sitofp : arith.uitofp;
  scope.add(cast.build(scope.builder, operands, {}, { resultTypes: [at([f32, f64], step.picks[2]!)] }).out);
};

/** NaN becomes 0 and the rest is brought into range first: outside it the conversion is undefined. */
const toInteger: Rule = (scope, step) => {
  const { builder } = scope;
  const type = at([f32, f64], step.picks[1]!);
  const value = scope.scalar(type, step.picks[0]!);
  const ordered = arith.cmpf.build(builder, { lhs: value, rhs: value }, { predicate: "ord" }).result;
  const operands = { condition: ordered, true_value: value, false_value: scope.constant(type, 0) };
  const number = arith.select.build(builder, operands, {}, { resultTypes: [type] }).result;
  const low = arith.maximumf.build(builder, { lhs: number, rhs: scope.constant(type, -200) }, {}).result;
  const clamped = arith.minimumf.build(builder, { lhs: low, rhs: scope.constant(type, 200) }, {}).result;
  scope.add(
    arith.fptosi.build(builder, { in: clamped }, {}, { resultTypes: [at([i32, i64, i16, i8], step.picks[2]!)] }).out,
  );
};

/** Indices are never negative. */
const toIndex: Rule = (scope, step) => {
  const low = arith.andi.build(
    scope.builder,
    { lhs: scope.scalar(i32, step.picks[0]!), rhs: scope.constant(i32, 15) },
    {},
  );
  scope.add(arith.index_cast.build(scope.builder, { in: low.result }, {}, { resultTypes: [indexType] }).out);
};
const fromIndex: Rule = (scope, step) => {
  const value = scope.find((type) => type === indexType, step.picks[0]!);
  if (value === undefined) return;
  scope.add(
    arith.index_cast.build(scope.builder, { in: value }, {}, { resultTypes: [at([i32, i64], step.picks[1]!)] }).out,
  );
};

const constant: Rule = (scope, step) =>
  scope.add(scope.constant(at(scalarTypes, step.picks[0]!), (step.picks[1]! % 21) - 10));

/** Rules whose results are the same to the last bit wherever IEEE 754 holds. */
export const exactScalarRules: readonly Rule[] = [
  binaryFloat,
  binaryInteger,
  division,
  shift,
  compare,
  select,
  negate,
  exactUnary,
  widen,
  narrow,
  resizeFloat,
  toFloat,
  toInteger,
  toIndex,
  fromIndex,
  constant,
];
/** Rules whose results depend on the mathematical library. */
export const inexactScalarRules: readonly Rule[] = [inexactUnary];
