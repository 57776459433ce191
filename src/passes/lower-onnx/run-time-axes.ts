import { i64 } from "../../ir/types.ts";
import type { Scalar } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { branch } from "./tensor-control.ts";

/** A bit for each axis that a tensor of axes (negative ones count from the end) holds. */
function axisBits(t: TensorBuilder, axes: Tensor, rank: number): Scalar {
  const s = t.scalars;
  const flat = t.reshape(axes, [axes.size]);
  let bits = s.constant(0, i64);
  for (let entry = 0; entry < axes.size; entry++) {
    const axis = s.cast(t.extract(flat, [s.index(entry)]), i64);
    const fromEnd = s.compare("lt", axis, s.constant(0, i64));
    const position = s.select(fromEnd, s.add(axis, s.constant(rank, i64)), axis);
    bits = s.or(bits, s.shiftLeft(s.constant(1, i64), position));
  }
  return bits;
}

/**
 * One of several computations, which give tensors of the same type, by axes that are known only at run time. `candidates` are all the
 * sets of axes that may be meant.
 */
export function byRunTimeAxes(
  t: TensorBuilder,
  axes: Tensor,
  rank: number,
  candidates: readonly (readonly number[])[],
  make: (axes: readonly number[]) => Tensor,
): Tensor {
  if (candidates.length === 1) return make(candidates[0]!);
  const bits = axisBits(t, axes, rank);
  const choose = ([candidate, ...others]: readonly (readonly number[])[]): Tensor => {
    if (others.length === 0) return make(candidate!);
    const s = t.scalars;
    const wanted = candidate!.reduce((sum, axis) => sum + 2 ** axis, 0);
    return branch(
      t,
      s.compare("eq", bits, s.constant(wanted, i64)),
      () => [make(candidate!)],
      () => [choose(others)],
    )[0]!;
  };
  return choose(candidates);
}

/** All subsets of `count` of the axes of a rank. */
export function axisSubsets(rank: number, count: number): readonly (readonly number[])[] {
  const extend = (chosen: readonly number[], from: number): readonly (readonly number[])[] =>
    chosen.length === count
      ? [chosen]
      : Array.from({ length: Math.max(0, rank - from) }, (_, offset) => from + offset).flatMap((axis) =>
          extend([...chosen, axis], axis + 1),
        );
  return extend([], 0);
}
