import type { ValueId } from "../../../ir/module.ts";
import { type KernelGroup, loopsOf } from "../../kernels/group.ts";
import type { BlockedSchedule } from "../schedule-attribute.ts";
import { addSums, constantSum, type IndexSum, type SumBuilder, valueSum } from "./index-sums.ts";
import type { Positions } from "./places.ts";

/** One point of a group's parallel loops that an invocation computes. */
export interface BlockPoint {
  /** Positions of the parallel loops; they are within bounds, so that anything there may be read. */
  readonly positions: Positions;
  /** Whether the point is one of the group's: only then is its result stored. Undefined when it always is. */
  readonly guard: ValueId | undefined;
}

/** The group's parallel loops, from the one along which invocations are neighbours to the one that changes least. */
function loopOrder(group: KernelGroup, { laneLoop }: BlockedSchedule): readonly number[] {
  const others = loopsOf(group, "parallel").filter((loop) => loop !== laneLoop);
  return laneLoop < 0 ? others.toReversed() : [laneLoop, ...others.toReversed()];
}

/** How many invocations share out each parallel loop, in the order of `loopOrder`. */
export const countsOf = (group: KernelGroup, schedule: BlockedSchedule): readonly number[] =>
  loopOrder(group, schedule).map((loop) => Math.ceil(group.bounds[loop]! / schedule.factors[loop]!));

/** Splits the number of an invocation into its places along loops, the first changing fastest. */
export function splitNumber(sums: SumBuilder, number: ValueId, counts: readonly number[]): readonly IndexSum[] {
  let rest = number;
  let remaining = counts.reduce((product, count) => product * count, 1);
  return counts.map((count) => {
    remaining /= count;
    if (count === 1) return constantSum(0);
    if (remaining === 1) return valueSum(sums.limit(rest, count - 1));
    const { quotient, remainder } = sums.divide(rest, count);
    rest = quotient;
    return valueSum(sums.limit(remainder, count - 1));
  });
}

interface Step {
  readonly position: IndexSum;
  readonly guard: ValueId | undefined;
}

/** The positions along one loop that the invocation at `place` of `count` computes. */
function stepsOf(
  sums: SumBuilder,
  place: IndexSum,
  count: number,
  factor: number,
  bound: number,
  isSpread: boolean,
): readonly Step[] {
  return Array.from({ length: factor }, (_, step) => {
    const raw = isSpread ? addSums(place, constantSum(step * count)) : addSums(constantSum(step), place, factor);
    const greatest = isSpread ? count - 1 + step * count : (count - 1) * factor + step;
    if (greatest < bound) return { position: raw, guard: undefined };
    return { position: valueSum(sums.limit(sums.atMost(raw, bound - 1), bound - 1)), guard: sums.isBelow(raw, bound) };
  });
}

/** The points of the invocation with this number: a block of neighbours along each loop with a factor. */
export function blockPoints(
  sums: SumBuilder,
  group: KernelGroup,
  schedule: BlockedSchedule,
  number: ValueId,
): readonly BlockPoint[] {
  const order = loopOrder(group, schedule);
  const counts = countsOf(group, schedule);
  const places = splitNumber(sums, number, counts);
  const none: BlockPoint = { positions: group.bounds.map(() => undefined), guard: undefined };
  // Loops that change least come first, so that points that share the most are together.
  return order.toReversed().reduce<readonly BlockPoint[]>(
    (points, loop) => {
      const at = order.indexOf(loop);
      const steps = stepsOf(
        sums,
        places[at]!,
        counts[at]!,
        schedule.factors[loop]!,
        group.bounds[loop]!,
        schedule.spread.includes(loop),
      );
      return points.flatMap((point) =>
        steps.map(({ position, guard }) => ({
          positions: point.positions.map((other, index) => (index === loop ? position : other)),
          guard:
            guard === undefined || point.guard === undefined ? (guard ?? point.guard) : sums.both(point.guard, guard),
        })),
      );
    },
    [none],
  );
}

/** Loops of a group at positions, some of them replaced. */
export const withPositions = (positions: Positions, changed: ReadonlyMap<number, IndexSum>): Positions =>
  positions.map((position, loop) => changed.get(loop) ?? position);
