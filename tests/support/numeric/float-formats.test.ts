import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeF4E2M1FN,
  decodeF8E4M3FN,
  decodeF8E4M3FNUZ,
  decodeF8E5M2,
  decodeF8E5M2FNUZ,
  decodeFloat,
  encodeF4E2M1FN,
  encodeF8E4M3FN,
  encodeF8E4M3FNUZ,
  encodeF8E5M2,
  encodeF8E5M2FNUZ,
  encodeFloat,
} from "../../../src/support/numeric/float-formats.ts";
import { published, signedFormats, type SignedFormat } from "./published-formats.ts";

function patterns(format: SignedFormat): readonly number[] {
  return Array.from({ length: 2 ** published[format].bits }, (_, bits) => bits);
}

/** The non-negative finite values with their patterns, rising. */
function magnitudesOf(format: SignedFormat): readonly { readonly bits: number; readonly value: number }[] {
  return patterns(format)
    .map((bits) => ({ bits, value: decodeFloat(format, bits) }))
    .filter(({ value }) => (value > 0 || Object.is(value, 0)) && value !== Infinity)
    .toSorted((a, b) => a.value - b.value);
}
const magnitudes = new Map(signedFormats.map((format) => [format, magnitudesOf(format)]));

/**
 * Nearest by search. Neighbours of these formats have midpoints that a double holds exactly, so the comparison with the
 * midpoint is exact. "overflow" from the midpoint between the largest value and the one that would follow it.
 */
function nearestBySearch(format: SignedFormat, magnitude: number): number | "overflow" {
  const values = magnitudes.get(format)!;
  let low = 0;
  let high = values.length - 1;
  if (magnitude > values[high]!.value) {
    const gap = values[high]!.value - values[high - 1]!.value;
    const limit = values[high]!.value + gap / 2;
    const lastIsOdd = values[high]!.bits % 2 === 1;
    return magnitude > limit || (magnitude === limit && lastIsOdd) ? "overflow" : values[high]!.bits;
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (values[middle]!.value <= magnitude) low = middle;
    else high = middle;
  }
  const [below, above] = [values[low]!, values[high]!];
  const midpoint = (below.value + above.value) / 2;
  if (magnitude < midpoint) return below.bits;
  if (magnitude > midpoint) return above.bits;
  return below.bits % 2 === 0 ? below.bits : above.bits;
}

function expectedEncoding(format: SignedFormat, x: number, saturate: boolean): number | "NaN" {
  const { bits, infinity, negativeZero } = published[format];
  const sign = x < 0 || Object.is(x, -0) ? 2 ** (bits - 1) : 0;
  const values = magnitudes.get(format)!;
  const nearest = nearestBySearch(format, Math.abs(x));
  if (nearest === "overflow") {
    if (saturate || format === "f4E2M1FN") return sign + values.at(-1)!.bits;
    return infinity === undefined ? "NaN" : sign + infinity;
  }
  return nearest === 0 && !negativeZero ? 0 : sign + nearest;
}

function expectEncoding(format: SignedFormat, x: number, saturate: boolean): void {
  const expected = expectedEncoding(format, x, saturate);
  const actual = encodeFloat(format, x, { saturate });
  if (expected === "NaN") expect(decodeFloat(format, actual)).toBeNaN();
  else if (actual !== expected)
    expect({ format, x, saturate, bits: actual }).toEqual({ format, x, saturate, bits: expected });
}

/** The doubles next to `x`. */
function neighbours(x: number): readonly number[] {
  const value = new Float64Array([x]);
  const bits = new BigUint64Array(value.buffer);
  return [-1n, 1n].map((step) => {
    const stepped = new BigUint64Array([bits[0]! + step]);
    return new Float64Array(stepped.buffer)[0]!;
  });
}

