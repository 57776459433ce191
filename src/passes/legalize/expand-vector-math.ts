import { math, scf, vector } from "../../ir/dialects/index.ts";
import { type Module, type Operation, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, f32, i32, type VectorType } from "../../ir/types.ts";
import { unitAttribute } from "../../ir/attributes.ts";
import { pass } from "../pass.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

/**
 * Adding and taking away 1.5·2^23 rounds a float below 2^22 to an integer, which is also in the low bits of the sum.
 * Needs IEEE arithmetic: no reassociation.
 */
const magic = 12582912;
const magicBits = 0x4b400000;

/** 2^n for n in [-126, 127], by its exponent field. */
const powerOfTwo = (a: LaneArithmetic, n: ValueId): ValueId => a.bitcast(a.shli(a.addi(n, a.i32(127)), a.i32(23)), f32);

/**
 * e^x within 1.0 ulp, infinities, denormal results and NaN included. x = n·log 2 + r by Cody and Waite's two-part constant (Software
 * Manual for the Elementary Functions, 1980); e^r = 1 + r + r²·P(r), P a minimax polynomial of degree 4 on |r| ≤ log(2)/2.
 * Comparisons that NaN fails keep it.
 */
function expandExp(a: LaneArithmetic, argument: ValueId): ValueId {
  const low = a.select(a.cmpf("olt", argument, a.f32(-104)), a.f32(-104), argument);
  const x = a.select(a.cmpf("ogt", low, a.f32(89)), a.f32(89), low);
  const shifted = a.fma(x, a.f32(Math.LOG2E), a.f32(magic));
  const n = a.subi(a.bitcast(shifted, i32), a.i32(magicBits));
  const count = a.subf(shifted, a.f32(magic));
  const high = a.fma(count, a.f32(-0.693145751953125), x);
  const r = a.fma(count, a.f32(-1.42860682e-6), high);
  const p = a.polynomial(r, [1.381454003e-3, 8.368745113e-3, 4.166839079e-2, 1.66665204e-1, 4.999999343e-1]);
  const value = a.addf(a.fma(p, a.mulf(r, r), r), a.f32(1));
  // Two factors, each a normal number, reach denormal results and overflow with one rounding.
  const half = a.shrsi(n, a.i32(1));
  return a.mulf(a.mulf(value, powerOfTwo(a, half)), powerOfTwo(a, a.subi(n, half)));
}

/** log x: x = 2^e·m with m in [√½, √2]; log m = f - f²/2 + f³·P(f) with f = m - 1, P a minimax polynomial of degree 8. */
function expandLog(a: LaneArithmetic, x: ValueId): ValueId {
  const isDenormal = a.cmpf("olt", x, a.f32(2 ** -126));
  const scaled = a.select(isDenormal, a.mulf(x, a.f32(2 ** 23)), x);
  const bits = a.bitcast(scaled, i32);
  // The exponent field of m·2^e, counted from √½.
  const rootHalf = 0x3f3504f3;
  const offset = a.subi(bits, a.i32(rootHalf));
  const exponent = a.shrsi(offset, a.i32(23));
  const mantissa = a.bitcast(a.addi(a.andi(offset, a.i32(0x7fffff)), a.i32(rootHalf)), f32);
  const e = a.addf(a.sitofp(exponent, f32), a.select(isDenormal, a.f32(-23), a.f32(0)));
  const f = a.subf(mantissa, a.f32(1));
  const square = a.mulf(f, f);
  const p = a.polynomial(
    f,
    [
      6.746641021e-2, -1.167565194e-1, 1.18881621e-1, -1.240558889e-1, 1.421955238e-1, -1.666799586e-1, 2.000211866e-1,
      -2.50000096e-1, 3.33333126e-1,
    ],
  );
  const cubic = a.mulf(a.mulf(square, f), p);
  // log 2 in two parts, the first with zeros at its end so that e times it is exact.
  const lowPart = a.fma(e, a.f32(1.42860682e-6), cubic);
  const tail = a.fma(square, a.f32(-0.5), lowPart);
  const finite = a.fma(e, a.f32(0.693145751953125), a.addf(f, tail));
  const isPositive = a.cmpf("ogt", x, a.f32(0));
  const isZero = a.cmpf("oeq", x, a.f32(0));
  const isInfinite = a.cmpf("oeq", x, a.f32(Infinity));
  const special = a.select(isZero, a.f32(-Infinity), a.f32(NaN));
  return a.select(isInfinite, x, a.select(isPositive, finite, special));
}

/** tanh within 1.3 ulp: x + x³·P(x²) below 0.625, 1 - 2 / (e^2|x| + 1) above. */
function expandTanh(a: LaneArithmetic, x: ValueId): ValueId {
  const size = a.absf(x);
  const s = a.mulf(x, x);
  const p = a.polynomial(s, [-5.704986926e-3, 2.063908716e-2, -5.373971505e-2, 1.33314422e-1, -3.333328194e-1]);
  const small = a.fma(p, a.mulf(s, x), x);
  const e = expandExp(a, a.addf(size, size));
  const large = a.subf(a.f32(1), a.divf(a.f32(2), a.addf(e, a.f32(1))));
  // The comparison is false for NaN, which the polynomial keeps. copysign keeps the sign of zero.
  return a.copysign(a.select(a.cmpf("oge", size, a.f32(0.625)), large, small), x);
}

