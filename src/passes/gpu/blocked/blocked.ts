import { unitAttribute } from "../../../ir/attributes.ts";
import type { ValueId } from "../../../ir/module.ts";
import { type KernelGroup, readGroup } from "../../kernels/group.ts";
import { type LaunchShape, linearInvocation, lineOf } from "../launch-shape.ts";
import type { KernelSite, Mapping } from "../mapping.ts";
import { type BlockedSchedule, blockedScheduleOf } from "../schedule-attribute.ts";
import { defaultSchedule } from "./default-schedule.ts";
import { type SumBuilder, valueSum } from "./index-sums.ts";
import { type BlockPoint, blockPoints, countsOf } from "./points.ts";
import { onlyIf } from "../only-if.ts";
import { RegisterTile } from "./register-tile.ts";
import { resultLayout, type WordLayout, wordCount, wordPoints } from "./word-points.ts";

/**
 * Spreads the parallel loops of a structured operation or fusion group over invocations; each computes a block of points in
 * registers, with the reduction loops inside.
 */
export const blocked: Mapping = {
  name: "blocked",
  readsPadding: true,
  plan({ reader, target }, op) {
    const group = readGroup(reader, op);
    if (!group || !isOneNest(group) || group.bounds.includes(0)) return undefined;
    const schedule =
      blockedScheduleOf(op, group.bounds, (loop) => group.iterators[loop] === "parallel") ??
      defaultSchedule(reader, group, target);
    const layout = resultLayout(reader, group);
    switch (layout.kind) {
      case "whole-words":
        return (site) => ({ shape: build(site, inBlocks(group, schedule), schedule) });
      case "narrow":
        return (site) => ({
          shape: build(site, inWords(layout.words), schedule),
          attributes: { [ownsWordsAttributeName]: unitAttribute },
        });
      case "scattered":
        return undefined;
    }
  },
};

/** Whether each stage reads what earlier ones made at its own point only. */
export function isOneNest(group: KernelGroup): boolean {
  return group.stages.every((stage, position) => {
    const earlier = group.stages.slice(0, position).flatMap(({ outputs }) => outputs);
    return [...stage.inputs, ...stage.outputs].every(({ value, map }) =>
      earlier.every((output) => output.value !== value || output.map.text === map.text),
    );
  });
}

/** How many invocations a kernel needs, and which points each of them computes. */
interface Distribution {
  readonly invocations: number;
  readonly points: (sums: SumBuilder, group: KernelGroup, number: ValueId) => readonly BlockPoint[];
}

/** The attribute of kernels whose invocations write whole words each, so that narrow elements need no care for neighbours. */
export const ownsWordsAttributeName = "weft.owns_words";

const inBlocks = (group: KernelGroup, schedule: BlockedSchedule): Distribution => ({
  invocations: countsOf(group, schedule).reduce((product, count) => product * count, 1),
  points: (sums, present, number) => blockPoints(sums, present, schedule, number),
});
const inWords = (words: WordLayout): Distribution => ({
  invocations: wordCount(words),
  points: (sums, present, number) => wordPoints(sums, present, words, number),
});

function build(
  { rewriter, arithmetic, target, op, block, paddings }: KernelSite,
  { invocations, points }: Distribution,
  schedule: BlockedSchedule,
): LaunchShape {
  const group = readGroup(rewriter, op)!;
  const shape = lineOf(invocations, schedule.workgroup, target.limits);
  const tile = new RegisterTile(rewriter, arithmetic, block, group, schedule, paddings);
  const number = linearInvocation(arithmetic, shape);
  const compute = (): void => tile.build(points(tile.sums, group, number));
  const launched = shape.blocks[0] * shape.blocks[1] * shape.threads[0];
  if (launched === invocations) compute();
  else onlyIf(rewriter, tile.sums.isBelow(valueSum(number), invocations), () => tile.nested(compute));
  rewriter.erase(op);
  return shape;
}
