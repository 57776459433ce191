import type { ValueId } from "../../ir/module.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { indexType } from "../../ir/types.ts";
import type { IndexArithmetic } from "./index-arithmetic.ts";

/** One counted loop from `lower` (0 when absent) up to `upper` in steps. */
export interface LoopRange {
  readonly lower?: number;
  readonly upper: number;
  readonly step?: number;
}

/**
 * One `scf.for` that carries values; `body` gets the index and the carried values and returns the next ones. A loop that runs once
 * is left out, one that never runs leaves the initial values.
 */
export function buildLoop(
  arithmetic: IndexArithmetic,
  { lower = 0, upper, step = 1 }: LoopRange,
  inits: readonly ValueId[],
  body: (index: ValueId, carried: readonly ValueId[]) => readonly ValueId[],
): readonly ValueId[] {
  const { builder } = arithmetic;
  if (lower >= upper) return inits;
  if (lower + step >= upper) return body(arithmetic.constant(lower), inits);
  const made = scf.for.build(
    builder,
    {
      lowerBound: arithmetic.constant(lower),
      upperBound: arithmetic.constant(upper),
      step: arithmetic.constant(step),
      initArgs: inits,
    },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType, ...inits.map((init) => builder.typeOf(init))],
            body: (inner, [index, ...carried]) => void scf.yield.build(inner, { results: body(index!, carried) }, {}),
          },
        ],
      },
    },
  );
  return made.results;
}

/** Nested loops, the first outermost, that carry values through all of them. */
export function buildNest(
  arithmetic: IndexArithmetic,
  ranges: readonly LoopRange[],
  inits: readonly ValueId[],
  body: (indices: readonly ValueId[], carried: readonly ValueId[]) => readonly ValueId[],
  indices: readonly ValueId[] = [],
): readonly ValueId[] {
  const range = ranges[indices.length];
  if (range === undefined) return body(indices, inits);
  return buildLoop(arithmetic, range, inits, (index, carried) =>
    buildNest(arithmetic, ranges, carried, body, [...indices, index]),
  );
}
