import { type AffineExpression, affine, affineMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i1 } from "../../../ir/types.ts";
import { channelLoops, type ChannelLoops, channelSizes, finishConvolution, joinChannels } from "../convolve.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { affineScalar, rearrange } from "../rearrange.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { extentOf, perAxis, type WindowAxis, windowOf } from "../window.ts";
import { computationType } from "./arithmetic.ts";
import { checkBias } from "./convolution.ts";

/** One spatial axis of a transposed convolution: `size` operand elements are spread `stride` apart and the ends cut off. */
type TransposedAxis = Pick<WindowAxis, "size" | "kernel" | "stride" | "dilation" | "low" | "output">;

/**
 * One axis, cut into phases: result element s·q + p (counted before the first `low` are cut off) takes the operand's elements
 * q - j with the weights at s·j + p, for taps j. So there are `stride` ordinary convolutions with disjoint results.
 */
interface Phases extends TransposedAxis {
  /** How many operand elements one result element takes. */
  readonly taps: number;
  /** Distance of taps in the operand. */
  readonly spacing: number;
  /** The first q that is computed, and how many. */
  readonly first: number;
  readonly count: number;
}

function phasesOf(axis: TransposedAxis): Phases {
  const { stride, kernel, dilation, low, output } = axis;
  // With stride 1 a dilated kernel is read at a distance; otherwise its gaps become zero weights.
  const taps = stride === 1 ? kernel : Math.ceil(extentOf(axis) / stride);
  const first = Math.floor(low / stride);
  return {
    ...axis,
    taps,
    spacing: stride === 1 ? dilation : 1,
    first,
    count: Math.ceil((low + output) / stride) - first,
  };
}

interface TransposedAttributes {
  readonly auto_pad: string;
  readonly dilations?: readonly number[] | undefined;
  readonly group: number;
  readonly kernel_shape?: readonly number[] | undefined;
  readonly output_padding?: readonly number[] | undefined;
  readonly output_shape?: readonly number[] | undefined;
  readonly pads?: readonly number[] | undefined;
  readonly strides?: readonly number[] | undefined;
}

function transposedAxes(
  view: Pick<LoweringView, "invalid">,
  sizes: readonly number[],
  kernel: readonly number[],
  attributes: TransposedAttributes,
): readonly TransposedAxis[] {
  const count = sizes.length;
  const declared = attributes.kernel_shape;
  if (declared && declared.length > 0 && declared.join() !== kernel.join())
    view.invalid(`kernel_shape [${declared}] is not that of the weights, [${kernel}]`);
  const strides = perAxis(view, "strides", attributes.strides, count, 1);
  const dilations = perAxis(view, "dilations", attributes.dilations, count, 1);
  const extra = perAxis(view, "output_padding", attributes.output_padding, count, 0);
  const pads = perAxis(view, "pads", attributes.pads, 2 * count, 0);
  const same = attributes.auto_pad === "SAME_UPPER" || attributes.auto_pad === "SAME_LOWER";
  if (!same && !["NOTSET", "VALID", ""].includes(attributes.auto_pad))
    view.invalid(`auto_pad ${attributes.auto_pad} is none of NOTSET, SAME_UPPER, SAME_LOWER and VALID`);
  // Models write output_shape with or without batch and channels.
  const given = attributes.output_shape?.length ? attributes.output_shape.slice(-count) : undefined;
  const wanted = given ?? (same ? sizes.map((size, axis) => size * strides[axis]!) : undefined);
  return sizes.map((size, axis) => {
    const base = { size, kernel: kernel[axis]!, stride: strides[axis]!, dilation: dilations[axis]! };
    const whole = base.stride * (size - 1) + extra[axis]! + extentOf(base);
    const output = wanted?.[axis];
    if (output !== undefined) {
      if (!(output > 0)) view.invalid(`output_shape [${wanted}] has an entry below 1`);
      const total = Math.max(0, whole - output);
      const low = attributes.auto_pad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
      return { ...base, low, output };
    }
    const [low, high] = attributes.auto_pad === "VALID" ? [0, 0] : [pads[axis]!, pads[count + axis]!];
    if (whole - low - high < 1)
      view.invalid(`pads [${pads}] leave nothing of axis ${axis}, which has ${whole} elements`);
    return { ...base, low, output: whole - low - high };
  });
}

