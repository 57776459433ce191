import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floatText, roundToFormat } from "../../../src/ir/text/float-text.ts";
import type { FloatFormat } from "../../../src/ir/types.ts";

// What mlir-opt 22 prints for these values.
describe("upstream's spelling", () => {
  test.each<readonly [FloatFormat, number, string]>([
    ["f32", 1, "1.000000e+00"],
    ["f32", -0, "-0.000000e+00"],
    ["f32", 1.1, "1.100000e+00"],
    ["f32", -0.9, "-0.899999976"],
    ["f32", 6.2, "6.1999998"],
    ["f32", 99.2, "99.1999969"],
    ["f32", Math.PI, "3.14159274"],
    ["f32", 0.16789, "1.678900e-01"],
    ["f32", 1e-6, "9.99999997E-7"],
    ["f32", 4096, "4.096000e+03"],
    ["f64", 0.1, "1.000000e-01"],
    ["f64", 1e-9, "1.000000e-09"],
    ["f64", 7.1, "7.100000e+00"],
    ["f64", 16777217, "0x4170000010000000"],
    ["f32", Infinity, "0x7F800000"],
    ["f32", -Infinity, "0xFF800000"],
    ["f16", Infinity, "0x7C00"],
    ["f64", NaN, "0x7FF8000000000000"],
    ["f8E8M0FNU", 2 ** -127, "5.877470e-39"],
  ])("%s %d is %s", (format, value, expected) => {
    expect(floatText(format, roundToFormat(format, value))).toBe(expected);
  });
});

test("decimal spellings read back to the same value", () => {
  const formats = fc.constantFrom<FloatFormat>("f64", "f32", "f16", "bf16", "f8E4M3FN", "f8E5M2", "f4E2M1FN");
  fc.assert(
    fc.property(formats, fc.double({ noNaN: true, noDefaultInfinity: true }), (format, drawn) => {
      const value = roundToFormat(format, drawn);
      const text = floatText(format, value);
      if (!text.startsWith("0x")) expect(roundToFormat(format, Number(text))).toBe(value);
    }),
    { numRuns: 2000 },
  );
});
