import { affine, affineMap, identityMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { channelLoops, finishConvolution, groupedChannels, joinChannels, windowSum } from "../convolve.ts";
import { lowering, type Lowering } from "../lowering.ts";
import { loadOrZero } from "../rearrange.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import type { WindowAxis } from "../window.ts";
import { computationType } from "./arithmetic.ts";
import { checkBias, convolutionWindow } from "./convolution.ts";
import { indexType } from "../../../ir/types.ts";

/**
 * Linear interpolation of `x` between the 2ⁿ elements around a point of its last n axes; elements outside count as zero.
 * `leading` are the indices of the axes before those; `point` is in the type in which to compute.
 */
function interpolated(s: ScalarBuilder, x: Tensor, leading: readonly Scalar[], point: readonly Scalar[]): Scalar {
  const sizes = x.shape.slice(leading.length);
  const corners = point.map((coordinate, axis) => {
    const type = coordinate.type;
    // Beyond one element outside everything is zero: clamped there, so that it fits an index. Comparisons send NaN there, too.
    const low = s.constant(-2, type);
    const high = s.constant(sizes[axis]! + 1, type);
    const above = s.select(s.compare("gt", coordinate, low), coordinate, low);
    const clamped = s.select(s.compare("lt", above, high), above, high);
    const floor = s.float("floor", clamped);
    const fraction = s.sub(clamped, floor);
    const index = s.cast(floor, indexType);
    return [
      { index, weight: s.sub(s.constant(1, type), fraction) },
      { index: s.add(index, s.index(1)), weight: fraction },
    ] as const;
  });
  const type = point[0]!.type;
  let sum: Scalar | undefined;
  for (let corner = 0; corner < 2 ** point.length; corner++) {
    const chosen = corners.map((pair, axis) => pair[(corner >> axis) & 1]!);
    const weight = chosen.map((part) => part.weight).reduce((product, factor) => s.mul(product, factor));
    const value = loadOrZero(s, x, [...leading, ...chosen.map((part) => part.index)]);
    const term = s.mul(s.cast(value, type), weight);
    sum = sum ? s.add(sum, term) : term;
  }
  return sum!;
}

/** The elements that the kernel meets at each position, moved by the offsets and scaled by the mask: [batch, channels, …kernel, …positions]. */
function sampled(
  t: TensorBuilder,
  x: Tensor,
  offset: Tensor,
  mask: Tensor | undefined,
  groups: number,
  window: readonly WindowAxis[],
): Tensor {
  const n = window.length;
  const [batch, channels] = x.shape as [number, number];
  const kernels = window.map(({ kernel }) => kernel);
  const outputs = window.map(({ output }) => output);
  const grouped = t.reshape(x, [batch, groups, channels / groups, ...x.shape.slice(2)]);
  const offsets = t.reshape(offset, [batch, groups, ...kernels, n, ...outputs]);
  const shape = [batch, groups, channels / groups, ...kernels, ...outputs];
  const rank = shape.length;
  const d = affine.dimension;
  const kernelIndices = kernels.map((_, axis) => d(3 + axis));
  const positions = outputs.map((_, axis) => d(3 + n + axis));
  const accumulator = computationType(x.element);
  const [columns] = t.generic({
    inputs: [
      ...window.map((_, axis) => ({
        tensor: offsets,
        map: affineMap(rank, [d(0), d(1), ...kernelIndices, affine.constant(axis), ...positions]),
      })),
      ...(mask
        ? [
            {
              tensor: t.reshape(mask, [batch, groups, ...kernels, ...outputs]),
              map: affineMap(rank, [d(0), d(1), ...kernelIndices, ...positions]),
            },
          ]
        : []),
    ],
    outputs: [{ tensor: t.emptyOutput(shape, accumulator), map: identityMap(rank) }],
    iterators: shape.map(() => "parallel"),
    body: (s, inputs) => {
      const point = window.map((axis, position) => {
        const start = s.sub(s.mul(s.loopIndex(3 + n + position), s.index(axis.stride)), s.index(axis.low));
        const tap = s.add(start, s.mul(s.loopIndex(3 + position), s.index(axis.dilation)));
        return s.add(s.cast(tap, accumulator), s.cast(inputs[position]!, accumulator));
      });
      const value = interpolated(s, grouped, [s.loopIndex(0), s.loopIndex(1), s.loopIndex(2)], point);
      return [mask ? s.mul(value, s.cast(inputs[n]!, accumulator)) : value];
    },
  });
  return t.reshape(columns!, [batch, channels, ...kernels, ...outputs]);
}

export const deformableConvolutionRules: readonly Lowering[] = [
  lowering(onnx.DeformConv, (view) => {
    const { t, inputs, attributes } = view;
    const { X, W, offset, B, mask } = inputs;
    const { group, offset_group } = attributes;
    const channels = groupedChannels(view, X, W, group);
    checkBias(view, B, W.shape[0]!);
    const window = convolutionWindow(view, X, W, attributes);
    const outputs = window.map(({ output }) => output);
    const taps = window.reduce((product, { kernel }) => product * kernel, 1);
    if (offset_group < 1 || X.shape[1]! % offset_group !== 0)
      view.invalid(`${X.shape[1]} channels do not fit ${offset_group} offset groups`);
    const offsetShape = [X.shape[0]!, offset_group * taps * window.length, ...outputs];
    if (offset.shape.join() !== offsetShape.join()) view.invalid(`offset is [${offset.shape}], not [${offsetShape}]`);
    const maskShape = [X.shape[0]!, offset_group * taps, ...outputs];
    if (mask && mask.shape.join() !== maskShape.join()) view.invalid(`mask is [${mask.shape}], not [${maskShape}]`);
    const loops = channelLoops(group, channels.inputs, channels.outputs);
    const sum = windowSum(t, {
      loops,
      input: sampled(t, X, offset, mask, offset_group, window),
      inputIndices: (positions, kernels) => [...kernels, ...positions],
      outputs,
      weights: W,
      accumulator: computationType(X.element),
    });
    return [joinChannels(t, finishConvolution(t, { sum, loops }, X.element, B), loops)];
  }),
];
