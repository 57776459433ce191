import { type AffineExpression, affine, affineText, linearForm, substituteAffine } from "../../ir/affine.ts";
import { layoutOf } from "../../ir/analysis/memref-layout.ts";
import type { IrReader } from "../../ir/module.ts";
import type { MemRefType } from "../../ir/types.ts";
import type { Access } from "../kernels/group.ts";

/** How far apart in memory neighbouring iterations of the vector loop read or write. */
export type VectorStride =
  /** The same element. */
  | { readonly kind: "same" }
  /** Elements `factor` apart along the buffer's last dimension, which is contiguous. */
  | { readonly kind: "along"; readonly factor: number }
  /** Elements `count` apart, those in between being the other iterations of `loop`: the buffer's last dimension, whole. */
  | { readonly kind: "interleaved"; readonly loop: number; readonly count: number }
  /** Anything else that is linear. */
  | { readonly kind: "scattered" };

/** How an operand lies along a loop; undefined when its index is not linear in the loop. */
export function strideAlong(reader: IrReader, { value, map }: Access, loop: number): VectorStride | undefined {
  const type = reader.typeOf(value);
  if (type.kind !== "memref" || loop < 0) return { kind: "same" };
  const factors = map.results.map((index) => factorOf(index, loop));
  if (factors.includes(undefined)) return undefined;
  const moving = factors.flatMap((factor, dimension) => (factor === 0 ? [] : [dimension]));
  if (moving.length === 0) return { kind: "same" };
  const strides = layoutOf(type as MemRefType)?.strides;
  const last = factors.length - 1;
  if (moving.length === 1 && moving[0] === last && strides?.[last] === 1)
    return { kind: "along", factor: factors[last]! };
  return interleaving(type as MemRefType, map, moving, factors as readonly number[]) ?? { kind: "scattered" };
}

/** Vectors of this many neighbouring rows can be woven into one another. */
const weavable: ReadonlySet<unknown> = new Set([2, 4, 8]);

function interleaving(
  type: MemRefType,
  map: Access["map"],
  moving: readonly number[],
  factors: readonly number[],
): VectorStride | undefined {
  const last = factors.length - 1;
  const inner = map.results[last];
  const strides = layoutOf(type)?.strides;
  const count = type.shape[last];
  if (moving.length !== 1 || moving[0] !== last - 1 || factors[last - 1] !== 1 || inner?.kind !== "dimension")
    return undefined;
  if (typeof count !== "number" || !weavable.has(count)) return undefined;
  if (strides?.[last] !== 1 || strides[last - 1] !== count) return undefined;
  return { kind: "interleaved", loop: inner.position, count };
}

/** The factor of a loop in an index; undefined when the loop is inside a division or remainder. */
function factorOf(index: AffineExpression, loop: number): number | undefined {
  const form = linearForm(index);
  if (form) return form.coefficients.get(loop) ?? 0;
  if (index.kind === "add") {
    const [left, right] = [factorOf(index.left, loop), factorOf(index.right, loop)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return mentions(index, loop) ? undefined : 0;
}

function mentions(index: AffineExpression, loop: number): boolean {
  if (index.kind === "dimension") return index.position === loop;
  if (index.kind === "symbol" || index.kind === "constant") return false;
  return mentions(index.left, loop) || mentions(index.right, loop);
}

/** The indices of an operand with some loops at fixed positions; the others stay dimensions. */
export function indicesAt({ map }: Access, fixed: ReadonlyMap<number, number>): readonly AffineExpression[] {
  const dimensions = Array.from({ length: map.dimensions }, (_, loop) => {
    const position = fixed.get(loop);
    return position === undefined ? affine.dimension(loop) : affine.constant(position);
  });
  return map.results.map((result) => substituteAffine(result, dimensions));
}

/** A name for an element: two accesses with the same name read the same. */
export const accessKey = (access: Access, indices: readonly AffineExpression[]): string =>
  `${access.value}[${indices.map((index) => affineText(index)).join(",")}]`;

/** The constant parts of indices, by which accesses of one operand are ordered. */
export const constantParts = (indices: readonly AffineExpression[]): readonly number[] =>
  indices.map((index) => linearForm(index)?.constant ?? 0);
