import { hasIdentityLayout } from "../strides.ts";
import { type Dimension, type MemRefType, memRefType, type Type } from "../types.ts";

/** Where the elements of a buffer lie: element (i, …) is at `offset + Σ i·stride`, in elements. `"?"` is known only at run time. */
export interface StridedLayout {
  readonly strides: readonly Dimension[];
  readonly offset: Dimension;
}

/** Row-major strides of a shape. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = Array.from({ length: shape.length }, () => 1);
  for (let position = shape.length - 2; position >= 0; position--)
    strides[position] = strides[position + 1]! * shape[position + 1]!;
  return strides;
}

/** The shape of a memref, all of whose sizes must be known. */
export function staticSizes(type: { readonly shape: readonly Dimension[]; readonly text: string }): readonly number[] {
  if (!type.shape.every((size) => size !== "?")) throw new Error(`${type.text} has a size that is not known`);
  return type.shape as readonly number[];
}

/** Strides and offset of a memref type; undefined for layouts that are not strided. */
export function layoutOf(type: MemRefType): StridedLayout | undefined {
  if (type.layout === undefined) return { strides: rowMajorStrides(staticSizes(type)), offset: 0 };
  return type.layout.kind === "strided" ? { strides: type.layout.strides, offset: type.layout.offset } : undefined;
}

/** Whether the elements lie row-major without gaps (whatever the offset). */
export function isContiguous(type: MemRefType): boolean {
  const layout = layoutOf(type);
  if (!layout) return false;
  const shape = staticSizes(type);
  const dense = rowMajorStrides(shape);
  if (shape.includes(0)) return true;
  return shape.every((size, position) => size === 1 || layout.strides[position] === dense[position]);
}

/** A memref type with this layout, written out even when it is row-major, as upstream's views are. */
export const stridedType = (shape: readonly number[], element: Type, layout: StridedLayout): MemRefType =>
  memRefType(shape, element, { kind: "strided", strides: layout.strides, offset: layout.offset });

const times = (left: Dimension, right: Dimension): Dimension =>
  left === 0 || right === 0 ? 0 : left === "?" || right === "?" ? "?" : left * right;
const plus = (left: Dimension, right: Dimension): Dimension => (left === "?" || right === "?" ? "?" : left + right);

/** The type of a window into a buffer; `kept` lists the dimensions that stay (all when absent), others have size 1 and are dropped. */
export function subviewType(
  source: MemRefType,
  offsets: readonly Dimension[],
  sizes: readonly number[],
  strides: readonly Dimension[],
  kept: readonly number[] = sizes.map((_, position) => position),
): MemRefType | undefined {
  const layout = layoutOf(source);
  if (!layout) return undefined;
  let offset = layout.offset;
  offsets.forEach((by, position) => (offset = plus(offset, times(by, layout.strides[position]!))));
  return stridedType(
    kept.map((position) => sizes[position]!),
    source.element,
    { offset, strides: kept.map((position) => times(layout.strides[position]!, strides[position]!)) },
  );
}

/** The type of a buffer with groups of neighbouring dimensions merged; undefined when the layout does not allow it. */
export function collapsedType(source: MemRefType, groups: readonly (readonly number[])[]): MemRefType | undefined {
  const layout = layoutOf(source);
  if (!layout) return undefined;
  const shape = staticSizes(source);
  const product = (group: readonly number[]): number => group.reduce((size, position) => size * shape[position]!, 1);
  const sizes = groups.map(product);
  if (hasIdentityLayout(source)) return memRefType(sizes, source.element);
  const strides: Dimension[] = [];
  for (const group of groups) {
    // Dimensions of size 1 never move, so their strides do not matter.
    const moving = group.filter((position) => shape[position] !== 1);
    for (let index = 0; index + 1 < moving.length; index++) {
      const inner = moving[index + 1]!;
      if (layout.strides[inner] === "?") return undefined;
      if (layout.strides[moving[index]!] !== times(layout.strides[inner]!, shape[inner]!)) return undefined;
    }
    const last = moving.at(-1) ?? group.at(-1);
    strides.push(last === undefined ? 1 : layout.strides[last]!);
  }
  return stridedType(sizes, source.element, { strides, offset: layout.offset });
}

/** The type of a buffer with dimensions split into several; undefined for layouts that are not strided. */
export function expandedType(
  source: MemRefType,
  groups: readonly (readonly number[])[],
  shape: readonly number[],
): MemRefType | undefined {
  const layout = layoutOf(source);
  if (!layout) return undefined;
  if (hasIdentityLayout(source)) return memRefType(shape, source.element);
  const strides: Dimension[] = Array.from({ length: shape.length }, () => 1);
  groups.forEach((group, position) => {
    let stride = layout.strides[position] ?? 1;
    for (const dimension of [...group].reverse()) {
      strides[dimension] = stride;
      stride = times(stride, shape[dimension]!);
    }
  });
  return stridedType(shape, source.element, { strides, offset: layout.offset });
}
