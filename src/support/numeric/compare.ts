import { type ElementType } from "./element-type.ts";
import { readElement, type HostTensor } from "./host-tensor.ts";

/** Two values x (actual) and y (expected) agree if |x - y| <= absolute + relative * |y|. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** How far two tensors of the same shape and type are apart. */
export interface TensorDifference {
  /** The largest |x - y|; Infinity if a NaN or an infinity has no equal on the other side. */
  readonly maxAbsoluteError: number;
  /** The largest |x - y| / |y|; Infinity where y is 0 and x is not, or as above. */
  readonly maxRelativeError: number;
  /** Row-major index of the element that exceeds its tolerance by most, or comes closest to it. */
  readonly worstIndex: number;
  /** How many elements are out of tolerance. */
  readonly mismatches: number;
}

export type TensorComparison =
  | { readonly kind: "equal" }
  | ({ readonly kind: "close" } & TensorDifference)
  | ({ readonly kind: "different" } & TensorDifference)
  | { readonly kind: "shape-mismatch"; readonly actual: readonly number[]; readonly expected: readonly number[] }
  | { readonly kind: "type-mismatch"; readonly actual: ElementType; readonly expected: ElementType };

/**
 * Compares two tensors element by element. NaN equals NaN, an infinity only the same infinity, -0 equals 0; strings
 * must be the same. 64-bit integers are compared exactly. `equal` means every element is the same number.
 */
export function compareTensors(actual: HostTensor, expected: HostTensor, tolerance: Tolerance): TensorComparison {
  if (actual.elementType !== expected.elementType) {
    return { kind: "type-mismatch", actual: actual.elementType, expected: expected.elementType };
  }
  if (actual.shape.length !== expected.shape.length || actual.shape.some((size, i) => size !== expected.shape[i])) {
    return { kind: "shape-mismatch", actual: actual.shape, expected: expected.shape };
  }
  let unequal = false;
  let maxAbsoluteError = 0;
  let maxRelativeError = 0;
  let worstIndex = 0;
  let worstExcess = -Infinity;
  let mismatches = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const x = exactElement(actual, i);
    const y = exactElement(expected, i);
    if (x === y || (x !== x && y !== y)) continue;
    unequal = true;
    const error = distance(x, y);
    const magnitude = typeof y === "string" ? 0 : Math.abs(Number(y));
    const allowed = tolerance.absolute + tolerance.relative * magnitude;
    const matches = error <= allowed && error !== Infinity;
    if (!matches) mismatches++;
    maxAbsoluteError = Math.max(maxAbsoluteError, error);
    maxRelativeError = Math.max(maxRelativeError, error === Infinity ? Infinity : error / magnitude);
    const excess = error === Infinity ? Infinity : error - allowed;
    if (excess > worstExcess) {
      worstExcess = excess;
      worstIndex = i;
    }
  }
  if (!unequal) return { kind: "equal" };
  const difference = { maxAbsoluteError, maxRelativeError, worstIndex, mismatches };
  return mismatches === 0 ? { kind: "close", ...difference } : { kind: "different", ...difference };
}

/** As {@link readElement}, but without rounding an `index` to a double. */
function exactElement(tensor: HostTensor, i: number): number | bigint | string {
  return tensor.elementType === "index" ? tensor.data[i]! : readElement(tensor, i);
}

/** |x - y| for values already known to differ; Infinity if one of them is no finite number. */
function distance(x: number | bigint | string, y: number | bigint | string): number {
  if (typeof x === "bigint" && typeof y === "bigint") return Number(x > y ? x - y : y - x);
  if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x) || !Number.isFinite(y)) return Infinity;
  return Math.abs(x - y);
}
