import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { KernelGroup } from "./group.ts";
import { type StagePlaces } from "./placed-operands.ts";

/** Every use of a buffer, under any of its names, but for making those names. */
function usersOf(rewriter: Rewriter, buffer: ValueId): readonly Operation[] {
  const users: Operation[] = [];
  const names = [buffer];
  while (names.length > 0)
    for (const use of rewriter.uses(names.pop()!)) {
      const op = rewriter.operation(use.op);
      if (bufferViews.has(op.name) && use.index === 0) names.push(op.results[0]!);
      else users.push(op);
    }
  return users;
}

/** Intermediate results: allocations that nothing outside the group touches, and that its stages see under one name. */
export function temporariesOf(
  rewriter: Rewriter,
  group: KernelGroup,
  stages: readonly StagePlaces[],
): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  if (group.op.name !== "weft.kernel") return found;
  const members = new Set([group.op.id, ...group.stages.map(({ op }) => op.id)]);
  const places = stages.flatMap(({ placed }) => placed);
  for (const { stage, placed } of stages)
    for (const { base } of placed.slice(stage.inputs.length)) {
      if (rewriter.definition(base)?.name !== "memref.alloc") continue;
      const names = new Set(places.filter((place) => place.base === base).map(({ access }) => access.value));
      if (names.size === 1 && usersOf(rewriter, base).every((op) => members.has(op.id))) found.add(base);
    }
  return found;
}
