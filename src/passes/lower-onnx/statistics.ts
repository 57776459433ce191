import { type AffineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import type { Type } from "../../ir/types.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** A statistic of a tensor along some axes: one number for each position of the others. */
export interface Statistic {
  readonly tensor: Tensor;
  /** How loops over the tensor index it. */
  readonly map: AffineMap;
}

/** The mean along axes of a function of the elements and of another statistic of theirs. */
export function meanOf(
  t: TensorBuilder,
  x: Tensor,
  axes: readonly number[],
  type: Type,
  around: Statistic | undefined,
  term: (s: ScalarBuilder, value: Scalar, around: Scalar | undefined) => Scalar,
): Statistic {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const map = projectionMap(x.rank, kept);
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const sum = t.generic({
    inputs: [{ tensor: x, map: identityMap(x.rank) }, ...(around ? [around] : [])],
    outputs: [
      {
        tensor: t.filled(
          0,
          type,
          kept.map((axis) => x.shape[axis]!),
        ),
        map,
      },
    ],
    iterators: x.shape.map((_, axis) => (axes.includes(axis) ? "reduction" : "parallel")),
    body: (s, [value, center], [total]) => [s.add(total!, term(s, s.cast(value!, type), center))],
  })[0]!;
  return { tensor: t.map(sum, (s, total) => s.div(total, s.constant(count, type))), map };
}

/** Mean and population variance along axes, in two passes: the squares are of distances from the mean. */
export function moments(t: TensorBuilder, x: Tensor, axes: readonly number[], type: Type) {
  const mean = meanOf(t, x, axes, type, undefined, (_, value) => value);
  const variance = meanOf(t, x, axes, type, mean, (s, value, center) => {
    const distance = s.sub(value, center!);
    return s.mul(distance, distance);
  });
  return { mean, variance };
}

/** 1 / √(x + epsilon). */
export const inverseRoot = (t: TensorBuilder, { tensor, map }: Statistic, epsilon: number): Statistic => ({
  tensor: t.map(tensor, (s, x) => s.div(s.constant(1, x.type), s.sqrt(s.add(x, s.constant(epsilon, x.type))))),
  map,
});

/** ((x - mean) · inverse) · scale + bias in one step, computed in the statistics' type. Absent parts do nothing. */
export function normalized(
  t: TensorBuilder,
  x: Tensor,
  parts: {
    readonly mean?: Statistic | undefined;
    readonly inverse: Statistic;
    readonly scale?: IndexedTensor | undefined;
    readonly bias?: IndexedTensor | undefined;
  },
  element: Type,
): Tensor {
  const { mean, inverse, scale, bias } = parts;
  const type = inverse.tensor.element;
  const given = [mean, inverse, scale, bias].filter((part) => part !== undefined);
  return t.generic({
    inputs: [{ tensor: x, map: identityMap(x.rank) }, ...given],
    outputs: [{ tensor: t.emptyOutput(x.shape, element), map: identityMap(x.rank) }],
    iterators: x.shape.map(() => "parallel"),
    body: (s, [value, ...others]) => {
      const operand = (part: IndexedTensor | undefined): Scalar | undefined =>
        part && s.cast(others[given.indexOf(part)]!, type);
      const [center, factor, gain, offset] = [mean, inverse, scale, bias].map(operand);
      let result = s.cast(value!, type);
      if (center) result = s.sub(result, center);
      result = s.mul(result, factor!);
      if (gain) result = s.mul(result, gain);
      if (offset) result = s.add(result, offset);
      return [s.cast(result, element)];
    },
  })[0]!;
}
