import type { Remainder } from "../schedule/schedule.ts";

/** `count` tiles of `size` iterations each, the first at `start`. */
export interface Segment {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/**
 * How a loop of `extent` iterations is cut into tiles of at most `size`. With `overlap`, the last tile is made of whole vectors of
 * `lanes` and starts so early that it ends with the loop; where the loop is too short for that, it is cut as with `narrow`.
 */
export function segmentsOf(extent: number, size: number, remainder: Remainder, lanes = 1): readonly Segment[] {
  if (extent === 0) return [];
  if (remainder === "balance") {
    const tiles = Math.ceil(extent / size);
    const small = Math.floor(extent / tiles);
    const larger = extent % tiles;
    return [
      { start: 0, count: larger, size: small + 1 },
      { start: larger * (small + 1), count: tiles - larger, size: small },
    ].filter(({ count }) => count > 0);
  }
  const count = Math.floor(extent / size);
  const rest = extent - count * size;
  const whole = count > 0 ? [{ start: 0, count, size }] : [];
  if (rest === 0) return whole;
  const widened = Math.ceil(rest / lanes) * lanes;
  if (remainder === "overlap" && widened <= extent) {
    const last = { start: extent - widened, count: 1, size: widened };
    // Widened to a full tile, the last one is like the others.
    return [...whole, last];
  }
  return [...whole, { start: count * size, count: 1, size: rest }];
}