/** erf within 1.2 ulp: x + x·P(x²) below 0.9375, 1 - e^-(t + t·Q(t)) above, t = min(|x|, 4), where erf rounds to 1. */
function expandErf(a: LaneArithmetic, x: ValueId): ValueId {
  const size = a.absf(x);
  const s = a.mulf(x, x);
  const p = a.polynomial(
    s,
    [-5.919418631e-4, 4.979130545e-3, -2.675703516e-2, 1.12815525e-1, -3.761246864e-1, 1.283791458e-1],
  );
  const small = a.fma(p, x, x);
  const t = a.select(a.cmpf("olt", size, a.f32(4)), size, a.f32(4));
  const q = a.polynomial(
    t,
    [1.161232275e-5, -3.266228661e-4, 3.658010661e-3, -2.379500864e-2, 1.062751938e-1, 6.351281048e-1, 1.286542172e-1],
  );
  const exponent = a.fma(q, t, t);
  const large = a.subf(a.f32(1), expandExp(a, a.subf(a.f32(-0), exponent)));
  return a.copysign(a.select(a.cmpf("oge", size, a.f32(0.9375)), large, small), x);
}

/** Beyond this the three-part constant no longer reduces the argument exactly enough. */
const largestReduced = 32768;

/** sin or cos of arguments up to 2^15: x = n·π/2 + r by a three-part constant, then a polynomial of r by the quadrant n. */
function expandSineOrCosine(a: LaneArithmetic, x: ValueId, quadrant: 0 | 1): ValueId {
  const shifted = a.fma(x, a.f32(2 / Math.PI), a.f32(magic));
  const bits = a.bitcast(shifted, i32);
  const n = quadrant === 0 ? bits : a.addi(bits, a.i32(quadrant));
  const count = a.subf(shifted, a.f32(magic));
  const parts = [-1.5707963705062866, 4.371138828673793e-8, 1.7151245100058819e-15];
  const r = parts.reduce<ValueId>((rest, part) => a.fma(count, a.f32(part), rest), x);
  const s = a.mulf(r, r);
  const sine = a.fma(
    a.mulf(s, r),
    a.polynomial(s, [2.718084058e-6, -1.983930835e-4, 8.333329293e-3, -1.666666664e-1]),
    r,
  );
  const even = a.polynomial(s, [-2.720539751e-7, 2.479945581e-5, -1.388888348e-3, 4.166666662e-2]);
  const cosine = a.fma(a.mulf(s, s), even, a.fma(s, a.f32(-0.5), a.f32(1)));
  const isOdd = a.cmpi("ne", a.andi(n, a.i32(1)), a.i32(0));
  const value = a.select(isOdd, cosine, sine);
  // Quadrants 2 and 3 are negative: bit 1 becomes the sign bit.
  const sign = a.shli(a.andi(n, a.i32(2)), a.i32(30));
  return a.bitcast(a.xori(a.bitcast(value, i32), sign), f32);
}

/** Marks an operation that stays a library call. */
const libraryMark = "weft.library";

/** sin and cos: the polynomial when every lane is small enough, the library otherwise. */
function expandPeriodic(rewriter: Rewriter, op: Operation, a: LaneArithmetic, x: ValueId, quadrant: 0 | 1): ValueId {
  const type = rewriter.typeOf(x) as VectorType;
  const limit = a.f32(largestReduced);
  const tooLarge = a.cmpf("ogt", a.absf(x), limit);
  const any = vector.reduction.build(rewriter, { vector: tooLarge }, { kind: "or" }).dest;
  const branch = (body: () => ValueId) => [
    { arguments: [], body: () => void scf.yield.build(rewriter, { results: [body()] }, {}) },
  ];
  const slow = () =>
    rewriter.create({ name: op.name, operands: [x], resultTypes: [type], attributes: { [libraryMark]: unitAttribute } })
      .results[0]!;
  return scf.if.build(
    rewriter,
    { condition: any },
    {},
    {
      resultTypes: [type],
      regions: { thenRegion: branch(slow), elseRegion: branch(() => expandSineOrCosine(a, x, quadrant)) },
    },
  ).results[0]!;
}

type Expansion = (a: LaneArithmetic, x: ValueId, rewriter: Rewriter, op: Operation) => ValueId;
const expansions: Readonly<Record<string, Expansion>> = {
  [math.exp.name]: expandExp,
  [math.log.name]: expandLog,
  [math.tanh.name]: expandTanh,
  [math.erf.name]: expandErf,
  [math.sin.name]: (a, x, rewriter, op) => expandPeriodic(rewriter, op, a, x, 0),
  [math.cos.name]: (a, x, rewriter, op) => expandPeriodic(rewriter, op, a, x, 1),
};

/**
 * Spells out exp, log, tanh, erf, sin and cos of f32 vectors in arithmetic, where a library would be called lane by lane. The errors
 * named above hold with fused multiply-add. Scalars stay calls of the library.
 */
export const expandVectorMath = pass({
  name: "expand-vector-math",
  summary: "spell out transcendental functions of f32 vectors as polynomials",
  anchors: ["builtin.module"],
  statistics: { expanded: "functions spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      const expand = expansions[op.name];
      const [operand] = op.operands;
      if (!expand || operand === undefined || op.attributes[libraryMark] !== undefined) continue;
      const type = rewriter.typeOf(operand);
      if (type.kind !== "vector" || elementOf(type) !== f32) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      rewriter.replace(op, [expand(new LaneArithmetic(rewriter, type), operand, rewriter, op)]);
      context.count("expanded");
    }
    return context.commit(rewriter);
  },
});
