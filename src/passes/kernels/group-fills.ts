import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { type BlockId, type OpId, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { baseOf } from "./placed-operands.ts";

/** The operation of `block` that holds each use of a buffer, under any of its names. */
function usersIn(rewriter: Rewriter, buffer: ValueId, block: BlockId): ReadonlySet<OpId> {
  const found = new Set<OpId>();
  const names = [baseOf(rewriter, buffer)];
  while (names.length > 0)
    for (const use of rewriter.uses(names.pop()!)) {
      const op = rewriter.operation(use.op);
      if (bufferViews.has(op.name) && use.index === 0) names.push(op.results[0]!);
      let holder: Operation = op;
      while (holder.parent !== undefined && holder.parent !== block)
        holder = rewriter.operation(rewriter.block(holder.parent).parent);
      if (holder.parent === block && !bufferViews.has(holder.name)) found.add(holder.id);
    }
  return found;
}

/**
 * Puts the fill of a reduction's result into one group with the reduction, so that lowering starts the accumulators with the value
 * instead of loading it. Nothing between the two may touch the buffer.
 */
export function groupFills(rewriter: Rewriter, fn: Operation): void {
  for (const fill of Array.from(walk(rewriter, fn.id))) {
    if (fill.name !== "linalg.fill" || !rewriter.exists(fill.id)) continue;
    const holder = rewriter.operation(rewriter.block(fill.parent!).parent);
    if (holder.name === "weft.kernel") continue;
    const target = fill.operands[1]!;
    const { operations } = rewriter.block(fill.parent!);
    const users = usersIn(rewriter, target, fill.parent!);
    const next = operations.slice(operations.indexOf(fill.id) + 1).find((id) => users.has(id));
    const reader = next === undefined ? undefined : rewriter.operation(next);
    if (reader?.name === "linalg.generic" && accumulatesInto(rewriter, reader, target)) wrap(rewriter, fill, reader);
    // A group that lacks only its fill takes it in.
    else if (reader?.name === "weft.kernel") takeIn(rewriter, fill, reader);
  }
}

function accumulatesInto(rewriter: Rewriter, op: Operation, target: ValueId): boolean {
  const { iterators, inputs, outputs } = iterationSpace(rewriter, op);
  return (
    iterators.some((iterator) => iterator !== "parallel") &&
    outputs.some(({ value }) => value === target) &&
    inputs.every(({ value }) => value !== target)
  );
}

function wrap(rewriter: Rewriter, fill: Operation, generic: Operation): void {
  rewriter.insertionPoint = { kind: "before", op: generic.id };
  rewriter.location = generic.location;
  const inputs = iterationSpace(rewriter, generic).inputs.map(({ value }) => value);
  const kernel = weft.kernel.build(
    rewriter,
    { inputs, outputs: [fill.operands[1]!] },
    {},
    { resultTypes: [], regions: { body: [{ arguments: [], body: () => {} }] } },
  );
  const body = rewriter.operation(kernel.op.id).regions[0]![0]!;
  for (const member of [fill, generic]) rewriter.moveToEnd(rewriter.operation(member.id), body);
  rewriter.insertionPoint = { kind: "end", block: body };
  weft.yield.build(rewriter, {}, {});
}

function takeIn(rewriter: Rewriter, fill: Operation, kernel: Operation): void {
  const first = rewriter.block(kernel.regions[0]![0]!).operations[0]!;
  const anchor = rewriter.operation(first);
  if (anchor.name === "linalg.generic" && accumulatesInto(rewriter, anchor, fill.operands[1]!))
    rewriter.moveBefore(fill, first);
}
