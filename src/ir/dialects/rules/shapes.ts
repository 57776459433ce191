import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Operation } from "../../module.ts";
import type { Dimension } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";

/** Stands for an entry that an operand gives. */
export const dynamicEntry = -(2 ** 63);
export const isDynamic = (entry: number): boolean => entry === dynamicEntry;
/** A static entry as a size. */
export const sizeOf = (entry: number): Dimension => (isDynamic(entry) ? "?" : entry);
export const sizesFit = (left: Dimension, right: Dimension): boolean => left === "?" || right === "?" || left === right;
export const shapeText = (shape: readonly Dimension[]): string => `[${shape.join(", ")}]`;
export const shapesFit = (left: readonly Dimension[], right: readonly Dimension[]): boolean =>
  left.length === right.length && left.every((size, index) => sizesFit(size, right[index]!));

/** Static lists with one entry for each dimension, and as many operands as dynamic entries. */
export function* verifyMixedList(
  op: Operation,
  name: string,
  entries: readonly number[],
  operands: number,
  rank: number | undefined,
): Generator<Diagnostic> {
  if (rank !== undefined && entries.length !== rank)
    yield broken(op, `expected ${rank} ${name} values, got ${entries.length}`);
  const dynamic = entries.filter(isDynamic).length;
  if (dynamic !== operands) yield broken(op, `expected ${dynamic} dynamic ${name} values, got ${operands}`);
}

/** Whether `reduced` is `full` without some of its dimensions of size 1. */
export function isRankReduction(full: readonly Dimension[], reduced: readonly Dimension[]): boolean {
  // reachable[j]: the dimensions looked at so far can give the first j of the reduced shape.
  let reachable = new Set([0]);
  for (const size of full) {
    const next = new Set<number>();
    for (const position of reachable) {
      if (size === 1) next.add(position);
      if (position < reduced.length && sizesFit(size, reduced[position]!)) next.add(position + 1);
    }
    reachable = next;
  }
  return reachable.has(reduced.length);
}

interface Slice {
  readonly op: Operation;
  /** The shape that is sliced. */
  readonly shape: readonly Dimension[];
  readonly operands: {
    readonly offsets: readonly unknown[];
    readonly sizes: readonly unknown[];
    readonly strides: readonly unknown[];
  };
  readonly attributes: {
    readonly static_offsets: readonly number[];
    readonly static_sizes: readonly number[];
    readonly static_strides: readonly number[];
  };
}

/** Offsets, sizes and strides of a slice: their numbers, and that a static slice lies inside a static shape. */
export function* verifySlice({ op, shape, operands, attributes }: Slice): Generator<Diagnostic> {
  const { static_offsets: offsets, static_sizes: sizes, static_strides: strides } = attributes;
  const rank = shape.length;
  yield* verifyMixedList(op, "offset", offsets, operands.offsets.length, rank);
  yield* verifyMixedList(op, "size", sizes, operands.sizes.length, rank);
  yield* verifyMixedList(op, "stride", strides, operands.strides.length, rank);
  if (offsets.length !== rank || sizes.length !== rank || strides.length !== rank) return;
  for (const [index, extent] of shape.entries()) {
    const offset = offsets[index]!;
    const size = sizes[index]!;
    const stride = strides[index]!;
    if (!isDynamic(size) && size < 0) yield broken(op, `expected size ${index} to be non-negative, but got ${size}`);
    if (!isDynamic(offset) && offset < 0)
      yield broken(op, `expected offset ${index} to be non-negative, but got ${offset}`);
    if (extent === "?" || isDynamic(offset) || size === 0) continue;
    if (offset >= extent) yield broken(op, `offset ${index} is out-of-bounds: ${offset} >= ${extent}`);
    else if (!isDynamic(size) && !isDynamic(stride)) {
      const last = offset + (size - 1) * stride;
      if (last >= extent || last < 0)
        yield broken(op, `slice along dimension ${index} runs out-of-bounds: ${last} >= ${extent}`);
    }
  }
}

/** Groups of a reassociation are contiguous, in order and complete; sizes of static groups multiply to the collapsed size. */
export function* verifyReassociation(
  op: Operation,
  groups: readonly (readonly number[])[],
  expanded: readonly Dimension[],
  collapsed: readonly Dimension[],
): Generator<Diagnostic> {
  if (groups.length !== collapsed.length) {
    yield broken(
      op,
      `expected collapsed rank (${collapsed.length}) to equal the number of reassociation maps (${groups.length})`,
    );
    return;
  }
  const flat = groups.flat();
  if (groups.length === 0) {
    // Everything collapses to a scalar.
    if (expanded.some((size) => size !== 1))
      yield broken(op, `invalid to reshape tensor/memref with non-unit extent dimensions to zero-rank tensor/memref`);
    return;
  }
  if (flat.length !== expanded.length || flat.some((position, index) => position !== index)) {
    yield broken(op, "expected reassociation map to be valid and contiguous");
    return;
  }
  for (const [index, group] of groups.entries()) {
    const sizes = group.map((position) => expanded[position]!);
    const target = collapsed[index]!;
    if (target === "?" || sizes.includes("?")) continue;
    const product = sizes.reduce<number>((value, size) => value * (size as number), 1);
    if (product !== target)
      yield broken(
        op,
        `expected dimension ${index} of collapsed type to be static value of ${product}, but got ${target}`,
      );
  }
}
