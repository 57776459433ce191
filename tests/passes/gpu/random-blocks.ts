import type { Module } from "../../../src/ir/module.ts";
import { encodeBlocked, encodeMapping, scheduleAttributeName } from "../../../src/passes/gpu/schedule-attribute.ts";
import { loopsOf } from "../../../src/passes/kernels/group.ts";
import { randomNumbers, withSchedules } from "../given-schedules.ts";

/** Asks for a mapping by name for every group that reduces. */
export const withMapping = (module: Module, mapping: string): Module =>
  withSchedules(module, scheduleAttributeName, (group) =>
    loopsOf(group, "reduction").length === 0 ? undefined : encodeMapping(mapping),
  );

/** Gives most groups of a module an arbitrary blocked schedule, legal but seldom wise. */
export function withRandomBlocks(module: Module, seed: number): Module {
  const random = randomNumbers(seed);
  return withSchedules(module, scheduleAttributeName, (group) => {
    if (random(6) === 0) return undefined;
    const parallel = loopsOf(group, "parallel");
    return encodeBlocked({
      laneLoop: parallel.length === 0 ? -1 : parallel[random(parallel.length)]!,
      factors: group.bounds.map(() => 1 + random(4)),
      spread: parallel.filter(() => random(3) === 0),
      unroll: loopsOf(group, "reduction").filter(() => random(2) === 0),
      workgroup: [1, 4, 64][random(3)]!,
    });
  });
}
