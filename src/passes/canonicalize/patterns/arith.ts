import { arith } from "../../../ir/dialects/arith.ts";
import type { IntegerPredicate } from "../../../ir/dialects/arith.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf } from "../../../ir/types.ts";
import { buildUniform, floatConstant, integerConstant, widthOf } from "./constants.ts";

/** Replaces a one-result operation by a value. */
function replaceBy(rewriter: Rewriter, op: Operation, value: ValueId | undefined): boolean {
  if (value === undefined) return false;
  rewriter.replace(op, [value]);
  return true;
}
const replaceByNumber = (rewriter: Rewriter, op: Operation, value: number | bigint): boolean =>
  replaceBy(rewriter, op, buildUniform(rewriter, value, rewriter.typeOf(op.results[0]!)));

interface BinaryOperands {
  readonly op: Operation;
  readonly operands: { readonly lhs: ValueId; readonly rhs: ValueId };
}
/** `x ∘ neutral = x` for an integer constant on the right. */
const rightNeutral =
  (neutral: bigint) =>
  ({ op, operands }: BinaryOperands, rewriter: Rewriter): boolean => {
    const width = widthOf(elementOf(rewriter.typeOf(operands.rhs)));
    if (integerConstant(rewriter, operands.rhs) !== BigInt.asIntN(width, neutral)) return false;
    return replaceBy(rewriter, op, operands.lhs);
  };
/** `x ∘ absorbing = result` for an integer constant on the right. */
const rightAbsorbing =
  (absorbing: bigint, result: bigint) =>
  ({ op, operands }: BinaryOperands, rewriter: Rewriter): boolean => {
    const width = widthOf(elementOf(rewriter.typeOf(operands.rhs)));
    if (integerConstant(rewriter, operands.rhs) !== BigInt.asIntN(width, absorbing)) return false;
    return replaceByNumber(rewriter, op, result);
  };
/** `x ∘ x = result`, for integers only: NaN is not equal to itself. */
const selfGives =
  (result: bigint) =>
  ({ op, operands }: BinaryOperands, rewriter: Rewriter): boolean =>
    operands.lhs === operands.rhs && replaceByNumber(rewriter, op, result);
/** `x ∘ neutral = x` for a float constant on the right, the sign of zero included. */
const rightFloatNeutral =
  (neutral: number) =>
  ({ op, operands }: BinaryOperands, rewriter: Rewriter): boolean =>
    Object.is(floatConstant(rewriter, operands.rhs), neutral) && replaceBy(rewriter, op, operands.lhs);

/** Whether the operation promises that it does not overflow. */
function mayNotWrap(op: Operation): boolean {
  const flags = op.properties["overflowFlags"];
  return flags !== undefined && !(flags.kind === "dialect" && flags.body === "overflow<none>");
}

const integers: readonly Pattern[] = [
  pattern(arith.addi)("add-zero", rightNeutral(0n)),
  pattern(arith.addi)("add-constants", ({ op, operands }, rewriter) => {
    const inner = arith.addi.match(rewriter, rewriter.definition(operands.lhs));
    const outer = integerConstant(rewriter, operands.rhs);
    const added = inner && integerConstant(rewriter, inner.operands.rhs);
    // Sums of constants may wrap where the sums that had the flags did not.
    if (outer === undefined || added === undefined || mayNotWrap(op)) return false;
    const sum = buildUniform(rewriter, outer + added, rewriter.typeOf(operands.rhs));
    if (sum === undefined) return false;
    return replaceBy(rewriter, op, arith.addi.build(rewriter, { lhs: inner!.operands.lhs, rhs: sum }, {}).result);
  }),
  pattern(arith.subi)("subtract-zero", rightNeutral(0n)),
  pattern(arith.subi)("subtract-self", selfGives(0n)),
  pattern(arith.muli)("multiply-by-one", rightNeutral(1n)),
  pattern(arith.muli)("multiply-by-zero", rightAbsorbing(0n, 0n)),
  pattern(arith.divsi)("divide-by-one", rightNeutral(1n)),
  pattern(arith.divui)("divide-by-one", rightNeutral(1n)),
  pattern(arith.floordivsi)("divide-by-one", rightNeutral(1n)),
  pattern(arith.ceildivsi)("divide-by-one", rightNeutral(1n)),
  pattern(arith.remui)("remainder-by-one", rightAbsorbing(1n, 0n)),
  pattern(arith.remsi)("remainder-by-one", rightAbsorbing(1n, 0n)),
  pattern(arith.andi)("and-zero", rightAbsorbing(0n, 0n)),
  pattern(arith.andi)("and-ones", rightNeutral(-1n)),
  pattern(arith.ori)("or-zero", rightNeutral(0n)),
  pattern(arith.ori)("or-ones", rightAbsorbing(-1n, -1n)),
  pattern(arith.xori)("xor-zero", rightNeutral(0n)),
  pattern(arith.xori)("xor-self", selfGives(0n)),
  pattern(arith.xori)("xor-twice", ({ op, operands }, rewriter) => {
    const inner = arith.xori.match(rewriter, rewriter.definition(operands.lhs));
    return inner?.operands.rhs === operands.rhs && replaceBy(rewriter, op, inner.operands.lhs);
  }),
  pattern(arith.shli)("shift-by-zero", rightNeutral(0n)),
  pattern(arith.shrsi)("shift-by-zero", rightNeutral(0n)),
  pattern(arith.shrui)("shift-by-zero", rightNeutral(0n)),
];

