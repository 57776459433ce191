import { identityMap, projectionMap } from "../../ir/affine.ts";
import { f32, i32, i64, indexType } from "../../ir/types.ts";
import { bitWidthOf } from "./element-types.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { loop, loopWithScalars } from "./tensor-control.ts";

/** Elements along an axis with the positions (i64) they come from. */
export interface Ordered {
  readonly values: Tensor;
  readonly positions: Tensor;
}

/**
 * Rows of elements with their positions, in one tensor or several. No two entries are equal, so their order is total and any sort is
 * stable.
 */
interface Entries {
  readonly parts: readonly Tensor[];
  readonly isBefore: (s: ScalarBuilder, a: Entry, b: Entry) => Scalar;
}
/** One entry: a scalar of each part. */
type Entry = readonly Scalar[];

/** Up to this many elements are searched for one by one, which is linear in the axis; more are sorted. */
const searchLimit = 8;
/** Where the axis is at least this long, and this many times longer than what is wanted of it, what is wanted is set apart first. */
const shortest = 256;
const surplus = 4;

/**
 * The first `count` elements of each row of a matrix by falling (or rising) value; equal ones keep their order. NaN counts as greater
 * than any number.
 */
export function firstOfRows(t: TensorBuilder, x: Tensor, count: number, isFalling: boolean): Ordered {
  const [rows, size] = x.shape as [number, number];
  const isPacked = bitWidthOf(x.element) <= 32 && size < 2 ** 32;
  const entries = isPacked ? packedEntries(t, x, isFalling) : separateEntries(t, x, isFalling);
  const parts = isPacked ? firstOfPacked(t, entries, count) : sortRows(t, entries).parts;
  const first = parts.map((part) => t.slice(part, [0, 0], [rows, count]));
  return isPacked ? unpacked(t, x, first[0]!) : { values: first[0]!, positions: first[1]! };
}

const long = (s: ScalarBuilder, value: number | bigint): Scalar => s.constant(value, i64);
const lowHalf = 0xffffffffn;

/** A number of up to 32 bits as a signed i64 in the same order. */
function orderedInteger(s: ScalarBuilder, x: Scalar): Scalar {
  if (x.type.kind !== "float") {
    const isUnsigned = x.type.kind === "integer" && x.type.signedness === "unsigned";
    return isUnsigned ? s.sub(s.cast(x, i64), long(s, 2n ** 31n)) : s.cast(x, i64);
  }
  // The bits of floats are ordered like integers, but for negative ones, where all bits but the sign's turn around. Adding zero
  // makes both zeros the same.
  const wide = s.cast(x, f32);
  const bits = s.bitcast(s.add(wide, s.constant(0, f32)), i32);
  const turned = s.xor(bits, s.constant(0x7fffffff, i32));
  const ordered = s.select(s.compare("lt", bits, s.constant(0, i32)), turned, bits);
  return s.cast(s.select(s.isNan(wide), s.constant(0x7fffffff, i32), ordered), i64);
}

/** Value and position in one integer, the first entry being the greatest: 32 bits of value over 32 of what is left of the row. */
function packedEntries(t: TensorBuilder, x: Tensor, isFalling: boolean): Entries {
  const packed = t.map(
    x,
    (s, value) => {
      const order = orderedInteger(s, value);
      const key = isFalling ? order : s.not(order);
      const rest = s.sub(long(s, lowHalf), s.cast(s.loopIndex(1), i64));
      return s.or(s.shiftLeft(key, long(s, 32)), rest);
    },
    i64,
  );
  return { parts: [packed], isBefore: (s, [a], [b]) => s.compare("gt", a!, b!) };
}

function unpacked(t: TensorBuilder, x: Tensor, packed: Tensor): Ordered {
  const positionOf = (s: ScalarBuilder, entry: Scalar): Scalar =>
    s.sub(long(s, lowHalf), s.and(entry, long(s, lowHalf)));
  return {
    values: t.map(
      packed,
      (s, entry) => s.load(x, [s.loopIndex(0), s.cast(positionOf(s, entry), indexType)]),
      x.element,
    ),
    positions: t.map(packed, positionOf),
  };
}

