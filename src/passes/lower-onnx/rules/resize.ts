import { affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { f32, i1, i64, indexType } from "../../../ir/types.ts";
import { toNumbers } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";
import { type AxisTable, axisTable, cubicKernel, type Kernel, linearKernel, nearestKernel } from "./resample-tables.ts";

interface ResizeAttributes {
  readonly antialias: number;
  readonly mode: string;
  readonly nearest_mode: string;
  readonly cubic_coeff_a: number;
}

function kernelOf(view: Pick<LoweringView, "invalid">, attributes: ResizeAttributes): Kernel {
  const antialias = attributes.antialias !== 0;
  switch (attributes.mode) {
    case "linear":
      return linearKernel(antialias);
    case "cubic":
      return cubicKernel(attributes.cubic_coeff_a, antialias);
    case "nearest":
      return (
        nearestKernel(attributes.nearest_mode) ?? view.invalid(`nearest_mode ${attributes.nearest_mode} is unknown`)
      );
    default:
      return view.invalid(`mode ${attributes.mode} is unknown`);
  }
}

/** Output sizes and scales of the resized axes, by `sizes` and its aspect ratio policy, or by `scales`. */
function extents(
  view: Pick<LoweringView, "invalid">,
  inputSizes: readonly number[],
  sizes: readonly number[] | undefined,
  scales: readonly number[] | undefined,
  policy: string,
): { readonly sizes: readonly number[]; readonly scales: readonly number[] } {
  const given = sizes ?? scales ?? view.invalid("neither sizes nor scales are given");
  if (given.length !== inputSizes.length) view.invalid(`${given.length} sizes or scales for ${inputSizes.length} axes`);
  if (!sizes) return { scales: scales!, sizes: inputSizes.map((size, axis) => Math.floor(size * scales![axis]!)) };
  const ratios = sizes.map((size, axis) => size / inputSizes[axis]!);
  if (policy === "stretch") return { sizes, scales: ratios };
  if (policy !== "not_larger" && policy !== "not_smaller")
    view.invalid(`keep_aspect_ratio_policy ${policy} is unknown`);
  const ratio = policy === "not_larger" ? Math.min(...ratios) : Math.max(...ratios);
  return { sizes: inputSizes.map((size) => Math.floor(ratio * size + 0.5)), scales: ratios.map(() => ratio) };
}

/** If every output position i takes input position ⌊i/k⌋: that k. */
function repetitionOf(table: readonly number[], inputSize: number): number | undefined {
  const factor = table.length / inputSize;
  return Number.isInteger(factor) && table.every((position, index) => position === Math.floor(index / factor))
    ? factor
    : undefined;
}

/** Whole-number nearest upsampling: every element repeated, as a broadcast between two reshapes. */
function repeatElements(t: TensorBuilder, x: Tensor, factors: readonly number[]): Tensor {
  const split = t.reshape(
    x,
    x.shape.flatMap((size) => [size, 1]),
  );
  const expanded = t.expand(
    split,
    x.shape.flatMap((size, axis) => [size, factors[axis]!]),
  );
  return t.reshape(
    expanded,
    x.shape.map((size, axis) => size * factors[axis]!),
  );
}

/** One input position for each output position along each axis, looked up in constant tables. */
function pickElements(t: TensorBuilder, x: Tensor, tables: readonly (readonly number[])[]): Tensor {
  const factors = tables.map((table, axis) => repetitionOf(table, x.shape[axis]!));
  if (factors.every((factor) => factor !== undefined)) return repeatElements(t, x, factors);
  return t.take(x, tables);
}

/** Resamples one axis as a weighted sum over its taps. */
function resampleAxis(t: TensorBuilder, x: Tensor, axis: number, table: AxisTable): Tensor {
  const taps = table.weights[0]?.length ?? 1;
  const shape = x.shape.with(axis, table.positions.length);
  const tap = shape.length;
  const perTap = affineMap(tap + 1, [affine.dimension(axis), affine.dimension(tap)]);
  const resultMap = projectionMap(
    tap + 1,
    shape.map((_, d) => d),
  );
  return t.generic({
    inputs: [
      { tensor: t.numbers(table.positions.flat(), i64, [table.positions.length, taps]), map: perTap },
      { tensor: t.numbers(table.weights.flat(), x.element, [table.positions.length, taps]), map: perTap },
    ],
    outputs: [{ tensor: t.filled(0, x.element, shape), map: resultMap }],
    iterators: [...shape.map(() => "parallel" as const), "reduction"],
    body: (s, [position, weight], [sum]) => {
      const read = shape.map((_, d): Scalar => (d === axis ? s.cast(position!, indexType) : s.loopIndex(d)));
      return [s.add(sum!, s.mul(weight!, s.load(x, read)))];
    },
  })[0]!;
}

/** Puts `value` where the source of an axis lies outside the input. */
function extrapolate(t: TensorBuilder, x: Tensor, axis: number, outside: readonly boolean[], value: number): Tensor {
  if (!outside.includes(true)) return x;
  const mask = t.numbers(outside.map(Number), i1);
  return t.generic({
    inputs: [
      { tensor: x, map: identityMap(x.rank) },
      { tensor: mask, map: projectionMap(x.rank, [axis]) },
    ],
    outputs: [{ tensor: t.emptyOutput(x.shape, x.element), map: identityMap(x.rank) }],
    iterators: x.shape.map(() => "parallel"),
    body: (s, [element, isOutside]) => [s.select(isOutside!, s.constant(value, x.element), element!)],
  })[0]!;
}

export const resizeRules: readonly Lowering[] = [
  lowering(onnx.Resize, (view) => {
    const { t, inputs, attributes } = view;
    const { X, roi, scales, sizes } = inputs;
    const axes = (attributes.axes ?? X.shape.map((_, axis) => axis)).map((axis) => axisOf(view, axis, X.rank));
    const floats = (operand: Tensor | undefined, name: string): readonly number[] | undefined => {
      const values = operand && [...toNumbers(view.known(operand, name))];
      return values && values.length > 0 ? values : undefined;
    };
    const region = floats(roi, "roi");
    const extent = extents(
      view,
      axes.map((axis) => X.shape[axis]!),
      floats(sizes, "sizes"),
      floats(scales, "scales"),
      attributes.keep_aspect_ratio_policy,
    );
    const kernel = kernelOf(view, attributes);
    const tables = axes.map((axis, index) => {
      const settings = {
        inputSize: X.shape[axis]!,
        outputSize: extent.sizes[index]!,
        scale: extent.scales[index]!,
        region: region ? ([region[index]!, region[axes.length + index]!] as const) : ([0, 1] as const),
        coordinateMode: attributes.coordinate_transformation_mode,
      };
      return (
        axisTable(settings, kernel, attributes.exclude_outside !== 0) ??
        view.invalid(`coordinate_transformation_mode ${settings.coordinateMode} is unknown`)
      );
    });
    const withOutside = (result: Tensor): Tensor =>
      axes.reduce(
        (x, axis, index) => extrapolate(t, x, axis, tables[index]!.outside, attributes.extrapolation_value),
        result,
      );
    if (attributes.mode === "nearest") {
      const picks = X.shape.map((size, axis) => {
        const table = tables[axes.indexOf(axis)];
        if (!table) return Array.from({ length: size }, (_, position) => position);
        return table.positions.map((row, index) => row[table.weights[index]!.indexOf(1)]!);
      });
      return [withOutside(pickElements(t, X, picks))];
    }
    // Integers are interpolated in f32, rounded and saturated, as ONNX's reference does.
    const wide = X.element.kind === "float" ? computationType(X.element) : f32;
    let result = t.cast(X, wide);
    axes.forEach((axis, index) => {
      const isIdentity = extent.sizes[index] === X.shape[axis] && extent.scales[index] === 1 && !region;
      if (!isIdentity) result = resampleAxis(t, result, axis, tables[index]!);
    });
    return [t.cast(withOutside(result), X.element)];
  }),
];
