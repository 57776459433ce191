import { arith } from "../../ir/dialects/index.ts";
import { type Module, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, f16, f32, type FloatType, i32, type Type } from "../../ir/types.ts";
import {
  encodeFloat,
  type SmallFloatElementType,
  smallFloatLayout,
  type SmallFloatLayout,
} from "../../support/numeric/float-formats.ts";
import { pass } from "../pass.ts";
import { bool } from "../pass-options.ts";
import { convertTypes } from "./convert-types.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { nativeHalves, patternType, smallFloatFormat } from "./small-floats.ts";
import { snapshot } from "./snapshot.ts";

const f32MantissaBits = 23;
const f32Bias = 127;
const f32Infinity = 0x7f800000;

/** The f32 value of a pattern held in an i32, its upper bits zero. Exact: every format here is a subset of f32. */
function decode(
  a: LaneArithmetic,
  format: SmallFloatElementType,
  pattern: ValueId,
  flushesDenormals: boolean,
): ValueId {
  if (format === "f8E8M0FNU") {
    // A biased exponent. 0 stands for 2^-127, which is denormal in f32, and 255 for NaN.
    const bits = a.shli(pattern, a.i32(f32MantissaBits));
    const isLeast = a.cmpi("eq", pattern, a.i32(0));
    const isNaN = a.cmpi("eq", pattern, a.i32(0xff));
    return a.bitcast(a.select(isLeast, a.i32(0x400000), a.select(isNaN, a.i32(0x7fc00000), bits)), f32);
  }
  if (format === "bf16") return a.bitcast(a.shli(pattern, a.i32(16)), f32);
  const layout = smallFloatLayout(format);
  const shift = f32MantissaBits - layout.mantissaBits;
  const magnitude = a.andi(pattern, a.i32(layout.sign - 1));
  // The pattern's exponent field read as f32's is off by the difference of the biases, for denormals too.
  const scaled = a.bitcast(a.shli(magnitude, a.i32(shift)), f32);
  const rebias = f32Bias - layout.bias;
  const finite =
    flushesDenormals && rebias > 0
      ? withoutDenormals(a, layout, magnitude)
      : a.bitcast(a.mulf(scaled, a.f32(2 ** rebias)), i32);
  const signBits = 31 - Math.log2(layout.sign);
  const sign = a.shli(a.andi(pattern, a.i32(layout.sign)), a.i32(signBits));
  return a.bitcast(a.ori(withSpecials(a, layout, pattern, magnitude, finite), sign), f32);
}

/** The f32 bits of a finite magnitude, on devices that take f32's denormals for zero: those of the format are computed as integers. */
function withoutDenormals(a: LaneArithmetic, layout: SmallFloatLayout, magnitude: ValueId): ValueId {
  const exponents = a.i32((f32Bias - layout.bias) << f32MantissaBits);
  const normal = a.addi(a.shli(magnitude, a.i32(f32MantissaBits - layout.mantissaBits)), exponents);
  const lastPlace = 2 ** (1 - layout.bias - layout.mantissaBits);
  const denormal = a.bitcast(a.mulf(a.sitofp(magnitude, f32), a.f32(lastPlace)), i32);
  return a.select(a.cmpi("ult", magnitude, a.i32(1 << layout.mantissaBits)), denormal, normal);
}

/** The bits of a decoded magnitude, infinities and NaN put in where the format has them. */
function withSpecials(
  a: LaneArithmetic,
  layout: SmallFloatLayout,
  pattern: ValueId,
  magnitude: ValueId,
  finite: ValueId,
): ValueId {
  const nan = a.i32(0x7fc00000);
  if (!layout.signedZero) return a.select(a.cmpi("eq", pattern, a.i32(layout.nan)), nan, finite);
  let bits = finite;
  if (layout.overflow > layout.maxFinite) {
    const isInfinite = a.cmpi("eq", magnitude, a.i32(layout.overflow));
    if (layout.overflow !== layout.nan) bits = a.select(isInfinite, a.i32(f32Infinity), bits);
    const isNaN = a.cmpi(layout.overflow === layout.nan ? "eq" : "ugt", magnitude, a.i32(layout.overflow));
    bits = a.select(isNaN, nan, bits);
  }
  return bits;
}