describe.each(signedFormats)("%s", (format) => {
  const facts = published[format];

  test("decodes by the published formula", () => {
    for (const bits of patterns(format)) {
      const sign = bits >= 2 ** (facts.bits - 1) ? -1 : 1;
      const biased = (bits >> facts.mantissaBits) & (2 ** facts.exponentBits - 1);
      const fraction = (bits & (2 ** facts.mantissaBits - 1)) / 2 ** facts.mantissaBits;
      const value = decodeFloat(format, bits);
      if (Number.isNaN(value) || Math.abs(value) === Infinity) continue;
      const expected =
        biased === 0 ? sign * fraction * 2 ** (1 - facts.bias) : sign * (1 + fraction) * 2 ** (biased - facts.bias);
      expect(value).toBe(expected);
    }
  });

  test("has the published special values and extremes", () => {
    const values = patterns(format).map((bits) => decodeFloat(format, bits));
    expect(values.filter(Number.isNaN)).toHaveLength(facts.nans);
    expect(values.filter((value) => Math.abs(value) === Infinity)).toHaveLength(facts.infinity === undefined ? 0 : 2);
    if (facts.infinity !== undefined) expect(values[facts.infinity]).toBe(Infinity);
    expect(values.some((value) => Object.is(value, -0))).toBe(facts.negativeZero);
    const finite = values.filter(Number.isFinite);
    expect(finite.reduce((a, b) => Math.max(a, b))).toBe(facts.maxFinite);
    expect(values[1]).toBe(facts.minSubnormal);
    expect(values[2 ** facts.mantissaBits]).toBe(facts.minNormal);
  });

  test("every pattern but a NaN comes back from its value", () => {
    for (const saturate of [true, false]) {
      for (const bits of patterns(format)) {
        const value = decodeFloat(format, bits);
        if (Number.isNaN(value)) expect(decodeFloat(format, encodeFloat(format, value, { saturate }))).toBeNaN();
        else if (Number.isFinite(value)) expect(encodeFloat(format, value, { saturate })).toBe(bits);
      }
    }
  });

  test("rounds to nearest even at every midpoint and just beside it", () => {
    const values = magnitudes.get(format)!;
    for (let i = 0; i + 1 < values.length; i++) {
      const midpoint = (values[i]!.value + values[i + 1]!.value) / 2;
      for (const x of [midpoint, ...neighbours(midpoint)]) {
        expectEncoding(format, x, false);
        expectEncoding(format, -x, false);
      }
    }
  });

  test("rounds doubles near its range like a search through all values", () => {
    const magnitude = fc
      .tuple(
        fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true }),
        fc.integer({ min: -facts.bias - facts.mantissaBits - 2, max: facts.bias + 3 }),
      )
      .map(([significand, exponent]) => significand * 2 ** exponent);
    const value = fc.tuple(magnitude, fc.constantFrom(1, -1)).map(([size, sign]) => size * sign);
    fc.assert(
      fc.property(value, fc.boolean(), (x, saturate) => expectEncoding(format, x, saturate)),
      { numRuns: 1000 },
    );
  });

  test("rounds any double like a search through all values, far out of range too", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.boolean(), (x, saturate) => expectEncoding(format, x, saturate)),
      { numRuns: 300 },
    );
  });
});

// ONNX Operators.md, Cast: the two tables of the float 8 types, row by row.
describe("the tables of ONNX Cast", () => {
  const saturating = { saturate: true };
  const plain = { saturate: false };

  test.each(["f8E4M3FN", "f8E4M3FNUZ", "f8E5M2", "f8E5M2FNUZ"] as const)("%s saturating", (format) => {
    const { maxFinite, negativeZero } = published[format];
    const cast = (x: number): number => decodeFloat(format, encodeFloat(format, x, saturating));
    expect(cast(0)).toBe(0);
    expect(cast(-0)).toBe(negativeZero ? -0 : 0);
    expect(cast(NaN)).toBeNaN();
    expect(cast(Infinity)).toBe(maxFinite);
    expect(cast(-Infinity)).toBe(-maxFinite);
    expect(cast(1e6)).toBe(maxFinite);
    expect(cast(-1e6)).toBe(-maxFinite);
  });

  test.each([
    ["f8E4M3FN", NaN, NaN],
    ["f8E4M3FNUZ", NaN, NaN],
    ["f8E5M2", Infinity, -Infinity],
    ["f8E5M2FNUZ", NaN, NaN],
  ] as const)("%s not saturating", (format, positive, negative) => {
    const cast = (x: number): number => decodeFloat(format, encodeFloat(format, x, plain));
    expect(cast(-0)).toBe(published[format].negativeZero ? -0 : 0);
    expect(cast(NaN)).toBeNaN();
    for (const x of [Infinity, 1e6]) {
      expect(cast(x)).toBe(positive);
      expect(cast(-x)).toBe(negative);
    }
  });

  test("-Inf to E4M3FN without saturation is the negative NaN", () => {
    expect(encodeF8E4M3FN(-Infinity)).toBe(0xff);
    expect(encodeF8E4M3FN(Infinity)).toBe(0x7f);
  });

  test("the limit is tested after rounding", () => {
    // 464 is midway between 448 and the 480 that E4M3FN gives up for NaN; 448 is the even one.
    expect(decodeF8E4M3FN(encodeF8E4M3FN(464))).toBe(448);
    expect(decodeF8E4M3FN(encodeF8E4M3FN(464.00001))).toBeNaN();
    // 248 is midway between 240 and the even 256.
    expect(decodeF8E4M3FNUZ(encodeF8E4M3FNUZ(247.99999))).toBe(240);
    expect(decodeF8E4M3FNUZ(encodeF8E4M3FNUZ(248))).toBeNaN();
    expect(decodeF8E5M2(encodeF8E5M2(61439.9))).toBe(57344);
    expect(decodeF8E5M2(encodeF8E5M2(61440))).toBe(Infinity);
    expect(decodeF8E5M2FNUZ(encodeF8E5M2FNUZ(61440))).toBeNaN();
  });

  test("f4E2M1FN always saturates (ONNX, Float stored in 4 bits)", () => {
    const table = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
    expect(Array.from({ length: 16 }, (_, bits) => decodeF4E2M1FN(bits))).toEqual([...table, ...table.map((x) => -x)]);
    for (const saturate of [true, false]) {
      const cast = (x: number): number => decodeF4E2M1FN(encodeFloat("f4E2M1FN", x, { saturate }));
      expect([7, -7, Infinity, -Infinity, -0].map(cast)).toEqual([6, -6, 6, -6, -0]);
      // Its NaN rule is in ONNX's test data: test_cast_FLOAT_to_FLOAT4E2M1.
      expect(cast(NaN)).toBe(-0);
    }
    expect([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5].map((x) => decodeF4E2M1FN(encodeF4E2M1FN(x)))).toEqual([
      0, 1, 1, 2, 2, 4, 4,
    ]);
  });
});
