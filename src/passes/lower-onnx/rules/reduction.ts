import { identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, i64, type Type } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { axisSubsets, byRunTimeAxes } from "../run-time-axes.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { bitWidthOf, highestOf, lowestOf } from "../element-types.ts";
import type { Tensor } from "../tensor.ts";
import type { Reduction, TensorBuilder } from "../tensor-builder.ts";

const sum: Reduction = { initial: 0, combine: (s, total, value) => s.add(total, value) };

/** The float type in which roots, logarithms and exponentials of a type are computed. */
const functionType = (type: Type): Type => (bitWidthOf(type) > 32 ? f64 : f32);

/** Applies a float function to a tensor of any number type and casts back. */
function throughFloat(t: TensorBuilder, x: Tensor, to: Type, body: (s: ScalarBuilder, x: Scalar) => Scalar): Tensor {
  return t.map(x, (s, value) => s.cast(body(s, s.cast(value, functionType(to))), to), to);
}

type Reducer = (t: TensorBuilder, x: Tensor, axes: readonly number[], keep: boolean) => Tensor;

const reducers = {
  ReduceSum: (t, x, axes, keep) => t.sum(x, axes, keep),
  ReduceMean: (t, x, axes, keep) => t.mean(x, axes, keep),
  ReduceMax: (t, x, axes, keep) => t.max(x, axes, keep),
  ReduceMin: (t, x, axes, keep) => t.min(x, axes, keep),
  ReduceProd: (t, x, axes, keep) =>
    t.reduce(x, axes, keep, { initial: 1, combine: (s, product, value) => s.mul(product, value) }),
  ReduceL1: (t, x, axes, keep) => t.reduce(x, axes, keep, { ...sum, prepare: (s, value) => s.abs(value) }),
  ReduceSumSquare: (t, x, axes, keep) =>
    t.reduce(x, axes, keep, { ...sum, prepare: (s, value) => s.mul(value, value) }),
  ReduceL2: (t, x, axes, keep) => {
    const squares = t.reduceInto(x, axes, keep, { ...sum, prepare: (s, value) => s.mul(value, value) });
    return throughFloat(t, squares, x.element, (s, value) => s.sqrt(value));
  },
  ReduceLogSum: (t, x, axes, keep) =>
    throughFloat(t, t.reduceInto(x, axes, keep, sum), x.element, (s, value) => s.log(value)),
  ReduceLogSumExp: (t, x, axes, keep) => {
    const wide = t.cast(x, functionType(x.element));
    // Shifted by the maximum against overflow; an infinite maximum is not subtracted, as ∞ - ∞ is no number.
    const shift = t.map(t.max(wide, axes, true), (s, top) => s.select(s.isInfinite(top), s.constant(0, top.type), top));
    const exponentials = t.elementwise([wide, shift], wide.element, (s, value, top) => s.exp(s.sub(value!, top!)));
    const total = t.reduceInto(exponentials, axes, keep, sum);
    const result = t.elementwise([total, t.reshape(shift, total.shape)], wide.element, (s, value, top) =>
      s.add(s.log(value!), top!),
    );
    return t.cast(result, x.element);
  },
} as const satisfies Readonly<Record<string, Reducer>>;

/** Into how many computations axes known at run time may branch. */
const mostBranches = 8;

interface ReductionAttributes {
  readonly keepdims: number;
  readonly noop_with_empty_axes: number;
}

/**
 * The sets of axes that a reduction may be over: the operand's, or all axes, or none when `noop_with_empty_axes` says so. Axes that are
 * known only at run time are narrowed down by the declared shape; sets that differ in axes of size 1 only give the same.
 */
