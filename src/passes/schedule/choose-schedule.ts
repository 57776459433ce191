import { func } from "../../ir/dialects/func.ts";
import { bodyOf, type Module, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { type CpuTarget, cpuTargets } from "../../targets/cpu.ts";
import { type KernelGroup, readGroup } from "../kernels/group.ts";
import { pass } from "../pass.ts";
import { bool, enumeration } from "../pass-options.ts";
import { scheduleContraction } from "./contraction.ts";
import { GroupFacts } from "./operands.ts";
import { encodeSchedule, type Schedule, scheduleAttributeName } from "./schedule.ts";
import { scheduleElementwise, scheduleRowReduction } from "./simple.ts";

/** How schedules are chosen. */
export interface ScheduleOptions {
  readonly target: CpuTarget;
  readonly threads: boolean;
}

/**
 * Writes `weft.schedule` on every structured operation and group that profits from one and has none yet: a function of loop bounds,
 * how operands lie in memory along each loop, what the bodies compute, and the target. It expects the form `normalize-accesses` gives.
 */
export const chooseSchedulePass = pass({
  name: "choose-schedule",
  summary: "choose loop order, vectors, register tiles and packing of structured operations",
  anchors: ["builtin.module"],
  options: {
    cpu: enumeration("avx512", "avx2", "neon").default("avx512").summary("the kind of core to choose for"),
    threads: bool.default(false).summary("let the outermost loops of large operations be shared among threads"),
  },
  statistics: { scheduled: "operations and groups given a schedule" },
  run(module, { cpu, threads }, context) {
    const rewriter = new Rewriter(module);
    context.count("scheduled", scheduleModule(rewriter, { target: cpuTargets[cpu], threads }));
    return context.commit(rewriter);
  },
});

/** The pass as a function. */
export function chooseSchedules(module: Module, options: ScheduleOptions): Module {
  const rewriter = new Rewriter(module);
  scheduleModule(rewriter, options);
  return rewriter.commit().module;
}

function scheduleModule(rewriter: Rewriter, options: ScheduleOptions): number {
  let count = 0;
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root))) {
    if (!func.func.match(rewriter, fn)) continue;
    for (const op of Array.from(walk(rewriter, fn.id))) {
      if (op.attributes[scheduleAttributeName] !== undefined || insideGroup(rewriter, op)) continue;
      const group = readGroup(rewriter, op);
      const schedule = group && scheduleFor(rewriter, group, options);
      if (!schedule) continue;
      rewriter.update(op.id, { attributes: { ...op.attributes, [scheduleAttributeName]: encodeSchedule(schedule) } });
      count++;
    }
  }
  return count;
}

function insideGroup(rewriter: Rewriter, op: Operation): boolean {
  if (op.parent === undefined) return false;
  const holder = rewriter.operation(rewriter.block(op.parent).parent);
  return holder.name === "weft.kernel" || holder.name.startsWith("linalg.");
}

/** The schedule of one group: the first kind that fits. */
function scheduleFor(
  rewriter: Rewriter,
  group: KernelGroup,
  { target, threads }: ScheduleOptions,
): Schedule | undefined {
  if (group.bounds.length === 0 || group.bounds.includes(0)) return undefined;
  const facts = new GroupFacts(rewriter, group, target);
  const schedule = scheduleContraction(facts) ?? scheduleRowReduction(facts) ?? scheduleElementwise(facts);
  if (!schedule || !threads) return schedule;
  // Copies in memory are one for all iterations: such a nest stays in one thread.
  const copies = schedule.packings.some(
    ({ operand }) => !facts.isConstant(facts.inputs.find((input) => input.operand === operand)!.access),
  );
  const work = group.bounds.reduce((product, bound) => product * bound, 1);
  return { ...schedule, threads: !copies && work >= 1 << 16 };
}
