import { func } from "../../ir/dialects/func.ts";
import { bodyOf, type Module, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { readGroup } from "../kernels/group.ts";
import { EntryConstants, IndexArithmetic } from "../loops/index-arithmetic.ts";
import { pass } from "../pass.ts";
import { scheduleOf } from "../schedule/schedule.ts";
import { TileBuilder } from "./tile-group.ts";

/** Applies the steps and packings of every `weft.schedule`: loops over tiles, and in them the same operation on parts of its buffers. */
export const tilePass = pass({
  name: "tile",
  summary: "make the loop nests that schedules ask for, around structured operations on parts of buffers",
  anchors: ["builtin.module"],
  statistics: { tiled: "operations and groups tiled" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    context.count("tiled", tileModule(rewriter));
    return context.commit(rewriter);
  },
});

/** The pass as a function. */
export function tile(module: Module): Module {
  const rewriter = new Rewriter(module);
  tileModule(rewriter);
  return rewriter.commit().module;
}

function tileModule(rewriter: Rewriter): number {
  let count = 0;
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root)))
    if (func.func.match(rewriter, fn) && fn.regions[0]!.length > 0) count += tileFunction(rewriter, fn);
  return count;
}

function tileFunction(rewriter: Rewriter, fn: Operation): number {
  const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, fn.regions[0]![0]!));
  let count = 0;
  for (const op of Array.from(walk(rewriter, fn.id))) {
    if (!rewriter.exists(op.id)) continue;
    const group = op.attributes["weft.schedule"] === undefined ? undefined : readGroup(rewriter, op);
    const schedule = group && scheduleOf(op, group.bounds.length);
    if (!schedule || (schedule.steps.length === 0 && schedule.packings.length === 0)) continue;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const builder = new TileBuilder(rewriter, arithmetic, group, schedule, fn);
    if (!builder.canTile()) continue;
    builder.build();
    rewriter.erase(op);
    count++;
  }
  return count;
}