/** At least the first `count` packed entries of each row, in order. */
function firstOfPacked(t: TensorBuilder, entries: Entries, count: number): readonly Tensor[] {
  const packed = entries.parts[0]!;
  const size = packed.shape[1]!;
  if (count <= searchLimit && count < size) return [searchPacked(t, packed, count)];
  if (size < shortest || size < surplus * count) return sortRows(t, entries).parts;
  return sortRows(t, { ...entries, parts: [greatestOfRows(t, packed, count)] }).parts;
}

/** Values and positions apart, for values of 64 bits. */
function separateEntries(t: TensorBuilder, x: Tensor, isFalling: boolean): Entries {
  const positions = t.compute(x.shape, i64, (s, [, column]) => s.cast(column!, i64));
  return {
    parts: [x, positions],
    isBefore: (s, [a, i], [b, j]) => {
      const earlier = s.compare("lt", i!, j!);
      const byValue = s.compare(isFalling ? "gt" : "lt", a!, b!);
      const ordered = s.or(byValue, s.and(s.compare("eq", a!, b!), earlier));
      if (a!.type.kind !== "float") return ordered;
      const [aNan, bNan] = [s.isNan(a!), s.isNan(b!)];
      // Comparisons with NaN are false, so only the cases where NaN wins are added.
      const won = s.and(isFalling ? aNan : bNan, s.not(isFalling ? bNan : aNan));
      return s.or(ordered, s.or(won, s.and(s.and(aNan, bNan), earlier)));
    },
  };
}

/** One maximum for each wanted entry: the greatest below the last one found. */
function searchPacked(t: TensorBuilder, packed: Tensor, count: number): Tensor {
  const rows = packed.shape[0]!;
  const byRow = projectionMap(2, [0]);
  const least = -(2n ** 63n);
  const found: Tensor[] = [];
  for (let rank = 0; rank < count; rank++) {
    const last = found.at(-1);
    found.push(
      t.generic({
        inputs: [{ tensor: packed, map: identityMap(2) }, ...(last ? [{ tensor: last, map: byRow }] : [])],
        outputs: [{ tensor: t.filled(least, i64, [rows]), map: byRow }],
        iterators: ["parallel", "reduction"],
        body: (s, [entry, limit], [best]) => {
          const candidate = limit ? s.select(s.compare("lt", entry!, limit), entry!, long(s, least)) : entry!;
          return [s.max(best!, candidate)];
        },
      })[0]!,
    );
  }
  return t.stack(found, 1);
}

/**
 * The `count` greatest entries of each row, in the order they stand in. The least of them is found bit by bit: it is the largest number
 * that no fewer entries reach.
 */
function greatestOfRows(t: TensorBuilder, packed: Tensor, count: number): Tensor {
  const [rows, size] = packed.shape as [number, number];
  const byRow = projectionMap(2, [0]);
  const start = t.filled(-(2n ** 63n), i64, [rows]);
  const [least] = loop(t, 64, [start], (position, [bound]) => {
    // From the sign's bit down; the lowest number has it set, and turning it gives zero.
    const bit = t.scalars.shiftLeft(
      long(t.scalars, 1),
      t.scalars.sub(long(t.scalars, 63), t.scalars.cast(position, i64)),
    );
    const raised = t.map(bound!, (s, value) => s.xor(value, bit));
    const [reaching] = t.generic({
      inputs: [
        { tensor: packed, map: identityMap(2) },
        { tensor: raised, map: byRow },
      ],
      outputs: [{ tensor: t.filled(0, i64, [rows]), map: byRow }],
      iterators: ["parallel", "reduction"],
      body: (s, [entry, limit], [sum]) => [s.add(sum!, s.cast(s.compare("ge", entry!, limit!), i64))],
    });
    return [
      t.elementwise([reaching!, raised, bound!], i64, (s, number, next, present) =>
        s.select(s.compare("ge", number!, long(s, count)), next!, present!),
      ),
    ];
  });
  // Each entry is written to the next place, which only those that are kept move on. There is one place more for the others.
  const kept = loop(t, rows, [t.emptyOutput([rows, count + 1], i64)], (row, [found]) => {
    const limit = t.extract(least!, [row]);
    return loopWithScalars(t, size, [t.scalars.index(0)], [found!], (column, [place], [into]) => {
      const s = t.scalars;
      const entry = t.extract(packed, [row, column]);
      const isKept = s.compare("ge", entry, limit);
      const next = s.add(place!, s.select(isKept, s.index(1), s.index(0)));
      return { scalars: [next], carried: [t.insert(into!, entry, [row, place!])] };
    });
  });
  return t.slice(kept[0]!, [0, 0], [rows, count]);
}

