import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { indexType, stringType } from "../../../ir/types.ts";
import { elementCount } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { axisSubsets, byRunTimeAxes } from "../run-time-axes.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { loop, loopWithScalars } from "../tensor-control.ts";
import { computationType } from "./arithmetic.ts";
import { forEachIndex } from "./scatter.ts";

interface RunningReduction {
  readonly initial: number;
  readonly combine: (s: ScalarBuilder, total: Scalar, value: Scalar) => Scalar;
  /** Whether an element's own value is left out. */
  readonly isExclusive: boolean;
  readonly isReverse: boolean;
}

/** From this many elements after the axis on, whole slices are combined at once. */
const widestRow = 8;

/** The combination of all elements up to each one along an axis: one pass. Narrow floats are accumulated in f32. */
function runningReduction(t: TensorBuilder, x: Tensor, axis: number, spec: RunningReduction): Tensor {
  const inner = elementCount(x.shape.slice(axis + 1));
  return inner < widestRow ? runningByRow(t, x, axis, spec) : runningBySlice(t, x, axis, spec);
}

/** With the total of a whole slice of the other axes carried along the axis. */
function runningBySlice(t: TensorBuilder, x: Tensor, axis: number, spec: RunningReduction): Tensor {
  const size = x.shape[axis]!;
  const wide = computationType(x.element);
  const start = [t.filled(spec.initial, wide, x.shape.with(axis, 1)), t.emptyOutput(x.shape, x.element)];
  const [, result] = loop(t, size, start, (step, [total, written]) => {
    const s = t.scalars;
    const position = spec.isReverse ? s.sub(s.index(size - 1), step) : step;
    const next = t.elementwise([total!, t.sliceAt(x, axis, position)], wide, (body, sum, value) =>
      spec.combine(body, sum!, body.cast(value!, wide)),
    );
    const part = t.cast(spec.isExclusive ? total! : next, x.element);
    return [next, t.insertAt(written!, part, axis, position)];
  });
  return result!;
}

/** With the total of one row carried along the axis, row after row. */
function runningByRow(t: TensorBuilder, x: Tensor, axis: number, spec: RunningReduction): Tensor {
  const size = x.shape[axis]!;
  const wide = computationType(x.element);
  const others = x.shape.toSpliced(axis, 1);
  return forEachIndex(t, others, t.emptyOutput(x.shape, x.element), (at, written) => {
    const start = t.scalars.constant(spec.initial, wide);
    return loopWithScalars(t, size, [start], [written], (step, [total], [into]) => {
      const s = t.scalars;
      const position = spec.isReverse ? s.sub(s.index(size - 1), step) : step;
      const place = at.toSpliced(axis, 0, position);
      const next = spec.combine(s, total!, s.cast(t.extract(x, place), wide));
      const value = s.cast(spec.isExclusive ? total! : next, x.element);
      return { scalars: [next], carried: [t.insert(into!, value, place)] };
    })[0]!;
  });
}

/** One of several computations of the same result by an axis that may be known only at run time. */
function byAxis(
  view: Pick<LoweringView, "t" | "integers" | "invalid">,
  axis: Tensor,
  rank: number,
  make: (axis: number) => Tensor,
): Tensor {
  const { t } = view;
  if (axis.size !== 1) view.invalid(`axis must be a single number, not [${axis.shape}]`);
  if (rank === 0) return make(0);
  if (axis.constant) return make(axisOf(view, view.integers(axis, "axis")[0]!, rank));
  return byRunTimeAxes(t, axis, rank, axisSubsets(rank, 1), ([chosen]) => make(chosen!));
}

const runningRule = (name: "CumSum" | "CumProd", reduction: Pick<RunningReduction, "initial" | "combine">): Lowering =>
  lowering(onnx[name], (view) => {
    const { x, axis } = view.inputs;
    const { exclusive, reverse } = view.attributes;
    const spec = { ...reduction, isExclusive: exclusive !== 0, isReverse: reverse !== 0 };
    if (x.rank === 0) view.invalid("its operand is a scalar");
    return [byAxis(view, axis, x.rank, (chosen) => runningReduction(view.t, x, chosen, spec))];
  });

/** Elements removed from, or zeros added to, both ends of an axis; of an odd number, one more at the end. */
function cropOrPad(t: TensorBuilder, x: Tensor, shape: readonly number[]): Tensor {
  const difference = shape.map((size, axis) => size - x.shape[axis]!);
  const cropped = t.slice(
    x,
    difference.map((change) => Math.floor(Math.max(0, -change) / 2)),
    shape.map((size, axis) => Math.min(size, x.shape[axis]!)),
  );
  const low = difference.map((change) => Math.floor(Math.max(0, change) / 2));
  const high = difference.map((change, axis) => Math.max(0, change) - low[axis]!);
  if (shape.every((size, axis) => size === cropped.shape[axis])) return cropped;
  return t.pad(cropped, low, high, t.scalars.constant(0, x.element));
}

export const scanRules: readonly Lowering[] = [
  runningRule("CumSum", { initial: 0, combine: (s, total, value) => s.add(total, value) }),
  runningRule("CumProd", { initial: 1, combine: (s, total, value) => s.mul(total, value) }),
  lowering(onnx.ReverseSequence, (view) => {
    const { t, inputs, attributes } = view;
    const { input, sequence_lens } = inputs;
    const [batch, time] = [attributes.batch_axis, attributes.time_axis].map((axis) => axisOf(view, axis, input.rank)) as [number, number]; // prettier-ignore
    if (input.rank < 2 || batch === time) view.invalid("time and batch axes must be two different axes");
    if (sequence_lens.size !== input.shape[batch])
      view.invalid(`${sequence_lens.size} lengths for a batch of ${input.shape[batch]}`);
    const lengths = t.reshape(sequence_lens, [sequence_lens.size]);
    return [
      t.compute(input.shape, input.element, (s, indices) => {
        // Longer than the axis is an error of the caller's, which must not read beyond it.
        const given = s.cast(s.load(lengths, [indices[batch]!]), indexType);
        const length = s.min(given, s.index(input.shape[time]!));
        const position = indices[time]!;
        const mirrored = s.sub(s.sub(length, s.index(1)), position);
        const source = s.select(s.compare("lt", position, length), mirrored, position);
        return s.load(
          input,
          indices.map((index, axis) => (axis === time ? source : index)),
        );
      }),
    ];
  }),
  lowering(onnx.CenterCropPad, (view) => {
    const { t, inputs, attributes } = view;
    const x = inputs.input_data;
    const declared = inputs.shape.constant ? undefined : view.declaredShape(0);
    if (declared?.length === x.rank && x.element !== stringType) return [cropOrPad(t, x, declared)];
    const sizes = view.integers(inputs.shape, "shape");
    const axes = attributes.axes?.map((axis) => axisOf(view, axis, x.rank)) ?? x.shape.map((_, axis) => axis);
    if (sizes.length !== axes.length || sizes.some((size) => size < 0))
      view.invalid(`shape [${sizes}] does not fit ${axes.length} axes`);
    if (x.element === stringType) view.unsupported("there is no string to pad with");
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? sizes[axes.indexOf(axis)]! : size));
    return [cropOrPad(t, x, shape)];
  }),
];
