import { func } from "../../ir/dialects/func.ts";
import { bodyOf, type Module, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";
import { indexedLoops, isArgumentRead, type KernelGroup, readGroup, type Stage } from "./group.ts";
import { groupFills } from "./group-fills.ts";
import { type Placed, placeOf, type StagePlaces } from "./placed-operands.ts";
import { rebuildGroup } from "./rebuild-group.ts";
import { renumber } from "./renumber-loops.ts";
import { temporariesOf } from "./temporaries.ts";

/**
 * Brings structured operations on buffers to a normal form: loops that run once are gone, neighbouring loops that walk through all
 * operands without gaps are one, fixed indices are part of a view's offset, operands that only gave sizes are dropped, and the fill
 * of a reduction's result is in one group with it. What later passes see of a 1x1 convolution is a matrix product.
 */
export const normalizeAccesses = pass({
  name: "normalize-accesses",
  summary: "merge and drop loops of structured operations, and see their buffers accordingly",
  anchors: ["builtin.module"],
  statistics: { normalized: "operations and groups rewritten" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    context.count("normalized", normalizeModule(rewriter));
    return context.commit(rewriter);
  },
});

/** The pass as a function. */
export function normalized(module: Module): Module {
  const rewriter = new Rewriter(module);
  normalizeModule(rewriter);
  return rewriter.commit().module;
}

function normalizeModule(rewriter: Rewriter): number {
  let count = 0;
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root))) {
    if (!func.func.match(rewriter, fn) || fn.regions[0]!.length === 0) continue;
    groupFills(rewriter, fn);
    for (const op of Array.from(walk(rewriter, fn.id))) {
      if (!rewriter.exists(op.id) || insideGroup(rewriter, op)) continue;
      const group = readGroup(rewriter, op);
      if (group && normalizeGroup(rewriter, group)) count++;
    }
  }
  return count;
}

function insideGroup(rewriter: Rewriter, op: Operation): boolean {
  if (op.parent === undefined) return false;
  const holder = rewriter.operation(rewriter.block(op.parent).parent);
  return holder.name === "weft.kernel" || holder.name.startsWith("linalg.");
}

function normalizeGroup(rewriter: Rewriter, group: KernelGroup): boolean {
  if (group.bounds.includes(0) || group.stages[group.anchor]!.op.name === "linalg.fill") return false;
  const stages = group.stages.map((stage) => {
    const read = stage.inputs.map((_, position) => isArgumentRead(rewriter, stage, position));
    const keep = tellsBounds(group, stage, read) ? read : read.map(() => true);
    const placed = [...stage.inputs, ...stage.outputs].map((access) => placeOf(rewriter, access));
    return { stage, keep, placed };
  });
  if (stages.some(({ placed }) => placed.includes(undefined))) return false;
  const temporaries = temporariesOf(rewriter, group, stages as readonly StagePlaces[]);
  const own = group.op.name === "weft.kernel" ? bodyOf(rewriter, group.op) : [];
  if (own.some((op) => op.name === "memref.alloc" && !temporaries.has(op.results[0]!))) return false;
  const indexed = new Set(group.stages.flatMap((stage) => [...indexedLoops(rewriter, stage)]));
  const operands = stages.flatMap(({ placed, keep, stage }) =>
    (placed as readonly Placed[]).filter((_, position) => position >= stage.inputs.length || keep[position]),
  );
  const renumbering = renumber(group, operands, indexed);
  rebuildGroup(rewriter, group, stages as readonly StagePlaces[], temporaries, renumbering);
  return true;
}

/** Whether the operands that are read tell how far each of a stage's loops runs; a pooling window's size is told by one that is not. */
function tellsBounds(group: KernelGroup, stage: Stage, read: readonly boolean[]): boolean {
  const told = new Set(
    [...stage.inputs.filter((_, position) => read[position]), ...stage.outputs].flatMap(({ map }) =>
      map.results.flatMap((result) => (result.kind === "dimension" ? [result.position] : [])),
    ),
  );
  return stage.loops.every((loop) => told.has(loop) || group.bounds[loop] === 1);
}
