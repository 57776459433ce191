import { func } from "../../ir/dialects/func.ts";
import { bodyOf, type Module, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { readGroup } from "../kernels/group.ts";
import { EntryConstants, IndexArithmetic } from "../loops/index-arithmetic.ts";
import { pass } from "../pass.ts";
import { scheduleOf } from "../schedule/schedule.ts";
import { GroupVectorizer } from "./group-vectorizer.ts";

/**
 * Turns scheduled groups (the tiles that `tile` has made) into vector operations: accumulators in registers through the reduction
 * loops, then the element-wise operations on them, then stores. What has no vector form is left for `lower-to-loops`.
 */
export const vectorizePass = pass({
  name: "vectorize",
  summary: "turn scheduled structured operations into vector operations with results kept in registers",
  anchors: ["builtin.module"],
  statistics: { vectorized: "operations and groups turned into vectors", left: "scheduled ones left as they are" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    const { vectorized, left } = vectorizeModule(rewriter);
    context.count("vectorized", vectorized);
    context.count("left", left);
    return context.commit(rewriter);
  },
});

/** The pass as a function. */
export function vectorize(module: Module): Module {
  const rewriter = new Rewriter(module);
  vectorizeModule(rewriter);
  return rewriter.commit().module;
}

function vectorizeModule(rewriter: Rewriter): { vectorized: number; left: number } {
  const counts = { vectorized: 0, left: 0 };
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root))) {
    if (!func.func.match(rewriter, fn) || fn.regions[0]!.length === 0) continue;
    const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, fn.regions[0]![0]!));
    for (const op of Array.from(walk(rewriter, fn.id)))
      if (rewriter.exists(op.id) && op.attributes["weft.schedule"] !== undefined)
        counts[vectorizeGroup(rewriter, arithmetic, op) ? "vectorized" : "left"]++;
  }
  return counts;
}

function vectorizeGroup(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation): boolean {
  const group = readGroup(rewriter, op);
  const schedule = group && scheduleOf(op, group.bounds.length);
  if (!schedule || schedule.steps.length > 0) return false;
  rewriter.insertionPoint = { kind: "before", op: op.id };
  rewriter.location = op.location;
  const vectorizer = new GroupVectorizer(rewriter, arithmetic, group, schedule);
  if (!vectorizer.canVectorize()) return false;
  vectorizer.build();
  rewriter.erase(op);
  return true;
}
