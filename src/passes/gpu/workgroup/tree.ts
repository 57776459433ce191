import { arith } from "../../../ir/dialects/arith.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import { scf } from "../../../ir/dialects/scf.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import { indexType } from "../../../ir/types.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import { anchorOf, type KernelGroup, loopsOf, readGroup } from "../../kernels/group.ts";
import { strideOf } from "../blocked/default-schedule.ts";
import { isOneNest } from "../blocked/blocked.ts";
import { type IndexSum, valueSum } from "../blocked/index-sums.ts";
import { type BlockPoint, splitNumber } from "../blocked/points.ts";
import { RegisterTile } from "../blocked/register-tile.ts";
import { onlyIf } from "../only-if.ts";
import { resultLayout } from "../blocked/word-points.ts";
import { type LaunchShape, linearBlock } from "../launch-shape.ts";
import type { KernelSite, Mapping } from "../mapping.ts";
import { mappingNameOf } from "../schedule-attribute.ts";
import { type Combiner, combineParts, combinerOf } from "./combiner.ts";
import { barrier, threadNumber, workgroupBuffer } from "./workgroup-memory.ts";

/** Reductions of fewer iterations are not shared. */
const leastIterations = 128;

/**
 * A workgroup for each point of the parallel loops: its invocations share out the reduction, and combine what they have in
 * workgroup memory, half of them each time.
 */
export const tree: Mapping = {
  name: "tree",
  readsPadding: true,
  plan({ reader, target }, op) {
    const group = readGroup(reader, op);
    if (!group || !canUseTree(reader, group, target)) return undefined;
    if (mappingNameOf(op) !== tree.name && !prefersTree(reader, group, target)) return undefined;
    const threads = treeWidth(group, target);
    const shape: LaunchShape = { blocks: [pointCount(group), 1, 1], threads: [threads, 1, 1] };
    return (site) => {
      build(site, shape);
      return { shape };
    };
  },
};

const product = (group: KernelGroup, loops: readonly number[]): number =>
  loops.reduce((total, loop) => total * group.bounds[loop]!, 1);
const pointCount = (group: KernelGroup): number => product(group, loopsOf(group, "parallel"));
const iterationCount = (group: KernelGroup): number => product(group, loopsOf(group, "reduction"));

/** Whether a tree can do what a group does. */
function canUseTree(reader: IrReader, group: KernelGroup, { limits }: WebGpuTarget): boolean {
  const points = pointCount(group);
  return (
    isOneNest(group) &&
    iterationCount(group) > 1 &&
    points > 0 &&
    points <= limits.maxComputeWorkgroupsPerDimension &&
    combinerOf(reader, anchorOf(group)) !== undefined &&
    resultLayout(reader, group).kind === "whole-words"
  );
}

/** Whether a group is better reduced by trees on a device: few results of many elements each, where sharing pays. */
export function prefersTree(reader: IrReader, group: KernelGroup, target: WebGpuTarget): boolean {
  const { workgroupMemory, invocationsToFill } = target.preferences;
  return (
    workgroupMemory &&
    canUseTree(reader, group, target) &&
    iterationCount(group) >= leastIterations &&
    pointCount(group) < invocationsToFill / 2 &&
    (pointCount(group) <= fewPoints || readsNeighbours(reader, group))
  );
}

/** So few points leave a device idle, however their elements lie. */
const fewPoints = 16;

/** Whether neighbouring iterations of a reduction read neighbouring elements of each operand, or the same. */
function readsNeighbours(reader: IrReader, group: KernelGroup): boolean {
  const last = loopsOf(group, "reduction").findLast((loop) => group.bounds[loop]! > 1);
  return (
    last !== undefined &&
    anchorOf(group).inputs.every((access) => {
      const stride = strideOf(reader, access, last);
      return stride === 0 || stride === 1;
    })
  );
}

