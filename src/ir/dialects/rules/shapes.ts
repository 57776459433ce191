import type { Diagnostic } from "../../../support/diagnostic.ts";
import { isDynamic } from "../../index-list.ts";
import type { Operation } from "../../module.ts";
import type { Dimension, Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

/** A static entry as a size. */
export const sizeOf = (entry: number): Dimension => (isDynamic(entry) ? "?" : entry);
export const sizesFit = (left: Dimension, right: Dimension): boolean => left === "?" || right === "?" || left === right;
export const shapesFit = (left: readonly Dimension[], right: readonly Dimension[]): boolean =>
  left.length === right.length && left.every((size, index) => sizesFit(size, right[index]!));
const countDynamic = (shape: readonly Dimension[]): number => shape.filter((size) => size === "?").length;

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

/** Whether a shape of `rank` is `full` without some dimensions of size 1, where `matches` compares the others. */
export function isReducedTo(
  rank: number,
  full: readonly Dimension[],
  matches: (dimension: number, reduced: number) => boolean,
): boolean {
  // reachable[j]: the dimensions looked at so far can give the first j of the reduced shape.
  let reachable = new Set([0]);
  for (const [dimension, size] of full.entries()) {
    const next = new Set<number>();
    for (const position of reachable) {
      if (size === 1) next.add(position);
      if (position < rank && matches(dimension, position)) next.add(position + 1);
    }
    reachable = next;
  }
  return reachable.has(rank);
}
/** Whether `reduced` is `full` without some of its dimensions of size 1. */
export const isRankReduction = (full: readonly Dimension[], reduced: readonly Dimension[]): boolean =>
  isReducedTo(reduced.length, full, (dimension, position) => full[dimension] === reduced[position]);

/** Dimensions split into several or merged into one, by groups of those of the larger shape. */
export interface Reshape extends OperationView {
  readonly types: { readonly src: Type };
  readonly attributes: { readonly reassociation: readonly (readonly number[])[] };
}
/** A reshape that splits dimensions, with the sizes that these get. */
export interface Expansion extends Reshape {
  readonly attributes: Reshape["attributes"] & { readonly static_output_shape: readonly number[] };
  readonly operands: { readonly output_shape: readonly unknown[] };
}
/** One size for each of `rank` dimensions, and as many operands as sizes that are not static; `what` is the word for a size. */
export function* verifyOutputShape(
  { op, attributes, operands }: Expansion,
  rank: number,
  what: "dims" | "bounds",
): Generator<Diagnostic> {
  const { length } = attributes.static_output_shape;
  const dynamic = attributes.static_output_shape.filter(isDynamic).length;
  const given = operands.output_shape.length;
  if (length !== rank)
    yield broken(
      op,
      `expected number of static shape ${what} to be equal to the output rank (${rank}) but found ${length} inputs instead`,
    );
  else if (dynamic !== given)
    yield broken(
      op,
      `mismatch in dynamic dims in output_shape and static_output_shape: static_output_shape has ${dynamic} dynamic dims while output_shape has ${given} values`,
    );
}

/** Where a part of a whole lies. */
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
