import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i64, indexType } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { broadcastShapes } from "../broadcast.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { positionOf } from "./gather.ts";

type Checks = Pick<LoweringView, "integers" | "invalid">;

const productOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Reshape's target with 0 (copy, unless `allowzero`) and -1 (what is left) resolved. */
function resolveShape(view: Checks, data: Tensor, target: readonly number[], allowZero: boolean): readonly number[] {
  const sizes = target.map((size, axis) =>
    size === 0 && !allowZero
      ? (data.shape[axis] ?? view.invalid(`shape has 0 at axis ${axis}, which the operand has not`))
      : size,
  );
  if (sizes.filter((size) => size === -1).length > 1) view.invalid("shape has -1 more than once");
  const known = productOf(sizes.filter((size) => size !== -1));
  const shape = sizes.map((size) => (size === -1 ? (known === 0 ? 0 : data.size / known) : size));
  if (shape.some((size) => size < 0 || !Number.isInteger(size)) || productOf(shape) !== data.size)
    view.invalid(`[${data.shape}] cannot be reshaped to [${target}]`);
  return shape;
}

/** The same elements in a shape that the model declares. */
function reshaped(view: Pick<LoweringView, "t" | "invalid">, data: Tensor, declared: readonly number[]): Tensor {
  if (productOf(declared) !== data.size) view.invalid(`[${data.shape}] does not become [${declared}]`);
  return view.t.reshape(data, declared);
}

/** Axes given as an operand, made non-negative; duplicates are an error. */
function distinctAxes(view: Checks, axes: readonly number[], rank: number): readonly number[] {
  const normalized = axes.map((axis) => axisOf(view, axis, rank));
  if (new Set(normalized).size !== normalized.length) view.invalid(`axes [${axes}] repeat one`);
  return normalized;
}

/** Start, size and step of a slice along one axis, by NumPy's clamping rules. */
function sliceExtent(size: number, start: number, end: number, step: number): { start: number; size: number } {
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  if (step > 0) {
    const first = clamp(from, 0, size);
    return { start: first, size: Math.max(0, Math.ceil((clamp(to, 0, size) - first) / step)) };
  }
  const first = clamp(from, -1, size - 1);
  return { start: first, size: Math.max(0, Math.ceil((clamp(to, -1, size - 1) - first) / step)) };
}

/** A slice of known size whose place is known at run time only. */
function runTimeSlice(
  view: Pick<LoweringView, "t" | "invalid">,
  data: Tensor,
  sizes: readonly number[],
  operands: { readonly starts: Tensor; readonly axes: Tensor | undefined; readonly steps: Tensor | undefined },
): Tensor {
  const { t } = view;
  if (sizes.length !== data.rank) view.invalid(`a slice of [${data.shape}] is declared as [${sizes}]`);
  const { starts, axes, steps } = operands;
  const entry = (s: ScalarBuilder, x: Tensor, position: number): Scalar =>
    s.cast(s.load(x, [s.index(position)]), indexType);
  return t.compute(sizes, data.element, (s, indices) =>
    s.load(
      data,
      indices.map((index, axis) => {
        let [start, step] = [s.index(0), s.index(1)];
        for (let position = 0; position < starts.size; position++) {
          const given = axes ? positionOf(s, s.load(axes, [s.index(position)]), data.rank) : s.index(position);
          const isHere = s.compare("eq", given, s.index(axis));
          const by = steps ? entry(s, steps, position) : s.index(1);
          const from = positionOf(s, s.load(starts, [s.index(position)]), data.shape[axis]!);
          const last = s.index(data.shape[axis]! - 1);
          const clamped = s.max(s.index(0), s.select(s.compare("lt", by, s.index(0)), s.min(from, last), from));
          [start, step] = [s.select(isHere, clamped, start), s.select(isHere, by, step)];
        }
        return s.add(start, s.mul(index, step));
      }),
    ),
  );
}

/** Sizes of the parts of a Split: its operand's, or those that the model declares, or equal ones but for the last. */
function splitSizes(
  view: Checks & Pick<LoweringView, "declaredShape">,
  x: Tensor,
  axis: number,
  split: Tensor | undefined,
  parts: number,
): readonly number[] {
  const size = x.shape[axis]!;
  if (split) {
    const declared = Array.from({ length: parts }, (_, part) => view.declaredShape(part)?.[axis]);
    const isDeclared = !split.constant && declared.every((part) => part !== undefined);
    const sizes = isDeclared ? declared : view.integers(split, "split");
    if (sizes.some((part) => part < 0) || sizes.reduce((sum, part) => sum + part, 0) !== size)
      view.invalid(`split [${sizes}] does not add up to ${size}`);
    return sizes;
  }
  if (parts < 1) view.invalid(`it has ${parts} parts`);
  const chunk = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, index) => clamp(size - index * chunk, 0, chunk));
}

