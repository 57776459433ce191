import { type AffineExpression, affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i64, indexType, type Type } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { affineScalar } from "../rearrange.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { lowestOf } from "../element-types.ts";
import type { IndexedTensor, Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { extentOf, neededHigh, type WindowAttributes, type WindowAxis, windowIndex, windowOf } from "../window.ts";
import { computationType } from "./arithmetic.ts";
import { forEachIndex } from "./scatter.ts";

type Checks = Pick<LoweringView, "invalid">;

/** The window of a pooling operator over [batch, channels, …]. */
export function poolingWindow(
  view: Checks,
  x: Tensor,
  attributes: WindowAttributes & { readonly kernel_shape: readonly number[] },
): readonly WindowAxis[] {
  if (x.rank < 3) view.invalid(`an operand of rank ${x.rank} has no spatial axes`);
  return windowOf(view, x.shape.slice(2), attributes.kernel_shape, attributes);
}

const spatialAxes = (view: Checks, x: Tensor): readonly number[] => {
  if (x.rank < 3) view.invalid(`an operand of rank ${x.rank} has no spatial axes`);
  return Array.from({ length: x.rank - 2 }, (_, axis) => axis + 2);
};

/** The loops of a pooling: (batch, channel, …positions, …kernel). */
interface PoolingLoops {
  readonly shape: readonly number[];
  readonly rank: number;
  /** The padded operand, then an operand whose shape says how far the kernel loops run and whose elements are not read. */
  readonly inputs: readonly IndexedTensor[];
  readonly outputMap: ReturnType<typeof affineMap>;
  readonly iterators: readonly ("parallel" | "reduction")[];
  /** The element read, as indices counted in the padded operand. */
  readonly indices: readonly AffineExpression[];
}

function poolingLoops(
  t: TensorBuilder,
  x: Tensor,
  window: readonly WindowAxis[],
  padding: number | bigint,
): PoolingLoops {
  const n = window.length;
  const rank = 2 + 2 * n;
  const padded = t.pad(
    x,
    [0, 0, ...window.map(({ low }) => low)],
    [0, 0, ...window.map(neededHigh)],
    t.scalars.constant(padding, x.element),
  );
  const indices = window.map((axis, d) => windowIndex(axis, affine.dimension(2 + d), affine.dimension(2 + n + d)));
  const kernel = window.map((_, d) => 2 + n + d);
  return {
    shape: [...x.shape.slice(0, 2), ...window.map(({ output }) => output)],
    rank,
    inputs: [
      { tensor: padded, map: affineMap(rank, [affine.dimension(0), affine.dimension(1), ...indices]) },
      {
        tensor: t.emptyOutput(
          window.map((axis) => axis.kernel),
          x.element,
        ),
        map: projectionMap(rank, kernel),
      },
    ],
    outputMap: projectionMap(
      rank,
      Array.from({ length: 2 + n }, (_, position) => position),
    ),
    iterators: Array.from({ length: rank }, (_, position) => (position < 2 + n ? "parallel" : "reduction")),
    indices,
  };
}

/** One value for each window: its elements combined, padding included. */
function pool(
  t: TensorBuilder,
  x: Tensor,
  window: readonly WindowAxis[],
  spec: {
    readonly padding: number | bigint;
    readonly initial: number | bigint;
    readonly accumulator: Type;
    readonly combine: (s: ScalarBuilder, total: Scalar, value: Scalar) => Scalar;
  },
): Tensor {
  const loops = poolingLoops(t, x, window, spec.padding);
  return t.generic({
    inputs: loops.inputs,
    outputs: [{ tensor: t.filled(spec.initial, spec.accumulator, loops.shape), map: loops.outputMap }],
    iterators: loops.iterators,
    body: (s, [value], [total]) => [spec.combine(s, total!, s.cast(value!, spec.accumulator))],
  })[0]!;
}

/** The maximum of each window and its position in the unpadded operand, counted through all of it. */
function poolWithIndices(
  t: TensorBuilder,
  x: Tensor,
  window: readonly WindowAxis[],
  columnMajor: boolean,
): readonly Tensor[] {
  const lowest = lowestOf(x.element);
  const loops = poolingLoops(t, x, window, lowest);
  const mayPad = window.some((axis) => axis.low > 0 || neededHigh(axis) > 0);
  const sizes = window.map(({ size }) => size);
  const planeSize = sizes.reduce((product, size) => product * size, 1);
  const strides = sizes.map((_, axis) =>
    (columnMajor ? sizes.slice(0, axis) : sizes.slice(axis + 1)).reduce((product, size) => product * size, 1),
  );
  return t.generic({
    inputs: loops.inputs,
    outputs: [
      { tensor: t.filled(lowest, x.element, loops.shape), map: loops.outputMap },
      { tensor: t.filled(-1, i64, loops.shape), map: loops.outputMap },
    ],
    iterators: loops.iterators,
    body: (s, [value], [best, at]) => {
      const loop = Array.from({ length: loops.rank }, (_, position) => s.loopIndex(position));
      const position = loops.indices.map((index, axis) =>
        affineScalar(s, affine.add(index, affine.constant(-window[axis]!.low)), loop),
      );
      // Nothing found yet counts as smaller than anything, so that an operand of lowest values has a position, too.
      let better = s.or(s.compare("gt", value!, best!), s.compare("lt", at!, s.constant(0, i64)));
      if (x.element.kind === "float") better = s.or(better, s.and(s.isNan(value!), s.not(s.isNan(best!))));
      if (mayPad)
        better = position.reduce((all, index, axis) => {
          const inside = s.and(s.compare("ge", index, s.index(0)), s.compare("lt", index, s.index(window[axis]!.size)));
          return s.and(all, inside);
        }, better);
      const plane = s.add(s.mul(loop[0]!, s.index(x.shape[1]!)), loop[1]!);
      const found = position.reduce(
        (sum, index, axis) => s.add(sum, s.mul(index, s.index(strides[axis]!))),
        s.mul(plane, s.index(planeSize)),
      );
      return [s.select(better, value!, best!), s.select(better, s.cast(found, i64), at!)];
    },
  });
}

/** How many of a window's elements along one axis lie inside: of the operand, or (`padded`) of the operand with its declared padding. */
function countsAlong(axis: WindowAxis, padded: boolean): readonly number[] {
  const [from, to] = padded ? [-axis.low, axis.size + axis.high] : [0, axis.size];
  return Array.from({ length: axis.output }, (_, position) => {
    const start = position * axis.stride - axis.low;
    return Array.from({ length: axis.kernel }, (_, tap) => start + tap * axis.dilation).filter(
      (index) => index >= from && index < to,
    ).length;
  });
}

/** How many elements each window averages, [..positions], or a single number where they are all the same. */
function windowCounts(t: TensorBuilder, window: readonly WindowAxis[], padded: boolean, element: Type): Tensor {
  let counts: readonly number[] = [1];
  for (const axis of window)
    counts = counts.flatMap((outer) => countsAlong(axis, padded).map((inner) => outer * inner));
  const first = counts[0] ?? 1;
  if (counts.every((count) => count === first)) return t.splat(first, element);
  return t.numbers(
    counts,
    element,
    window.map(({ output }) => output),
  );
}

export function averagePool(t: TensorBuilder, x: Tensor, window: readonly WindowAxis[], countPadding: boolean): Tensor {
  const accumulator = computationType(x.element);
  const total = pool(t, x, window, {
    padding: 0,
    initial: 0,
    accumulator,
    combine: (s, sum, value) => s.add(sum, value),
  });
  const counts = windowCounts(t, window, countPadding, accumulator);
  return t.generic({
    inputs: [
      { tensor: total, map: identityMap(total.rank) },
      {
        tensor: counts,
        map: projectionMap(
          total.rank,
          counts.shape.map((_, axis) => axis + 2),
        ),
      },
    ],
    outputs: [{ tensor: t.emptyOutput(total.shape, x.element), map: identityMap(total.rank) }],
    iterators: total.shape.map(() => "parallel"),
    body: (s, [sum, count]) => [s.cast(s.div(sum!, count!), x.element)],
  })[0]!;
}

/** |x|^p, and the p-th root of sums of such. */
function powers(view: Checks, p: number): { readonly raise: PowerBody; readonly root: PowerBody } {
  if (p < 1) view.invalid(`p must be at least 1, not ${p}`);
  if (p === 1) return { raise: (s, x) => s.abs(x), root: (_, x) => x };
  if (p === 2) return { raise: (s, x) => s.mul(x, x), root: (s, x) => s.sqrt(x) };
  return {
    raise: (s, x) => s.pow(s.abs(x), s.constant(p, x.type)),
    root: (s, x) => s.pow(x, s.constant(1 / p, x.type)),
  };
}
type PowerBody = (s: ScalarBuilder, x: Scalar) => Scalar;

/** Elements put at positions of an otherwise zero tensor; where two share one, the later stays. */
function unpool(t: TensorBuilder, x: Tensor, positions: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [flat, indices] = [t.reshape(x, [x.size]), t.reshape(positions, [x.size])];
  const filled = forEachIndex(t, [x.size], t.filled(0, x.element, [size]), (at, carried) => {
    const s = t.scalars;
    return t.insert(carried, s.load(flat, at), [s.cast(s.load(indices, at), indexType)]);
  });
  return t.reshape(filled, shape);
}

export const poolingRules: readonly Lowering[] = [
  lowering(onnx.MaxPool, (view) => {
    const { t, inputs, attributes } = view;
    const window = poolingWindow(view, inputs.X, attributes);
    if (view.resultCount > 1 && view.isUsed(1))
      return poolWithIndices(t, inputs.X, window, attributes.storage_order !== 0);
    const lowest = lowestOf(inputs.X.element);
    return [
      pool(t, inputs.X, window, {
        padding: lowest,
        initial: lowest,
        accumulator: inputs.X.element,
        combine: (s, best, value) => s.max(best, value),
      }),
    ];
  }),
  lowering(onnx.AveragePool, (view) => [
    averagePool(
      view.t,
      view.inputs.X,
      poolingWindow(view, view.inputs.X, view.attributes),
      view.attributes.count_include_pad !== 0,
    ),
  ]),
  lowering(onnx.LpPool, (view) => {
    const { t, inputs, attributes } = view;
    const { raise, root } = powers(view, attributes.p);
    const sum = pool(t, inputs.X, poolingWindow(view, inputs.X, attributes), {
      padding: 0,
      initial: 0,
      accumulator: computationType(inputs.X.element),
      combine: (s, total, value) => s.add(total, raise(s, value)),
    });
    return [t.map(sum, (s, total) => s.cast(root(s, total), inputs.X.element), inputs.X.element)];
  }),
  lowering(onnx.GlobalAveragePool, (view) => [view.t.mean(view.inputs.X, spatialAxes(view, view.inputs.X))]),
  lowering(onnx.GlobalMaxPool, (view) => [view.t.max(view.inputs.X, spatialAxes(view, view.inputs.X))]),
  lowering(onnx.GlobalLpPool, (view) => {
    const { t, inputs, attributes } = view;
    const { raise, root } = powers(view, attributes.p);
    const sum = t.reduceInto(inputs.X, spatialAxes(view, inputs.X), true, {
      initial: 0,
      prepare: raise,
      combine: (s, total, value) => s.add(total, value),
    });
    return [t.map(sum, (s, total) => s.cast(root(s, total), inputs.X.element), inputs.X.element)];
  }),
  lowering(onnx.MaxUnpool, (view) => {
    const { t, inputs, attributes } = view;
    const { X, I, output_shape } = inputs;
    if (X.rank < 3 || I.shape.join() !== X.shape.join()) view.invalid(`X [${X.shape}] and I [${I.shape}] do not fit`);
    const { kernel_shape, pads, strides } = attributes;
    const n = X.rank - 2;
    // The shape that MaxPool's operand had if its windows covered it exactly; positions are counted in that.
    const covered = windowOf(view, kernel_shape, kernel_shape, { strides }).map(
      (axis, d) => (X.shape[2 + d]! - 1) * axis.stride + extentOf(axis) - (pads?.[d] ?? 0) - (pads?.[n + d] ?? 0),
    );
    if (kernel_shape.length !== n || covered.some((size) => size < 1))
      view.invalid(`kernel [${kernel_shape}] and pads [${pads}] do not fit [${X.shape}]`);
    const shape = [...X.shape.slice(0, 2), ...covered];
    const unpooled = unpool(t, X, I, shape);
    if (!output_shape) return [unpooled];
    const wanted = view.integers(output_shape, "output_shape");
    if (wanted.length !== X.rank || wanted.some((size, axis) => size < shape[axis]!))
      view.invalid(`output_shape [${wanted}] does not hold [${shape}]`);
    const extra = wanted.map((size, axis) => size - shape[axis]!);
    return [
      t.pad(
        unpooled,
        extra.map(() => 0),
        extra,
        t.scalars.constant(0, X.element),
      ),
    ];
  }),
];
