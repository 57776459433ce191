import { arithNames } from "../folds/arith-names.ts";
import { arith, type IntegerPredicate } from "../../../ir/dialects/arith.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import type { OpName } from "../../../ir/op-name.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { i1, type Type } from "../../../ir/types.ts";
import { integerPredicateOf } from "../../../interpreter/rules/arith.ts";
import { constantAttributeOf, integerIn, isOne } from "../folds/fold.ts";
import { buildUniform } from "./constants.ts";
import { replacement } from "./replacement.ts";

const inverse: Readonly<Record<IntegerPredicate, IntegerPredicate>> = {
  eq: "ne",
  ne: "eq",
  slt: "sge",
  sle: "sgt",
  sgt: "sle",
  sge: "slt",
  ult: "uge",
  ule: "ugt",
  ugt: "ule",
  uge: "ult",
};

const constantOf = (rewriter: Rewriter, id: ValueId): bigint | undefined =>
  integerIn(constantAttributeOf(rewriter, id));

const extensions = [
  [arith.extui, arithNames.extui, "extui"],
  [arith.extsi, arithNames.extsi, "extsi"],
] as const;
const neither = [undefined, undefined] as const;
/** What both operands are made of, where operations of this name make them. */
function bothOperandsOf(
  name: OpName,
  { operands }: Operation,
  rewriter: Rewriter,
): readonly [ValueId | undefined, ValueId | undefined] {
  const left = rewriter.definitionNamed(operands[0]!, name);
  const right = left && rewriter.definitionNamed(operands[1]!, name);
  return right === undefined ? neither : [left!.operands[0], right.operands[0]];
}

/** `ext(x) ∘ ext(y) = ext(x ∘ y)` for bitwise operations. */
const bitwise: readonly Pattern[] = [arith.xori, arith.andi, arith.ori].flatMap((operation) =>
  extensions.map(([extension, name, suffix]) =>
    replacement(operation, `${operation.name.slice("arith.".length)}-of-${suffix}`, (op, rewriter) => {
      const [lhs, rhs] = bothOperandsOf(name, op, rewriter);
      if (lhs === undefined || rhs === undefined || rewriter.typeOf(lhs) !== rewriter.typeOf(rhs)) return undefined;
      const narrow = operation.build(rewriter, { lhs, rhs }, {}).result;
      return extension.build(rewriter, { in: narrow }, {}, { resultTypes: [rewriter.typeOf(op.results[0]!)] }).out;
    }),
  ),
);

const comparisons: readonly Pattern[] = [
  replacement(arith.xori, "invert-comparison", (op, rewriter) => {
    const comparison = rewriter.definitionNamed(op.operands[0]!, arithNames.cmpi);
    if (comparison === undefined || rewriter.typeOf(op.results[0]!) !== i1) return undefined;
    const predicate = integerPredicateOf(comparison);
    if (predicate === undefined || constantOf(rewriter, op.operands[1]!) !== -1n) return undefined;
    const [lhs, rhs] = comparison.operands as readonly [ValueId, ValueId];
    return arith.cmpi.build(rewriter, { lhs, rhs }, { predicate: inverse[predicate] }).result;
  }),
  ...extensions.map(([, name, suffix]) =>
    replacement(arith.cmpi, `compare-${suffix}`, (op, rewriter) => {
      const [lhs, rhs] = bothOperandsOf(name, op, rewriter);
      if (lhs === undefined || rhs === undefined || rewriter.typeOf(lhs) !== rewriter.typeOf(rhs)) return undefined;
      const predicate = integerPredicateOf(op);
      if (predicate !== "eq" && predicate !== "ne") return undefined;
      return arith.cmpi.build(rewriter, { lhs, rhs }, { predicate }).result;
    }),
  ),
];

/** A selection of the same or other values by another (or the same) condition. */
const selection = (rewriter: Rewriter, condition: ValueId, yes: ValueId, no: ValueId): ValueId =>
  arith.select.build(rewriter, { condition, true_value: yes, false_value: no }, {}).result;
const complement = (rewriter: Rewriter, condition: ValueId): ValueId | undefined => {
  const rhs = buildUniform(rewriter, -1n, rewriter.typeOf(condition));
  return rhs === undefined ? undefined : arith.xori.build(rewriter, { lhs: condition, rhs }, {}).result;
};
const isWideInteger = (type: Type): boolean => type.kind === "integer" && type.width > 1;

const selections: readonly Pattern[] = [
  replacement(arith.select, "select-again-if-false", (op, rewriter) => {
    const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
    const inner = rewriter.definitionNamed(no, arithNames.select);
    return inner?.operands[0] === condition ? selection(rewriter, condition, yes, inner.operands[2]!) : undefined;
  }),
  replacement(arith.select, "select-again-if-true", (op, rewriter) => {
    const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
    const inner = rewriter.definitionNamed(yes, arithNames.select);
    return inner?.operands[0] === condition ? selection(rewriter, condition, inner.operands[1]!, no) : undefined;
  }),
  replacement(arith.select, "select-negated", (op, rewriter) => {
    const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
    const inner = rewriter.definitionNamed(condition, arithNames.xori);
    if (inner === undefined || constantOf(rewriter, inner.operands[1]!) !== -1n) return undefined;
    return selection(rewriter, inner.operands[0]!, no, yes);
  }),
  replacement(arith.select, "select-complement", (op, rewriter) => {
    if (rewriter.typeOf(op.results[0]!) !== i1) return undefined;
    const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
    if (constantOf(rewriter, yes) !== 0n || constantOf(rewriter, no) !== -1n) return undefined;
    return complement(rewriter, condition);
  }),
  replacement(arith.select, "select-one-or-zero", (op, rewriter) => {
    const type = rewriter.typeOf(op.results[0]!);
    if (!isWideInteger(type)) return undefined;
    const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
    const [left, right] = [constantOf(rewriter, yes), constantOf(rewriter, no)];
    const truth =
      isOne(left, type) && right === 0n
        ? condition
        : left === 0n && isOne(right, type)
          ? complement(rewriter, condition)
          : undefined;
    if (truth === undefined) return undefined;
    return arith.extui.build(rewriter, { in: truth }, {}, { resultTypes: [type] }).out;
  }),
];

export const arithChoicePatterns: readonly Pattern[] = [...comparisons, ...bitwise, ...selections];
