import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { bodyOf, type IrReader, type Operation, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { constantIndex } from "../loops/index-arithmetic.ts";

/** A program has at most so many launches for one loop: each is a step of its own, since the loop is written out. */
const mostLaunches = 2048;

/** Microseconds that one invocation by itself takes for a point of a loop nest, by the kind of device. */
const sequentialMicroseconds = { cpu: 0.01, gpu: 0.1 } as const;

/**
 * Whether a loop of the entry point stays there, its body's operations launched in each round: where the bounds are known, nothing
 * but buffers goes from round to round, and launching costs less than having one invocation do it all.
 * @param isFree whether an operation of the body needs no launch
 */
export function staysAsLoop(
  reader: Rewriter,
  op: Operation,
  target: WebGpuTarget,
  isFree: (op: Operation) => boolean,
): boolean {
  const loop = scf.for.match(reader, op);
  if (!loop || op.results.length > 0) return false;
  const { lowerBound, upperBound, step } = loop.operands;
  const [from, to, by] = [lowerBound, upperBound, step].map((bound) => constantIndex(reader, bound));
  if (from === undefined || to === undefined || by === undefined || by <= 0) return false;
  const rounds = Math.max(0, Math.ceil((to - from) / by));
  const launched = bodyOf(reader, op).filter((inner) => !isFree(inner));
  const launches = rounds * launched.length;
  if (launches === 0 || launches > mostLaunches) return false;
  const points = launched.reduce((sum, inner) => sum + pointsIn(reader, inner), 0);
  const alone = rounds * points * sequentialMicroseconds[target.kind];
  return alone > launches * target.preferences.dispatchMicroseconds;
}

/** Points of the loop nests in an operation, loops around them not counted. */
function pointsIn(reader: IrReader, root: Operation): number {
  let total = 0;
  for (const op of walk(reader, root.id)) {
    if (!isStructured(op) || op.name === "linalg.fill") continue;
    total += iterationSpace(reader, op).bounds.reduce((product, bound) => product * bound, 1);
  }
  return total;
}
