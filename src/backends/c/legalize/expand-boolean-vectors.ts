import { arith, vector } from "../../../ir/dialects/index.ts";
import { type Module, type Operation, type ValueId } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, i1, type Type } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { snapshot } from "../../../passes/legalize/snapshot.ts";

/** What a set lane becomes when truth values are converted. */
const setLane: Readonly<Record<string, 1 | -1>> = {
  [arith.extui.name]: 1,
  [arith.extsi.name]: -1,
  [arith.uitofp.name]: 1,
  [arith.sitofp.name]: -1,
  [arith.index_cast.name]: -1,
  [arith.index_castui.name]: 1,
};

/** The combining operation of a reduction with an accumulator. */
const combine: Readonly<Record<string, { readonly name: string }>> = {
  add: arith.addi,
  mul: arith.muli,
  minui: arith.minui,
  minsi: arith.minsi,
  maxui: arith.maxui,
  maxsi: arith.maxsi,
  and: arith.andi,
  or: arith.ori,
  xor: arith.xori,
  minnumf: arith.minnumf,
  maxnumf: arith.maxnumf,
  minimumf: arith.minimumf,
  maximumf: arith.maximumf,
};

/** Takes the accumulator out of a reduction. True when it had one. */
function splitReduction(rewriter: Rewriter, op: Operation): boolean {
  const reduction = vector.reduction.match(rewriter, op);
  const accumulator = reduction?.operands.acc;
  if (!reduction || accumulator === undefined) return false;
  const { kind } = reduction.attributes;
  const type = rewriter.typeOf(op.results[0]!);
  const { dest } = vector.reduction.build(rewriter, { vector: reduction.operands.vector }, { kind });
  const isFloat = type.kind === "float";
  const name =
    isFloat && kind === "add" ? arith.addf.name : isFloat && kind === "mul" ? arith.mulf.name : combine[kind]!.name;
  const combined = rewriter.create({ name, operands: [accumulator, dest], resultTypes: [type] });
  rewriter.replace(op, [combined.results[0]!]);
  return true;
}

/**
 * Vectors of truth values are masks in C, without arithmetic: conversions from and to them become selections and tests. Reductions
 * lose their accumulator, which is combined after them.
 */
export const expandBooleanVectors = pass({
  name: "c-expand-boolean-vectors",
  summary: "spell out conversions of truth-value vectors and accumulators of reductions",
  anchors: ["builtin.module"],
  statistics: { expanded: "operations spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    const elementIs = (value: ValueId, element: Type) => {
      const type = rewriter.typeOf(value);
      return type.kind === "vector" && type.element === element;
    };
    for (const op of snapshot(rewriter)) {
      const [operand] = op.operands;
      if (operand === undefined) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const lanes = () => new LaneArithmetic(rewriter, rewriter.typeOf(operand));
      const set = setLane[op.name];
      if (set !== undefined && elementIs(operand, i1)) {
        const a = lanes();
        const to = elementOf(rewriter.typeOf(op.results[0]!));
        rewriter.replace(op, [a.select(operand, a.constant(to, set), a.constant(to, 0))]);
      } else if (op.name === arith.trunci.name && elementIs(op.results[0]!, i1)) {
        const a = lanes();
        const from = elementOf(rewriter.typeOf(operand));
        const low = a.andi(operand, a.constant(from, 1));
        rewriter.replace(op, [a.cmpi("ne", low, a.constant(from, 0))]);
      } else if (op.name === arith.select.name && elementIs(op.results[0]!, i1)) {
        selectMasks(rewriter, op, lanes());
      } else if (!splitReduction(rewriter, op)) continue;
      context.count("expanded");
    }
    return context.commit(rewriter);
  },
});

/** Masks selected by a mask: (c & x) | (~c & y). A scalar condition stays as it is. */
function selectMasks(rewriter: Rewriter, op: Operation, a: LaneArithmetic): void {
  const [condition, left, right] = op.operands as readonly [ValueId, ValueId, ValueId];
  if (rewriter.typeOf(condition).kind !== "vector") return;
  const not = a.xori(condition, a.constant(i1, 1));
  rewriter.replace(op, [a.ori(a.andi(condition, left), a.andi(not, right))]);
}
