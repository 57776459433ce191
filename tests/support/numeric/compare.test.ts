import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTensors } from "../../../src/support/numeric/compare.ts";
import { tensorFromNumbers, tensorFromStrings } from "../../../src/support/numeric/host-tensor.ts";

const onnx = { absolute: 1e-7, relative: 1e-3 };
const exact = { absolute: 0, relative: 0 };
const f64 = (...values: number[]) => tensorFromNumbers("f64", [values.length], values);

describe("compareTensors", () => {
  test("equal", () => {
    expect(compareTensors(f64(1, NaN, Infinity, -Infinity, 0), f64(1, NaN, Infinity, -Infinity, -0), exact)).toEqual({
      kind: "equal",
    });
    expect(compareTensors(f64(), f64(), exact)).toEqual({ kind: "equal" });
  });

  test("close and different, with the worst element", () => {
    expect(compareTensors(f64(1, 2.25, 4.5), f64(1, 2, 4), { absolute: 0, relative: 0.125 })).toEqual({
      kind: "close",
      maxAbsoluteError: 0.5,
      maxRelativeError: 0.125,
      worstIndex: 1,
      mismatches: 0,
    });
    // Errors 0.5 and 3 exceed the allowed 0.25 + |y|/8 (0.5 and 1.25) only in the last.
    expect(compareTensors(f64(2.5, 8, 11), f64(2, 8, 8), { absolute: 0.25, relative: 0.125 })).toEqual({
      kind: "different",
      maxAbsoluteError: 3,
      maxRelativeError: 0.375,
      worstIndex: 2,
      mismatches: 1,
    });
  });

  test("the limit itself is within, relative to the expected value", () => {
    expect(compareTensors(f64(9), f64(8), { absolute: 0, relative: 0.125 }).kind).toBe("close");
    expect(compareTensors(f64(8), f64(9.25), { absolute: 0, relative: 0.125 }).kind).toBe("different");
    expect(compareTensors(f64(0.5), f64(0), { absolute: 0.5, relative: 0 })).toMatchObject({
      kind: "close",
      maxRelativeError: Infinity,
    });
  });

  test("NaN and the infinities match only themselves, whatever the tolerance", () => {
    const wide = { absolute: 1e300, relative: 1e300 };
    for (const [x, y] of [
      [NaN, 1],
      [1, NaN],
      [Infinity, -Infinity],
      [Infinity, 1e308],
      [1e308, Infinity],
      [NaN, Infinity],
    ] as const) {
      expect(compareTensors(f64(0, x), f64(0, y), wide)).toEqual({
        kind: "different",
        maxAbsoluteError: Infinity,
        maxRelativeError: Infinity,
        worstIndex: 1,
        mismatches: 1,
      });
    }
  });

  test("64-bit integers are compared exactly", () => {
    const big = 2n ** 62n;
    const i64 = (...values: bigint[]) => tensorFromNumbers("i64", [values.length], values);
    expect(compareTensors(i64(big + 1n), i64(big), exact)).toMatchObject({ kind: "different", maxAbsoluteError: 1 });
    expect(compareTensors(i64(big + 1n), i64(big), { absolute: 1, relative: 0 }).kind).toBe("close");
    const index = (value: bigint) => tensorFromNumbers("index", [1], [value]);
    expect(compareTensors(index(big + 1n), index(big), exact).kind).toBe("different");
    const ui64 = (value: bigint) => tensorFromNumbers("ui64", [1], [value]);
    expect(compareTensors(ui64(2n ** 64n - 1n), ui64(0n), onnx)).toMatchObject({ maxAbsoluteError: 2 ** 64 });
  });

  test("small integers and small floats", () => {
    const i8 = (value: number) => tensorFromNumbers("i8", [1], [value]);
    expect(compareTensors(i8(-128), i8(127), exact)).toMatchObject({ kind: "different", maxAbsoluteError: 255 });
    const bf16 = (value: number) => tensorFromNumbers("bf16", [1], [value]);
    expect(compareTensors(bf16(1.0078125), bf16(1), { absolute: 0.0078125, relative: 0 }).kind).toBe("close");
  });

  test("strings", () => {
    const strings = (...values: string[]) => tensorFromStrings([values.length], values);
    expect(compareTensors(strings("a", "b"), strings("a", "b"), exact).kind).toBe("equal");
    expect(compareTensors(strings("a", "b"), strings("a", "c"), { absolute: 1e9, relative: 1e9 })).toMatchObject({
      kind: "different",
      mismatches: 1,
      worstIndex: 1,
    });
  });

  test("types and shapes come first", () => {
    expect(compareTensors(f64(1), tensorFromNumbers("f32", [1], [1]), onnx)).toEqual({
      kind: "type-mismatch",
      actual: "f64",
      expected: "f32",
    });
    expect(compareTensors(f64(1), tensorFromNumbers("f64", [1, 1], [1]), onnx)).toEqual({
      kind: "shape-mismatch",
      actual: [1],
      expected: [1, 1],
    });
  });

  test("follows the rule of the ONNX test data element by element", () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 8 }), (pairs) => {
        const result = compareTensors(f64(...pairs.map(([x]) => x)), f64(...pairs.map(([, y]) => y)), onnx);
        const fits = ([x, y]: readonly [number, number]): boolean => {
          if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
          if (!Number.isFinite(x) || !Number.isFinite(y)) return x === y;
          return Math.abs(x - y) <= onnx.absolute + onnx.relative * Math.abs(y);
        };
        const misfits = pairs.filter((pair) => !fits(pair)).length;
        expect("mismatches" in result ? result.mismatches : 0).toBe(misfits);
        expect(result.kind === "different").toBe(misfits > 0);
      }),
    );
  });
});
