import { type AffineExpression, dimensionsOf, evaluateAffine, linearForm } from "../../ir/affine.ts";
import { termsOf } from "../kernels/group.ts";

/** The part of one buffer dimension that a tile touches: it starts where the tiled loops put it, and is `size` elements long. */
export interface Extent {
  /** Factors of the tiled loops in the start of the part. */
  readonly factors: ReadonlyMap<number, number>;
  readonly size: number;
}

/** Points beyond which the values of an index expression are not enumerated. */
const enumerable = 1 << 14;

/**
 * What a tile touches along a dimension indexed by `index`. Loops in `tiled` must come in linearly; what the other loops add (window
 * offsets, also through `mod` and `floordiv`) is found by trying all their values. Undefined when that is not possible.
 */
export function extentOf(
  index: AffineExpression,
  tiled: ReadonlySet<number>,
  sizes: readonly number[],
): Extent | undefined {
  const factors = new Map<number, number>();
  const rest: AffineExpression[] = [];
  for (const term of termsOf(index)) {
    const loops = dimensionsOf(term);
    if (![...loops].some((loop) => tiled.has(loop))) {
      rest.push(term);
      continue;
    }
    const form = linearForm(term);
    const [entry, ...more] = form ? [...form.coefficients] : [];
    if (!form || !entry || more.length > 0 || entry[1] <= 0 || form.constant !== 0) return undefined;
    factors.set(entry[0], (factors.get(entry[0]) ?? 0) + entry[1]);
  }
  let last = rest.length === 0 ? 0 : greatest(rest, sizes);
  if (last === undefined) return undefined;
  for (const [loop, factor] of factors) last += factor * (sizes[loop]! - 1);
  return { factors, size: last + 1 };
}

/** The greatest value of a sum over all values of its loops; undefined when some value is negative or there are too many. */
function greatest(terms: readonly AffineExpression[], sizes: readonly number[]): number | undefined {
  const loops = [...new Set(terms.flatMap((term) => [...dimensionsOf(term)]))];
  if (loops.reduce((product, loop) => product * sizes[loop]!, 1) > enumerable) return undefined;
  const point = sizes.map(() => 0);
  let most = 0;
  const visit = (depth: number): boolean => {
    const loop = loops[depth];
    if (loop === undefined) {
      const value = terms.reduce((sum, term) => sum + evaluateAffine(term, point), 0);
      most = Math.max(most, value);
      return value >= 0;
    }
    for (let at = 0; at < sizes[loop]!; at++) {
      point[loop] = at;
      if (!visit(depth + 1)) return false;
    }
    return true;
  };
  return visit(0) ? most : undefined;
}
