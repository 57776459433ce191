import type { FloatFormat } from "./types.ts";

const widths: { readonly [F in FloatFormat]: number } = {
  f64: 64,
  f32: 32,
  f16: 16,
  bf16: 16,
  tf32: 19,
  f80: 80,
  f128: 128,
  f8E5M2: 8,
  f8E5M2FNUZ: 8,
  f8E4M3: 8,
  f8E4M3FN: 8,
  f8E4M3FNUZ: 8,
  f8E4M3B11FNUZ: 8,
  f8E3M4: 8,
  f8E8M0FNU: 8,
  f6E2M3FN: 6,
  f6E3M2FN: 6,
  f4E2M1FN: 4,
};

/** Bits of a value of the format. */
export const floatWidth = (format: FloatFormat): number => widths[format];
