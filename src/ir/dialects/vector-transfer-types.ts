import { affine, type AffineMap, affineMap } from "../affine.ts";
import { elementOf, i1, isShaped, type Type, vectorType, type VectorType } from "../types.ts";

/** Dimensions of the vector that are dimensions of the base: those of its elements, should they be vectors, are not. */
export function transferRank(base: Type, vector: VectorType): number {
  const element = elementOf(base);
  return vector.shape.length - (element.kind === "vector" ? element.shape.length : 0);
}

/** The map of a transfer that has none written: the base's innermost dimensions. */
export function defaultTransferMap(base: Type, vector: VectorType): AffineMap {
  const rank = isShaped(base) ? base.shape.length : 0;
  // A single element of a base without dimensions is read into a vector of one lane.
  if (rank === 0 && vector.shape.length === 1 && vector.shape[0] === 1) return affineMap(0, [affine.constant(0)]);
  const kept = Math.min(transferRank(base, vector), rank);
  return affineMap(
    rank,
    Array.from({ length: kept }, (_, index) => affine.dimension(rank - kept + index)),
  );
}

/** The mask of a transfer: a lane for each element of the base that is moved. */
export function transferMaskType(vector: VectorType, map: AffineMap): Type {
  const shape: number[] = [];
  const scalable: boolean[] = [];
  for (let dimension = 0; dimension < map.dimensions; dimension++) {
    const lane = map.results.findIndex((result) => result.kind === "dimension" && result.position === dimension);
    if (lane < 0) continue;
    shape.push(vector.shape[lane]!);
    scalable.push(vector.scalable[lane] ?? false);
  }
  return shape.length === 0 ? vectorType([1], i1) : vectorType(shape, i1, scalable);
}
