import type { Point } from "./geometry.ts";

/** A grid of numbers, row by row. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * The connected sets of cells above `threshold` (cells touch at sides and corners), in the order of their first cells. Each is given
 * by the centres of the first and last of its cells in every row: enough for its convex hull, and far fewer than its cells.
 */
export function connectedComponents({ width, height, data }: Grid, threshold: number): readonly (readonly Point[])[] {
  const pending = new Uint8Array(width * height);
  for (let cell = 0; cell < pending.length; cell++) pending[cell] = data[cell]! > threshold ? 1 : 0;
  const components: (readonly Point[])[] = [];
  for (let cell = 0; cell < pending.length; cell++) {
    if (pending[cell]) components.push(rowEnds(fill(pending, width, height, cell)));
  }
  return components;
}

interface Extent {
  first: number;
  last: number;
}

/** Clears the component that holds `seed` and returns its extent in each of its rows. */
function fill(pending: Uint8Array, width: number, height: number, seed: number): ReadonlyMap<number, Extent> {
  const extents = new Map<number, Extent>();
  const stack = [seed];
  pending[seed] = 0;
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const column = cell % width;
    const row = (cell - column) / width;
    const extent = extents.get(row);
    if (!extent) extents.set(row, { first: column, last: column });
    else {
      extent.first = Math.min(extent.first, column);
      extent.last = Math.max(extent.last, column);
    }
    for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, height - 1); y++) {
      for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, width - 1); x++) {
        const neighbour = y * width + x;
        if (!pending[neighbour]) continue;
        pending[neighbour] = 0;
        stack.push(neighbour);
      }
    }
  }
  return extents;
}

const rowEnds = (extents: ReadonlyMap<number, Extent>): readonly Point[] =>
  [...extents].flatMap(([row, { first, last }]) => [
    { x: first + 0.5, y: row + 0.5 },
    { x: last + 0.5, y: row + 0.5 },
  ]);
