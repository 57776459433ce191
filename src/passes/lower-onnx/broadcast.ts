import { affine, type AffineMap, affineMap } from "../../ir/affine.ts";

/** NumPy's broadcast of several shapes; undefined where they do not fit. */
export function broadcastShapes(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) return undefined;
      size = own;
    }
    result.push(size);
  }
  return result;
}

/** The map by which loops over `to` index a tensor of shape `from`, aligned at the last dimension, size-1 dimensions repeated. */
export function broadcastMap(from: readonly number[], to: readonly number[]): AffineMap {
  const offset = to.length - from.length;
  const results = from.map((size, axis) =>
    size === 1 && to[axis + offset] !== 1 ? affine.constant(0) : affine.dimension(axis + offset),
  );
  return affineMap(to.length, results);
}
