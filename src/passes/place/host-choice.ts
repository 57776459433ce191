import type { Access } from "./accesses.ts";
import { type HostPart, type Interface, planHostParts } from "./transfers.ts";

/** What transfers and work cost, in microseconds. */
export interface PlacementCosts {
  /** A stretch of transfers in one direction has to be waited for, or at least submitted. */
  readonly transfer: number;
  readonly transferByte: number;
  /** One operation more on the device. */
  readonly dispatch: number;
  /** One point of a loop nest, as generated JavaScript and as a shader. */
  readonly hostPoint: number;
  readonly devicePoint: number;
}

/** What decides where units run. */
export interface PlacementProblem {
  readonly accesses: readonly (readonly Access[])[];
  /** Points of each unit's loops. */
  readonly points: readonly number[];
  /** Units that must be on the host. */
  readonly refused: ReadonlySet<number>;
  readonly interface: Interface;
  readonly costs: PlacementCosts;
}

/** Bytes and number of a plan's transfers; neighbouring ones in one direction count as one. */
function transferTotals(parts: readonly HostPart[]): { readonly bytes: number; readonly batches: number } {
  let [bytes, batches] = [0, 0];
  for (const { before, after } of parts)
    for (const transfers of [before, after]) {
      if (transfers.length > 0) batches++;
      for (const transfer of transfers) bytes += transfer.bytes;
    }
  return { bytes, batches };
}

function costOf({ accesses, points, interface: ports, costs }: PlacementProblem, onHost: ReadonlySet<number>): number {
  const { bytes, batches } = transferTotals(planHostParts(accesses, (unit) => onHost.has(unit), ports));
  let cost = batches * costs.transfer + bytes * costs.transferByte;
  points.forEach((count, unit) => {
    cost += onHost.has(unit) ? count * costs.hostPoint : costs.dispatch + count * costs.devicePoint;
  });
  return cost;
}

/** Accesses that are looked at in all attempts together: a bound on the time for programs with thousands of parts. */
const mostAccesses = 2_000_000;

/** Rounds over all gaps between host parts. Each takes what pays by itself; few programs need a second one. */
const mostRounds = 4;

/**
 * Units to run on the host: those that must, and others where that costs less than the transfers that it saves. Tried are, one after
 * another, everything, the whole stretch between two host parts, and the unit before and after each part.
 */
export function chooseHostUnits(problem: PlacementProblem): ReadonlySet<number> {
  let chosen: ReadonlySet<number> = problem.refused;
  if (chosen.size === 0) return chosen;
  let cost = costOf(problem, chosen);
  const accesses = problem.accesses.reduce((sum, list) => sum + list.length, 1);
  let attempts = Math.ceil(mostAccesses / accesses);
  const consider = (first: number, last: number): boolean => {
    const more = new Set(chosen);
    for (let unit = first; unit <= last; unit++) more.add(unit);
    if (more.size === chosen.size || attempts-- <= 0) return false;
    const other = costOf(problem, more);
    if (other >= cost) return false;
    [chosen, cost] = [more, other];
    return true;
  };
  const count = problem.accesses.length;
  consider(0, count - 1);
  for (let round = 0; round < mostRounds; round++) {
    let improved = false;
    for (const [first, last] of gapsBetween(chosen, count)) {
      if (consider(first, last)) improved = true;
      else {
        if (first > 0 && consider(first, first)) improved = true;
        if (last < count - 1 && consider(last, last)) improved = true;
      }
    }
    if (!improved) break;
  }
  return chosen;
}

/** Stretches of units that are not on the host. */
function gapsBetween(onHost: ReadonlySet<number>, count: number): readonly (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = [];
  let first = 0;
  for (let unit = 0; unit <= count; unit++) {
    if (unit < count && !onHost.has(unit)) continue;
    if (first < unit) gaps.push([first, unit - 1]);
    first = unit + 1;
  }
  return gaps;
}
