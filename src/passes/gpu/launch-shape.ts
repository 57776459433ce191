import { gpu } from "../../ir/dialects/gpu.ts";
import type { ValueId } from "../../ir/module.ts";
import type { WebGpuLimits } from "../../targets/webgpu.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";

/** How many workgroups of how many invocations a launch has, along x, y and z. */
export interface LaunchShape {
  readonly blocks: readonly [number, number, number];
  readonly threads: readonly [number, number, number];
}

/** One invocation. */
export const singleInvocation: LaunchShape = { blocks: [1, 1, 1], threads: [1, 1, 1] };

/** So many workgroups, those that do not fit into one dimension folded into the second. */
export function foldBlocks(count: number, limits: WebGpuLimits): readonly [number, number, number] {
  const most = limits.maxComputeWorkgroupsPerDimension;
  const rows = Math.ceil(count / most);
  return [Math.ceil(count / rows), rows, 1];
}

/** Enough workgroups in a line for so many invocations; of `size` invocations, or fewer when that is enough. */
export function lineOf(invocations: number, size: number, limits: WebGpuLimits): LaunchShape {
  const least = 2 ** Math.ceil(Math.log2(Math.max(1, invocations)));
  const own = Math.min(size, limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX, least);
  return { blocks: foldBlocks(Math.ceil(invocations / own), limits), threads: [own, 1, 1] };
}

/** The number of the workgroup among those of a launch, x fastest. */
export function linearBlock(arithmetic: IndexArithmetic, { blocks: [x, y] }: LaunchShape): ValueId {
  if (x * y === 1) return arithmetic.constant(0);
  const column = gpu.block_id.build(arithmetic.builder, {}, { dimension: "x" }).result;
  if (y === 1) return column;
  const row = gpu.block_id.build(arithmetic.builder, {}, { dimension: "y" }).result;
  return arithmetic.add(arithmetic.multiply(row, arithmetic.constant(x)), column);
}

/** The number of an invocation among all of a launch whose workgroups are lines. */
export function linearInvocation(arithmetic: IndexArithmetic, shape: LaunchShape): ValueId {
  const [size] = shape.threads;
  const first = arithmetic.multiply(linearBlock(arithmetic, shape), arithmetic.constant(size));
  if (size === 1) return first;
  return arithmetic.add(first, gpu.thread_id.build(arithmetic.builder, {}, { dimension: "x" }).result);
}