/** Weights [groups · inputs, outputs, …kernel] as [groups, outputs, inputs, …taps (last first), …phases], zero where there are none. */
function phaseWeights(t: TensorBuilder, weights: Tensor, group: number, phases: readonly Phases[]): Tensor {
  const inputs = weights.shape[0]! / group;
  const n = phases.length;
  const shape = [
    group,
    weights.shape[1]!,
    inputs,
    ...phases.map(({ taps }) => taps),
    ...phases.flatMap(({ stride }) => (stride === 1 ? [] : [stride])),
  ];
  let phaseDimension = 3 + n;
  const kernel = phases.map(({ taps, stride, dilation, kernel: size }, axis): AffineExpression => {
    const tap = affine.add(affine.multiply(affine.dimension(3 + axis), affine.constant(-1)), affine.constant(taps - 1));
    if (stride === 1) return tap;
    const position = affine.add(affine.multiply(tap, affine.constant(stride)), affine.dimension(phaseDimension++));
    // A position between two dilated taps is sent outside of the kernel, where weights are zero.
    return affine.add(
      affine.floorDivide(position, affine.constant(dilation)),
      affine.multiply(affine.modulo(position, affine.constant(dilation)), affine.constant(size)),
    );
  });
  const input = affine.add(affine.multiply(affine.dimension(0), affine.constant(inputs)), affine.dimension(2));
  return rearrange(t, weights, shape, affineMap(shape.length, [input, affine.dimension(1), ...kernel]));
}

/** The operand with just the elements that the phases read, and zeros where they read beyond it. */
function paddedOperand(t: TensorBuilder, x: Tensor, phases: readonly Phases[]): Tensor {
  const start = phases.map(({ first, taps, spacing }) => first - (taps - 1) * spacing);
  const cut = start.map((offset, axis) => Math.min(Math.max(0, offset), phases[axis]!.size));
  const sliced = t.slice(
    x,
    [0, 0, ...cut],
    [x.shape[0]!, x.shape[1]!, ...phases.map(({ size }, axis) => size - cut[axis]!)],
  );
  return t.pad(
    sliced,
    [0, 0, ...start.map((offset) => Math.max(0, -offset))],
    [0, 0, ...phases.map(({ first, count, size }) => Math.max(0, first + count - size))],
    t.scalars.constant(0, x.element),
  );
}

/** All phases as one structured operation: [batch, …channels, q and p of each axis]. */
function transposedSum(
  t: TensorBuilder,
  x: Tensor,
  weights: Tensor,
  loops: ChannelLoops,
  phases: readonly Phases[],
): Tensor {
  const n = phases.length;
  const padded = paddedOperand(t, x, phases);
  const phaseCount = phases.filter(({ stride }) => stride > 1).length;
  const firstReduction = 1 + loops.parallel.length + n + phaseCount;
  const firstTap = firstReduction + loops.reduction.length;
  const tapped = phases.map(({ taps }) => taps > 1);
  const rank = firstTap + tapped.filter(Boolean).length;
  const d = (position: number): AffineExpression => affine.dimension(position);
  const channels = (indices: ChannelLoops["input"]): readonly AffineExpression[] =>
    indices.map(([kind, position]) => d((kind === "p" ? 1 : firstReduction) + position));

  let [next, nextTap] = [1 + loops.parallel.length, firstTap];
  const positions: AffineExpression[] = [];
  const phaseIndices: AffineExpression[] = [];
  const tapIndices: AffineExpression[] = [];
  phases.forEach(({ stride, spacing }, axis) => {
    const q = d(next++);
    if (stride > 1) phaseIndices.push(d(next++));
    const tap = tapped[axis]! ? d(nextTap++) : affine.constant(0);
    tapIndices.push(tap);
    positions.push(affine.add(q, affine.multiply(tap, affine.constant(spacing))));
  });
  const keptTaps = tapIndices.filter((_, axis) => tapped[axis]);
  const sizes = phases.flatMap(({ count, stride }) => (stride > 1 ? [count, stride] : [count]));
  const accumulator = computationType(x.element);
  return t.generic({
    inputs: [
      {
        tensor: t.reshape(padded, [x.shape[0]!, ...channelSizes(loops, loops.input), ...padded.shape.slice(2)]),
        map: affineMap(rank, [d(0), ...channels(loops.input), ...positions]),
      },
      {
        tensor: t.reshape(weights, [
          ...channelSizes(loops, loops.weights),
          ...phases.flatMap(({ taps }) => (taps > 1 ? [taps] : [])),
          ...phases.flatMap(({ stride }) => (stride > 1 ? [stride] : [])),
        ]),
        map: affineMap(rank, [...channels(loops.weights), ...keptTaps, ...phaseIndices]),
      },
    ],
    outputs: [
      {
        tensor: t.filled(0, accumulator, [x.shape[0]!, ...loops.parallel, ...sizes]),
        map: projectionMap(
          rank,
          Array.from({ length: firstReduction }, (_, position) => position),
        ),
      },
    ],
    iterators: Array.from({ length: rank }, (_, position) => (position < firstReduction ? "parallel" : "reduction")),
    body: (s, [value, weight], [total]) => [
      s.add(total!, s.mul(s.cast(value!, accumulator), s.cast(weight!, accumulator))),
    ],
  })[0]!;
}