/** Invocations of a workgroup: a power of two, so many that each has a few iterations. */
function treeWidth(group: KernelGroup, { limits, preferences }: WebGpuTarget): number {
  const most = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  let threads = Math.min(preferences.workgroupSize, most);
  while (threads * 2 <= most && threads * 8 <= iterationCount(group)) threads *= 2;
  while (threads > 1 && threads > iterationCount(group)) threads /= 2;
  return threads;
}

function build(site: KernelSite, shape: LaunchShape): void {
  const { rewriter, arithmetic, op, block, paddings } = site;
  const group = readGroup(rewriter, op)!;
  const combiner = combinerOf(rewriter, anchorOf(group))!;
  const tile = new RegisterTile(rewriter, arithmetic, block, group, { factors: [], unroll: [] }, paddings);
  const [threads] = shape.threads;
  const shared = workgroupBuffer(site, threads, combiner.type);
  const thread = threadNumber(site);
  const parallel = loopsOf(group, "parallel").toReversed();
  const places = splitNumber(
    tile.sums,
    linearBlock(arithmetic, shape),
    parallel.map((loop) => group.bounds[loop]!),
  );
  const positions: (IndexSum | undefined)[] = group.bounds.map(() => undefined);
  parallel.forEach((loop, at) => (positions[loop] = places[at]!));
  const isFirst = tile.sums.isBelow(valueSum(thread), 1);
  const point: BlockPoint = { positions, guard: isFirst };
  const identity = arith.constant.build(
    rewriter,
    {},
    { value: combiner.identity },
    { resultTypes: [combiner.type] },
  ).result;
  tile.build([point], ([initial]) => {
    const part = partOf(site, tile, group, point, identity, thread, threads);
    const total = combineAll(site, combiner, shared, part, thread, threads);
    return [combineParts(rewriter, combiner, initial!, total)];
  });
  rewriter.erase(op);
}

/** What one invocation has of the reduction: every so many iterations. */
function partOf(
  { rewriter, arithmetic }: KernelSite,
  tile: RegisterTile,
  group: KernelGroup,
  point: BlockPoint,
  identity: ValueId,
  thread: ValueId,
  threads: number,
): ValueId {
  const reductions = loopsOf(group, "reduction").toReversed();
  const total = iterationCount(group);
  const made = scf.for.build(
    rewriter,
    {
      lowerBound: thread,
      upperBound: arithmetic.constant(total),
      step: arithmetic.constant(threads),
      initArgs: [identity],
    },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType, rewriter.typeOf(identity)],
            body: (builder, [index, carried]) =>
              tile.nested(() => {
                const parts = splitNumber(
                  tile.sums,
                  tile.sums.limit(index!, total - 1),
                  reductions.map((loop) => group.bounds[loop]!),
                );
                const iteration = new Map(reductions.map((loop, at) => [loop, parts[at]!]));
                scf.yield.build(builder, { results: tile.combine(point, iteration, [carried!]) }, {});
              }),
          },
        ],
      },
    },
  );
  return made.results[0]!;
}

/** Combines the parts of all invocations; each of them gets the result. */
function combineAll(
  site: KernelSite,
  combiner: Combiner,
  shared: ValueId,
  part: ValueId,
  thread: ValueId,
  threads: number,
): ValueId {
  const { rewriter, arithmetic } = site;
  const load = (index: ValueId): ValueId =>
    memref.load.build(rewriter, { memref: shared, indices: [index] }, {}).result;
  const store = (value: ValueId): void =>
    void memref.store.build(rewriter, { value, memref: shared, indices: [thread] }, {});
  store(part);
  barrier(site);
  for (let half = threads / 2; half >= 1; half /= 2) {
    const operands = { lhs: thread, rhs: arithmetic.constant(half) };
    const isActive = arith.cmpi.build(rewriter, operands, { predicate: "ult" }).result;
    onlyIf(rewriter, isActive, () =>
      store(combineParts(rewriter, combiner, load(thread), load(arithmetic.add(thread, arithmetic.constant(half))))),
    );
    barrier(site);
  }
  return load(arithmetic.constant(0));
}
