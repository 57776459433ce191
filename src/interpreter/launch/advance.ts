import type { Operation } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import type { RuntimeValue } from "../values.ts";
import { type Advancing, type Arrival, type LaunchShape, meetsSubgroup, numbersIn } from "./invocation.ts";

/** What an operation gives those who take part in it. */
export type Meeting = (op: Operation, values: readonly RuntimeValue[]) => readonly (RuntimeValue | undefined)[];

/**
 * Runs the invocations of a block to their ends, each from one operation that others take part in to the next.
 * @throws CompileError when some come to such an operation that the others do not come to.
 */
export function advanceBlock(
  invocations: readonly Advancing[],
  { subgroupSize, order }: LaunchShape,
  meet: Meeting,
): void {
  const subgroups: Advancing[][] = [];
  invocations.forEach((invocation, index) => (subgroups[Math.floor(index / subgroupSize)] ??= []).push(invocation));
  let answers: readonly (RuntimeValue | undefined)[] = invocations.map(() => undefined);
  for (;;) {
    const arrivals: (Arrival | undefined)[] = invocations.map(() => undefined);
    for (const index of numbersIn(order, subgroups.length)) {
      const subgroup = subgroups[index]!;
      const start = index * subgroupSize;
      const given = answers.slice(start, start + subgroup.length);
      advanceSubgroup(subgroup, given, order, meet).forEach((arrival, lane) => (arrivals[start + lane] = arrival));
    }
    const op = together(arrivals);
    if (op === undefined) return;
    answers = meet(op, valuesOf(arrivals));
  }
}

/** Runs the invocations of a subgroup until all have come to an operation of the block, or to their ends. */
function advanceSubgroup(
  invocations: readonly Advancing[],
  first: readonly (RuntimeValue | undefined)[],
  order: LaunchShape["order"],
  meet: Meeting,
): readonly (Arrival | undefined)[] {
  for (let answers = first; ;) {
    const arrivals: (Arrival | undefined)[] = invocations.map(() => undefined);
    for (const index of numbersIn(order, invocations.length)) {
      const step = invocations[index]!.next(answers[index]);
      if (!step.done) arrivals[index] = step.value;
    }
    if (!arrivals.some((arrival) => arrival !== undefined && meetsSubgroup(arrival.op))) return arrivals;
    answers = meet(together(arrivals)!, valuesOf(arrivals));
  }
}

const valuesOf = (arrivals: readonly (Arrival | undefined)[]): readonly RuntimeValue[] =>
  arrivals.flatMap((arrival) => (arrival?.value === undefined ? [] : [arrival.value]));

/** The operation that all have come to; undefined where all have ended. */
function together(arrivals: readonly (Arrival | undefined)[]): Operation | undefined {
  const op = arrivals.find((arrival) => arrival !== undefined)?.op;
  if (op !== undefined && arrivals.some((arrival) => arrival?.op.id !== op.id))
    fail("divergent-meeting", op.location, { name: op.name });
  return op;
}
