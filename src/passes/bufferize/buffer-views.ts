import type { Builder } from "../../ir/builder.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import { collapsedType, expandedType, staticSizes, subviewType } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { tensor } from "../../ir/dialects/tensor.ts";
import type { MemRefType, TensorType } from "../../ir/types.ts";
import { keptDimensions, oneGroup, sliceEntries } from "./tensor-views.ts";

const typeOf = (builder: Builder, value: ValueId): MemRefType => builder.typeOf(value) as MemRefType;

/** A window at constant places. */
export function staticSubview(
  builder: Builder,
  source: ValueId,
  offsets: readonly number[],
  sizes: readonly number[],
  strides: readonly number[] = sizes.map(() => 1),
): ValueId {
  const type = subviewType(typeOf(builder, source), offsets, sizes, strides)!;
  return memref.subview.build(
    builder,
    { source },
    { static_offsets: offsets, static_sizes: sizes, static_strides: strides },
    { resultTypes: [type] },
  ).result;
}

/** A buffer with dimensions merged. */
function collapse(builder: Builder, source: ValueId, reassociation: readonly (readonly number[])[]): ValueId {
  const type = collapsedType(typeOf(builder, source), reassociation)!;
  return memref.collapse_shape.build(builder, { src: source }, { reassociation }, { resultTypes: [type] }).result;
}

/** A buffer with dimensions split. */
function expand(
  builder: Builder,
  source: ValueId,
  reassociation: readonly (readonly number[])[],
  shape: readonly number[],
): ValueId {
  const type = expandedType(typeOf(builder, source), reassociation, shape)!;
  return memref.expand_shape.build(
    builder,
    { src: source },
    { reassociation, static_output_shape: shape },
    { resultTypes: [type] },
  ).result;
}

/** A contiguous buffer in another shape. */
export function reshape(builder: Builder, source: ValueId, shape: readonly number[]): ValueId {
  const rank = typeOf(builder, source).shape.length;
  if (shape.length === 0) return rank === 0 ? source : collapse(builder, source, []);
  if (rank === 0) return expand(builder, source, [], shape);
  const flat = rank === 1 ? source : collapse(builder, source, oneGroup(rank));
  return shape.length === 1 ? flat : expand(builder, flat, oneGroup(shape.length), shape);
}

/** The slice operands and attributes of `tensor.extract_slice` or `tensor.insert_slice`. */
export interface SliceSpec {
  readonly offsets: readonly ValueId[];
  readonly sizes: readonly ValueId[];
  readonly strides: readonly ValueId[];
  readonly static_offsets: readonly number[];
  readonly static_sizes: readonly number[];
  readonly static_strides: readonly number[];
}

/** The window a slice names, in a shape that may lack dimensions of size 1. */
export function sliceOf(builder: Builder, source: ValueId, spec: SliceSpec, shape: readonly number[]): ValueId {
  const { offsets, sizes, strides, static_offsets, static_sizes, static_strides } = spec;
  const type = subviewType(
    typeOf(builder, source),
    sliceEntries(static_offsets),
    static_sizes,
    sliceEntries(static_strides),
    keptDimensions(static_sizes, shape),
  )!;
  return memref.subview.build(
    builder,
    { source, offsets, sizes, strides },
    { static_offsets, static_sizes, static_strides },
    { resultTypes: [type] },
  ).result;
}

/** The buffer of a view-like operation's source, had from the buffer of its result. */
export function sourceOfView(builder: Builder, op: Operation, view: ValueId): ValueId {
  const shape = staticSizes(builder.typeOf(op.operands[0]!) as TensorType);
  const collapsing = tensor.collapse_shape.match(builder, op);
  if (collapsing) return expand(builder, view, collapsing.attributes.reassociation, shape);
  const expanding = tensor.expand_shape.match(builder, op);
  if (expanding) return collapse(builder, view, expanding.attributes.reassociation);
  return op.name === "tensor.reshape" ? reshape(builder, view, shape) : view;
}

/** The buffer of a reshaping operation's result, had from the buffer of its source. */
export function reshapeLike(builder: Builder, op: Operation, source: ValueId): ValueId {
  const shape = staticSizes(builder.typeOf(op.results[0]!) as TensorType);
  const collapsing = tensor.collapse_shape.match(builder, op);
  if (collapsing) return collapse(builder, source, collapsing.attributes.reassociation);
  const expanding = tensor.expand_shape.match(builder, op);
  if (expanding) return expand(builder, source, expanding.attributes.reassociation, shape);
  return op.name === "tensor.reshape" ? reshape(builder, source, shape) : source;
}
