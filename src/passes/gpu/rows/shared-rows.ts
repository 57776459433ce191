import { arith } from "../../../ir/dialects/arith.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import { scf } from "../../../ir/dialects/scf.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import { indexType, type MemRefType, type Type } from "../../../ir/types.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import type { Access } from "../../kernels/group.ts";
import { onlyIf } from "../only-if.ts";
import { type LaunchShape, linearBlock } from "../launch-shape.ts";
import type { KernelSite, MappedKernel, Mapping } from "../mapping.ts";
import { mappingNameOf } from "../schedule-attribute.ts";
import { type Combiner, combineParts, combinerOf } from "../workgroup/combiner.ts";
import { barrier, threadNumber, workgroupBuffer } from "../workgroup/workgroup-memory.ts";
import { type Phase, phasesOf, type PhaseStage } from "./phases.ts";
import { RowBuilder, type RowWalk } from "./row-builder.ts";
import { readRowGroup, type RowGroup } from "./row-group.ts";
import { forwardedBuffers, gridIndices, mappableRows } from "./rows.ts";

/** Rows of fewer points are not shared. */
const leastPoints = 32;

/** A workgroup computes a row: its invocations share out each walk through it, and combine what they have in workgroup memory. */
export const sharedRows: Mapping = {
  name: "shared-rows",
  plan({ reader, target }, op) {
    // Invocations that share a row would store parts of one word.
    const group = mappableRows(reader, op)?.words === "whole" ? readRowGroup(reader, op) : undefined;
    if (!group) return undefined;
    const phases = phasesOf(group);
    const { shape, isWorthwhile } = launchFor(reader, group, phases, target);
    const isWanted = mappingNameOf(op) === sharedRows.name || (target.preferences.workgroupMemory && isWorthwhile);
    return isWanted && canShare(reader, group, phases) ? (site) => build(site, shape) : undefined;
  },
};

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

function launchFor(
  reader: IrReader,
  group: RowGroup,
  phases: readonly Phase[],
  { limits, preferences }: WebGpuTarget,
): { readonly shape: LaunchShape; readonly isWorthwhile: boolean } {
  const count = product(group.rows);
  const points = Math.max(...phases.map(({ bounds }) => product(bounds)));
  const most = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  let threads = Math.min(leastPoints, most);
  while (threads * 2 <= most && threads * 8 <= points) threads *= 2;
  // Where neighbouring rows are neighbours in memory, invocations of their own read as well as shared ones.
  const alone = count >= preferences.invocationsToFill && rowsAreNeighbours(reader, group);
  return {
    shape: { blocks: [count, 1, 1], threads: [threads, 1, 1] },
    isWorthwhile: points >= leastPoints && count <= limits.maxComputeWorkgroupsPerDimension && !alone,
  };
}

/** Whether elements at the same place of neighbouring rows lie side by side. */
const rowsAreNeighbours = (reader: IrReader, { patterns, scalars }: RowGroup): boolean =>
  [...patterns].every(([buffer, pattern]) => {
    const { shape } = reader.typeOf(buffer) as MemRefType;
    const last = shape.findLastIndex((size) => size !== 1);
    return scalars.has(buffer) || pattern[last] !== undefined;
  });

/** Whether each walk can be shared out: its stages compute elements, or combine them by an operation that may be applied in any order. */
const canShare = (reader: IrReader, { scalars }: RowGroup, phases: readonly Phase[]): boolean =>
  phases.every(
    ({ bounds, fills, stages }) =>
      fills.every(({ outputs }) => scalars.has(outputs[0]!.value)) &&
      stages.every((stage) => {
        if (bounds.length === 0) return true;
        return stage.reduces ? combinerOf(reader, stage.stage) !== undefined : isElementwise(stage);
      }),
  );

const isElementwise = ({ stage, loops }: PhaseStage): boolean =>
  stage.iterators.every((iterator, loop) => iterator === "parallel" || loops[loop]! < 0);

function build(site: KernelSite, shape: LaunchShape): MappedKernel {
  const { rewriter, arithmetic, op } = site;
  const group = readRowGroup(rewriter, op)!;
  const phases = phasesOf(group);
  const thread = threadNumber(site);
  const walk = new SharedWalk(site, thread, shape.threads[0]);
  const rows = gridIndices(arithmetic, linearBlock(arithmetic, shape), group.rows);
  const forwarded = forwardedBuffers(group, phases);
  const row = new RowBuilder(rewriter, arithmetic, group, forwarded, rows, walk.walk);
  phases.forEach((phase, position) => {
    if (phases.slice(0, position).some((earlier) => meets(group, forwarded, earlier, phase))) barrier(site);
    row.phase(phase);
  });
  // Numbers of the row that are stored may have been read by others.
  const stored = [...group.scalars].some((buffer) => !group.local.has(buffer));
  if (stored) {
    barrier(site);
    storeOnce(site, thread, row);
  }
  rewriter.erase(op);
  return { shape };
}

