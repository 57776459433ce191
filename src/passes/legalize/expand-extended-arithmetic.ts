import { arith } from "../../ir/dialects/index.ts";
import { type Module, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, i64, integerType, type Type } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

const widthOf = (type: Type): number => (type.kind === "integer" ? type.width : 64);

/** The high half of a 64-bit product, from products of 32-bit halves (Knuth, The Art of Computer Programming 2, 4.3.1). */
function highHalf(a: LaneArithmetic, lhs: ValueId, rhs: ValueId, isSigned: boolean): ValueId {
  const mask = a.constant(i64, 0xffffffffn);
  const shift = a.constant(i64, 32);
  const [l0, l1] = [a.andi(lhs, mask), a.shrui(lhs, shift)];
  const [r0, r1] = [a.andi(rhs, mask), a.shrui(rhs, shift)];
  const low = a.muli(l0, r0);
  const middle = a.addi(a.muli(l1, r0), a.shrui(low, shift));
  const carried = a.addi(a.muli(l0, r1), a.andi(middle, mask));
  const unsigned = a.addi(a.addi(a.muli(l1, r1), a.shrui(middle, shift)), a.shrui(carried, shift));
  if (!isSigned) return unsigned;
  // A negative factor counts 2^64 too much of the other one.
  const sign = a.constant(i64, 63);
  const excess = a.addi(a.andi(a.shrsi(lhs, sign), rhs), a.andi(a.shrsi(rhs, sign), lhs));
  return a.subi(unsigned, excess);
}

/** Spells out sums with carry and products of double width. */
export const expandExtendedArithmetic = pass({
  name: "expand-extended-arithmetic",
  summary: "spell out additions with carry and multiplications with a high half",
  anchors: ["builtin.module"],
  statistics: { expanded: "operations spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      const sum = arith.addui_extended.match(rewriter, op);
      const product = arith.mulsi_extended.match(rewriter, op) ?? arith.mului_extended.match(rewriter, op);
      if (!sum && !product) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(lhs));
      const element = elementOf(rewriter.typeOf(lhs));
      context.count("expanded");
      if (sum) {
        const value = a.addi(lhs, rhs);
        rewriter.replace(op, [value, a.cmpi("ult", value, lhs)]);
        continue;
      }
      const isSigned = op.name === arith.mulsi_extended.name;
      const low = a.muli(lhs, rhs);
      const width = widthOf(element);
      if (width > 32) {
        rewriter.replace(op, [low, highHalf(a, lhs, rhs, isSigned)]);
        continue;
      }
      const wide = integerType(width * 2);
      const extend = isSigned ? a.extsi : a.extui;
      const full = a.muli(extend(lhs, wide), extend(rhs, wide));
      rewriter.replace(op, [low, a.trunci(a.shrui(full, a.constant(wide, width)), element)]);
    }
    return context.commit(rewriter);
  },
});