/**
 * A merge sort whose every pass computes each element of its result on its own, by co-ranking (Siebert and Träff, "Perfectly
 * load-balanced, optimal, stable, parallel merge", 2013): a gather without any order of execution.
 */
function sortRows(t: TensorBuilder, entries: Entries): Entries {
  const size = entries.parts[0]!.shape[1]!;
  let runs = entries;
  for (let width = 1; width < size; width *= 2) runs = mergeRuns(t, runs, width);
  return runs;
}

/** Sorted runs of `width` merged in pairs. */
function mergeRuns(t: TensorBuilder, runs: Entries, width: number): Entries {
  const shape = runs.parts[0]!.shape as readonly [number, number];
  const size = shape[1];
  const parts = t.generic({
    inputs: [],
    outputs: runs.parts.map((part) => ({ tensor: t.emptyOutput(shape, part.element), map: identityMap(2) })),
    iterators: ["parallel", "parallel"],
    body: (s) => {
      const [row, place] = [s.loopIndex(0), s.loopIndex(1)];
      const index = (value: number): Scalar => s.index(value);
      const entryAt = (at: Scalar): Entry => runs.parts.map((part) => s.load(part, [row, at]));
      const left = s.mul(s.floorDiv(place, index(2 * width)), index(2 * width));
      const right = s.min(s.add(left, index(width)), index(size));
      const end = s.min(s.add(right, index(width)), index(size));
      const offset = s.sub(place, left);
      const [leftSize, rightSize] = [s.sub(right, left), s.sub(end, right)];
      // How many of the first `offset` merged elements come from the left run, by bisection. Rounds past the end change nothing.
      let low = s.max(s.sub(offset, rightSize), index(0));
      let high = s.min(offset, leftSize);
      for (let range = Math.min(width, size); range > 0; range = Math.floor(range / 2)) {
        const middle = s.floorDiv(s.add(low, high), index(2));
        const isOpen = s.compare("lt", low, high);
        const fromLeft = entryAt(s.min(s.add(left, middle), index(size - 1)));
        const opposite = s.sub(s.sub(s.add(right, offset), middle), index(1));
        const fromRight = entryAt(s.max(s.min(opposite, index(size - 1)), index(0)));
        const isBefore = runs.isBefore(s, fromLeft, fromRight);
        const next = s.select(s.and(isOpen, isBefore), s.add(middle, index(1)), low);
        high = s.select(s.and(isOpen, s.not(isBefore)), middle, high);
        low = next;
      }
      const fromRight = s.sub(offset, low);
      const leftIsOpen = s.compare("lt", low, leftSize);
      const rightIsDone = s.compare("ge", fromRight, rightSize);
      const leftEntry = entryAt(s.min(s.add(left, low), index(size - 1)));
      const rightEntry = entryAt(s.min(s.add(right, fromRight), index(size - 1)));
      const takesLeft = s.and(leftIsOpen, s.or(rightIsDone, runs.isBefore(s, leftEntry, rightEntry)));
      return leftEntry.map((part, position) => s.select(takesLeft, part, rightEntry[position]!));
    },
  });
  return { ...runs, parts };
}
