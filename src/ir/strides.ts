import { type AffineExpression, isIdentityMap, substituteAffine } from "./affine.ts";
import type { Dimension, MemRefType } from "./types.ts";

/** Where the elements of a memref are: element (i, j, …) at offset + i·strides[0] + j·strides[1] + …. */
export interface Strides {
  readonly strides: readonly Dimension[];
  readonly offset: Dimension;
}

/** Strides of a dense row-major buffer; unknown above a size that is. */
export function rowMajorStridesOf(shape: readonly Dimension[]): readonly Dimension[] {
  const strides: Dimension[] = [];
  let stride: Dimension = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides[dimension] = stride;
    const size: Dimension = shape[dimension]!;
    stride = stride === "?" || size === "?" ? "?" : stride * size;
  }
  return strides;
}

/** Strides and offset of a memref; undefined for a layout that has none. */
export function stridesOfMemRef({ shape, layout }: MemRefType): Strides | undefined {
  if (layout === undefined) return { strides: rowMajorStridesOf(shape), offset: 0 };
  if (layout.kind === "strided") return layout;
  if (layout.kind !== "map" || layout.map.results.length !== 1) return undefined;
  return linearStrides(layout.map.results[0]!, shape.length);
}

/** A sum of dimensions times what does not depend on them; symbols are not known. */
function linearStrides(expression: AffineExpression, rank: number): Strides | undefined {
  const strides: Dimension[] = Array.from({ length: rank }, () => 0);
  let offset: Dimension = 0;
  const add = (left: Dimension, right: Dimension): Dimension => (left === "?" || right === "?" ? "?" : left + right);
  const addTerm = (term: AffineExpression, factor: Dimension): boolean => {
    switch (term.kind) {
      case "dimension":
        strides[term.position] = add(strides[term.position]!, factor);
        return true;
      case "symbol":
        offset = add(offset, factor === 0 ? 0 : "?");
        return true;
      case "constant":
        offset = add(offset, factor === "?" ? (term.value === 0 ? 0 : "?") : factor * term.value);
        return true;
      case "add":
        return addTerm(term.left, factor) && addTerm(term.right, factor);
      case "multiply": {
        const left = scalarOf(term.left);
        const right = scalarOf(term.right);
        const product = (scalar: Dimension): Dimension => (scalar === "?" || factor === "?" ? "?" : scalar * factor);
        if (right !== undefined) return addTerm(term.left, product(right));
        return left !== undefined && addTerm(term.right, product(left));
      }
      default:
        if (scalarOf(term) === undefined) return false;
        offset = add(offset, "?");
        return true;
    }
  };
  return addTerm(expression, 1) ? { strides, offset } : undefined;
}

/** The value of an expression without dimensions, unknown where it has symbols; undefined where it has dimensions. */
function scalarOf(expression: AffineExpression): Dimension | undefined {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "symbol":
      return "?";
    case "dimension":
      return undefined;
    default: {
      const [left, right] = [scalarOf(expression.left), scalarOf(expression.right)];
      if (left === undefined || right === undefined) return undefined;
      if (left === "?" || right === "?") return "?";
      const folded = substituteAffine(expression, []);
      return folded.kind === "constant" ? folded.value : "?";
    }
  }
}

/** Whether the layout is none, or one that says nothing. */
export function hasIdentityLayout({ layout }: MemRefType): boolean {
  if (layout === undefined) return true;
  if (layout.kind === "strided") return layout.offset === 0 && layout.strides.join() === "1";
  return layout.kind === "map" && isIdentityMap(layout.map);
}
