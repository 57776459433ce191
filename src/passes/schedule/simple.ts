import { bodyOf } from "../../ir/module.ts";
import { allowsLanes, combiningOfAnchor } from "../vectorize/lane-support.ts";
import type { GroupFacts } from "./operands.ts";
import type { Schedule } from "./schedule.ts";

/** Reductions along contiguous memory: several vectors of partial results, combined at the end. */
export function scheduleRowReduction(facts: GroupFacts): Schedule | undefined {
  if (!combiningOfAnchor(facts.rewriter, facts.group)) return undefined;
  const contiguous = facts.reductions.filter(
    (loop) =>
      facts.inputs.length > 0 &&
      facts.inputs.every(({ access }) => {
        const stride = facts.stride(access, loop);
        return stride.kind === "same" || (stride.kind === "along" && stride.factor === 1);
      }) &&
      facts.inputs.some(({ access }) => facts.uses(access, loop)) &&
      facts.bound(loop) >= 8 &&
      allowsLanes(facts.rewriter, facts.group, loop),
  );
  const vectorLoop = contiguous.toSorted((left, right) => facts.bound(right) - facts.bound(left))[0];
  if (vectorLoop === undefined) return undefined;
  const lanes = Math.min(facts.maximumLanes, 2 ** Math.floor(Math.log2(facts.bound(vectorLoop))));
  const vectors = Math.floor(facts.bound(vectorLoop) / lanes);
  return {
    steps: [],
    packings: [],
    vectorLoop,
    lanes,
    unroll: [],
    accumulators: vectors >= 8 ? 4 : vectors >= 4 ? 2 : 1,
    threads: false,
  };
}

/** Functions that cost much more than a load. */
const costly = /^math\.(exp|exp2|expm1|log|log2|log10|log1p|tanh|erf|sin|cos|tan|powf|sinh|cosh|atan|cbrt)/;

/** Element-wise operations: lanes along a loop that the results are contiguous in. */
export function scheduleElementwise(facts: GroupFacts): Schedule | undefined {
  if (facts.reductions.length > 0) return undefined;
  const isCostly = facts.group.stages.some(({ op }) =>
    bodyOf(facts.rewriter, op).some(({ name }) => costly.test(name)),
  );
  const inputs = facts.group.stages.flatMap((stage) => stage.inputs).filter((access) => facts.isBuffer(access));
  const contiguous = facts.parallel.filter(
    (loop) =>
      facts.bound(loop) >= 4 &&
      facts.writesAlong(loop) &&
      allowsLanes(facts.rewriter, facts.group, loop) &&
      // Gathering lanes one by one pays only where the work on them is large.
      (isCostly || inputs.every((access) => !facts.isScattered(access, loop))),
  );
  // Weaving eight vectors costs more than storing eight elements at a time.
  const cost = (loop: number): number =>
    facts.wovenLoops(loop).reduce((product, woven) => product * facts.bound(woven), 1);
  const vectorLoop = contiguous.toSorted(
    (left, right) => Number(cost(left) >= 8) - Number(cost(right) >= 8) || facts.bound(right) - facts.bound(left),
  )[0];
  if (vectorLoop === undefined) return undefined;
  const lanes = facts.lanesFor(facts.bound(vectorLoop));
  if (lanes < 4) return undefined;
  const size = lanes * (facts.bound(vectorLoop) >= 4 * lanes && !isCostly ? 2 : 1);
  const remainder = facts.mayRepeat ? "overlap" : "narrow";
  const woven = facts.wovenLoops(vectorLoop);
  const others = facts.parallel.filter((loop) => loop !== vectorLoop && facts.bound(loop) > 1 && !woven.includes(loop));
  return {
    steps: [
      ...others.map((loop) => ({ loop, size: 1, remainder: "narrow" as const })),
      { loop: vectorLoop, size, remainder },
    ],
    packings: [],
    vectorLoop,
    lanes,
    unroll: woven,
    accumulators: 1,
    threads: false,
  };
}
