import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bigintToDoubleForRounding,
  decodeBF16,
  decodeE8M0,
  decodeF16,
  encodeBF16,
  encodeE8M0,
  encodeF16,
  roundTo,
} from "../../../src/support/numeric/float-formats.ts";

describe("f8E8M0FNU", () => {
  test("is a power of two, 0xFF is NaN (OCP MX 1.0)", () => {
    for (let bits = 0; bits < 255; bits++) expect(decodeE8M0(bits)).toBe(2 ** (bits - 127));
    expect(decodeE8M0(255)).toBeNaN();
  });

  test("every power of two comes back in every mode", () => {
    for (let bits = 0; bits < 255; bits++) {
      for (const mode of ["up", "down", "nearest"] as const) {
        for (const saturate of [true, false]) expect(encodeE8M0(2 ** (bits - 127), mode, saturate)).toBe(bits);
      }
    }
  });

  test("rounds within the range by its mode, ties up", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -127, max: 126 }),
        fc.double({ min: 1, max: 2, minExcluded: true, maxExcluded: true, noNaN: true }),
        (exponent, fraction) => {
          const x = fraction * 2 ** exponent;
          const below = exponent + 127;
          expect(encodeE8M0(x, "up", true)).toBe(below + 1);
          expect(encodeE8M0(x, "down", true)).toBe(below);
          const [fromBelow, fromAbove] = [fraction - 1, 2 - fraction];
          expect(encodeE8M0(x, "nearest", false)).toBe(fromAbove <= fromBelow ? below + 1 : below);
        },
      ),
    );
    expect(encodeE8M0(1.5, "nearest", false)).toBe(128);
    expect(encodeE8M0(3, "nearest", false)).toBe(129);
  });

  test("the table of ONNX Cast", () => {
    expect(encodeE8M0(0, "up", true)).toBe(0);
    expect(encodeE8M0(NaN, "up", true)).toBe(0xff);
    expect(encodeE8M0(Infinity, "up", true)).toBe(0xfe);
    expect(encodeE8M0(2 ** 128, "up", true)).toBe(0xfe);
    expect(encodeE8M0(2 ** -130, "up", true)).toBe(0);
    for (const x of [0, NaN, Infinity, 2 ** 128, 2 ** -130]) expect(encodeE8M0(x, "nearest", false)).toBe(0xff);
  });

  test("negative numbers give NaN", () => {
    for (const mode of ["up", "down", "nearest"] as const) expect(encodeE8M0(-2, mode, true)).toBe(0xff);
  });
});

describe("agreement", () => {
  test("the general encoder and the machine's Float16Array agree, exactly once rounded", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.float(),
          fc
            .tuple(fc.integer({ min: 0, max: 0x7bff }), fc.constantFrom(0, 1e-13, -1e-13))
            .map(([bits, push]) => ((decodeF16(bits) + decodeF16(bits + 1)) / 2) * (1 + push)),
        ),
        (x) => {
          const machine = Math.f16round(x);
          expect(roundTo("f16", x)).toBe(machine);
          expect(decodeF16(encodeF16(x))).toBe(machine);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("a bfloat16 is the upper half of a float", () => {
    const float = new Float32Array(1);
    const bits = new Uint32Array(float.buffer);
    for (let pattern = 0; pattern < 2 ** 16; pattern++) {
      bits[0] = pattern * 2 ** 16;
      expect(Object.is(decodeBF16(pattern), float[0])).toBe(true);
    }
  });

  test("a double goes to bfloat16 in one rounding", () => {
    // As a float this is 1 + 2^-8, midway between 1 and 1 + 2^-7, which would then round to the even 1.
    const x = 1 + 2 ** -8 + 2 ** -30;
    expect(Math.fround(x)).toBe(1 + 2 ** -8);
    expect(roundTo("bf16", x)).toBe(1 + 2 ** -7);
    expect(encodeBF16(x)).toBe(0x3f81);
    expect(roundTo("f16", 1 + 2 ** -11 + 2 ** -40)).toBe(1 + 2 ** -10);
  });

  test("roundTo leaves doubles and rounds floats as the machine does", () => {
    expect(roundTo("f64", 0.1)).toBe(0.1);
    expect(roundTo("f32", 0.1)).toBe(Math.fround(0.1));
    expect(roundTo("f8E5M2", 1e6)).toBe(Infinity);
    expect(roundTo("f8E4M3FN", 1e6)).toBeNaN();
    expect(roundTo("f8E8M0FNU", 3)).toBe(4);
  });

  test("a bigint keeps, through a double, what decides its rounding", () => {
    // 2^24 + 1 is midway between two floats; the last bit pushes it up, and a plain Number() would lose that bit.
    const value = (2n ** 24n + 1n) * 2n ** 39n + 1n;
    expect(Math.fround(Number(value))).toBe(2 ** 63);
    expect(Math.fround(bigintToDoubleForRounding(value))).toBe((2 ** 24 + 2) * 2 ** 39);
    expect(Math.fround(bigintToDoubleForRounding(-value))).toBe(-(2 ** 24 + 2) * 2 ** 39);
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (x) => {
        const rounded = BigInt(Math.fround(bigintToDoubleForRounding(x)));
        const distance = (y: bigint): bigint => (y > x ? y - x : x - y);
        const bits = new Uint32Array(new Float32Array([Number(rounded)]).buffer)[0]!;
        const around = [bits - 1, bits + 1].map((pattern) => new Float32Array(new Uint32Array([pattern]).buffer)[0]!);
        for (const neighbour of around.filter(Number.isFinite)) {
          const other = distance(BigInt(Math.trunc(neighbour)));
          if (other === distance(rounded) && rounded !== BigInt(Math.trunc(neighbour))) expect(bits % 2).toBe(0);
          else expect(other >= distance(rounded)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
