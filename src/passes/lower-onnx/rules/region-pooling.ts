import { affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { indexType, type Type } from "../../../ir/types.ts";
import { lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { lowestOf } from "../element-types.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { loop } from "../tensor-control.ts";
import { computationType } from "./arithmetic.ts";

/** The elements of an axis that a bin of a region covers: [from, to). */
interface Bin {
  readonly from: Scalar;
  readonly to: Scalar;
}

/** Rounds half away from zero, as C's `round` does. */
const rounded = (s: ScalarBuilder, x: Scalar): Scalar => s.float("round", x);

/** Bin `position` of `count` along the axis of size `size` that region columns `first` and `last` span; all in the type of `scale`. */
function binOf(
  s: ScalarBuilder,
  rois: Tensor,
  region: Scalar,
  columns: readonly [first: number, last: number],
  position: Scalar,
  axis: { readonly count: number; readonly size: number; readonly scale: number; readonly type: Type },
): Bin {
  const { count, size, scale, type } = axis;
  const number = (value: number): Scalar => s.constant(value, type);
  const [start, end] = columns.map((column) =>
    rounded(s, s.mul(s.cast(s.load(rois, [region, s.index(column)]), type), number(scale))),
  ) as [Scalar, Scalar];
  // A region that ends before it starts counts as one element wide.
  const width = s.max(s.add(s.sub(end, start), number(1)), number(1));
  const binWidth = s.div(width, number(count));
  const bin = s.cast(position, type);
  const clamped = (edge: Scalar): Scalar =>
    s.cast(s.min(s.max(s.add(edge, start), number(0)), number(size)), indexType);
  return {
    from: clamped(s.float("floor", s.mul(bin, binWidth))),
    to: clamped(s.float("ceil", s.mul(s.add(bin, number(1)), binWidth))),
  };
}

const isInside = (s: ScalarBuilder, index: Scalar, bin: Bin): Scalar =>
  s.and(s.compare("ge", index, bin.from), s.compare("lt", index, bin.to));

/**
 * Maxima over the bins of each region: first over rows, giving [regions, channels, bins down, width], then over columns. A bin
 * without elements gives zero.
 */
function maxRoiPool(
  t: TensorBuilder,
  x: Tensor,
  rois: Tensor,
  pooled: readonly [number, number],
  scale: number,
): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const regions = rois.shape[0]!;
  const [down, across] = pooled;
  const type = computationType(x.element);
  const lowest = lowestOf(x.element);
  const rowShape = [regions, channels, down, width];
  const rows = t.generic({
    inputs: [{ tensor: t.emptyOutput([height], x.element), map: projectionMap(5, [4]) }],
    outputs: [{ tensor: t.filled(lowest, x.element, rowShape), map: projectionMap(5, [0, 1, 2, 3]) }],
    iterators: ["parallel", "parallel", "parallel", "parallel", "reduction"],
    body: (s, _, [best]) => {
      const [region, channel, bin, column, row] = [0, 1, 2, 3, 4].map((d) => s.loopIndex(d)) as [
        Scalar,
        Scalar,
        Scalar,
        Scalar,
        Scalar,
      ];
      const batch = s.cast(s.load(rois, [region, s.index(0)]), indexType);
      const covered = isInside(s, row, binOf(s, rois, region, [2, 4], bin, { count: down, size: height, scale, type }));
      return [s.select(covered, s.max(best!, s.load(x, [batch, channel, row, column])), best!)];
    },
  })[0]!;
  const result = t.generic({
    inputs: [
      {
        tensor: rows,
        map: affineMap(
          5,
          [0, 1, 2, 4].map((d) => affine.dimension(d)),
        ),
      },
    ],
    outputs: [
      { tensor: t.filled(lowest, x.element, [regions, channels, down, across]), map: projectionMap(5, [0, 1, 2, 3]) },
    ],
    iterators: ["parallel", "parallel", "parallel", "parallel", "reduction"],
    body: (s, [value], [best]) => {
      const bin = binOf(s, rois, s.loopIndex(0), [1, 3], s.loopIndex(3), { count: across, size: width, scale, type });
      return [s.select(isInside(s, s.loopIndex(4), bin), s.max(best!, value!), best!)];
    },
  })[0]!;
  return t.map(result, (s, best) => {
    const vertical = binOf(s, rois, s.loopIndex(0), [2, 4], s.loopIndex(2), { count: down, size: height, scale, type });
    const horizontal = binOf(s, rois, s.loopIndex(0), [1, 3], s.loopIndex(3), {
      count: across,
      size: width,
      scale,
      type,
    });
    const empty = s.or(s.compare("le", vertical.to, vertical.from), s.compare("le", horizontal.to, horizontal.from));
    return s.select(empty, s.constant(0, best.type), best);
  });
}

/** One axis of a region for RoiAlign, in the type in which it is computed. */
interface AlignedAxis {
  readonly start: Scalar;
  readonly binSize: Scalar;
}

interface AlignedPooling {
  readonly x: Tensor;
  readonly rois: Tensor;
  readonly batches: Tensor;
  readonly outputs: readonly [number, number];
  readonly scale: number;
  /** Coordinates are of pixel centres: half a pixel is taken off. */
  readonly halfPixel: boolean;
  readonly type: Type;
}

/** Where a region starts along an axis and how large its bins are. `columns` are those of its first and last coordinate. */
function alignedAxis(
  s: ScalarBuilder,
  { rois, scale, halfPixel, type }: AlignedPooling,
  region: Scalar,
  columns: readonly [number, number],
  count: number,
): AlignedAxis {
  const offset = s.constant(halfPixel ? 0.5 : 0, type);
  const [start, end] = columns.map((column) =>
    s.sub(s.mul(s.cast(s.load(rois, [region, s.index(column)]), type), s.constant(scale, type)), offset),
  ) as [Scalar, Scalar];
  const width = s.sub(end, start);
  // Without the shift, malformed regions are made one element wide.
  const usable = halfPixel ? width : s.max(width, s.constant(1, type));
  return { start, binSize: s.div(usable, s.constant(count, type)) };
}

/** How many samples a bin is given along an axis when that depends on its size: as many as it spans elements. */
function adaptiveSamples(s: ScalarBuilder, axis: AlignedAxis): Scalar {
  const { type } = axis.binSize;
  const count = s.max(s.float("ceil", axis.binSize), s.constant(0, type));
  return s.cast(s.min(count, s.constant(2 ** 30, type)), indexType);
}

/** The two neighbours of a sample along an axis and their weights; `outside` when it is more than one element off. */
function neighbours(s: ScalarBuilder, coordinate: Scalar, size: number) {
  const { type } = coordinate;
  const number = (value: number): Scalar => s.constant(value, type);
  const inside = s.and(s.compare("ge", coordinate, number(-1)), s.compare("le", coordinate, number(size)));
  const clamped = s.select(inside, s.max(coordinate, number(0)), number(0));
  const last = s.compare("ge", clamped, number(size - 1));
  const floor = s.float("floor", clamped);
  const low = s.select(last, s.index(size - 1), s.cast(floor, indexType));
  const high = s.select(last, low, s.add(low, s.index(1)));
  const fraction = s.select(last, number(0), s.sub(clamped, floor));
  return {
    inside,
    parts: [
      { index: low, weight: s.sub(number(1), fraction) },
      { index: high, weight: fraction },
    ],
  } as const;
}

/** One bilinear sample for bin (`down`, `across`): its four weighted neighbours are summed, or (as ONNX has it) their maximum taken. */
function sample(
  s: ScalarBuilder,
  spec: AlignedPooling,
  at: { readonly region: Scalar; readonly channel: Scalar; readonly down: Scalar; readonly across: Scalar },
  axes: readonly [AlignedAxis, AlignedAxis],
  positions: readonly [Scalar, Scalar],
  counts: readonly [Scalar, Scalar],
  mode: "avg" | "max",
): Scalar {
  const { x, batches, type } = spec;
  const half = s.constant(0.5, type);
  const coordinates = axes.map(({ start, binSize }, axis) => {
    const within = s.div(s.mul(s.add(s.cast(positions[axis]!, type), half), binSize), s.cast(counts[axis]!, type));
    return s.add(s.add(start, s.mul(s.cast(axis === 0 ? at.down : at.across, type), binSize)), within);
  });
  const [vertical, horizontal] = coordinates.map((coordinate, axis) =>
    neighbours(s, coordinate, x.shape[2 + axis]!),
  ) as [ReturnType<typeof neighbours>, ReturnType<typeof neighbours>];
  const batch = s.cast(s.load(batches, [at.region]), indexType);
  const terms = vertical.parts.flatMap((row) =>
    horizontal.parts.map((column) => {
      const value = s.cast(s.load(x, [batch, at.channel, row.index, column.index]), type);
      return s.mul(s.mul(row.weight, column.weight), value);
    }),
  );
  const combined = terms.reduce((left, right) => (mode === "avg" ? s.add(left, right) : s.max(left, right)));
  return s.select(s.and(vertical.inside, horizontal.inside), combined, s.constant(0, type));
}

const verticalColumns = [1, 3] as const;
const horizontalColumns = [0, 2] as const;

/** `sampling` × `sampling` samples in every bin, all bins in one structured operation: sums or maxima [regions, channels, bins]. */
function fixedGrid(t: TensorBuilder, spec: AlignedPooling, sampling: number, mode: "avg" | "max"): Tensor {
  const { x, rois, outputs, type } = spec;
  const shape = [rois.shape[0]!, x.shape[1]!, ...outputs];
  return t.generic({
    inputs: [{ tensor: t.emptyOutput([sampling, sampling], type), map: projectionMap(6, [4, 5]) }],
    outputs: [{ tensor: t.filled(mode === "avg" ? 0 : -Infinity, type, shape), map: projectionMap(6, [0, 1, 2, 3]) }],
    iterators: ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"],
    body: (s, _, [total]) => {
      const region = s.loopIndex(0);
      const axes = [
        alignedAxis(s, spec, region, verticalColumns, outputs[0]),
        alignedAxis(s, spec, region, horizontalColumns, outputs[1]),
      ] as const;
      const at = { region, channel: s.loopIndex(1), down: s.loopIndex(2), across: s.loopIndex(3) };
      const counts = [s.index(sampling), s.index(sampling)] as const;
      const value = sample(s, spec, at, axes, [s.loopIndex(4), s.loopIndex(5)], counts, mode);
      return [mode === "avg" ? s.add(total!, value) : s.max(total!, value)];
    },
  })[0]!;
}

/** As many samples as each region's bins span elements: loops over regions and samples, each step for all channels and bins. */
function adaptiveGrid(t: TensorBuilder, spec: AlignedPooling, mode: "avg" | "max"): Tensor {
  const { x, rois, outputs, type } = spec;
  const plane = [x.shape[1]!, ...outputs];
  const initial = t.filled(mode === "avg" ? 0 : -Infinity, type, [rois.shape[0]!, ...plane]);
  const axesOf = (s: ScalarBuilder, region: Scalar) =>
    [
      alignedAxis(s, spec, region, verticalColumns, outputs[0]),
      alignedAxis(s, spec, region, horizontalColumns, outputs[1]),
    ] as const;
  return loop(t, rois.shape[0]!, [initial], (region, [all]) => {
    const axes = axesOf(t.scalars, region);
    const counts = axes.map((axis) => adaptiveSamples(t.scalars, axis)) as unknown as readonly [Scalar, Scalar];
    const [sums] = loop(t, counts[0], [t.sliceAt(all!, 0, region)], (down, [outer]) =>
      loop(t, counts[1], [outer!], (across, [inner]) => [
        t.generic({
          inputs: [],
          outputs: [{ tensor: inner!, map: identityMap(4) }],
          iterators: ["parallel", "parallel", "parallel", "parallel"],
          body: (s, _, [total]) => {
            const at = { region, channel: s.loopIndex(1), down: s.loopIndex(2), across: s.loopIndex(3) };
            const value = sample(s, spec, at, axesOf(s, region), [down, across], counts, mode);
            return [mode === "avg" ? s.add(total!, value) : s.max(total!, value)];
          },
        })[0]!,
      ]),
    );
    return [t.insertAt(all!, sums!, 0, region)];
  })[0]!;
}

/** Sums to means; a bin without samples gives zero. */
function roiAlign(t: TensorBuilder, spec: AlignedPooling, sampling: number, mode: "avg" | "max"): Tensor {
  const combined = sampling > 0 ? fixedGrid(t, spec, sampling, mode) : adaptiveGrid(t, spec, mode);
  const { x, outputs, type } = spec;
  return t.map(
    combined,
    (s, value) => {
      const count = ((): Scalar => {
        if (sampling > 0) return s.index(sampling * sampling);
        const axes = [
          alignedAxis(s, spec, s.loopIndex(0), verticalColumns, outputs[0]),
          alignedAxis(s, spec, s.loopIndex(0), horizontalColumns, outputs[1]),
        ];
        return axes.map((axis) => adaptiveSamples(s, axis)).reduce((product, samples) => s.mul(product, samples));
      })();
      const zero = s.constant(0, type);
      const finished =
        mode === "avg"
          ? s.div(value, s.cast(s.max(count, s.index(1)), type))
          : s.select(s.compare("gt", count, s.index(0)), value, zero);
      return s.cast(finished, x.element);
    },
    x.element,
  );
}

export const regionPoolingRules: readonly Lowering[] = [
  lowering(onnx.MaxRoiPool, (view) => {
    const { X, rois } = view.inputs;
    const { pooled_shape, spatial_scale } = view.attributes;
    if (X.rank !== 4 || rois.rank !== 2 || rois.shape[1] !== 5)
      view.invalid(`X [${X.shape}] and rois [${rois.shape}] need to be images and rows of 5 numbers`);
    const [down, across] = pooled_shape;
    if (pooled_shape.length !== 2 || down! < 1 || across! < 1)
      view.invalid(`pooled_shape [${pooled_shape}] is no size`);
    return [maxRoiPool(view.t, X, rois, [down!, across!], spatial_scale)];
  }),
  lowering(onnx.RoiAlign, (view) => {
    const { t, inputs, attributes } = view;
    const { X, rois, batch_indices } = inputs;
    const { coordinate_transformation_mode, output_height, output_width, sampling_ratio, spatial_scale } = attributes;
    if (X.rank !== 4 || rois.rank !== 2 || rois.shape[1] !== 4 || batch_indices.size !== rois.shape[0])
      view.invalid(`X [${X.shape}], rois [${rois.shape}] and batch_indices [${batch_indices.shape}] do not fit`);
    if (coordinate_transformation_mode !== "half_pixel" && coordinate_transformation_mode !== "output_half_pixel")
      view.invalid(`coordinate_transformation_mode ${coordinate_transformation_mode} is unknown`);
    const mode = attributes.mode === "avg" || attributes.mode === "max" ? attributes.mode : undefined;
    const spec: AlignedPooling = {
      x: X,
      rois,
      batches: t.reshape(batch_indices, [batch_indices.size]),
      outputs: [output_height, output_width],
      scale: spatial_scale,
      halfPixel: coordinate_transformation_mode === "half_pixel",
      type: computationType(X.element),
    };
    return [roiAlign(t, spec, sampling_ratio, mode ?? view.invalid(`mode ${attributes.mode} is neither avg nor max`))];
  }),
];
