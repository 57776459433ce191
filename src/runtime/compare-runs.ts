import { compareTensors, type TensorComparison, type Tolerance } from "../support/numeric/compare.ts";
import { type HostTensor, toNumbers } from "../support/numeric/host-tensor.ts";

/** How one output of a target compares with the reference's. */
export interface OutputComparison {
  readonly name: string;
  readonly comparison: TensorComparison | { readonly kind: "missing" };
  /** The largest |x - y| / |y| over elements with |y| ≥ the absolute tolerance; below it the absolute error says more. */
  readonly relativeError: number;
  /** For outputs that may be class scores (2 elements or more in the last axis): whether every row has its maximum at the same place, ties within the tolerance aside. */
  readonly sameTop: boolean | undefined;
}

/** Compares a target's outputs with the reference's, in the reference's order. */
export function compareOutputs(
  actual: ReadonlyMap<string, HostTensor>,
  expected: ReadonlyMap<string, HostTensor>,
  tolerance: Tolerance,
): readonly OutputComparison[] {
  return [...expected].map(([name, reference]) => {
    const own = actual.get(name);
    if (!own) return { name, comparison: { kind: "missing" }, relativeError: Infinity, sameTop: undefined };
    const comparison = compareTensors(own, reference, tolerance);
    const comparable = comparison.kind === "close" || comparison.kind === "different";
    return {
      name,
      comparison,
      relativeError: comparable ? relativeErrorAbove(tolerance.absolute, own, reference) : 0,
      sameTop: comparable ? sameTop(own, reference, tolerance) : undefined,
    };
  });
}

function relativeErrorAbove(floor: number, actual: HostTensor, expected: HostTensor): number {
  if (expected.elementType === "string") return 0;
  const [x, y] = [toNumbers(actual), toNumbers(expected)];
  let largest = 0;
  for (let index = 0; index < y.length; index++) {
    const magnitude = Math.abs(y[index]!);
    if (magnitude >= floor) largest = Math.max(largest, Math.abs(x[index]! - y[index]!) / magnitude);
  }
  return largest;
}

/** Whether the comparison passes: equal, or every element within the tolerance. */
export const isWithin = ({ comparison }: OutputComparison): boolean =>
  comparison.kind === "equal" || comparison.kind === "close";

function sameTop(left: HostTensor, right: HostTensor, tolerance: Tolerance): boolean | undefined {
  const row = right.shape.at(-1) ?? 1;
  if (row < 2 || right.elementType === "string") return undefined;
  const [a, b] = [left.data as ArrayLike<number | bigint>, right.data as ArrayLike<number | bigint>];
  for (let start = 0; start < b.length; start += row) {
    const [own, best] = [Number(b[start + topOf(a, start, row)]), Number(b[start + topOf(b, start, row)])];
    if (best - own > tolerance.absolute + tolerance.relative * Math.abs(best)) return false;
  }
  return true;
}
function topOf(data: ArrayLike<number | bigint>, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) if (data[start + index]! > data[start + best]!) best = index;
  return best;
}

/** An output fed back as an input of the next step: `stateN:state`. */
export interface Feedback {
  readonly output: string;
  readonly input: string;
}

/** The inputs of the next step: fresh ones, with the named outputs of the last step put in. */
export function withFeedback(
  fresh: ReadonlyMap<string, HostTensor>,
  last: ReadonlyMap<string, HostTensor> | undefined,
  feedback: readonly Feedback[],
): ReadonlyMap<string, HostTensor> {
  if (!last) return fresh;
  const next = new Map(fresh);
  for (const { output, input } of feedback) {
    const value = last.get(output);
    if (value) next.set(input, value);
  }
  return next;
}
