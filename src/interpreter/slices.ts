import type { Operation } from "../ir/module.ts";
import { dynamicEntry } from "../ir/index-list.ts";
import { fail } from "./diagnostics.ts";
import type { RuntimeValue } from "./values.ts";

/** Offsets, sizes and strides in elements, one for each dimension of the source. */
export interface Slice {
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** The entries of an i64 array attribute. */
export function integersOf(op: Operation, name: string): readonly number[] {
  const attribute = op.properties[name] ?? op.attributes[name];
  if (attribute?.kind !== "dense-array")
    return fail("malformed", op.location, { name: op.name, reason: `attribute "${name}" is missing` });
  return attribute.values.map(Number);
}

/** How many operands each declared group has. */
export function operandSegments(op: Operation): readonly number[] {
  return integersOf(op, "operandSegmentSizes");
}

/** A static list in which each dynamic entry takes the next of `dynamic`. */
export function mixedEntries(entries: readonly number[], dynamic: readonly RuntimeValue[]): readonly number[] {
  let next = 0;
  return entries.map((entry) => (entry === dynamicEntry ? Number(dynamic[next++]) : entry));
}

/** The slice of an operation whose last three operand groups are offsets, sizes and strides. */
export function sliceOf(op: Operation, operands: readonly RuntimeValue[]): Slice {
  const segments = operandSegments(op);
  const [offsets = 0, sizes = 0, strides = 0] = segments.slice(-3);
  const first = operands.length - offsets - sizes - strides;
  return {
    offsets: mixedEntries(integersOf(op, "static_offsets"), operands.slice(first, first + offsets)),
    sizes: mixedEntries(integersOf(op, "static_sizes"), operands.slice(first + offsets, first + offsets + sizes)),
    strides: mixedEntries(integersOf(op, "static_strides"), operands.slice(first + offsets + sizes)),
  };
}

/** Reports a slice that reaches outside a shape. */
export function checkSlice(op: Operation, { offsets, sizes, strides }: Slice, shape: readonly number[]): void {
  shape.forEach((size, dimension) => {
    const first = offsets[dimension]!;
    const count = sizes[dimension]!;
    if (count < 0) fail("shape-mismatch", op.location, { name: op.name, reason: `a slice has size ${count}` });
    if (count === 0) return;
    const last = first + (count - 1) * strides[dimension]!;
    for (const index of [first, last])
      if (index < 0 || index >= size) fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
  });
}

/**
 * Which dimensions of a slice's sizes remain when unit dimensions are dropped to get `shape`: as upstream, each size of `shape` takes
 * the next equal one, and what is skipped must be 1. Undefined when that is not so.
 */
export function keptDimensions(sizes: readonly number[], shape: readonly number[]): readonly number[] | undefined {
  if (sizes.length === shape.length)
    return shape.every((size, i) => size === sizes[i]) ? shape.map((_, i) => i) : undefined;
  const kept: number[] = [];
  sizes.forEach((size, dimension) => {
    const rest = sizes.length - dimension;
    const wanted = shape[kept.length];
    // A unit dimension is dropped only while there are more dimensions left than wanted.
    if (
      wanted === size &&
      (size !== 1 || rest <= shape.length - kept.length || !droppable(sizes, dimension, shape, kept))
    )
      kept.push(dimension);
    else if (size !== 1) kept.push(-1);
  });
  return kept.length === shape.length && !kept.includes(-1) ? kept : undefined;
}

/** Whether the dimensions after `dimension` can still give all of `shape` that is not matched yet. */
function droppable(
  sizes: readonly number[],
  dimension: number,
  shape: readonly number[],
  kept: readonly number[],
): boolean {
  let next = kept.length;
  for (let rest = dimension + 1; rest < sizes.length && next < shape.length; rest++)
    if (sizes[rest] === shape[next]) next++;
  return next === shape.length;
}
