import { type AffineExpression, affine, affineMap, identityMap, projectionMap } from "../../src/ir/affine.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, weft } from "../../src/ir/dialects/index.ts";
import type { Builder } from "../../src/ir/builder.ts";
import type { Module, ValueId } from "../../src/ir/module.ts";
import { f32, tensorType } from "../../src/ir/types.ts";
import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";
import { denseAttribute } from "../../src/ir/attributes.ts";
import { constantF32, emptyTensor, fill, generic, pad, parallel } from "./tensor-programs.ts";

/** A convolution of one image [channels, height, width], as ONNX lowering writes it. */
export interface ConvolutionCase {
  readonly inputs: number;
  readonly outputs: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly depthwise?: boolean;
  /** What follows: bias and hard swish, and the input added where shapes allow it. */
  readonly follow: "nothing" | "bias-activation" | "residual";
}

export const outputSize = ({ height, width, kernel, stride, padding }: ConvolutionCase): readonly [number, number] => [
  Math.floor((height + 2 * padding[0] - kernel[0]) / stride[0]) + 1,
  Math.floor((width + 2 * padding[1] - kernel[1]) / stride[1]) + 1,
];

export const weightShape = ({ inputs, outputs, kernel, depthwise }: ConvolutionCase): readonly number[] =>
  depthwise ? [inputs, ...kernel] : [outputs, inputs, ...kernel];

/** A function of image, bias (and a residual image); the weights are constant unless they are left out. */
export function convolutionModule(spec: ConvolutionCase, weights?: HostTensor): Module {
  const { inputs, outputs, height, width, stride, padding, depthwise, follow } = spec;
  const [oh, ow] = outputSize(spec);
  const channels = depthwise ? inputs : outputs;
  const output = [1, channels, oh, ow];
  const types = [
    tensorType([1, inputs, height, width], f32),
    tensorType([channels], f32),
    tensorType(output, f32),
    ...(weights ? [] : [tensorType(weightShape(spec), f32)]),
  ];
  const d = (position: number): AffineExpression => affine.dimension(position);
  return createModule((rewriter) => {
    createFunction(rewriter, "main", types, (b, [image, bias, residual, given]) => {
      const kernelValue = weights
        ? arith.constant.build(
            b,
            {},
            { value: denseAttribute(weights) },
            { resultTypes: [tensorType(weights.shape, f32)] },
          ).result
        : given!;
      const zero = constantF32(b, 0);
      const padded = padding.some((amount) => amount > 0)
        ? pad(b, image!, [0, 0, ...padding], [0, 0, ...padding], zero)
        : image!;
      const rank = depthwise ? 6 : 7;
      const first = depthwise ? 4 : 5;
      const place = (o: number, k: number, s: number): AffineExpression =>
        affine.add(affine.multiply(d(o), affine.constant(s)), d(k));
      const group = (inner: Builder): ValueId => {
        const sum = generic(
          inner,
          [
            {
              value: padded,
              map: affineMap(rank, [
                d(0),
                d(depthwise ? 1 : 4),
                place(2, first, stride[0]),
                place(3, first + 1, stride[1]),
              ]),
            },
            { value: kernelValue, map: affineMap(rank, [d(1), ...(depthwise ? [] : [d(4)]), d(first), d(first + 1)]) },
          ],
          { value: fill(inner, zero, emptyTensor(inner, output)), map: projectionMap(rank, [0, 1, 2, 3]) },
          [...parallel(4), ...Array.from({ length: rank - 4 }, () => "reduction" as const)],
          (body, [x, w], acc) =>
            arith.addf.build(body, { lhs: acc, rhs: arith.mulf.build(body, { lhs: x!, rhs: w! }, {}).result }, {})
              .result,
        );
        if (follow === "nothing") return sum;
        const map = identityMap(4);
        const biased = generic(
          inner,
          [
            { value: sum, map },
            { value: bias!, map: projectionMap(4, [1]) },
          ],
          { value: emptyTensor(inner, output), map },
          parallel(4),
          (body, [x, c]) => {
            const shifted = arith.addf.build(body, { lhs: x!, rhs: c! }, {}).result;
            const three = arith.addf.build(body, { lhs: shifted, rhs: constantF32(body, 3) }, {}).result;
            const low = arith.maximumf.build(body, { lhs: three, rhs: zero }, {}).result;
            const clipped = arith.minimumf.build(body, { lhs: low, rhs: constantF32(body, 6) }, {}).result;
            const product = arith.mulf.build(body, { lhs: shifted, rhs: clipped }, {}).result;
            return arith.divf.build(body, { lhs: product, rhs: constantF32(body, 6) }, {}).result;
          },
        );
        if (follow === "bias-activation") return biased;
        return generic(
          inner,
          [biased, residual!].map((value) => ({ value, map })),
          { value: emptyTensor(inner, output), map },
          parallel(4),
          (body, [x, y]) => arith.addf.build(body, { lhs: x!, rhs: y! }, {}).result,
        );
      };
      if (follow === "nothing") return [group(b)];
      const kernelOp = weft.kernel.build(
        b,
        { inputs: [padded, kernelValue, bias!, residual!], outputs: [emptyTensor(b, output)] },
        {},
        {
          resultTypes: [tensorType(output, f32)],
          regions: {
            body: [{ arguments: [], body: (inner) => void weft.yield.build(inner, { values: [group(inner)] }, {}) }],
          },
        },
      );
      return [kernelOp.results[0]!];
    });
  });
}

/** The same by plain loops in double precision. */
export function convolveDirectly(
  spec: ConvolutionCase,
  image: HostTensor,
  bias: HostTensor,
  residual: HostTensor,
  weights: HostTensor,
): Float32Array {
  const { inputs, outputs, height, width, kernel, stride, padding, depthwise, follow } = spec;
  const [oh, ow] = outputSize(spec);
  const channels = depthwise ? inputs : outputs;
  const result = new Float32Array(channels * oh * ow);
  const at = (tensor: HostTensor, index: number): number => (tensor.data as Float32Array)[index]!;
  for (let oc = 0; oc < channels; oc++)
    for (let y = 0; y < oh; y++)
      for (let x = 0; x < ow; x++) {
        let sum = 0;
        for (let ic = depthwise ? oc : 0; ic < (depthwise ? oc + 1 : inputs); ic++)
          for (let ky = 0; ky < kernel[0]; ky++)
            for (let kx = 0; kx < kernel[1]; kx++) {
              const iy = y * stride[0] + ky - padding[0];
              const ix = x * stride[1] + kx - padding[1];
              if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
              const w = ((depthwise ? oc : oc * inputs + ic) * kernel[0] + ky) * kernel[1] + kx;
              sum += at(image, (ic * height + iy) * width + ix) * at(weights, w);
            }
        const place = (oc * oh + y) * ow + x;
        if (follow !== "nothing") {
          sum += at(bias, oc);
          sum = (sum * Math.min(6, Math.max(0, sum + 3))) / 6;
        }
        result[place] = sum + (follow === "residual" ? at(residual, place) : 0);
      }
  return result;
}