/** Blocks of `block`×`block` moved between space and depth by one transpose between two reshapes. */
function depthToSpace(t: TensorBuilder, x: Tensor, block: number, mode: string): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const depth = c / (block * block);
  const columnFirst = mode === "CRD";
  const split = t.reshape(x, columnFirst ? [n, depth, block, block, h, w] : [n, block, block, depth, h, w]);
  const moved = t.transpose(split, columnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]);
  return t.reshape(moved, [n, depth, h * block, w * block]);
}

export const shapeRules: readonly Lowering[] = [
  lowering(onnx.Identity, ({ values: { input } }) => [input]),
  lowering(onnx.Shape, ({ t, inputs: { data }, attributes: { start, end } }) => {
    const bound = (position: number): number => clamp(position < 0 ? position + data.rank : position, 0, data.rank);
    return [t.numbers(data.shape.slice(bound(start), bound(end ?? data.rank)), i64)];
  }),
  lowering(onnx.Size, ({ t, inputs: { data } }) => [t.splat(data.size, i64)]),
  lowering(onnx.Reshape, (view) => {
    const { data, shape } = view.inputs;
    const declared = shape.constant ? undefined : view.declaredShape(0);
    if (declared?.length === shape.size) return [reshaped(view, data, declared)];
    const target = view.integers(shape, "shape");
    return [view.t.reshape(data, resolveShape(view, data, target, view.attributes.allowzero !== 0))];
  }),
  lowering(onnx.Flatten, (view) => {
    const { input } = view.inputs;
    const axis = view.attributes.axis === input.rank ? input.rank : axisOf(view, view.attributes.axis, input.rank);
    return [view.t.reshape(input, [productOf(input.shape.slice(0, axis)), productOf(input.shape.slice(axis))])];
  }),
  lowering(onnx.Squeeze, (view) => {
    const { data, axes } = view.inputs;
    const declared = axes && !axes.constant ? view.declaredShape(0) : undefined;
    if (declared?.length === data.rank - (axes?.size ?? 0)) return [reshaped(view, data, declared)];
    const dropped = new Set(
      axes
        ? distinctAxes(view, view.integers(axes, "axes"), data.rank)
        : data.shape.flatMap((size, axis) => (size === 1 ? [axis] : [])),
    );
    if ([...dropped].some((axis) => data.shape[axis] !== 1)) view.invalid("an axis to squeeze has a size other than 1");
    return [
      view.t.reshape(
        data,
        data.shape.filter((_, axis) => !dropped.has(axis)),
      ),
    ];
  }),
  lowering(onnx.Unsqueeze, (view) => {
    const { data, axes } = view.inputs;
    const declared = axes.constant ? undefined : view.declaredShape(0);
    if (declared?.length === data.rank + axes.size) return [reshaped(view, data, declared)];
    const given = view.integers(axes, "axes");
    const rank = data.rank + given.length;
    const added = new Set(distinctAxes(view, given, rank));
    const rest = [...data.shape];
    return [
      view.t.reshape(
        data,
        Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.shift()!)),
      ),
    ];
  }),
  lowering(onnx.Transpose, ({ t, inputs: { data }, attributes: { perm }, invalid }) => {
    const permutation = perm ?? data.shape.map((_, axis) => data.rank - 1 - axis);
    if ([...permutation].sort((a, b) => a - b).join() !== data.shape.map((_, axis) => axis).join())
      invalid(`perm [${permutation}] is no permutation of ${data.rank} axes`);
    return [t.transpose(data, permutation)];
  }),
  lowering(onnx.Concat, (view) => {
    const { inputs } = view.inputs;
    const axis = axisOf(view, view.attributes.axis, inputs[0]!.rank);
    for (const input of inputs)
      if (input.rank !== inputs[0]!.rank || input.shape.some((size, d) => d !== axis && size !== inputs[0]!.shape[d]))
        view.invalid(`shapes [${inputs[0]!.shape}] and [${input.shape}] differ beyond axis ${axis}`);
    return [view.t.concat(inputs, axis)];
  }),
  lowering(onnx.Split, (view) => {
    const { input, split } = view.inputs;
    const axis = axisOf(view, view.attributes.axis, input.rank);
    const sizes = splitSizes(view, input, axis, split, view.attributes.num_outputs ?? view.resultCount);
    if (sizes.length !== view.resultCount) view.invalid(`${sizes.length} parts for ${view.resultCount} outputs`);
    let offset = 0;
    return sizes.map((size) => {
      const offsets = input.shape.map((_, d) => (d === axis ? offset : 0));
      offset += size;
      return view.t.slice(input, offsets, input.shape.with(axis, size));
    });
  }),
  lowering(onnx.Slice, (view) => {
    const { data, starts, ends, axes, steps } = view.inputs;
    for (const operand of [starts, ends, axes, steps])
      if (operand && (operand.rank !== 1 || operand.size !== starts.size || operand.size > data.rank))
        view.invalid(`starts, ends, axes and steps must be lists of one length, at most ${data.rank}`);
    const isKnown = [starts, ends, axes, steps].every((operand) => !operand || operand.constant);
    const declared = isKnown ? undefined : view.declaredShape(0);
    if (declared) return [runTimeSlice(view, data, declared, { starts, axes, steps })];
    const [from, to] = [view.integers(starts, "starts"), view.integers(ends, "ends")];
    const along = axes
      ? distinctAxes(view, view.integers(axes, "axes"), data.rank)
      : from.map((_, position) => position);
    const by = steps ? view.integers(steps, "steps") : from.map(() => 1);
    if (by.includes(0)) view.invalid("a step is 0");
    const offsets = data.shape.map(() => 0);
    const sizes = [...data.shape];
    const strides = data.shape.map(() => 1);
    along.forEach((axis, position) => {
      const size = data.shape[axis] ?? view.invalid(`starts has more entries than the operand has axes`);
      const extent = sliceExtent(size, from[position]!, to[position]!, by[position]!);
      offsets[axis] = extent.start;
      sizes[axis] = extent.size;
      strides[axis] = by[position]!;
    });
    return [view.t.slice(data, offsets, sizes, strides)];
  }),
  lowering(onnx.Expand, (view) => {
    const { input, shape } = view.inputs;
    const declared = shape.constant ? undefined : view.declaredShape(0);
    const target = declared ?? view.integers(shape, "shape");
    if (target.some((size) => size < 0)) view.invalid(`shape [${target}] has a negative size`);
    const result = broadcastShapes([input.shape, target]);
    return [view.t.expand(input, result ?? view.invalid(`[${input.shape}] does not expand to [${target}]`))];
  }),
  lowering(onnx.Tile, (view) => {
    const { input, repeats } = view.inputs;
    const declared = repeats.constant ? undefined : view.declaredShape(0);
    const counts = declared
      ? declared.map((size, axis) => (size === 0 ? 0 : size / (input.shape[axis] ?? 0)))
      : view.integers(repeats, "repeats");
    if (counts.length !== input.rank || counts.some((count) => count < 0 || !Number.isInteger(count)))
      view.invalid(`repeats [${counts}] do not fit a shape of [${input.shape}]`);
    // Each axis is split in (repeats, size): a broadcast of the operand, then merged again.
    const interleaved = input.shape.flatMap((size, axis) => [counts[axis]!, size]);
    const seen = view.t.reshape(
      input,
      input.shape.flatMap((size) => [1, size]),
    );
    return [
      view.t.reshape(
        view.t.expand(seen, interleaved),
        input.shape.map((size, axis) => size * counts[axis]!),
      ),
    ];
  }),
  lowering(onnx.DepthToSpace, ({ t, inputs: { input }, attributes: { blocksize, mode }, invalid }) => {
    if (input.rank !== 4 || blocksize < 1 || input.shape[1]! % (blocksize * blocksize) !== 0)
      invalid(`[${input.shape}] has no depth of ${blocksize}×${blocksize} blocks`);
    return [depthToSpace(t, input, blocksize, mode)];
  }),
  lowering(onnx.SpaceToDepth, ({ t, inputs: { input }, attributes: { blocksize: block }, invalid }) => {
    const [n, c, h, w] = input.shape as [number, number, number, number];
    if (input.rank !== 4 || block < 1 || h % block !== 0 || w % block !== 0)
      invalid(`[${input.shape}] has no ${block}×${block} blocks`);
    const split = t.reshape(input, [n, c, h / block, block, w / block, block]);
    return [t.reshape(t.transpose(split, [0, 3, 5, 1, 2, 4]), [n, c * block * block, h / block, w / block])];
  }),
  lowering(onnx.Trilu, (view) => {
    const { t, inputs } = view;
    const { input, k } = inputs;
    if (k && k.size !== 1) view.invalid(`k must be a single number, not [${k.shape}]`);
    const diagonal = k ? t.reshape(k, []) : t.splat(0, i64);
    const [row, column] = [input.rank - 2, input.rank - 1];
    if (input.rank < 2) view.invalid("its operand has fewer than two axes");
    return [
      t.elementwise([input, diagonal], input.element, (s, value, offset) => {
        const distance = s.sub(s.loopIndex(column), s.loopIndex(row));
        const kept = s.compare(view.attributes.upper !== 0 ? "ge" : "le", s.cast(distance, i64), s.cast(offset!, i64));
        return s.select(kept, value!, s.constant(0, value!.type));
      }),
    ];
  }),
];
