import type { Module } from "../../src/ir/module.ts";
import { anchorOf } from "../../src/passes/kernels/group.ts";
import {
  encodeSchedule,
  remainders,
  type Schedule,
  scheduleAttributeName,
} from "../../src/passes/schedule/schedule.ts";
import { extentOf } from "../../src/passes/tile/boxes.ts";
import { randomNumbers, withSchedules } from "./given-schedules.ts";

/**
 * Gives every group of a module an arbitrary schedule, legal but seldom wise. Overlapping tiles are only taken for groups that start
 * with a fill and write what they do not read.
 */
export function withRandomSchedules(module: Module, seed: number): Module {
  const random = randomNumbers(seed);
  return withSchedules(module, scheduleAttributeName, (group, rewriter) => {
    if (random(8) === 0) return undefined;
    const loops = group.bounds.map((_, loop) => loop);
    const parallel = loops.filter((loop) => group.iterators[loop] === "parallel");
    const reading = new Set(group.stages.flatMap((stage) => stage.inputs.map(({ value }) => value)));
    const fresh =
      group.stages[0]!.op.name === "linalg.fill" &&
      group.stages.slice(1, 2).every((stage) => stage.outputs.every(({ value }) => !reading.has(value))) &&
      group.stages.length === 2;
    const steps = Array.from({ length: random(4) }, () => parallel[random(parallel.length)]!)
      .filter((loop) => loop !== undefined)
      .map((loop) => ({
        loop,
        size: 1 + random(Math.max(1, group.bounds[loop]!)),
        remainder: remainders[random(3)]!,
      }))
      .map((step) => (step.remainder === "overlap" && !fresh ? { ...step, remainder: "narrow" as const } : step))
      // Sizes shrink inwards.
      .filter((step, at, all) =>
        all.slice(0, at).every((outer) => outer.loop !== step.loop || outer.size >= step.size),
      );
    const anchor = anchorOf(group);
    const packings = anchor.inputs.flatMap((access, operand) => {
      if (rewriter.typeOf(access.value).kind !== "memref" || random(3) > 0 || access.map.results.length === 0)
        return [];
      const stepped = new Set(steps.map(({ loop }) => loop));
      if (access.map.results.some((index) => extentOf(index, stepped, group.bounds) === undefined)) return [];
      if (anchor.outputs.some(({ value }) => value === access.value)) return [];
      if (group.stages.some((stage) => stage !== anchor && stage.inputs.some(({ value }) => value === access.value)))
        return [];
      if (anchor.inputs.some((other, at) => at !== operand && other.value === access.value)) return [];
      const order = access.map.results.map((_, at) => at);
      if (random(2)) order.reverse();
      return [{ operand, depth: random(steps.length + 1), order }];
    });
    const schedule: Schedule = {
      steps,
      packings,
      vectorLoop: random(5) === 0 || loops.length === 0 ? -1 : random(loops.length),
      lanes: [2, 4, 8][random(3)]!,
      unroll: loops.filter(() => random(2) === 0),
      accumulators: 1 + random(3),
      threads: false,
    };
    return encodeSchedule(schedule);
  });
}
