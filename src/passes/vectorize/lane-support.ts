import { layoutOf } from "../../ir/analysis/memref-layout.ts";
import { bodyOf, type Operation } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { anchorOf, indexedLoops, type KernelGroup, type Stage } from "../kernels/group.ts";
import { hasLanes, isLaneWise } from "./lanes.ts";
import { strideAlong } from "./operand-access.ts";
import { type Combining, combiningOf } from "./reduction-kinds.ts";

/** How the anchor combines what it reduces, if that is one operation. */
export function combiningOfAnchor(rewriter: Rewriter, group: KernelGroup): Combining | undefined {
  const anchor = anchorOf(group);
  return anchor.op.name === "linalg.generic" && anchor.outputs.length === 1
    ? combiningOf(rewriter, anchor.op, anchor.inputs.length)
    : undefined;
}

/** Whether a group can be computed with neighbouring iterations of a loop (none when negative) in the lanes of vectors. */
export function allowsLanes(rewriter: Rewriter, group: KernelGroup, vectorLoop: number): boolean {
  if (group.bounds.includes(0)) return false;
  const reduces = vectorLoop >= 0 && group.iterators[vectorLoop] !== "parallel";
  if (reduces && !combiningOfAnchor(rewriter, group)) return false;
  return group.stages.every((stage) => stageAllowsLanes(rewriter, stage, vectorLoop, reduces));
}

function stageAllowsLanes(rewriter: Rewriter, stage: Stage, vectorLoop: number, reduces: boolean): boolean {
  if (indexedLoops(rewriter, stage).has(vectorLoop)) return false;
  const sound = [...stage.inputs, ...stage.outputs].every((access, position) => {
    const type = rewriter.typeOf(access.value);
    const element = type.kind === "memref" ? type.element : type;
    const stride = strideAlong(rewriter, access, vectorLoop);
    if (!stride || (type.kind === "memref" && !layoutOf(type))) return false;
    const isOutput = position >= stage.inputs.length;
    if (isOutput && !reduces && stride.kind === "same" && vectorLoop >= 0) return false;
    return hasLanes(element) && element.text !== "i1";
  });
  if (!sound) return false;
  return bodyOf(rewriter, stage.op).every(
    (op) =>
      op.name === "linalg.yield" || op.name === "linalg.index" || isIndexMath(rewriter, op) || isLaneWise(rewriter, op),
  );
}

/** Arithmetic on positions stays scalar: no lane depends on it, since the vector loop's position is not asked for. */
const isIndexMath = (rewriter: Rewriter, op: Operation): boolean =>
  op.regions.length === 0 &&
  op.operands.length > 0 &&
  op.name.startsWith("arith.") &&
  op.operands.every((operand) => rewriter.typeOf(operand).kind === "index");
