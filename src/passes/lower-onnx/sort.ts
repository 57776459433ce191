import { identityMap, projectionMap } from "../../ir/affine.ts";
import { i64 } from "../../ir/types.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor, TensorBuilder } from "./tensor-builder.ts";

/** Elements along an axis with the positions (i64) they come from. */
export interface Ordered {
  readonly values: Tensor;
  readonly positions: Tensor;
}
/** A value with its position: no two are equal, so their order is total. */
interface Entry {
  readonly value: Scalar;
  readonly position: Scalar;
}

/** Up to this many elements are searched for one by one, which is linear in the axis; more are taken from a sorted axis. */
const searchLimit = 8;

/**
 * The first `count` elements of each row of a matrix by falling (or rising) value; equal ones keep their order. NaN counts as greater
 * than any number.
 */
export function firstOfRows(t: TensorBuilder, x: Tensor, count: number, isFalling: boolean): Ordered {
  const before: Before = (s, a, b) => precedes(s, a, b, isFalling);
  if (count <= searchLimit && count < x.shape[1]!) return searchRows(t, x, count, before);
  const { values, positions } = sortRows(t, x, before);
  const sizes = [x.shape[0]!, count];
  return { values: t.slice(values, [0, 0], sizes), positions: t.slice(positions, [0, 0], sizes) };
}

type Before = (s: ScalarBuilder, a: Entry, b: Entry) => Scalar;

/** Whether one entry comes before another. */
function precedes(s: ScalarBuilder, a: Entry, b: Entry, isFalling: boolean): Scalar {
  const earlier = s.compare("lt", a.position, b.position);
  const byValue = s.compare(isFalling ? "gt" : "lt", a.value, b.value);
  const tied = s.and(s.compare("eq", a.value, b.value), earlier);
  const ordered = s.or(byValue, tied);
  if (a.value.type.kind !== "float") return ordered;
  const [aNan, bNan] = [s.isNan(a.value), s.isNan(b.value)];
  // Comparisons with NaN are false, so only the cases where NaN wins are added.
  const won = s.and(isFalling ? aNan : bNan, s.not(isFalling ? bNan : aNan));
  return s.or(ordered, s.or(won, s.and(s.and(aNan, bNan), earlier)));
}

/** One reduction for each wanted element: the best of those that come after the last one found. */
function searchRows(t: TensorBuilder, x: Tensor, count: number, before: Before): Ordered {
  const [rows] = x.shape as [number, number];
  const byRow = projectionMap(2, [0]);
  const found: Ordered[] = [];
  for (let rank = 0; rank < count; rank++) {
    const last = found.at(-1);
    const [values, positions] = t.generic({
      inputs: [
        { tensor: x, map: identityMap(2) },
        ...(last ? [last.values, last.positions].map((tensor) => ({ tensor, map: byRow })) : []),
      ],
      outputs: [
        { tensor: t.filled(0, x.element, [rows]), map: byRow },
        // No position stands for nothing found yet.
        { tensor: t.filled(-1, i64, [rows]), map: byRow },
      ],
      iterators: ["parallel", "reduction"],
      body: (s, [value, lastValue, lastPosition], [bestValue, bestPosition]) => {
        const entry = { value: value!, position: s.cast(s.loopIndex(1), i64) };
        const best = { value: bestValue!, position: bestPosition! };
        const isFirst = s.compare("lt", best.position, s.constant(0, i64));
        let isBetter = s.or(isFirst, before(s, entry, best));
        if (lastValue) isBetter = s.and(isBetter, before(s, { value: lastValue, position: lastPosition! }, entry));
        return [s.select(isBetter, entry.value, best.value), s.select(isBetter, entry.position, best.position)];
      },
    }) as readonly [Tensor, Tensor];
    found.push({ values, positions });
  }
  const joined = (part: (ordered: Ordered) => Tensor): Tensor =>
    t.concat(
      found.map((ordered) => t.reshape(part(ordered), [rows, 1])),
      1,
    );
  return { values: joined(({ values }) => values), positions: joined(({ positions }) => positions) };
}

/**
 * A merge sort whose every pass computes each element of its result on its own, by co-ranking (Siebert and Träff, "Perfectly
 * load-balanced, optimal, stable, parallel merge", 2013): a gather without any order of execution.
 */
function sortRows(t: TensorBuilder, x: Tensor, before: Before): Ordered {
  const [rows, size] = x.shape as [number, number];
  const [start] = t.generic({
    inputs: [],
    outputs: [{ tensor: t.emptyOutput([rows, size], i64), map: identityMap(2) }],
    iterators: ["parallel", "parallel"],
    body: (s) => [s.cast(s.loopIndex(1), i64)],
  });
  let runs: Ordered = { values: x, positions: start! };
  for (let width = 1; width < size; width *= 2) runs = mergeRuns(t, runs, width, before);
  return runs;
}

/** Sorted runs of `width` merged in pairs. */
function mergeRuns(t: TensorBuilder, runs: Ordered, width: number, before: Before): Ordered {
  const shape = runs.values.shape as readonly [number, number];
  const size = shape[1];
  const map = identityMap(2);
  const [values, positions] = t.generic({
    inputs: [],
    outputs: [
      { tensor: t.emptyOutput(shape, runs.values.element), map },
      { tensor: t.emptyOutput(shape, i64), map },
    ],
    iterators: ["parallel", "parallel"],
    body: (s) => {
      const [row, place] = [s.loopIndex(0), s.loopIndex(1)];
      const index = (value: number): Scalar => s.index(value);
      const least = (a: Scalar, b: Scalar): Scalar => s.min(a, b);
      const entry = (at: Scalar): Entry => ({
        value: s.load(runs.values, [row, at]),
        position: s.load(runs.positions, [row, at]),
      });
      const left = s.mul(s.floorDiv(place, index(2 * width)), index(2 * width));
      const right = least(s.add(left, index(width)), index(size));
      const end = least(s.add(right, index(width)), index(size));
      const offset = s.sub(place, left);
      const [leftSize, rightSize] = [s.sub(right, left), s.sub(end, right)];
      // How many of the first `offset` merged elements come from the left run, by bisection. Rounds past the end change nothing.
      let low = s.max(s.sub(offset, rightSize), index(0));
      let high = least(offset, leftSize);
      for (let range = Math.min(width, size); range > 0; range = Math.floor(range / 2)) {
        const middle = s.floorDiv(s.add(low, high), index(2));
        const isOpen = s.compare("lt", low, high);
        const fromLeft = entry(least(s.add(left, middle), index(size - 1)));
        const opposite = s.sub(s.sub(s.add(right, offset), middle), index(1));
        const fromRight = entry(s.max(least(opposite, index(size - 1)), index(0)));
        const isBefore = before(s, fromLeft, fromRight);
        const next = s.select(s.and(isOpen, isBefore), s.add(middle, index(1)), low);
        high = s.select(s.and(isOpen, s.not(isBefore)), middle, high);
        low = next;
      }
      const fromRight = s.sub(offset, low);
      const leftIsLeft = s.compare("lt", low, leftSize);
      const rightIsDone = s.compare("ge", fromRight, rightSize);
      const leftEntry = entry(least(s.add(left, low), index(size - 1)));
      const rightEntry = entry(least(s.add(right, fromRight), index(size - 1)));
      const takesLeft = s.and(leftIsLeft, s.or(rightIsDone, before(s, leftEntry, rightEntry)));
      return [
        s.select(takesLeft, leftEntry.value, rightEntry.value),
        s.select(takesLeft, leftEntry.position, rightEntry.position),
      ];
    },
  });
  return { values: values!, positions: positions! };
}