function storeOnce({ rewriter, arithmetic }: KernelSite, thread: ValueId, row: RowBuilder): void {
  const isFirst = arith.cmpi.build(rewriter, { lhs: thread, rhs: arithmetic.constant(0) }, { predicate: "eq" }).result;
  onlyIf(rewriter, isFirst, () => row.finish());
}

/** Whether a phase touches elements that other invocations have written, or read, in an earlier one. */
function meets(group: RowGroup, forwarded: ReadonlySet<ValueId>, earlier: Phase, later: Phase): boolean {
  const inMemory = ({ value }: Access): boolean =>
    group.patterns.has(value) && !group.scalars.has(value) && !forwarded.has(value);
  const accesses = (phase: Phase, kind: "all" | "written"): readonly Access[] =>
    phase.stages
      .flatMap(({ inputs, outputs }) => (kind === "written" ? outputs : [...inputs, ...outputs]))
      .filter(inMemory);
  const own = earlier.bounds.join() === later.bounds.join();
  const clash = (first: readonly Access[], second: readonly Access[]): boolean =>
    first.some(({ value, map }) =>
      second.some((other) => other.value === value && !(own && other.map.text === map.text)),
    );
  return (
    clash(accesses(earlier, "written"), accesses(later, "all")) ||
    clash(accesses(earlier, "all"), accesses(later, "written"))
  );
}

/** Walks through rows by all invocations of a workgroup together. */
class SharedWalk {
  readonly #site: KernelSite;
  readonly #thread: ValueId;
  readonly #threads: number;
  readonly #shared = new Map<Type, ValueId>();

  constructor(site: KernelSite, thread: ValueId, threads: number) {
    this.#site = site;
    this.#thread = thread;
    this.#threads = threads;
  }

  readonly walk: RowWalk = (phase, inits, point) => {
    const { rewriter, arithmetic } = this.#site;
    if (phase.bounds.length === 0) return point([], inits);
    const combiners = phase.stages.filter(({ reduces }) => reduces).map(({ stage }) => combinerOf(rewriter, stage)!);
    const neutral = combiners.map(
      ({ identity, type }) => arith.constant.build(rewriter, {}, { value: identity }, { resultTypes: [type] }).result,
    );
    const parts = scf.for.build(
      rewriter,
      {
        lowerBound: this.#thread,
        upperBound: arithmetic.constant(product(phase.bounds)),
        step: arithmetic.constant(this.#threads),
        initArgs: neutral,
      },
      {},
      {
        regions: {
          region: [
            {
              arguments: [indexType, ...combiners.map(({ type }) => type)],
              body: (inner, [index, ...carried]) => {
                const results = point(gridIndices(arithmetic, index!, phase.bounds), carried);
                scf.yield.build(inner, { results }, {});
              },
            },
          ],
        },
      },
    ).results;
    return combiners.map((combiner, position) =>
      combineParts(rewriter, combiner, inits[position]!, this.#combine(combiner, parts[position]!)),
    );
  };

  /** Combines the parts of all invocations; each of them gets the result. */
  #combine(combiner: Combiner, part: ValueId): ValueId {
    const { rewriter, arithmetic } = this.#site;
    let shared = this.#shared.get(combiner.type);
    if (shared === undefined) {
      shared = workgroupBuffer(this.#site, this.#threads, combiner.type);
      this.#shared.set(combiner.type, shared);
    } else barrier(this.#site);
    const buffer = shared;
    const load = (index: ValueId): ValueId =>
      memref.load.build(rewriter, { memref: buffer, indices: [index] }, {}).result;
    const store = (value: ValueId): void =>
      void memref.store.build(rewriter, { value, memref: buffer, indices: [this.#thread] }, {});
    store(part);
    barrier(this.#site);
    for (let half = this.#threads / 2; half >= 1; half /= 2) {
      const operands = { lhs: this.#thread, rhs: arithmetic.constant(half) };
      const isActive = arith.cmpi.build(rewriter, operands, { predicate: "ult" }).result;
      onlyIf(rewriter, isActive, () => {
        const other = load(arithmetic.add(this.#thread, arithmetic.constant(half)));
        store(combineParts(rewriter, combiner, load(this.#thread), other));
      });
      barrier(this.#site);
    }
    return load(arithmetic.constant(0));
  }
}
