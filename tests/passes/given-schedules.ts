import type { Attribute } from "../../src/ir/attributes.ts";
import { type Module, walk } from "../../src/ir/module.ts";
import { Rewriter } from "../../src/ir/rewriter.ts";
import { type KernelGroup, readGroup } from "../../src/passes/kernels/group.ts";

/** Gives each group of a module the schedule that `choose` gives, under the attribute's name; none where that is undefined. */
export function withSchedules(
  module: Module,
  attributeName: string,
  choose: (group: KernelGroup, rewriter: Rewriter) => Attribute | undefined,
): Module {
  const rewriter = new Rewriter(module);
  for (const op of Array.from(walk(rewriter))) {
    if (op.parent !== undefined && rewriter.operation(rewriter.block(op.parent).parent).name === "weft.kernel")
      continue;
    const group = readGroup(rewriter, op);
    const schedule = group && choose(group, rewriter);
    if (schedule) rewriter.update(op.id, { attributes: { ...op.attributes, [attributeName]: schedule } });
  }
  return rewriter.commit().module;
}

/** Numbers from 0 to below a bound, the same for the same seed (a linear congruential generator). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 7) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}