/** Whether 1/value is exact: a power of two whose reciprocal is a normal f32, and so of every wider format. */
const isReciprocalExact = (value: number): boolean => {
  const exponent = Math.round(Math.log2(Math.abs(value)));
  return Math.abs(exponent) <= 126 && 2 ** exponent === Math.abs(value);
};

const floats: readonly Pattern[] = [
  pattern(arith.addf)("add-negative-zero", rightFloatNeutral(-0)),
  pattern(arith.subf)("subtract-zero", rightFloatNeutral(0)),
  pattern(arith.mulf)("multiply-by-one", rightFloatNeutral(1)),
  pattern(arith.divf)("divide-by-one", rightFloatNeutral(1)),
  pattern(arith.divf)("divide-by-power-of-two", ({ op, operands }, rewriter) => {
    const divisor = floatConstant(rewriter, operands.rhs);
    const type = rewriter.typeOf(operands.rhs);
    const wide = elementOf(type).text === "f32" || elementOf(type).text === "f64";
    if (divisor === undefined || !wide || !isReciprocalExact(divisor)) return false;
    const reciprocal = buildUniform(rewriter, 1 / divisor, type);
    if (reciprocal === undefined) return false;
    return replaceBy(rewriter, op, arith.mulf.build(rewriter, { lhs: operands.lhs, rhs: reciprocal }, {}).result);
  }),
  pattern(arith.addf)("add-negated", ({ op, operands }, rewriter) => {
    const negated = arith.negf.match(rewriter, rewriter.definition(operands.rhs));
    if (!negated) return false;
    const difference = { lhs: operands.lhs, rhs: negated.operands.operand };
    return replaceBy(rewriter, op, arith.subf.build(rewriter, difference, {}).result);
  }),
  pattern(arith.subf)("subtract-negated", ({ op, operands }, rewriter) => {
    const negated = arith.negf.match(rewriter, rewriter.definition(operands.rhs));
    if (!negated) return false;
    const sum = { lhs: operands.lhs, rhs: negated.operands.operand };
    return replaceBy(rewriter, op, arith.addf.build(rewriter, sum, {}).result);
  }),
];

const trueOfEquals: ReadonlySet<IntegerPredicate> = new Set(["eq", "sle", "sge", "ule", "uge"]);
const swapped: Readonly<Record<IntegerPredicate, IntegerPredicate>> = {
  eq: "eq",
  ne: "ne",
  slt: "sgt",
  sle: "sge",
  sgt: "slt",
  sge: "sle",
  ult: "ugt",
  ule: "uge",
  ugt: "ult",
  uge: "ule",
};

const comparisons: readonly Pattern[] = [
  pattern(arith.cmpi)("compare-with-self", ({ op, operands, attributes }, rewriter) => {
    if (operands.lhs !== operands.rhs) return false;
    return replaceByNumber(rewriter, op, trueOfEquals.has(attributes.predicate) ? 1n : 0n);
  }),
  pattern(arith.cmpi)("compare-constant-right", ({ op, operands, attributes }, rewriter) => {
    const isConstant = (id: ValueId): boolean => rewriter.definition(id)?.name === arith.constant.name;
    if (!isConstant(operands.lhs) || isConstant(operands.rhs)) return false;
    const predicate = swapped[attributes.predicate];
    const made = arith.cmpi.build(rewriter, { lhs: operands.rhs, rhs: operands.lhs }, { predicate });
    return replaceBy(rewriter, op, made.result);
  }),
  pattern(arith.cmpf)("compare-always", ({ op, attributes }, rewriter) => {
    if (attributes.predicate !== "true" && attributes.predicate !== "false") return false;
    return replaceByNumber(rewriter, op, attributes.predicate === "true" ? 1n : 0n);
  }),
  pattern(arith.select)("select-constant", ({ op, operands }, rewriter) => {
    const condition = integerConstant(rewriter, operands.condition);
    if (condition === undefined) return false;
    return replaceBy(rewriter, op, condition === 0n ? operands.false_value : operands.true_value);
  }),
  pattern(arith.select)(
    "select-equal",
    ({ op, operands }, rewriter) =>
      operands.true_value === operands.false_value && replaceBy(rewriter, op, operands.true_value),
  ),
  pattern(arith.select)("select-truth", ({ op, operands }, rewriter) => {
    const sameType = rewriter.typeOf(operands.condition) === rewriter.typeOf(operands.true_value);
    const values = [operands.true_value, operands.false_value].map((id) => integerConstant(rewriter, id));
    if (!sameType || values[0] !== -1n || values[1] !== 0n) return false;
    return replaceBy(rewriter, op, operands.condition);
  }),
  pattern(arith.select)("select-negated", ({ op, operands }, rewriter) => {
    const negation = arith.xori.match(rewriter, rewriter.definition(operands.condition));
    if (!negation || integerConstant(rewriter, negation.operands.rhs) !== -1n) return false;
    const made = arith.select.build(
      rewriter,
      { condition: negation.operands.lhs, true_value: operands.false_value, false_value: operands.true_value },
      {},
    );
    return replaceBy(rewriter, op, made.result);
  }),
];

export const arithPatterns: readonly Pattern[] = [...integers, ...floats, ...comparisons];