/** The pattern of f32 bits in the format, in an i32: to nearest, ties to even, overflow to infinity or what the format has. */
function encode(a: LaneArithmetic, format: SmallFloatElementType, value: ValueId): ValueId {
  const bits = a.bitcast(value, i32);
  if (format === "f8E8M0FNU") return encodeExponent(a, bits);
  const layout = smallFloatLayout(format);
  const magnitude = a.andi(bits, a.i32(0x7fffffff));
  const shift = f32MantissaBits - layout.mantissaBits;
  // Round: add half of the last kept place, a little less where that place is even; then move the exponent to the new bias.
  const isOdd = a.andi(a.shrui(magnitude, a.i32(shift)), a.i32(1));
  const rounded = a.addi(a.addi(magnitude, a.i32(2 ** (shift - 1) - 1)), isOdd);
  const rebias = (f32Bias - layout.bias) << layout.mantissaBits;
  let pattern = a.subi(a.shrui(rounded, a.i32(shift)), a.i32(rebias));
  if (layout.bias !== f32Bias) {
    // Below the least normal value the places have a fixed weight: adding a number whose last place has it rounds to it.
    const leastNormal = 2 ** (1 - layout.bias);
    const magic = leastNormal * 2 ** shift;
    const sum = a.bitcast(a.addf(a.bitcast(magnitude, f32), a.f32(magic)), i32);
    const denormal = a.subi(sum, a.i32(floatBits(magic)));
    const isDenormal = a.cmpi("ult", magnitude, a.i32(floatBits(leastNormal)));
    pattern = a.select(isDenormal, denormal, pattern);
  }
  const overflows = a.cmpi("sgt", pattern, a.i32(layout.maxFinite));
  pattern = a.select(overflows, a.i32(layout.overflow), pattern);
  const sign = a.andi(a.shrui(bits, a.i32(31 - Math.log2(layout.sign))), a.i32(layout.sign));
  const signed = a.ori(pattern, sign);
  // Without a signed zero the sign bit alone is NaN.
  const result = layout.signedZero ? signed : a.select(a.cmpi("eq", pattern, a.i32(0)), a.i32(0), signed);
  const isNaN = a.cmpi("ugt", magnitude, a.i32(f32Infinity));
  return a.select(isNaN, a.i32(layout.nan), result);
}

const scratch = new Float32Array(1);
function floatBits(value: number): number {
  scratch[0] = value;
  return new Int32Array(scratch.buffer)[0]!;
}

/** f8E8M0FNU: a power of two, ties up; NaN for what is negative, too small or too large. */
function encodeExponent(a: LaneArithmetic, bits: ValueId): ValueId {
  const rounded = a.shrui(a.addi(bits, a.i32(0x400000)), a.i32(f32MantissaBits));
  // f32's denormals start at 2^-127, the least value of the format.
  const denormal = a.select(a.cmpi("ult", bits, a.i32(0x600000)), a.i32(0), a.i32(1));
  const isDenormal = a.cmpi("ult", bits, a.i32(0x800000));
  const pattern = a.select(isDenormal, denormal, rounded);
  const isTooSmall = a.cmpi("slt", bits, a.i32(0x400000));
  const isNaN = a.cmpi("sgt", bits, a.i32(f32Infinity));
  return a.select(a.ori(isTooSmall, isNaN), a.i32(0xff), pattern);
}

/**
 * Stores small floats as integers of their bit patterns and spells out their conversions from and to f32 in integer arithmetic.
 * Expects `widen-small-floats` before it. Kernels with `weft.native_f16` keep f16.
 */
export const expandSmallFloats = pass({
  name: "expand-small-floats",
  summary: "hold floats narrower than f32 as bit patterns and spell out their conversions",
  anchors: ["builtin.module"],
  options: {
    flushesDenormals: bool.default(false).summary("the target may take denormal f32 for zero"),
  },
  statistics: { conversions: "conversions spelled out", values: "values given an integer type" },
  run(module: Module, { flushesDenormals }, context) {
    const rewriter = new Rewriter(module);
    const native = nativeHalves(rewriter);
    for (const op of snapshot(rewriter)) {
      const isExtension = op.name === arith.extf.name;
      if (!isExtension && op.name !== arith.truncf.name) continue;
      const [operand, result] = [op.operands[0]!, op.results[0]!];
      const type = elementOf(rewriter.typeOf(isExtension ? operand : result)) as FloatType;
      const format = smallFloatFormat(type);
      if (type === f16 && native.has(op.id)) continue;
      if (format === undefined || elementOf(rewriter.typeOf(isExtension ? result : operand)) !== f32) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(result));
      const storage = patternType(type)!;
      if (isExtension) {
        const pattern = a.extui(a.bitcast(operand, storage), i32);
        rewriter.replace(op, [decode(a, format, pattern, flushesDenormals)]);
      } else rewriter.replace(op, [a.bitcast(a.trunci(encode(a, format, operand), storage), type)]);
      context.count("conversions");
    }
    const patterns = (type: Type): Type | undefined => (type.kind === "float" ? patternType(type) : undefined);
    const values = convertTypes(
      rewriter,
      patterns,
      (value, from) => BigInt(encodeFloat(smallFloatFormat(from)!, value, { saturate: false })),
      { operations: native, conversion: (type) => (type === f16 ? undefined : patterns(type)) },
    );
    context.count("values", values);
    return context.commit(rewriter);
  },
});
