import { boolAttributeSpec } from "../../attribute-codecs.ts";
import type { TypeConstraint } from "../../constraints.ts";
import { one, op } from "../../define.ts";
import { accumulatorType, nanMode, numbers } from "./attributes.ts";
import { tensor1D, tensor4D, tensor5D, zeroPoint } from "./constraints.ts";
import { nanModeAssembly, plainAssembly, verified } from "./operation.ts";
import {
  averageAccumulator,
  convolutionAccumulator,
  convolutionSizes,
  convolutionTypes,
  planeAxes,
  transposeConvolutionSizes,
  volumeAxes,
} from "./rules/convolution.ts";
import { averageZeroPoints, poolingSizes, sameInputAndOutputElement } from "./rules/pooling.ts";

const convolutionOperands = (constraint: TypeConstraint) =>
  ({
    input: one(constraint),
    weight: one(constraint),
    bias: one(tensor1D),
    input_zp: one(zeroPoint),
    weight_zp: one(zeroPoint),
  }) as const;
const accumulation = { acc_type: accumulatorType, local_bound: boolAttributeSpec.optional() } as const;

/** A convolution over `axes`, whose kernel has its sizes from `kernelStart` on. */
const convolution = (summary: string, constraint: TypeConstraint, axes: typeof planeAxes, kernelStart: number) =>
  op({
    summary,
    operands: convolutionOperands(constraint),
    attributes: {
      pad: numbers(2 * axes.length),
      stride: numbers(axes.length),
      dilation: numbers(axes.length),
      ...accumulation,
    },
    results: { output: one(constraint) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(convolutionTypes, convolutionAccumulator, convolutionSizes(axes, kernelStart)),
  });

const window = { kernel: numbers(2), stride: numbers(2), pad: numbers(4) } as const;

export const convolutionOperations = {
  conv2d: convolution("convolution of images", tensor4D, planeAxes, 1),
  conv3d: convolution("convolution of volumes", tensor5D, volumeAxes, 1),
  depthwise_conv2d: convolution("convolution of each channel by itself", tensor4D, planeAxes, 0),
  transpose_conv2d: op({
    summary: "transposed convolution of images",
    operands: convolutionOperands(tensor4D),
    attributes: { out_pad: numbers(4), stride: numbers(2), ...accumulation },
    results: { output: one(tensor4D) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(convolutionTypes, convolutionAccumulator, transposeConvolutionSizes),
  }),
  avg_pool2d: op({
    summary: "the average of each window",
    operands: { input: one(tensor4D), input_zp: one(zeroPoint), output_zp: one(zeroPoint) },
    attributes: { ...window, acc_type: accumulatorType },
    results: { output: one(tensor4D) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(poolingSizes, averageAccumulator, averageZeroPoints),
  }),
  max_pool2d: op({
    summary: "the greatest value of each window",
    operands: { input: one(tensor4D) },
    attributes: { ...window, nan_mode: nanMode },
    results: { output: one(tensor4D) },
    traits: ["pure"],
    assembly: nanModeAssembly,
    verify: verified(sameInputAndOutputElement, poolingSizes),
  }),
} as const;
