import { arith } from "../../../ir/dialects/index.ts";
import type { FloatPredicate, IntegerPredicate } from "../../../ir/dialects/arith.ts";
import { type Module, type ValueId } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { pass } from "../../../passes/pass.ts";
import { constantOf, LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { snapshot } from "../../../passes/legalize/snapshot.ts";

const integerKinds: Readonly<Record<string, IntegerPredicate>> = {
  [arith.minsi.name]: "slt",
  [arith.maxsi.name]: "sgt",
  [arith.minui.name]: "ult",
  [arith.maxui.name]: "ugt",
};
/** Whether NaN wins over a number. */
const floatKinds: Readonly<Record<string, { readonly predicate: FloatPredicate; readonly keepsNaN: boolean }>> = {
  [arith.minimumf.name]: { predicate: "olt", keepsNaN: true },
  [arith.maximumf.name]: { predicate: "ogt", keepsNaN: true },
  [arith.minnumf.name]: { predicate: "olt", keepsNaN: false },
  [arith.maxnumf.name]: { predicate: "ogt", keepsNaN: false },
};

/** Whether the value is a constant that is no NaN. */
function isNumber(rewriter: Rewriter, value: ValueId): boolean {
  const constant = arith.constant.match(rewriter, rewriter.definition(value))?.attributes.value;
  if (constant?.kind === "float") return !Number.isNaN(constant.value);
  return (
    constant?.kind === "dense" &&
    constant.splat &&
    typeof constant.data[0] === "number" &&
    !Number.isNaN(constant.data[0])
  );
}

/** `a op b ? a : b`, with NaN as the kind wants it. Which zero of two with different signs comes out is not specified. */
function pick(rewriter: Rewriter, lhs: ValueId, rhs: ValueId, predicate: FloatPredicate, keepsNaN: boolean): ValueId {
  const a = new LaneArithmetic(rewriter, rewriter.typeOf(lhs));
  // Comparisons with NaN are false: the second of the two comes out. A constant's place decides without another comparison.
  if (isNumber(rewriter, rhs)) {
    const [first, second] = keepsNaN ? [rhs, lhs] : [lhs, rhs];
    return a.select(a.cmpf(predicate, first, second), first, second);
  }
  if (isNumber(rewriter, lhs)) return pick(rewriter, rhs, lhs, predicate, keepsNaN);
  const isFirst = a.cmpf(predicate, lhs, rhs);
  const nan = keepsNaN ? a.cmpf("uno", lhs, lhs) : a.cmpf("uno", rhs, rhs);
  return a.select(a.ori(isFirst, nan), lhs, rhs);
}

/** C has no minimum and maximum operators: they become comparisons and selections, which compilers know as one instruction. */
export const expandComparisons = pass({
  name: "c-expand-comparisons",
  summary: "spell out minima and maxima as comparisons and selections; drop comparisons without choice",
  anchors: ["builtin.module"],
  statistics: { expanded: "operations spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      const predicate = arith.cmpf.match(rewriter, op)?.attributes.predicate;
      if (predicate === "true" || predicate === "false") {
        rewriter.insertionPoint = { kind: "before", op: op.id };
        rewriter.location = op.location;
        rewriter.replace(op, [constantOf(rewriter, rewriter.typeOf(op.results[0]!), predicate === "true" ? 1 : 0)]);
        context.count("expanded");
        continue;
      }
      const integer = integerKinds[op.name];
      const float = floatKinds[op.name];
      if (!integer && !float) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(lhs));
      const value = integer
        ? a.select(a.cmpi(integer, lhs, rhs), lhs, rhs)
        : pick(rewriter, lhs, rhs, float!.predicate, float!.keepsNaN);
      rewriter.replace(op, [value]);
      context.count("expanded");
    }
    return context.commit(rewriter);
  },
});
