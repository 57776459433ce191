import { arith } from "../../../ir/dialects/index.ts";
import { type Module, type ValueId } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, type FloatType, i32, i64, type IntegerType, type Type } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { integerWidth } from "../types.ts";
import { snapshot } from "../../../passes/legalize/snapshot.ts";

/**
 * A conversion of lanes to integers that saturates and gives 0 for NaN, like the scalar one. Narrow integers come from 32-bit ones,
 * which processors convert to; clamping happens in the float type, where bounds below its precision are exact.
 */
function convert(a: LaneArithmetic, value: ValueId, from: FloatType, to: Type, isSigned: boolean): ValueId {
  const width = integerWidth(to);
  const least = isSigned ? -(2 ** (width - 1)) : 0;
  const bound = isSigned ? 2 ** (width - 1) : 2 ** width;
  const precision = from.format === "f32" ? 24 : 53;
  const number = a.select(a.cmpf("uno", value, value), a.constant(from, 0), value);
  const low = a.select(a.cmpf("olt", number, a.constant(from, least)), a.constant(from, least), number);
  if (width <= precision) {
    const greatest = a.constant(from, bound - 1);
    const clamped = a.select(a.cmpf("ogt", low, greatest), greatest, low);
    const wide: IntegerType = width <= 16 ? i32 : width <= 32 ? (isSigned ? i32 : i64) : i64;
    const integer = a.fptosi(clamped, wide);
    return wide.width === width ? a.bitcast(integer, to) : a.trunci(integer, to);
  }
  // The bound itself does not fit the integer: those lanes are converted as 0 and replaced.
  const tooLarge = a.cmpf("oge", low, a.constant(from, bound));
  const safe = a.select(tooLarge, a.constant(from, 0), low);
  const greatest = a.constant(to, isSigned ? (1n << BigInt(width - 1)) - 1n : -1n);
  const cast = isSigned ? arith.fptosi : arith.fptoui;
  const integer = cast.build(a.builder, { in: safe }, {}, { resultTypes: [a.type(to)] }).out;
  return a.select(tooLarge, greatest, integer);
}

/** Vector conversions from float to integer are undefined in C out of range: they are clamped first. */
export const saturateVectorCasts = pass({
  name: "c-saturate-vector-casts",
  summary: "clamp float vectors before they become integers",
  anchors: ["builtin.module"],
  statistics: { saturated: "conversions clamped" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      const isSigned = op.name === arith.fptosi.name;
      if (!isSigned && op.name !== arith.fptoui.name) continue;
      const [operand] = op.operands as readonly [ValueId];
      const type = rewriter.typeOf(operand);
      if (type.kind !== "vector") continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const a = new LaneArithmetic(rewriter, type);
      const to = elementOf(rewriter.typeOf(op.results[0]!));
      rewriter.replace(op, [convert(a, operand, type.element as FloatType, to, isSigned)]);
      context.count("saturated");
    }
    return context.commit(rewriter);
  },
});
