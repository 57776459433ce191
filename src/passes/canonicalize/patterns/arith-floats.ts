import { arithNames } from "../folds/arith-names.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { attributeOf, type Operation, type ValueId } from "../../../ir/module.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf } from "../../../ir/types.ts";
import { buildUniform, floatConstant } from "./constants.ts";
import { replacement } from "./replacement.ts";

/** Whether 1/value is exact: a power of two whose reciprocal is a normal f32, and so of every wider format. */
const isReciprocalExact = (value: number): boolean => {
  const exponent = Math.round(Math.log2(Math.abs(value)));
  return Math.abs(exponent) <= 126 && 2 ** exponent === Math.abs(value);
};

const negated = (rewriter: Rewriter, id: ValueId): ValueId | undefined =>
  rewriter.definitionNamed(id, arithNames.negf)?.operands[0];
/** The fast-math flags of an operation, for another. */
const flagsOf = (op: Operation): { readonly fastmath?: never } => {
  const fastmath = attributeOf(op, "fastmath");
  return fastmath === undefined ? {} : { fastmath: fastmath as never };
};

/** `-x ∘ -y = x ∘ y`. */
const ofBothNegated = (operation: typeof arith.mulf | typeof arith.divf): Pattern =>
  replacement(operation, "both-negated", (op, rewriter) => {
    const [lhs, rhs] = [negated(rewriter, op.operands[0]!), negated(rewriter, op.operands[1]!)];
    if (lhs === undefined || rhs === undefined || rewriter.typeOf(lhs) !== rewriter.typeOf(rhs)) return undefined;
    return operation.build(rewriter, { lhs, rhs }, flagsOf(op)).result;
  });

export const arithFloatPatterns: readonly Pattern[] = [
  ofBothNegated(arith.mulf),
  ofBothNegated(arith.divf),
  replacement(arith.divf, "divide-by-power-of-two", (op, rewriter) => {
    const [lhs, divisor] = op.operands as readonly [ValueId, ValueId];
    const value = floatConstant(rewriter, divisor);
    if (value === undefined) return undefined;
    const type = rewriter.typeOf(divisor);
    const isWide = elementOf(type).text === "f32" || elementOf(type).text === "f64";
    if (!isWide || !isReciprocalExact(value)) return undefined;
    const rhs = buildUniform(rewriter, 1 / value, type);
    return rhs === undefined ? undefined : arith.mulf.build(rewriter, { lhs, rhs }, {}).result;
  }),
  replacement(arith.addf, "add-negated", (op, rewriter) => {
    const rhs = negated(rewriter, op.operands[1]!);
    return rhs === undefined ? undefined : arith.subf.build(rewriter, { lhs: op.operands[0]!, rhs }, {}).result;
  }),
  replacement(arith.subf, "subtract-negated", (op, rewriter) => {
    const rhs = negated(rewriter, op.operands[1]!);
    return rhs === undefined ? undefined : arith.addf.build(rewriter, { lhs: op.operands[0]!, rhs }, {}).result;
  }),
  replacement(arith.cmpf, "compare-always", (op, rewriter) => {
    const predicate = arith.cmpf.match(rewriter, op)?.attributes.predicate;
    if (predicate !== "true" && predicate !== "false") return undefined;
    return buildUniform(rewriter, predicate === "true" ? -1n : 0n, rewriter.typeOf(op.results[0]!));
  }),
];
