import { type Module, walk } from "../../../src/ir/module.ts";
import { Rewriter } from "../../../src/ir/rewriter.ts";
import { encodeBlocked, encodeMapping, scheduleAttributeName } from "../../../src/passes/gpu/schedule-attribute.ts";
import { loopsOf, readGroup } from "../../../src/passes/kernels/group.ts";

/** Asks for a mapping by name for every group. */
export function withMapping(module: Module, mapping: string): Module {
  const rewriter = new Rewriter(module);
  for (const op of Array.from(walk(rewriter))) {
    if (op.parent !== undefined && rewriter.operation(rewriter.block(op.parent).parent).name === "weft.kernel")
      continue;
    const group = readGroup(rewriter, op);
    if (!group || loopsOf(group, "reduction").length === 0) continue;
    const schedule = encodeMapping(mapping);
    rewriter.update(op.id, { attributes: { ...op.attributes, [scheduleAttributeName]: schedule } });
  }
  return rewriter.commit().module;
}

/** Gives most groups of a module an arbitrary blocked schedule, legal but seldom wise. */
export function withRandomBlocks(module: Module, seed: number): Module {
  let state = (seed * 2654435761 + 7) >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const rewriter = new Rewriter(module);
  for (const op of Array.from(walk(rewriter))) {
    if (op.parent !== undefined && rewriter.operation(rewriter.block(op.parent).parent).name === "weft.kernel")
      continue;
    const group = readGroup(rewriter, op);
    if (!group || random(6) === 0) continue;
    const parallel = loopsOf(group, "parallel");
    const schedule = encodeBlocked({
      laneLoop: parallel.length === 0 ? -1 : parallel[random(parallel.length)]!,
      factors: group.bounds.map(() => 1 + random(4)),
      spread: parallel.filter(() => random(3) === 0),
      unroll: loopsOf(group, "reduction").filter(() => random(2) === 0),
      workgroup: [1, 4, 64][random(3)]!,
    });
    rewriter.update(op.id, { attributes: { ...op.attributes, [scheduleAttributeName]: schedule } });
  }
  return rewriter.commit().module;
}
