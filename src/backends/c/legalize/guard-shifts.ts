import { arith } from "../../../ir/dialects/index.ts";
import { type Module, type ValueId } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { integerWidth } from "../types.ts";
import { snapshot } from "../../../passes/legalize/snapshot.ts";

const shifts: ReadonlySet<string> = new Set([arith.shli.name, arith.shrui.name, arith.shrsi.name]);

/** Whether a shift amount is a constant below the width. */
function isInRange(rewriter: Rewriter, amount: ValueId, width: number): boolean {
  const value = arith.constant.match(rewriter, rewriter.definition(amount))?.attributes.value;
  const fits = (number: number | bigint): boolean => number >= 0 && number < width;
  if (value?.kind === "integer") return fits(value.value);
  if (value?.kind !== "dense") return false;
  for (const element of value.data) if (typeof element === "string" || !fits(element)) return false;
  return true;
}

/** C leaves shifts by the width or more undefined: they shift all bits out, as the interpreter has it. */
export const guardShifts = pass({
  name: "c-guard-shifts",
  summary: "define shifts by amounts that are not constants below the width",
  anchors: ["builtin.module"],
  statistics: { guarded: "shifts guarded" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      if (!shifts.has(op.name)) continue;
      const [value, amount] = op.operands as readonly [ValueId, ValueId];
      const type = elementOf(rewriter.typeOf(value));
      const width = integerWidth(type);
      if (isInRange(rewriter, amount, width)) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(value));
      const last = a.constant(type, width - 1);
      const fits = a.cmpi("ule", amount, last);
      if (op.name === arith.shrsi.name) rewriter.replace(op, [a.shrsi(value, a.select(fits, amount, last))]);
      else {
        const shifted = (op.name === arith.shli.name ? a.shli : a.shrui)(value, a.andi(amount, last));
        rewriter.replace(op, [a.select(fits, shifted, a.constant(type, 0))]);
      }
      context.count("guarded");
    }
    return context.commit(rewriter);
  },
});
