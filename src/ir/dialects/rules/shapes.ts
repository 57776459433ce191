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
export const countDynamic = (shape: readonly Dimension[]): number => shape.filter((size) => size === "?").length;

/** As many dynamic sizes as the shape has `?`. */
export function* verifyDynamicSizes(op: Operation, found: number, shape: readonly Dimension[]): Generator<Diagnostic> {
  const expected = countDynamic(shape);
  if (found !== expected) yield broken(op, `incorrect number of dynamic sizes, has ${found}, expected ${expected}`);
}

/** Static lists with one entry for each dimension, and as many operands as dynamic entries. */
export function* verifyMixedList(
  op: Operation,
  name: string,
  entries: readonly number[],
  operands: number,
  rank: number | undefined,
): Generator<Diagnostic> {
  const dynamic = entries.filter(isDynamic).length;
  if (rank !== undefined && entries.length !== rank)
    yield broken(op, `expected ${rank} ${name} values, got ${entries.length}`);
  else if (dynamic !== operands)
    yield broken(
      op,
      `expected the number of '${name}s' to match the number of dynamic entries in 'static_${name}s' (${operands} vs ${dynamic})`,
    );
}

/** Whether `reduced` is `full` without some of its dimensions of size 1. */
export function isRankReduction(full: readonly Dimension[], reduced: readonly Dimension[]): boolean {
  // reachable[j]: the dimensions looked at so far can give the first j of the reduced shape.
  let reachable = new Set([0]);
  for (const size of full) {
    const next = new Set<number>();
    for (const position of reachable) {
      if (size === 1) next.add(position);
      if (position < reduced.length && size === reduced[position]!) next.add(position + 1);
    }
    reachable = next;
  }
  return reachable.has(reduced.length);
}

export interface Slice {
  readonly op: Operation;
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
type Ranks = readonly [offsets: number, sizes: number, strides: number];

/** Offsets, sizes and strides of a slice: their numbers, and that no offset or size is negative. */
export function* verifySliceLists({ op, operands, attributes }: Slice, ranks: Ranks): Generator<Diagnostic> {
  const { static_offsets: offsets, static_sizes: sizes, static_strides: strides } = attributes;
  const wellFormed = "so the rank of the result type is well-formed.";
  if (offsets.length !== sizes.length && ranks[0] === ranks[1])
    return yield broken(
      op,
      `expected mixed offsets rank to match mixed sizes rank (${offsets.length} vs ${sizes.length}) ${wellFormed}`,
    );
  if (sizes.length !== strides.length)
    return yield broken(
      op,
      `expected mixed sizes rank to match mixed strides rank (${sizes.length} vs ${strides.length}) ${wellFormed}`,
    );
  const lists = [
    ...verifyMixedList(op, "offset", offsets, operands.offsets.length, ranks[0]),
    ...verifyMixedList(op, "size", sizes, operands.sizes.length, ranks[1]),
    ...verifyMixedList(op, "stride", strides, operands.strides.length, ranks[2]),
  ];
  if (lists.length > 0) return yield lists[0]!;
  for (const [name, entries] of [
    ["offsets", offsets],
    ["sizes", sizes],
  ] as const) {
    const negative = entries.find((entry) => !isDynamic(entry) && entry < 0);
    if (negative !== undefined) return yield broken(op, `expected ${name} to be non-negative, but got ${negative}`);
  }
}

/** A static slice lies inside a static shape. */
export function* verifyBounds({ op, attributes }: Slice, shape: readonly Dimension[]): Generator<Diagnostic> {
  const { static_offsets: offsets, static_sizes: sizes, static_strides: strides } = attributes;
  for (const [index, extent] of shape.entries()) {
    const offset = offsets[index]!;
    const size = sizes[index]!;
    const stride = strides[index]!;
    if (extent === "?" || isDynamic(offset) || size === 0) continue;
    if (offset >= extent) return yield broken(op, `offset ${index} is out-of-bounds: ${offset} >= ${extent}`);
    if (isDynamic(size) || isDynamic(stride)) continue;
    const last = offset + (size - 1) * stride;
    if (last >= extent)
      return yield broken(op, `slice along dimension ${index} runs out-of-bounds: ${last} >= ${extent}`);
  }
}