export const transposedConvolutionRules: readonly Lowering[] = [
  lowering(onnx.ConvTranspose, (view) => {
    const { t, inputs, attributes } = view;
    const { X, W, B } = inputs;
    const { group } = attributes;
    if (X.rank < 3 || W.rank !== X.rank)
      view.invalid(`X and W have ranks ${X.rank} and ${W.rank}; both need the same, at least 3`);
    if (group < 1 || X.shape[1] !== W.shape[0] || W.shape[0]! % group !== 0)
      view.invalid(`[${X.shape}] and weights [${W.shape}] do not fit ${group} groups`);
    checkBias(view, B, W.shape[1]! * group);
    const phases = transposedAxes(view, X.shape.slice(2), W.shape.slice(2), attributes).map(phasesOf);
    const loops = channelLoops(group, W.shape[0]! / group, W.shape[1]!);
    const sum = transposedSum(t, X, phaseWeights(t, W, group, phases), loops, phases);
    const finished = joinChannels(t, finishConvolution(t, { sum, loops }, X.element, B), loops);
    // The phases of an axis are neighbours, so merging them puts the elements in order; then the ends are cut off.
    const merged = t.reshape(finished, [
      ...finished.shape.slice(0, 2),
      ...phases.map(({ count, stride }) => count * stride),
    ]);
    return [
      t.slice(
        merged,
        [0, 0, ...phases.map(({ low, first, stride }) => low - first * stride)],
        [...merged.shape.slice(0, 2), ...phases.map(({ output }) => output)],
      ),
    ];
  }),
  lowering(onnx.Col2Im, (view) => {
    const { t, inputs, attributes } = view;
    const { input } = inputs;
    const image = view.integers(inputs.image_shape, "image_shape");
    const block = view.integers(inputs.block_shape, "block_shape");
    const window = windowOf(view, image, block, attributes);
    const blockSize = block.reduce((product, size) => product * size, 1);
    const positions = window.map(({ output }) => output);
    const [batch, rows, columns] = input.shape;
    if (
      input.rank !== 3 ||
      rows! % blockSize !== 0 ||
      columns !== positions.reduce((product, size) => product * size, 1)
    )
      view.invalid(`[${input.shape}] does not hold blocks [${block}] of an image [${image}]`);
    const channels = rows! / blockSize;
    const blocks = t.reshape(input, [batch!, channels, ...block, ...positions]);
    const n = image.length;
    const rank = 2 + 2 * n;
    const outer = Array.from({ length: 2 + n }, (_, position) => position);
    const accumulator = computationType(input.element);
    const [sum] = t.generic({
      // Only its shape is used: it says how far the loops over a block run.
      inputs: [
        {
          tensor: t.emptyOutput(block, input.element),
          map: projectionMap(
            rank,
            block.map((_, axis) => 2 + n + axis),
          ),
        },
      ],
      outputs: [{ tensor: t.filled(0, accumulator, [batch!, channels, ...image]), map: projectionMap(rank, outer) }],
      iterators: Array.from({ length: rank }, (_, position) => (position < 2 + n ? "parallel" : "reduction")),
      body: (s, _, [total]) => {
        const loop = Array.from({ length: rank }, (_, position) => s.loopIndex(position));
        const offsets = loop.slice(2 + n);
        // The block position that puts its element here, if there is one: (pixel + padding - dilation·offset) / stride.
        const distances = window.map((axis, d) =>
          affineScalar(
            s,
            affine.add(
              affine.add(affine.dimension(0), affine.multiply(affine.dimension(1), affine.constant(-axis.dilation))),
              affine.constant(axis.low),
            ),
            [loop[2 + d]!, offsets[d]!],
          ),
        );
        const at = distances.map((distance, d) => s.floorDiv(distance, s.index(window[d]!.stride)));
        const hit = distances
          .map((distance, d) => {
            const inside = s.and(
              s.compare("ge", distance, s.index(0)),
              s.compare("lt", at[d]!, s.index(window[d]!.output)),
            );
            return s.and(inside, s.compare("eq", s.mul(at[d]!, s.index(window[d]!.stride)), distance));
          })
          .reduce((all, one) => s.and(all, one));
        const safe = at.map((position) => s.select(hit, position, s.index(0)));
        const value = s.load(blocks, [loop[0]!, loop[1]!, ...offsets, ...safe]);
        const term = s.select(hit, s.cast(value, accumulator), s.constant(0, accumulator));
        return [accumulator === i1 ? s.or(total!, term) : s.add(total!, term)];
      },
    });
    return [t.cast(sum!, input.element)];
  }),
];
