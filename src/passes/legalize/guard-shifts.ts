import { constantInteger } from "../../ir/analysis/constant-integer.ts";
import { arith } from "../../ir/dialects/index.ts";
import type { IrReader, Module, ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, type Type } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

const shifts: ReadonlySet<string> = new Set([arith.shli.name, arith.shrui.name, arith.shrsi.name]);

/** A bound that a value read as unsigned does not exceed, where its definition shows one. */
function largest(reader: IrReader, value: ValueId, depth = 6): bigint | undefined {
  const known = constantInteger(reader, value);
  if (known !== undefined) return known >= 0n ? known : undefined;
  const definition = reader.definition(value);
  if (definition === undefined || depth === 0) return undefined;
  const [lhs, rhs] = definition.operands as readonly [ValueId, ValueId];
  const of = (operand: ValueId): bigint | undefined => largest(reader, operand, depth - 1);
  switch (definition.name) {
    case arith.remui.name: {
      const divisor = constantInteger(reader, rhs);
      return divisor !== undefined && divisor > 0n ? divisor - 1n : undefined;
    }
    case arith.andi.name:
      return of(rhs) ?? of(lhs);
    case arith.subi.name: {
      const [left, right] = [constantInteger(reader, lhs), of(rhs)];
      return left !== undefined && right !== undefined && right <= left ? left : undefined;
    }
    case arith.muli.name: {
      const [left, right] = [of(lhs), of(rhs)];
      // Products that could wrap have no bound.
      return left !== undefined && right !== undefined && left * right < 1n << 31n ? left * right : undefined;
    }
    case arith.index_cast.name:
    case arith.extui.name:
      return of(lhs);
    default:
      return undefined;
  }
}

/** Whether a shift amount is known to be below the width. */
function isInRange(rewriter: Rewriter, amount: ValueId, width: number): boolean {
  const value = arith.constant.match(rewriter, rewriter.definition(amount))?.attributes.value;
  if (value?.kind === "dense") {
    for (const element of value.data)
      if (typeof element === "string" || !(element >= 0 && element < width)) return false;
    return true;
  }
  const bound = largest(rewriter, amount);
  return bound !== undefined && bound < BigInt(width);
}

/** Targets leave shifts by the width or more undefined: they shift all bits out, as the interpreter has it. */
export const guardShifts = pass({
  name: "guard-shifts",
  summary: "define shifts by amounts that are not known to be below the width",
  anchors: ["builtin.module"],
  options: { indexWidth: int.default(64).summary("bits of an index on the target") },
  statistics: { guarded: "shifts guarded" },
  run(module: Module, { indexWidth }, context) {
    const rewriter = new Rewriter(module);
    const widthOf = (type: Type): number => (type.kind === "integer" ? type.width : indexWidth);
    for (const op of snapshot(rewriter)) {
      if (!shifts.has(op.name)) continue;
      const [value, amount] = op.operands as readonly [ValueId, ValueId];
      const type = elementOf(rewriter.typeOf(value));
      const width = widthOf(type);
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