function possibleAxes(
  view: Pick<LoweringView, "integers" | "invalid" | "declaredShape">,
  data: Tensor,
  axes: Tensor | undefined,
  { keepdims, noop_with_empty_axes }: ReductionAttributes,
): readonly (readonly number[])[] {
  if (axes && !axes.constant) {
    if (axes.size === data.rank) return axisSubsets(data.rank, data.rank);
    const declared = view.declaredShape(0)?.join();
    const shapeWithout = (set: readonly number[]): readonly number[] =>
      data.shape.flatMap((size, axis) => (set.includes(axis) ? (keepdims !== 0 ? [1] : []) : [size]));
    const candidates = axisSubsets(data.rank, axes.size).filter((set) => shapeWithout(set).join() === declared);
    const essence = (set: readonly number[]): string => set.filter((axis) => data.shape[axis] !== 1).join();
    const distinct = new Map(candidates.map((set) => [essence(set), set]));
    if (distinct.size > 0 && distinct.size <= mostBranches) return [...distinct.values()];
  }
  const given = axes ? view.integers(axes, "axes") : [];
  const distinct = new Set(given.map((axis) => axisOf(view, axis, data.rank)));
  if (distinct.size < given.length) view.invalid(`axes [${given}] repeat one`);
  if (distinct.size > 0) return [[...distinct]];
  return [noop_with_empty_axes !== 0 ? [] : data.shape.map((_, axis) => axis)];
}

const reductionOpRules = (Object.keys(reducers) as (keyof typeof reducers)[]).map((name) =>
  lowering(onnx[name], (view) => {
    const { data, axes } = view.inputs;
    const candidates = possibleAxes(view, data, axes, view.attributes);
    // Without axes the scalar function of the reduction still applies: a ReduceL2 of single elements is their magnitude.
    const reduce = (chosen: readonly number[]): Tensor =>
      reducers[name](view.t, data, chosen, view.attributes.keepdims !== 0);
    return [
      candidates.length === 1 ? reduce(candidates[0]!) : byRunTimeAxes(view.t, axes!, data.rank, candidates, reduce),
    ];
  }),
);

/** The position (i64) of the largest (`gt`) or smallest (`lt`) element along an axis; NaN counts as more extreme than any number. */
export function positionOfExtreme(
  t: TensorBuilder,
  x: Tensor,
  axis: number,
  options: { readonly comparison: "gt" | "lt"; readonly last: boolean; readonly keepDimension: boolean },
): Tensor {
  const kept = x.shape.map((_, d) => d).filter((d) => d !== axis);
  const shape = kept.map((d) => x.shape[d]!);
  const worst = options.comparison === "gt" ? lowestOf(x.element) : highestOf(x.element);
  const map = projectionMap(x.rank, kept);
  const [, position] = t.generic({
    inputs: [{ tensor: x, map: identityMap(x.rank) }],
    outputs: [
      { tensor: t.filled(worst, x.element, shape), map },
      { tensor: t.filled(0, i64, shape), map },
    ],
    iterators: x.shape.map((_, d) => (d === axis ? "reduction" : "parallel")),
    body: (s, [value], [best, at]) => {
      const inclusive = options.comparison === "gt" ? "ge" : "le";
      let better = s.compare(options.last ? inclusive : options.comparison, value!, best!);
      if (x.element.kind === "float") {
        const bestIsNumber = s.not(s.isNan(best!));
        const nan = s.isNan(value!);
        better = s.or(better, options.last ? nan : s.and(nan, bestIsNumber));
      }
      return [s.select(better, value!, best!), s.select(better, s.cast(s.loopIndex(axis), i64), at!)];
    },
  });
  return options.keepDimension ? t.reshape(position!, x.shape.with(axis, 1)) : position!;
}

const argRule = (name: "ArgMax" | "ArgMin", comparison: "gt" | "lt"): Lowering =>
  lowering(onnx[name], (view) => {
    const { data } = view.inputs;
    const { axis, keepdims, select_last_index } = view.attributes;
    return [
      positionOfExtreme(view.t, data, axisOf(view, axis, data.rank), {
        comparison,
        last: select_last_index !== 0,
        keepDimension: keepdims !== 0,
      }),
    ];
  });

export const reductionRules: readonly Lowering[] = [
  ...reductionOpRules,
  argRule("ArgMax", "gt"),
  argRule("ArgMin", "lt"),
];
