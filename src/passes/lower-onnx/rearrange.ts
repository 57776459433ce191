import { type AffineExpression, type AffineMap, dimensionsOf, evaluateAffine } from "../../ir/affine.ts";
import { allocateTensor, elementCount, type HostTensor } from "../../support/numeric/host-tensor.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/**
 * A tensor of another shape whose element at p is `x[map(p)]`, or zero where that lies outside of `x`: flips, splits, pads and
 * permutes in one step. A constant (weights, usually) is rearranged at once.
 */
export function rearrange(t: TensorBuilder, x: Tensor, shape: readonly number[], map: AffineMap): Tensor {
  if (x.constant && x.constant.elementType !== "string")
    return t.constant(rearranged(x.constant, shape, map), x.element);
  if (x.size === 0) return t.filled(0, x.element, shape);
  return t.compute(shape, x.element, (s, indices) => {
    const source = map.results.map((result) => affineScalar(s, result, indices));
    return loadOrZero(s, x, source);
  });
}

/** One element of a tensor, or zero where an index lies outside of it. */
export function loadOrZero(s: ScalarBuilder, x: Tensor, indices: readonly Scalar[]): Scalar {
  const inside = indices
    .map((position, axis) =>
      s.and(s.compare("ge", position, s.index(0)), s.compare("lt", position, s.index(x.shape[axis]!))),
    )
    .reduce((all, one) => s.and(all, one));
  const safe = indices.map((position) => s.select(inside, position, s.index(0)));
  return s.select(inside, s.load(x, safe), s.constant(0, x.element));
}

/** An affine expression of index scalars. */
export function affineScalar(s: ScalarBuilder, expression: AffineExpression, indices: readonly Scalar[]): Scalar {
  switch (expression.kind) {
    case "dimension":
      return indices[expression.position]!;
    case "constant":
      return s.index(expression.value);
    case "symbol":
      throw new Error("a map with symbols has no scalar form");
    default: {
      const left = affineScalar(s, expression.left, indices);
      const right = affineScalar(s, expression.right, indices);
      if (expression.kind === "add") return s.add(left, right);
      if (expression.kind === "multiply") return s.mul(left, right);
      if (expression.kind === "floor-divide") return s.floorDiv(left, right);
      if (expression.kind === "modulo") return s.sub(left, s.mul(s.floorDiv(left, right), right));
      return s.neg(s.floorDiv(s.neg(left), right));
    }
  }
}

function rearranged(host: HostTensor, shape: readonly number[], map: AffineMap): HostTensor {
  const made = allocateTensor(host.elementType, shape);
  const tables = map.results.map((result, axis) => indexTable(result, shape, host.shape, axis));
  const from = host.data as unknown as Record<number, number | bigint>;
  const to = made.data as unknown as Record<number, number | bigint>;
  const position = shape.map(() => 0);
  const count = elementCount(shape);
  for (let element = 0; element < count; element++) {
    let source = 0;
    for (const { offsets, weights } of tables) {
      let entry = 0;
      for (let axis = 0; axis < position.length; axis++) entry += position[axis]! * weights[axis]!;
      source += offsets[entry]!;
    }
    if (source === source) to[element] = from[source]!;
    for (let axis = position.length - 1; axis >= 0; axis--) {
      if (++position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
  return made;
}

/** What one index adds to the position in the operand's storage, for every combination of the dimensions it depends on; NaN when outside. */
function indexTable(
  expression: AffineExpression,
  shape: readonly number[],
  operand: readonly number[],
  axis: number,
): { readonly offsets: Float64Array; readonly weights: readonly number[] } {
  const used = [...dimensionsOf(expression)];
  const weights = shape.map(() => 0);
  let size = 1;
  for (const dimension of used) {
    weights[dimension] = size;
    size *= shape[dimension]!;
  }
  const stride = operand.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const offsets = new Float64Array(size);
  for (let entry = 0; entry < size; entry++) {
    const point = shape.map((extent, dimension) =>
      used.includes(dimension) ? Math.floor(entry / weights[dimension]!) % extent : 0,
    );
    const index = evaluateAffine(expression, point);
    offsets[entry] = index >= 0 && index < operand[axis]! ? index * stride : Number.NaN;
  }
  return { offsets, weights };
}
