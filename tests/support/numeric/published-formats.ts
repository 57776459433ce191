/** The float formats that have a sign and a mantissa. */
export const signedFormats = ["f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN"] as const;
export type SignedFormat = (typeof signedFormats)[number];

/**
 * Published facts: OCP OFP8 1.0 table 1 (E4M3, E5M2), Noune et al. 2022 and ONNX "Float stored in 8 bits" (FNUZ),
 * OCP MX 1.0 (E2M1), IEEE 754-2019 (binary16), bfloat16 as the upper half of binary32.
 */
export const published: Readonly<
  Record<
    SignedFormat,
    {
      readonly bits: number;
      readonly exponentBits: number;
      readonly mantissaBits: number;
      readonly bias: number;
      readonly maxFinite: number;
      readonly minNormal: number;
      readonly minSubnormal: number;
      readonly infinity: number | undefined;
      /** How many patterns are NaN. */
      readonly nans: number;
      readonly negativeZero: boolean;
    }
  >
> = {
  f16: {
    bits: 16,
    exponentBits: 5,
    mantissaBits: 10,
    bias: 15,
    maxFinite: 65504,
    minNormal: 2 ** -14,
    minSubnormal: 2 ** -24,
    infinity: 0x7c00,
    nans: 2046,
    negativeZero: true,
  },
  bf16: {
    bits: 16,
    exponentBits: 8,
    mantissaBits: 7,
    bias: 127,
    maxFinite: 3.3895313892515355e38,
    minNormal: 2 ** -126,
    minSubnormal: 2 ** -133,
    infinity: 0x7f80,
    nans: 254,
    negativeZero: true,
  },
  f8E4M3FN: {
    bits: 8,
    exponentBits: 4,
    mantissaBits: 3,
    bias: 7,
    maxFinite: 448,
    minNormal: 2 ** -6,
    minSubnormal: 2 ** -9,
    infinity: undefined,
    nans: 2,
    negativeZero: true,
  },
  f8E5M2: {
    bits: 8,
    exponentBits: 5,
    mantissaBits: 2,
    bias: 15,
    maxFinite: 57344,
    minNormal: 2 ** -14,
    minSubnormal: 2 ** -16,
    infinity: 0x7c,
    nans: 6,
    negativeZero: true,
  },
  f8E4M3FNUZ: {
    bits: 8,
    exponentBits: 4,
    mantissaBits: 3,
    bias: 8,
    maxFinite: 240,
    minNormal: 2 ** -7,
    minSubnormal: 2 ** -10,
    infinity: undefined,
    nans: 1,
    negativeZero: false,
  },
  f8E5M2FNUZ: {
    bits: 8,
    exponentBits: 5,
    mantissaBits: 2,
    bias: 16,
    maxFinite: 57344,
    minNormal: 2 ** -15,
    minSubnormal: 2 ** -17,
    infinity: undefined,
    nans: 1,
    negativeZero: false,
  },
  f4E2M1FN: {
    bits: 4,
    exponentBits: 2,
    mantissaBits: 1,
    bias: 1,
    maxFinite: 6,
    minNormal: 1,
    minSubnormal: 0.5,
    infinity: undefined,
    nans: 0,
    negativeZero: true,
  },
};
