import { layoutOf, rowMajorStrides, staticSizes } from "../../../ir/analysis/memref-layout.ts";
import type { MemRefType } from "../../../ir/types.ts";

/** What a view has of one dimension of the plain buffer that it is a view of. */
interface SeenDimension {
  readonly start: number;
  readonly extent: number;
  /** The view's dimension that moves through it; undefined when it stands still, or moves with the next dimension. */
  readonly view: number | undefined;
  /** Whether the view's dimension goes on into dimensions before this one. */
  readonly isMerged: boolean;
}

/** A view of a plain buffer as a box in it; undefined when it is none, or leaves elements out. */
export function seenDimensions(view: MemRefType, buffer: MemRefType): readonly SeenDimension[] | undefined {
  const layout = layoutOf(view);
  if (buffer.layout !== undefined || !layout || layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const sizes = staticSizes(buffer);
  const strides = rowMajorStrides(sizes);
  let rest = layout.offset;
  const seen = sizes.map((_, dimension) => {
    const start = Math.floor(rest / strides[dimension]!);
    rest -= start * strides[dimension]!;
    return { start, extent: 1, view: undefined as number | undefined, isMerged: false };
  });
  for (const [position, size] of staticSizes(view).entries()) {
    if (size === 1) continue;
    const matching = strides.flatMap((stride, at) =>
      stride === layout.strides[position] && sizes[at]! > 1 ? [at] : [],
    );
    const [inner] = matching;
    if (inner === undefined || seen[inner]!.extent > 1) return undefined;
    seen[inner]!.view = position;
    let left = size;
    for (let at = inner; left > 1; at--) {
      const here = seen[at];
      if (here === undefined || here.extent > 1) return undefined;
      if (left <= sizes[at]! - here.start) {
        here.extent = left;
        left = 1;
      } else {
        if (here.start !== 0 || left % sizes[at]! !== 0) return undefined;
        here.extent = sizes[at]!;
        left /= sizes[at]!;
        seen[inner]!.isMerged = true;
      }
    }
  }
  return seen.every(({ start, extent }, at) => start + extent <= sizes[at]!) ? seen : undefined;
}

/** A box in a buffer, by dimension. */
export interface Box {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

/** The least box of a plain buffer that has all elements of a view; undefined when that is not known. */
export function boxAround(view: MemRefType, buffer: MemRefType): Box | undefined {
  const whole = seenDimensions(view, buffer);
  if (whole) return { starts: whole.map(({ start }) => start), sizes: whole.map(({ extent }) => extent) };
  const layout = layoutOf(view);
  if (buffer.layout !== undefined || !layout || layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const sizes = staticSizes(buffer);
  const strides = rowMajorStrides(sizes);
  let rest = layout.offset;
  const starts = strides.map((stride) => {
    const start = Math.floor(rest / stride);
    rest -= start * stride;
    return start;
  });
  const extents = sizes.map(() => 1);
  for (const [position, size] of staticSizes(view).entries()) {
    if (size === 1) continue;
    const step = layout.strides[position] as number;
    // A dimension may be split into several, each in larger steps than the next.
    const dimension = strides.findIndex((stride, at) => sizes[at]! > 1 && stride <= step && step % stride === 0);
    if (dimension < 0) return undefined;
    extents[dimension]! += (step / strides[dimension]!) * (size - 1);
  }
  return extents.every((extent, at) => starts[at]! + extent <= sizes[at]!) ? { starts, sizes: extents } : undefined;
}
