import { boolAttributeSpec } from "../../attribute-codecs.ts";
import { one, op } from "../../define.ts";
import { blockSize } from "./attributes.ts";
import {
  blockScaledTensor,
  blockScaledTensor3D,
  blockScaleTensor,
  blockScaleTensor3D,
  tensor3D,
  tensorAtLeast1D,
  zeroPoint,
} from "./constraints.ts";
import { blockSizeAssembly, plainAssembly, verified } from "./operation.ts";
import { castFromBlockScaled, castToBlockScaled, productOfBlockScaled } from "./rules/block-scaled.ts";
import { floatResults, sameElementType, sameShape } from "./rules/elementwise.ts";
import { complexPowersOfTwo, halfOfFrequencies, realPowersOfTwo, sameResultShapes } from "./rules/fourier.ts";
import { matmulTypes } from "./rules/matmul.ts";

const localBound = boolAttributeSpec.optional();

/** Products of matrices, Fourier transforms, and the formats that give one scale to a block of values. */
export const linearAlgebraOperations = {
  matmul: op({
    summary: "a batch of products of matrices",
    operands: { a: one(tensor3D), b: one(tensor3D), a_zp: one(zeroPoint), b_zp: one(zeroPoint) },
    attributes: {},
    results: { output: one(tensor3D) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(matmulTypes),
  }),
  matmul_t_block_scaled: op({
    summary: "a batch of products of matrices, the second transposed, of values that share scales",
    operands: {
      a_data: one(blockScaledTensor3D),
      a_scale: one(blockScaleTensor3D),
      b_data: one(blockScaledTensor3D),
      b_scale: one(blockScaleTensor3D),
    },
    attributes: { block_size: blockSize },
    results: { output_data: one(tensor3D) },
    traits: ["pure"],
    assembly: blockSizeAssembly,
    verify: verified(productOfBlockScaled),
  }),
  cast_from_block_scaled: op({
    summary: "values multiplied with their blocks' scales",
    operands: { input_data: one(blockScaledTensor), input_scale: one(blockScaleTensor) },
    attributes: { block_size: blockSize },
    results: { output_data: one(tensorAtLeast1D) },
    traits: ["pure"],
    assembly: blockSizeAssembly,
    verify: verified(castFromBlockScaled),
  }),
  cast_to_block_scaled: op({
    summary: "values in blocks that share a scale",
    operands: { input_data: one(tensorAtLeast1D) },
    attributes: { block_size: blockSize },
    results: { output_data: one(blockScaledTensor), output_scale: one(blockScaleTensor) },
    traits: ["pure"],
    assembly: blockSizeAssembly,
    verify: verified(castToBlockScaled),
  }),
  fft2d: op({
    summary: "Fourier transform of two dimensions",
    operands: { input_real: one(tensor3D), input_imag: one(tensor3D) },
    attributes: { inverse: boolAttributeSpec, local_bound: localBound },
    results: { output_real: one(tensor3D), output_imag: one(tensor3D) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sameElementType, sameShape, floatResults, complexPowersOfTwo),
  }),
  rfft2d: op({
    summary: "Fourier transform of real values in two dimensions",
    operands: { input_real: one(tensor3D) },
    attributes: { local_bound: localBound },
    results: { output_real: one(tensor3D), output_imag: one(tensor3D) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sameElementType, floatResults, sameResultShapes, realPowersOfTwo, halfOfFrequencies),
  }),
} as const;
