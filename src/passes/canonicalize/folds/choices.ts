import { arithNames } from "./arith-names.ts";
import { arith, type FloatPredicate, type IntegerPredicate, integerPredicates } from "../../../ir/dialects/arith.ts";
import { integerAttribute } from "../../../ir/attributes.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, i1, i64, isShaped, type Type } from "../../../ir/types.ts";
import {
  compareFloats,
  compareIntegers,
  floatPredicateOf,
  integerPredicateOf,
} from "../../../interpreter/rules/arith.ts";
import { computeElements } from "./elements.ts";
import { type Fold, floatIn, type FoldedValue, type Folding, integerIn, isOne, widthOf } from "./fold.ts";
import { uniform } from "./integer-arith.ts";

const holdsOfEquals: ReadonlySet<IntegerPredicate> = new Set(["eq", "sle", "sge", "ule", "uge"]);
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

/** A truth value that is compared with a constant, for what it is. */
function truthItself({ rewriter, op, constants }: Folding, predicate: IntegerPredicate): ValueId | undefined {
  const left = op.operands[0]!;
  const right = integerIn(constants[1]);
  const type = rewriter.typeOf(left);
  if (right === 0n && predicate === "ne") {
    for (const name of [arithNames.extsi, arithNames.extui]) {
      const source = rewriter.definitionNamed(left, name)?.operands[0];
      if (source !== undefined && elementOf(rewriter.typeOf(source)) === i1) return source;
    }
    if (elementOf(type) === i1) return left;
  }
  return predicate === "eq" && elementOf(type) === i1 && isOne(right, type) ? left : undefined;
}

const foldComparison: Fold = (folding) => {
  const { rewriter, op, constants } = folding;
  const predicate = integerPredicateOf(op);
  if (predicate === undefined) return undefined;
  const type = rewriter.typeOf(op.results[0]!);
  const [left, right] = op.operands;
  if (left === right) return uniform(holdsOfEquals.has(predicate) ? -1n : 0n, type);
  const truth = truthItself(folding, predicate);
  if (truth !== undefined) return truth;
  if (constants[0] === undefined) return undefined;
  if (constants[1] === undefined) {
    const code = integerAttribute(integerPredicates.indexOf(swapped[predicate]), i64);
    rewriter.setOperands(op.id, [right!, left!]);
    rewriter.update(op.id, { properties: { ...op.properties, predicate: code } });
    return "changed";
  }
  const width = widthOf(rewriter.typeOf(left!));
  return computeElements(constants, type, ([a, b]) =>
    compareIntegers(predicate, a as bigint, b as bigint, width) ? -1n : 0n,
  );
};

const foldFloatComparison: Fold = ({ rewriter, op, constants }) => {
  const predicate: FloatPredicate | undefined = floatPredicateOf(op);
  if (predicate === undefined || isShaped(rewriter.typeOf(op.results[0]!))) return undefined;
  let [left, right] = [floatIn(constants[0]), floatIn(constants[1])];
  // Where one operand is NaN the other does not matter.
  if (left !== undefined && Number.isNaN(left)) right ??= left;
  if (right !== undefined && Number.isNaN(right)) left ??= right;
  if (left === undefined || right === undefined) return undefined;
  return compareFloats(predicate, left, right) ? -1n : 0n;
};

/** `select (a == b), a, b = b` and `select (a != b), a, b = a`. */
function selectOfCompared({ rewriter, op }: Folding): ValueId | undefined {
  const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
  const comparison: Operation | undefined = rewriter.definitionNamed(condition, arithNames.cmpi);
  const predicate = comparison && integerPredicateOf(comparison);
  if (predicate !== "eq" && predicate !== "ne") return undefined;
  const [left, right] = comparison!.operands;
  if (!(left === yes && right === no) && !(left === no && right === yes)) return undefined;
  return predicate === "ne" ? yes : no;
}

const foldSelect: Fold = (folding): FoldedValue | undefined => {
  const { rewriter, op, constants } = folding;
  const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
  if (yes === no) return yes;
  const chosen = integerIn(constants[0]);
  if (chosen !== undefined) return chosen === 0n ? no : yes;
  const type: Type = rewriter.typeOf(op.results[0]!);
  if (type === i1 && integerIn(constants[1]) === -1n && integerIn(constants[2]) === 0n) return condition;
  const compared = selectOfCompared(folding);
  if (compared !== undefined) return compared;
  const dense = constants.every((constant) => constant?.kind === "dense");
  return dense ? computeElements(constants, type, ([which, a, b]) => (which === 0n ? b : a)) : undefined;
};

/** Folds of comparisons and selections, by operation: upstream's, see ArithOps.cpp. */
export const choiceFolds: Readonly<Record<string, Fold>> = {
  [arith.cmpi.name]: foldComparison,
  [arith.cmpf.name]: foldFloatComparison,
  [arith.select.name]: foldSelect,
};
