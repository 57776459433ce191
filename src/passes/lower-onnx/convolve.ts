import { type AffineExpression, affine, affineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import type { Type } from "../../ir/types.ts";
import { readElement } from "../../support/numeric/host-tensor.ts";
import type { LoweringView } from "./lowering.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { neededHigh, type WindowAxis, windowIndex } from "./window.ts";

/**
 * Which loops run over channels. Without groups: output channels, and input channels to be summed. Depthwise: channels. Otherwise
 * groups, the output channels of a group, and the input channels of a group to be summed.
 */
export interface ChannelLoops {
  /** Sizes of the loops over the result's channels. */
  readonly parallel: readonly number[];
  /** Sizes of the loops that are summed over. */
  readonly reduction: readonly number[];
  /** For each operand, its channel indices: `p` counts the parallel loops, `r` the summed ones. */
  readonly input: readonly ChannelIndex[];
  readonly weights: readonly ChannelIndex[];
}
type ChannelIndex = readonly ["p" | "r", number];

/** The loops for `group` groups of `inputs` channels each that give `outputs` channels each. */
export function channelLoops(group: number, inputs: number, outputs: number): ChannelLoops {
  if (group === 1)
    return { parallel: [outputs], reduction: [inputs], input: [["r", 0]], weights: [["p", 0], ["r", 0]] }; // prettier-ignore
  if (inputs === 1 && outputs === 1)
    return { parallel: [group], reduction: [], input: [["p", 0]], weights: [["p", 0]] };
  return {
    parallel: [group, outputs],
    reduction: [inputs],
    input: [["p", 0], ["r", 0]], // prettier-ignore
    weights: [["p", 0], ["p", 1], ["r", 0]], // prettier-ignore
  };
}
/** The sizes of an operand's channel dimensions. */
export const channelSizes = (loops: ChannelLoops, indices: readonly ChannelIndex[]): readonly number[] =>
  indices.map(([kind, position]) => (kind === "p" ? loops.parallel : loops.reduction)[position]!);

/** A tensor of one element for the whole operand, or of one for each output channel. */
interface ZeroPoints {
  readonly input?: Tensor | undefined;
  readonly weights?: Tensor | undefined;
}

export interface Convolution {
  /** [batch, channels, …] */
  readonly input: Tensor;
  /** [output channels, input channels of a group, …] */
  readonly weights: Tensor;
  readonly group: number;
  readonly window: readonly WindowAxis[];
  /** In which products are summed. */
  readonly accumulator: Type;
  /** Subtracted from the operands in the accumulator's type before they are multiplied; padding then stands for zero. */
  readonly zeroPoints?: ZeroPoints;
}

/** A sum over windows: [batch, …channel loops, …spatial], in the accumulator's type. */
export interface ConvolutionSum {
  readonly sum: Tensor;
  readonly loops: ChannelLoops;
}

/** One element of a tensor that has just that one. */
export function onlyElement(t: TensorBuilder, x: Tensor): Scalar {
  if (x.constant) return t.scalars.constant(readElement(x.constant, 0) as number | bigint, x.element);
  return t.extract(
    x,
    x.shape.map(() => t.scalars.index(0)),
  );
}

/** Checks that channels fit the groups, and says how many there are of each in a group. */
export function groupedChannels(
  view: Pick<LoweringView, "invalid">,
  input: Tensor,
  weights: Tensor,
  group: number,
): { readonly inputs: number; readonly outputs: number } {
  if (input.rank < 3 || weights.rank !== input.rank)
    view.invalid(`input and weights have ranks ${input.rank} and ${weights.rank}; both need the same, at least 3`);
  const [channels, inputs, outputs] = [input.shape[1]!, weights.shape[1]!, weights.shape[0]!];
  if (group < 1 || channels !== inputs * group || outputs % group !== 0)
    view.invalid(`${channels} channels and weights [${weights.shape}] do not fit ${group} groups`);
  return { inputs, outputs: outputs / group };
}

/** Padding, then one structured operation with the loops (batch, channels, positions, summed channels, kernel). */
export function convolve(t: TensorBuilder, spec: Convolution): ConvolutionSum {
  const { input, weights, group, window, accumulator, zeroPoints } = spec;
  const loops = channelLoops(group, weights.shape[1]!, weights.shape[0]! / group);
  const padding = zeroPoints?.input ? onlyElement(t, zeroPoints.input) : t.scalars.constant(0, input.element);
  const padded = t.pad(input, [0, 0, ...window.map(({ low }) => low)], [0, 0, ...window.map(neededHigh)], padding);
  const sum = windowSum(t, {
    loops,
    input: padded,
    inputIndices: (outputs, kernels) => window.map((axis, d) => windowIndex(axis, outputs[d]!, kernels[d]!)),
    outputs: window.map(({ output }) => output),
    weights,
    accumulator,
    zeroPoints,
  });
  return { sum, loops };
}

/** The sum at the heart of every convolution, however the operand's elements are found. */
export function windowSum(
  t: TensorBuilder,
  spec: {
    readonly loops: ChannelLoops;
    /** [batch, channels, …] */
    readonly input: Tensor;
    /** The operand's indices beyond batch and channels, from those of the result and the kernel. */
    readonly inputIndices: (
      outputs: readonly AffineExpression[],
      kernels: readonly AffineExpression[],
    ) => readonly AffineExpression[];
    /** Spatial sizes of the result. */
    readonly outputs: readonly number[];
    readonly weights: Tensor;
    readonly accumulator: Type;
    readonly zeroPoints?: ZeroPoints | undefined;
  },
): Tensor {
  const { loops, input, outputs, weights, accumulator, zeroPoints } = spec;
  const batch = input.shape[0]!;
  const kernelSizes = weights.shape.slice(2);
  const firstSpatial = 1 + loops.parallel.length;
  const firstReduction = firstSpatial + outputs.length;
  const firstKernel = firstReduction + loops.reduction.length;
  const rank = firstKernel + kernelSizes.length;
  const d = (position: number): AffineExpression => affine.dimension(position);
  const channels = (indices: readonly ChannelIndex[]): readonly AffineExpression[] =>
    indices.map(([kind, position]) => d((kind === "p" ? 1 : firstReduction) + position));
  const kernels = kernelSizes.map((_, axis) => d(firstKernel + axis));
  const positions = outputs.map((_, axis) => d(firstSpatial + axis));
  return t.generic({
    inputs: [
      {
        tensor: t.reshape(input, [batch, ...channelSizes(loops, loops.input), ...input.shape.slice(2)]),
        map: affineMap(rank, [d(0), ...channels(loops.input), ...spec.inputIndices(positions, kernels)]),
      },
      {
        tensor: t.reshape(weights, [...channelSizes(loops, loops.weights), ...kernelSizes]),
        map: affineMap(rank, [...channels(loops.weights), ...kernels]),
      },
      ...zeroPointOperands(t, zeroPoints, loops, rank),
    ],
    outputs: [
      {
        tensor: t.filled(0, accumulator, [batch, ...loops.parallel, ...outputs]),
        map: projectionMap(
          rank,
          Array.from({ length: firstReduction }, (_, position) => position),
        ),
      },
    ],
    iterators: Array.from({ length: rank }, (_, position) => (position < firstReduction ? "parallel" : "reduction")),
    body: (s, [x, w, ...zeros], [total]) => {
      const rest = [...zeros];
      const zeroOf = (point: Tensor | undefined): Scalar | undefined => (point ? rest.shift() : undefined);
      const left = shifted(s, x!, zeroOf(zeroPoints?.input), accumulator);
      const right = shifted(s, w!, zeroOf(zeroPoints?.weights), accumulator);
      return [s.add(total!, s.mul(left, right))];
    },
  })[0]!;
}

/** An operand's element in the accumulator's type, with its zero point taken off. */
export const shifted = (s: ScalarBuilder, value: Scalar, zero: Scalar | undefined, type: Type): Scalar =>
  zero ? s.sub(s.cast(value, type), s.cast(zero, type)) : s.cast(value, type);

function zeroPointOperands(
  t: TensorBuilder,
  zeroPoints: ZeroPoints | undefined,
  loops: ChannelLoops,
  rank: number,
): readonly IndexedTensor[] {
  const operands: IndexedTensor[] = [];
  const whole = (point: Tensor): IndexedTensor => ({ tensor: t.reshape(point, []), map: affineMap(rank, []) });
  if (zeroPoints?.input) operands.push(whole(zeroPoints.input));
  const point = zeroPoints?.weights;
  if (point)
    operands.push(
      point.size === 1
        ? whole(point)
        : {
            tensor: t.reshape(point, loops.parallel),
            map: projectionMap(
              rank,
              loops.parallel.map((_, position) => 1 + position),
            ),
          },
    );
  return operands;
}

/**
 * The end of a convolution: bias by output channel, then any scalar function, in the accumulator's type and cast to `element`;
 * as one element-by-element operation over the sum's own loops, which fusion can join to it.
 */
export function finishConvolution(
  t: TensorBuilder,
  { sum, loops }: ConvolutionSum,
  element: Type,
  bias: Tensor | undefined,
  then?: (s: ScalarBuilder, value: Scalar) => Scalar,
): Tensor {
  if (!bias && !then && sum.element === element) return sum;
  const channelAxes = loops.parallel.map((_, position) => 1 + position);
  return t.generic({
    inputs: [
      { tensor: sum, map: identityMap(sum.rank) },
      ...(bias ? [{ tensor: t.reshape(bias, loops.parallel), map: projectionMap(sum.rank, channelAxes) }] : []),
    ],
    outputs: [{ tensor: t.emptyOutput(sum.shape, element), map: identityMap(sum.rank) }],
    iterators: sum.shape.map(() => "parallel"),
    body: (s, [value, offset]) => {
      const biased = offset ? s.add(value!, s.cast(offset, sum.element)) : value!;
      return [s.cast(then ? then(s, biased) : biased, element)];
    },
  })[0]!;
}

/** [batch, …channel loops, …spatial] to [batch, channels, …spatial]. */
export const joinChannels = (t: TensorBuilder, x: Tensor, loops: ChannelLoops): Tensor =>
  t.reshape(x, [
    x.shape[0]!,
    loops.parallel.reduce((product, size) => product * size, 1),
    ...x.shape.slice(1 + loops.parallel.length),
  ]);
