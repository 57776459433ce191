import { arith, vector } from "../../ir/dialects/index.ts";
import { type Module, type Operation, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, f16, f32, f64, type FloatType, i32, i64, type Type, withElement } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { bool } from "../pass-options.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { nativeHalves, smallFloatFormat } from "./small-floats.ts";
import { snapshot } from "./snapshot.ts";

const isSmall = (type: Type): boolean => smallFloatFormat(elementOf(type)) !== undefined;

/** Operations that move values about, or that are conversions between small floats and f32 already. */
const untouched: ReadonlySet<string> = new Set([arith.constant.name, arith.select.name, arith.bitcast.name]);
const computing = (op: Operation): boolean =>
  !untouched.has(op.name) &&
  (op.name.startsWith("arith.") ||
    op.name.startsWith("math.") ||
    op.name === vector.fma.name ||
    op.name === vector.reduction.name);

/**
 * A double rounded to f32 "to odd": rounding that to a format of at most 22 bits gives what rounding the double itself would
 * (Boldo and Melquiond, "When double rounding is odd", 2005).
 */
function roundToOdd(a: LaneArithmetic, value: ValueId): ValueId {
  const nearest = a.truncf(value, f32);
  const back = a.extf(nearest, f64);
  const wentAway = a.cmpf("ogt", a.absf(back), a.absf(value));
  return oddNeighbour(a, nearest, a.cmpf("one", back, value), wentAway);
}

/** A 64-bit integer with its low bits folded into one sticky bit where a double would lose them. */
function withStickyBit(a: LaneArithmetic, value: ValueId, isSigned: boolean): ValueId {
  const low = a.constant(i64, 0x7ffn);
  const sticky = a.andi(a.ori(value, a.addi(a.andi(value, low), low)), a.constant(i64, ~0x7ffn));
  const magnitude = isSigned ? a.absi(value) : value;
  const isWide = a.cmpi("ugt", magnitude, a.constant(i64, 1n << 53n));
  return a.select(isWide, sticky, value);
}

/** The f32 with the odd last place next to `nearest`, where that is not exact; `wentAway` where it is further from zero than the value. */
function oddNeighbour(a: LaneArithmetic, nearest: ValueId, isInexact: ValueId, wentAway: ValueId): ValueId {
  const bits = a.bitcast(nearest, i32);
  const isEven = a.cmpi("eq", a.andi(bits, a.i32(1)), a.i32(0));
  // The odd neighbour lies towards the value: one step down where rounding went away from zero, one up where it did not.
  const neighbour = a.addi(bits, a.select(wentAway, a.i32(-1), a.i32(1)));
  return a.bitcast(a.select(a.andi(isEven, isInexact), neighbour, bits), f32);
}

/** A 32-bit integer as f32, rounded to odd, without doubles. Where the nearest f32 is no i32 any more, all small floats agree. */
function integerToOdd(a: LaneArithmetic, value: ValueId, isSigned: boolean): ValueId {
  const nearest = (isSigned ? a.sitofp : a.uitofp)(value, f32);
  const back = (isSigned ? a.fptosi : a.fptoui)(nearest, i32);
  const isAbove = a.cmpi(isSigned ? "sgt" : "ugt", back, value);
  const isBelow = a.cmpi(isSigned ? "slt" : "ult", back, value);
  const isNegative = a.cmpi("slt", value, a.i32(0));
  const wentAway = isSigned ? a.select(isNegative, isBelow, isAbove) : isAbove;
  return oddNeighbour(a, nearest, a.ori(isAbove, isBelow), wentAway);
}

/** An integer as f32 such that rounding it to a small float rounds the integer once (without doubles, 64 bits may round twice). */
function integerToFloat(a: LaneArithmetic, value: ValueId, from: Type, isSigned: boolean, doubles: boolean): ValueId {
  const convert = isSigned ? a.sitofp : a.uitofp;
  const width = from.kind === "integer" ? from.width : 64;
  if (width <= 16 || (!doubles && from === i64)) return convert(value, f32);
  if (!doubles) {
    const { builder } = a;
    const word =
      from.kind === "index"
        ? arith.index_cast.build(builder, { in: value }, {}, { resultTypes: [a.type(i32)] }).out
        : width < 32
          ? (isSigned ? a.extsi : a.extui)(value, i32)
          : value;
    return integerToOdd(a, word, isSigned);
  }
  let exact = value;
  if (from.kind === "index")
    exact = arith.index_cast.build(a.builder, { in: value }, {}, { resultTypes: [a.type(i64)] }).out;
  if (width > 32) exact = withStickyBit(a, exact, isSigned);
  return roundToOdd(a, convert(exact, f64));
}

