import { bodyOf, type ValueId } from "../../ir/module.ts";
import type { Stage } from "../kernels/group.ts";
import { type Lane, uniform } from "./lanes.ts";
import type { NestState } from "./nest-state.ts";
import type { Chunk, Point } from "./tile-shape.ts";

/** Runs a body on lanes. */
export function runBody(
  state: NestState,
  stage: Stage,
  values: readonly (Lane | undefined)[],
  point: Point,
  chunk: Chunk,
): readonly Lane[] {
  const rewriter = state.rewriter;
  const known = new Map<ValueId, Lane>();
  rewriter.block(stage.op.regions[0]![0]!).arguments.forEach((argument, position) => {
    const value = values[position];
    if (value) known.set(argument, value);
  });
  const lane = (value: ValueId): Lane => known.get(value) ?? uniform(value);
  for (const op of bodyOf(rewriter, stage.op)) {
    if (op.name === "linalg.yield") return op.operands.map(lane);
    rewriter.location = op.location;
    if (op.name === "arith.constant") known.set(op.results[0]!, state.lanes.constant(op));
    else if (op.name === "linalg.index") {
      const { value } = op.properties["dim"] as { readonly value: bigint };
      const loop = stage.loops[Number(value)]!;
      const at = point.get(loop);
      known.set(op.results[0]!, uniform(at === undefined ? state.indices[loop]! : state.arithmetic.constant(at)));
    } else
      state.lanes
        .apply(op, op.operands.map(lane), chunk.lanes)
        .forEach((result, at) => known.set(op.results[at]!, result));
  }
  throw new Error("a body has no linalg.yield");
}
