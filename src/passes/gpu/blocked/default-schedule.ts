import { linearForm } from "../../../ir/affine.ts";
import { layoutOf } from "../../../ir/analysis/memref-layout.ts";
import type { IrReader } from "../../../ir/module.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import { type Access, anchorOf, type KernelGroup, loopsOf } from "../../kernels/group.ts";
import type { BlockedSchedule } from "../schedule-attribute.ts";

/** Reduction loops are written out while a round has no more iterations than this. */
const mostWritten = 9;

/** How far apart in memory neighbouring iterations of a loop are; undefined when that varies. */
export function strideOf(reader: IrReader, { value, map }: Access, loop: number): number | undefined {
  const type = reader.typeOf(value);
  if (type.kind !== "memref") return 0;
  const strides = layoutOf(type)?.strides;
  let total = 0;
  for (const [dimension, result] of map.results.entries()) {
    const form = linearForm(result);
    const stride = strides?.[dimension];
    if (!form) return undefined;
    const factor = form.coefficients.get(loop) ?? 0;
    if (factor === 0) continue;
    if (typeof stride !== "number") return undefined;
    total += factor * stride;
  }
  return total;
}

/**
 * A plain choice: lanes along the loop that is contiguous in the result, a few rows in registers where that saves loads, small
 * windows written out.
 */
export function defaultSchedule(reader: IrReader, group: KernelGroup, target: WebGpuTarget): BlockedSchedule {
  const { bounds } = group;
  const parallel = loopsOf(group, "parallel").filter((loop) => bounds[loop]! > 1);
  const output = group.stages.at(-1)!.outputs[0]!;
  const laneLoop =
    parallel.find((loop) => strideOf(reader, output, loop) === 1) ??
    parallel.at(-1) ??
    loopsOf(group, "parallel").at(-1) ??
    -1;
  const factors = bounds.map(() => 1);
  const rows = rowLoop(reader, group, laneLoop);
  if (rows !== undefined) {
    const points = parallel.reduce((product, loop) => product * bounds[loop]!, 1);
    const wanted = target.preferences.registerBlock.rows;
    let factor = Math.min(wanted, bounds[rows]!);
    while (factor > 1 && (bounds[rows]! % factor !== 0 || points / factor < target.preferences.invocationsToFill))
      factor--;
    factors[rows] = factor;
  }
  return {
    laneLoop,
    factors,
    spread: [],
    unroll: windowLoops(group),
    workgroup: target.preferences.workgroupSize,
  };
}

/** A parallel loop along which an operand that lanes read differently stays the same: its loads are shared between rows. */
function rowLoop(reader: IrReader, group: KernelGroup, laneLoop: number): number | undefined {
  if (loopsOf(group, "reduction").length === 0) return undefined;
  const moving = anchorOf(group).inputs.filter((access) => strideOf(reader, access, laneLoop) !== 0);
  return loopsOf(group, "parallel").findLast(
    (loop) =>
      loop !== laneLoop &&
      group.bounds[loop]! > 1 &&
      moving.length > 0 &&
      moving.every((access) => strideOf(reader, access, loop) === 0),
  );
}

/** The innermost reduction loops that are small enough to be written out. */
function windowLoops(group: KernelGroup): readonly number[] {
  const written: number[] = [];
  let iterations = 1;
  for (const loop of loopsOf(group, "reduction").toReversed()) {
    iterations *= group.bounds[loop]!;
    if (iterations > mostWritten) break;
    written.push(loop);
  }
  return written.toReversed();
}
