import { entryPointOf } from "../../../ir/analysis/entry-point.ts";
import { scf } from "../../../ir/dialects/scf.ts";
import { bodyOf, type IrReader, type Operation } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { type WebGpuTarget, webGpuTargetOf } from "../../../targets/webgpu.ts";
import { type KernelGroup, loopsOf, readGroup } from "../../kernels/group.ts";
import { pass } from "../../pass.ts";
import { defaultSchedule } from "../blocked/default-schedule.ts";
import { isRowKernel } from "../rows/row-group.ts";
import { type BlockedSchedule, encodeBlocked, encodeMapping, scheduleAttributeName } from "../schedule-attribute.ts";
import { prefersTiles, tiles } from "../workgroup/tiles.ts";
import { prefersTree, tree } from "../workgroup/tree.ts";
import { BlockCost } from "./block-cost.ts";

/**
 * Writes `weft.schedule` on the structured operations and fusion groups of the entry point that have none: how many points each
 * invocation computes along each loop, which loops are written out, and how large workgroups are. It takes the cheapest of the
 * schedules worth trying, by a model of what loads, arithmetic and loops cost on the module's device.
 */
export const chooseGpuSchedule = pass({
  name: "choose-gpu-schedule",
  summary: "choose register blocks, unrolling and workgroups of structured operations for the module's device",
  anchors: ["builtin.module"],
  statistics: { scheduled: "operations and groups given a schedule" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    const target = webGpuTargetOf(module);
    const entry = entryPointOf(rewriter);
    for (const op of entry ? launchable(rewriter, entry) : []) {
      if (op.attributes[scheduleAttributeName] !== undefined || isRowKernel(op)) continue;
      const group = readGroup(rewriter, op);
      if (!group || group.bounds.includes(0)) continue;
      const shared = sharing.find(({ prefers }) => prefers(rewriter, group, target));
      const schedule = shared
        ? encodeMapping(shared.mapping.name)
        : encodeBlocked(chooseSchedule(rewriter, group, target));
      rewriter.update(op.id, { attributes: { ...op.attributes, [scheduleAttributeName]: schedule } });
      context.count("scheduled");
    }
    return context.commit(rewriter);
  },
});

/** The operations of a body, and of the loops in it, whose operations may be launched in each round. */
function* launchable(reader: IrReader, holder: Operation): Generator<Operation> {
  for (const op of bodyOf(reader, holder))
    if (op.name === scf.for.name) yield* launchable(reader, op);
    else yield op;
}

/** Mappings that share work in workgroup memory, and when they are better than blocks in registers alone. */
const sharing = [
  { mapping: tree, prefers: prefersTree },
  { mapping: tiles, prefers: prefersTiles },
] as const;

/** The cheapest schedule worth trying. */
function chooseSchedule(reader: IrReader, group: KernelGroup, target: WebGpuTarget): BlockedSchedule {
  const start = defaultSchedule(reader, group, target);
  const cost = new BlockCost(reader, group, target, start.laneLoop);
  let best = start;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates(group, start, target)) {
    const own = cost.of(candidate);
    if (own < least) [best, least] = [candidate, own];
  }
  return { ...best, workgroup: workgroupFor(group, best, target) };
}

/** Points of a block along one loop that are tried. */
const blockSizes = [1, 2, 3, 4, 5, 6, 7, 8, 16] as const;
/** Iterations of a reduction loop written out in one round that are tried. */
const roundSizes = [1, 2, 4] as const;
/** Points of one invocation where nothing is summed up. */
const mostElementwise = 16;
/** Iterations of window loops that are written out at most. */
const mostTaps = 25;

function* candidates(group: KernelGroup, start: BlockedSchedule, target: WebGpuTarget): Generator<BlockedSchedule> {
  const { rows, columns } = target.preferences.registerBlock;
  const reductions = loopsOf(group, "reduction").filter((loop) => group.bounds[loop]! > 1);
  const largest = reductions.length === 0 ? Math.min(mostElementwise, rows * columns) : rows * columns;
  const blocks = [...blocksOf(group, loopsOf(group, "parallel"), largest)];
  for (const unroll of unrollings(group, reductions)) {
    const innermost = reductions.findLast((loop) => !unroll.includes(loop));
    // Windows that are written out make long rounds by themselves.
    for (const round of innermost === undefined || unroll.length > 0 ? [1] : roundSizes)
      for (const block of blocks) {
        const factors = block.map((factor, loop) => (loop === innermost ? round : factor));
        // Neighbours that read neighbours matter on GPUs; blocks of neighbours share what windows overlap in.
        const isSpread = start.laneLoop >= 0 && factors[start.laneLoop]! > 1;
        yield { ...start, factors, unroll, spread: [] };
        if (isSpread && target.kind === "gpu") yield { ...start, factors, unroll, spread: [start.laneLoop] };
      }
  }
}

/** Blocks of at most so many points: for each loop of the group how many of its points. */
function* blocksOf(group: KernelGroup, loops: readonly number[], largest: number): Generator<readonly number[]> {
  const [loop, ...others] = loops;
  if (loop === undefined) return yield group.bounds.map(() => 1);
  const bound = group.bounds[loop]!;
  for (const size of blockSizes) {
    if (size > Math.min(bound, largest)) break;
    // Sizes that divide the loop, and powers of two, whose last block checks its points.
    if (bound % size !== 0 && (size & (size - 1)) !== 0) continue;
    for (const block of blocksOf(group, others, Math.floor(largest / size)))
      yield block.map((factor, at) => (at === loop ? size : factor));
  }
}

/** Innermost reduction loops to write out: none, the last, the last two, …, as long as that is little. */
function* unrollings(group: KernelGroup, reductions: readonly number[]): Generator<readonly number[]> {
  yield [];
  let taps = 1;
  for (let from = reductions.length - 1; from >= 0; from--) {
    taps *= group.bounds[reductions[from]!]!;
    if (taps > mostTaps) return;
    yield reductions.slice(from);
  }
}

/** Workgroups as large as is usual for the device, but enough of them that every unit has some. */
function workgroupFor(group: KernelGroup, { factors }: BlockedSchedule, { kind, preferences }: WebGpuTarget): number {
  const invocations = loopsOf(group, "parallel").reduce(
    (product, loop) => product * Math.ceil(group.bounds[loop]! / factors[loop]!),
    1,
  );
  const least = kind === "cpu" ? 4 : 32;
  let size = preferences.workgroupSize;
  while (size / 2 >= least && size * fewestWorkgroups > invocations) size /= 2;
  return size;
}
/** Workgroups that keep all cores, or all of a GPU's units, busy to about the same time. */
const fewestWorkgroups = 16;