/** An f32 or f64 value rounded to a small float. */
const narrow = (a: LaneArithmetic, value: ValueId, to: FloatType): ValueId => {
  const isDouble = elementOf(a.builder.typeOf(value)) === f64;
  return a.truncf(isDouble ? roundToOdd(a, value) : value, to);
};

/** What the device's own f16 has as f16 defines it: what f32 would give, rounded. */
const exactHalves: ReadonlySet<string> = new Set([arith.addf, arith.subf, arith.mulf, arith.negf].map((op) => op.name));

/** Replaces a conversion from or to a small float by one that goes through f32. True when the operation was one. */
function rewriteConversion(rewriter: Rewriter, op: Operation, doubles: boolean): boolean {
  const [operand] = op.operands;
  const [result] = op.results;
  if (operand === undefined || result === undefined) return false;
  const from = elementOf(rewriter.typeOf(operand));
  const to = elementOf(rewriter.typeOf(result));
  const a = new LaneArithmetic(rewriter, rewriter.typeOf(result));
  switch (op.name) {
    case arith.extf.name:
    case arith.truncf.name: {
      if (from === f32 || (to === f32 && isSmall(from))) return true;
      const single = isSmall(from) ? a.extf(operand, f32) : operand;
      const value = to === f64 ? a.extf(single, f64) : narrow(a, single, to as FloatType);
      rewriter.replace(op, [value]);
      return true;
    }
    case arith.sitofp.name:
    case arith.uitofp.name: {
      const value = integerToFloat(a, operand, from, op.name === arith.sitofp.name, doubles);
      rewriter.replace(op, [a.truncf(value, to as FloatType)]);
      return true;
    }
    default:
      return false;
  }
}

/** The operation on f32: small operands are extended, small results rounded. */
function widen(rewriter: Rewriter, op: Operation): void {
  const single = (type: Type): Type => (isSmall(type) ? withElement(type, f32) : type);
  op.operands.forEach((operand, index) => {
    const type = rewriter.typeOf(operand);
    if (!isSmall(type)) return;
    const { out } = arith.extf.build(rewriter, { in: operand }, {}, { resultTypes: [single(type)] });
    rewriter.setOperand(op.id, index, out);
  });
  const widened = rewriter.create({
    name: op.name,
    operands: rewriter.operation(op.id).operands,
    resultTypes: op.results.map((result) => single(rewriter.typeOf(result))),
    properties: op.properties,
    attributes: op.attributes,
    location: op.location,
  });
  const narrowed = op.results.map((result, index) => {
    const type = rewriter.typeOf(result);
    const value = widened.results[index]!;
    return isSmall(type) ? arith.truncf.build(rewriter, { in: value }, {}, { resultTypes: [type] }).out : value;
  });
  rewriter.replace(op, narrowed);
}

/**
 * Computes on f16, bf16, f8 and f4 values in f32 and rounds after every operation, so that each result is the one the narrow type
 * defines: f32 has more than twice f16's and bf16's precision, which makes rounding twice harmless for + - * / and square roots.
 * Kernels with `weft.native_f16` keep sums and products of f16. Afterwards the only other operations that mention small floats move values or convert from and to f32.
 */
export const widenSmallFloats = pass({
  name: "widen-small-floats",
  summary: "compute on floats narrower than f32 in f32, rounding after every operation",
  anchors: ["builtin.module"],
  options: { doubles: bool.default(true).summary("whether the target has f64 to compute in") },
  statistics: { widened: "operations rewritten" },
  run(module: Module, { doubles }, context) {
    const rewriter = new Rewriter(module);
    const native = nativeHalves(rewriter);
    for (const op of snapshot(rewriter)) {
      const isHalf = (value: ValueId): boolean => elementOf(rewriter.typeOf(value)) === f16;
      if (native.has(op.id) && exactHalves.has(op.name) && op.results.every(isHalf)) continue;
      if (!computing(op) || ![...op.operands, ...op.results].some((value) => isSmall(rewriter.typeOf(value)))) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      if (!rewriteConversion(rewriter, op, doubles ?? true)) widen(rewriter, op);
      context.count("widened");
    }
    return context.commit(rewriter);
  },
});
