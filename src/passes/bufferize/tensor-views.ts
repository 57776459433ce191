import type { IrReader, Operation } from "../../ir/module.ts";
import {
  collapsedType,
  expandedType,
  isContiguous,
  staticSizes,
  subviewType,
} from "../../ir/analysis/memref-layout.ts";
import { tensor } from "../../ir/dialects/tensor.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import { type Dimension, type MemRefType, memRefType, type TensorType } from "../../ir/types.ts";

/** One static or dynamic list of a slice, `"?"` for entries given by operands. */
export const sliceEntries = (values: readonly number[]): readonly Dimension[] =>
  values.map((value) => (value === dynamicEntry ? "?" : value));

/** Which dimensions of a slice remain in a shape that may lack some of those of size 1. */
export function keptDimensions(sizes: readonly number[], shape: readonly number[]): readonly number[] {
  const kept: number[] = [];
  let next = 0;
  sizes.forEach((size, position) => {
    const spare = sizes.length - position > shape.length - next;
    if (
      size === shape[next] &&
      !(
        size === 1 &&
        spare &&
        shape.length - next < sizes.length - position &&
        !fits(sizes, position + 1, shape, next + 1)
      )
    ) {
      kept.push(position);
      next++;
    }
  });
  return kept;
}

/** Whether `shape` from `next` on can be had from `sizes` from `position` on by dropping ones. */
function fits(sizes: readonly number[], position: number, shape: readonly number[], next: number): boolean {
  if (next === shape.length) return sizes.slice(position).every((size) => size === 1);
  if (position === sizes.length) return false;
  if (sizes[position] === shape[next])
    return (
      fits(sizes, position + 1, shape, next + 1) || (sizes[position] === 1 && fits(sizes, position + 1, shape, next))
    );
  return sizes[position] === 1 && fits(sizes, position + 1, shape, next);
}

/** All dimensions as one group; none for rank 0. */
export const oneGroup = (rank: number): readonly (readonly number[])[] =>
  rank === 0 ? [] : [Array.from({ length: rank }, (_, position) => position)];

/** The buffer type of a tensor that has a buffer of its own. */
export const ownType = (type: TensorType): MemRefType => memRefType(type.shape, type.element);

/** The buffer type of the result of a view-like operation over a source of this type; undefined when it cannot be a view. */
export function viewType(reader: IrReader, op: Operation, source: MemRefType): MemRefType | undefined {
  const result = reader.typeOf(op.results[0]!) as TensorType;
  const shape = staticSizes(result);
  const slice = tensor.extract_slice.match(reader, op);
  if (slice) {
    const { static_offsets, static_sizes, static_strides } = slice.attributes;
    const kept = keptDimensions(static_sizes, shape);
    return subviewType(source, sliceEntries(static_offsets), static_sizes, sliceEntries(static_strides), kept);
  }
  const collapse = tensor.collapse_shape.match(reader, op);
  if (collapse) return collapsedType(source, collapse.attributes.reassociation);
  const expand = tensor.expand_shape.match(reader, op);
  if (expand) return expandedType(source, expand.attributes.reassociation, shape);
  if (op.name === "tensor.reshape") return reshapedType(source, shape);
  return op.name === "tensor.cast" ? source : undefined;
}

/** The type of a buffer's elements in row-major order in another shape; undefined when they do not lie so. */
function reshapedType(source: MemRefType, shape: readonly number[]): MemRefType | undefined {
  if (!isContiguous(source)) return undefined;
  const flat = collapsedType(source, oneGroup(source.shape.length));
  return flat && expandedType(flat, oneGroup(shape.length), shape);
}

/** The type a source must have so that its view has this type: the inverse of `viewType` for views of whole buffers. */
export function sourceTypeOfView(reader: IrReader, op: Operation, view: MemRefType): MemRefType | undefined {
  const source = reader.typeOf(op.operands[0]!) as TensorType;
  const shape = staticSizes(source);
  const collapse = tensor.collapse_shape.match(reader, op);
  if (collapse) return expandedType(view, collapse.attributes.reassociation, shape);
  const expand = tensor.expand_shape.match(reader, op);
  if (expand) return collapsedType(view, expand.attributes.reassociation);
  if (op.name === "tensor.reshape") return reshapedType(view, shape);
  return op.name === "tensor.cast" ? view : undefined;
}
