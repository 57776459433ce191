import { vector } from "../../ir/dialects/vector.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { VectorType } from "../../ir/types.ts";

const lanesOf = (rewriter: Rewriter, value: ValueId): number => (rewriter.typeOf(value) as VectorType).shape[0]!;
const shuffle = (rewriter: Rewriter, v1: ValueId, v2: ValueId, mask: readonly number[]): ValueId =>
  vector.shuffle.build(rewriter, { v1, v2 }, { mask }).vector;

/**
 * Weaves vectors into one another: of a, b it makes a0 b0 a1 b1 …, as many vectors as it was given. Their number is a power of two;
 * each stage weaves pairs.
 */
export function weave(rewriter: Rewriter, parts: readonly ValueId[]): readonly ValueId[] {
  if (parts.length === 1) return parts;
  const left = weave(
    rewriter,
    parts.filter((_, at) => at % 2 === 0),
  );
  const right = weave(
    rewriter,
    parts.filter((_, at) => at % 2 === 1),
  );
  const lanes = lanesOf(rewriter, parts[0]!);
  const half = (start: number): readonly number[] =>
    Array.from({ length: lanes }, (_, lane) => start + (lane >> 1) + (lane % 2) * lanes);
  return left.flatMap((value, at) => [
    shuffle(rewriter, value, right[at]!, half(0)),
    shuffle(rewriter, value, right[at]!, half(lanes / 2)),
  ]);
}

/** The inverse of `weave`. */
export function unweave(rewriter: Rewriter, parts: readonly ValueId[]): readonly ValueId[] {
  if (parts.length === 1) return parts;
  const lanes = lanesOf(rewriter, parts[0]!);
  const every = (start: number): readonly number[] => Array.from({ length: lanes }, (_, lane) => start + 2 * lane);
  const pairs = Array.from({ length: parts.length / 2 }, (_, at) => [parts[2 * at]!, parts[2 * at + 1]!] as const);
  const left = unweave(
    rewriter,
    pairs.map(([a, b]) => shuffle(rewriter, a, b, every(0))),
  );
  const right = unweave(
    rewriter,
    pairs.map(([a, b]) => shuffle(rewriter, a, b, every(1))),
  );
  return left.flatMap((value, at) => [value, right[at]!]);
}
