import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { type Access, anchorOf, isArgumentRead, type KernelGroup, loopsOf, type Stage } from "../kernels/group.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import { buildNest } from "../loops/loop-nest.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { LaneReduction } from "./lane-reduction.ts";
import { allowsLanes } from "./lane-support.ts";
import { type Lane, uniform } from "./lanes.ts";
import { NestState } from "./nest-state.ts";
import { accessKey, constantParts, indicesAt } from "./operand-access.ts";
import { runBody } from "./stage-body.ts";
import { TileElements } from "./tile-elements.ts";
import { type Chunk, chunksOf, type Point, pointsOf } from "./tile-shape.ts";

/** More than this many accumulators in one nest are a mistake in the schedule. */
const mostAccumulators = 512;

/** Turns one group (a tile) into vector operations. */
export class GroupVectorizer {
  readonly #state: NestState;
  readonly #elements: TileElements;

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule) {
    this.#state = new NestState(rewriter, arithmetic, group, schedule);
    this.#elements = new TileElements(this.#state);
  }

  /** Whether every body and operand can be had in lanes, and the tile fits what is sensible to write out. */
  canVectorize(): boolean {
    const parallel = loopsOf(this.#state.group, "parallel").filter((loop) => this.#state.isWritten(loop));
    if (parallel.reduce((product, loop) => product * this.#state.bounds[loop]!, 1) > mostAccumulators) return false;
    return allowsLanes(this.#state.rewriter, this.#state.group, this.#state.vectorLoop);
  }

  build(): void {
    const outer = loopsOf(this.#state.group, "parallel").filter((loop) => !this.#state.isWritten(loop));
    buildNest(
      this.#state.arithmetic,
      outer.map((loop) => ({ upper: this.#state.bounds[loop]! })),
      [],
      (indices) => {
        outer.forEach((loop, at) => (this.#state.indices[loop] = indices[at]!));
        this.#tile();
        return [];
      },
    );
  }

  #tile(): void {
    const written = loopsOf(this.#state.group, "parallel").filter(
      (loop) => this.#state.isWritten(loop) && loop !== this.#state.vectorLoop,
    );
    const points = pointsOf(written, this.#state.bounds);
    const isParallel = this.#state.vectorLoop >= 0 && !this.#state.reducesLanes;
    const chunks = isParallel
      ? chunksOf(this.#state.bounds[this.#state.vectorLoop]!, this.#state.schedule.lanes)
      : [{ offset: 0, lanes: 1 }];
    const { stages, anchor } = this.#state.group;
    if (loopsOf(this.#state.group, "reduction").length > 0) this.#reduce(points, chunks);
    // Without reductions the anchor is like what follows it.
    const following = stages.slice(loopsOf(this.#state.group, "reduction").length > 0 ? anchor + 1 : 0);
    const woven = this.#state.wovenLoops;
    let before = "";
    for (const point of points) {
      // Points that differ in woven loops alone share their loads.
      const name = [...point].flatMap(([loop, at]) => (woven.has(loop) ? [] : [at])).join(" ");
      if (name !== before) this.#elements.forget();
      before = name;
      for (const chunk of chunks) for (const stage of following) this.#elementwise(stage, point, chunk);
    }
    this.#elements.storeRegisters();
  }

  #elementwise(stage: Stage, point: Point, chunk: Chunk): void {
    const inputs = stage.inputs.map((access, position) =>
      isArgumentRead(this.#state.rewriter, stage, position) ? this.#elements.read(access, point, chunk) : undefined,
    );
    const outputs = stage.outputs.map((access, position) =>
      isArgumentRead(this.#state.rewriter, stage, stage.inputs.length + position)
        ? this.#elements.read(access, point, chunk)
        : undefined,
    );
    const results =
      stage.op.name === "linalg.fill"
        ? [inputs[0]!]
        : runBody(this.#state, stage, [...inputs, ...outputs], point, chunk);
    stage.outputs.forEach((access, position) => this.#elements.keep(access, point, chunk, results[position]!));
  }

  #reduce(points: readonly Point[], chunks: readonly Chunk[]): void {
    const anchor = anchorOf(this.#state.group);
    const slots = points.flatMap((point) =>
      chunks.flatMap((chunk) => anchor.outputs.map((access) => ({ point, chunk, access }))),
    );
    this.#elements.forget();
    const initial = slots.map(({ point, chunk, access }) => this.#initial(access, point, chunk));
    const totals = this.#state.reducesLanes
      ? new LaneReduction(this.#state, this.#elements).reduce(points, initial)
      : this.#accumulate(points, chunks, initial);
    this.#elements.forget();
    slots.forEach(({ point, chunk, access }, slot) =>
      this.#elements.keep(access, point, chunk, { value: totals[slot]!, isVector: chunk.lanes > 1 }),
    );
  }

  /** What an accumulator starts with: the fill of the group, or what the buffer holds. */
  #initial(access: Access, point: Point, chunk: Chunk): ValueId {
    const fill = this.#state.group.stages.find(
      (stage) => stage.op.name === "linalg.fill" && stage.outputs[0]!.value === access.value,
    );
    if (fill) return this.#state.lanes.spread(uniform(fill.inputs[0]!.value), chunk.lanes);
    return this.#state.lanes.spread(this.#elements.read(access, point, chunk), chunk.lanes);
  }

  /** Loops over the reductions that are not written out, the accumulators carried through all of them. */
  #accumulate(points: readonly Point[], chunks: readonly Chunk[], initial: readonly ValueId[]): readonly ValueId[] {
    const reductions = loopsOf(this.#state.group, "reduction");
    const looped = reductions.filter((loop) => !this.#state.isWritten(loop));
    const taps = pointsOf(
      reductions.filter((loop) => this.#state.isWritten(loop)),
      this.#state.bounds,
    );
    const outputs = anchorOf(this.#state.group).outputs.length;
    return buildNest(
      this.#state.arithmetic,
      looped.map((loop) => ({ upper: this.#state.bounds[loop]! })),
      initial,
      (indices, carried) => {
        looped.forEach((loop, at) => (this.#state.indices[loop] = indices[at]!));
        const present = [...carried];
        for (const members of this.#byVectorOperands(points, taps, chunks[0]!)) {
          this.#elements.forget();
          for (const { slot, position } of members)
            chunks.forEach((chunk, at) => {
              const first = (slot * chunks.length + at) * outputs;
              const totals = present
                .slice(first, first + outputs)
                .map((value) => ({ value, isVector: chunk.lanes > 1 }));
              const next = this.#combine(position, chunk, totals);
              next.forEach((value, output) => (present[first + output] = value));
            });
        }
        this.#elements.forget();
        return present;
      },
    );
  }

  #combine(position: Point, chunk: Chunk, totals: readonly Lane[]): readonly ValueId[] {
    const anchor = anchorOf(this.#state.group);
    const inputs = anchor.inputs.map((access, at) =>
      isArgumentRead(this.#state.rewriter, anchor, at) ? this.#elements.read(access, position, chunk) : undefined,
    );
    return runBody(this.#state, anchor, [...inputs, ...totals], position, chunk).map((lane) =>
      this.#state.lanes.spread(lane, chunk.lanes),
    );
  }

  /**
   * The contributions of all taps to all points, those that read the same vectors together, so that each vector is loaded once and
   * need not be kept. They come in the order of those vectors in memory, which keeps each accumulator's order of taps.
   */
  #byVectorOperands(
    points: readonly Point[],
    taps: readonly Point[],
    chunk: Chunk,
  ): readonly (readonly { readonly slot: number; readonly position: Point }[])[] {
    const moving = anchorOf(this.#state.group).inputs.filter((access) => this.#state.strideOf(access).kind !== "same");
    const groups = new Map<
      string,
      { readonly order: readonly number[]; readonly members: { slot: number; position: Point }[] }
    >();
    for (const tap of taps)
      points.forEach((point, slot) => {
        const position = new Map([...point, ...tap]);
        const places = moving.map((access) => indicesAt(access, this.#state.fixed(position, chunk)));
        const key = places.map((place, at) => accessKey(moving[at]!, place)).join(";");
        const known = groups.get(key);
        if (known) known.members.push({ slot, position });
        else groups.set(key, { order: places.flatMap(constantParts), members: [{ slot, position }] });
      });
    const lists = [...groups.values()];
    const inOrder = lists.toSorted((left, right) => {
      for (let at = 0; at < left.order.length; at++)
        if (left.order[at] !== right.order[at]) return left.order[at]! - right.order[at]!;
      return 0;
    });
    return inOrder.map(({ members }) => members);
  }
}
