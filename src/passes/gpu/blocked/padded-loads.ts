import { layoutOf } from "../../../ir/analysis/memref-layout.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import type { MemRefType } from "../../../ir/types.ts";
import { baseOf } from "../../kernels/placed-operands.ts";
import { paddedDimensions } from "../padding/padded-buffers.ts";
import { type Box, seenDimensions } from "../padding/view-dimensions.ts";
import { addSums, constantSum, type IndexSum } from "./index-sums.ts";

/** A padded buffer as a kernel has it: `value` is what lies around the box, wherever the buffer's memory says otherwise. */
export interface KernelPadding {
  readonly buffer: ValueId;
  readonly box: Box;
  readonly value: ValueId;
  /** What has the box's elements instead of the buffer. */
  readonly source: ValueId | undefined;
}

/** Where an element of a padded buffer is. */
export interface PaddedPlace {
  /** Conditions for its being in the box: each sum, taken as unsigned, is below its limit. */
  readonly inside: readonly { readonly sum: IndexSum; readonly limit: number }[];
  /** Its place in the source, which must not be looked at outside the box; undefined when the buffer itself has it. */
  readonly source: { readonly base: ValueId; readonly index: IndexSum } | undefined;
}

/** Finds an element of a padded buffer in a view of it, at these indices. */
export function paddedPlace(
  rewriter: Rewriter,
  view: MemRefType,
  indices: readonly IndexSum[],
  { buffer, box, source }: KernelPadding,
): PaddedPlace {
  const type = rewriter.typeOf(buffer) as MemRefType;
  const seen = seenDimensions(view, type)!;
  /** Where the element is along each dimension of the box; dimensions that move with the next are part of that. */
  const within = seen.map(({ start, view: moving }, dimension) => {
    const first = constantSum(start - box.starts[dimension]!);
    return moving === undefined ? first : addSums(first, indices[moving]!);
  });
  const inside = paddedDimensions(type, box).map((dimension) => ({
    sum: within[dimension]!,
    limit: box.sizes[dimension]!,
  }));
  if (source === undefined) return { inside, source: undefined };
  const layout = layoutOf(rewriter.typeOf(source) as MemRefType)!;
  const index = within.reduce(
    (total, sum, dimension) => addSums(total, sum, layout.strides[dimension] as number),
    constantSum(layout.offset as number),
  );
  return { inside, source: { base: baseOf(rewriter, source), index } };
}
