import { collapsedType } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { vector } from "../../ir/dialects/vector.ts";
import { bodyOf, type ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { type MemRefType, vectorType } from "../../ir/types.ts";
import { type Access, anchorOf, isArgumentRead, type KernelGroup, loopsOf, type Stage } from "../kernels/group.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import { buildNest } from "../loops/loop-nest.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type Lane, LaneBuilder, uniform, varying } from "./lanes.ts";
import { unweave, weave } from "./weaving.ts";
import { accessKey, constantParts, indicesAt, strideAlong, type VectorStride } from "./operand-access.ts";
import { allowsLanes, combiningOfAnchor } from "./lane-support.ts";

/** Neighbouring iterations of the vector loop that go into one vector; one lane means scalars. */
export interface Chunk {
  readonly offset: number;
  readonly lanes: number;
}

/** `size` iterations in vectors of at most `lanes`, the rest in ever narrower ones. */
export function chunksOf(size: number, lanes: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (let width = lanes; width >= 1; width /= 2)
    while (size - offset >= width) {
      chunks.push({ offset, lanes: width });
      offset += width;
    }
  return chunks;
}

/** All points of some loops, the last loop fastest. */
export function pointsOf(loops: readonly number[], bounds: readonly number[]): readonly ReadonlyMap<number, number>[] {
  return loops.reduce<readonly ReadonlyMap<number, number>[]>(
    (points, loop) =>
      points.flatMap((point) => Array.from({ length: bounds[loop]! }, (_, at) => new Map([...point, [loop, at]]))),
    [new Map()],
  );
}

/** More than this many accumulators in one nest are a mistake in the schedule. */
const mostAccumulators = 512;

/** Turns one group (a tile) into vector operations. */
export class GroupVectorizer {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #lanes: LaneBuilder;
  readonly #group: KernelGroup;
  readonly #schedule: Schedule;
  readonly #bounds: readonly number[];
  /** Positions of loops that are not written out: SSA values. */
  readonly #indices: ValueId[];
  /** Elements that are in registers, by the element's name and the chunk. */
  readonly #registers = new Map<
    string,
    { readonly lane: Lane; readonly access: Access; readonly point: ReadonlyMap<number, number>; readonly chunk: Chunk }
  >();
  readonly #loaded = new Map<string, Lane>();

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#lanes = new LaneBuilder(rewriter, arithmetic.constants);
    this.#group = group;
    this.#schedule = schedule;
    this.#bounds = group.bounds;
    this.#indices = group.bounds.map(() => arithmetic.constant(0));
  }

  get #vectorLoop(): number {
    return this.#schedule.vectorLoop;
  }
  get #reducesLanes(): boolean {
    return this.#vectorLoop >= 0 && this.#group.iterators[this.#vectorLoop] !== "parallel";
  }

  /** Whether every body and operand can be had in lanes, and the tile fits what is sensible to write out. */
  canVectorize(): boolean {
    const parallel = loopsOf(this.#group, "parallel").filter((loop) => this.#isWritten(loop));
    if (parallel.reduce((product, loop) => product * this.#bounds[loop]!, 1) > mostAccumulators) return false;
    return allowsLanes(this.#rewriter, this.#group, this.#vectorLoop);
  }

  /** Whether a loop is written out in full. */
  #isWritten(loop: number): boolean {
    return (
      this.#bounds[loop] === 1 ||
      this.#schedule.unroll.includes(loop) ||
      (loop === this.#vectorLoop && !this.#reducesLanes)
    );
  }

  build(): void {
    const outer = loopsOf(this.#group, "parallel").filter((loop) => !this.#isWritten(loop));
    buildNest(
      this.#arithmetic,
      outer.map((loop) => ({ upper: this.#bounds[loop]! })),
      [],
      (indices) => {
        outer.forEach((loop, at) => (this.#indices[loop] = indices[at]!));
        this.#tile();
        return [];
      },
    );
  }

  // --- one register tile -----------------------------------------------------------------------------------------------------

  #tile(): void {
    this.#registers.clear();
    const written = loopsOf(this.#group, "parallel").filter(
      (loop) => this.#isWritten(loop) && loop !== this.#vectorLoop,
    );
    const points = pointsOf(written, this.#bounds);
    const isParallel = this.#vectorLoop >= 0 && !this.#reducesLanes;
    const chunks = isParallel
      ? chunksOf(this.#bounds[this.#vectorLoop]!, this.#schedule.lanes)
      : [{ offset: 0, lanes: 1 }];
    const { stages, anchor } = this.#group;
    if (loopsOf(this.#group, "reduction").length > 0) this.#reduce(points, chunks);
    // Without reductions the anchor is like what follows it.
    const following = stages.slice(loopsOf(this.#group, "reduction").length > 0 ? anchor + 1 : 0);
    const woven = this.#wovenLoops;
    let before = "";
    for (const point of points) {
      // Points that differ in woven loops alone share their loads.
      const name = [...point].flatMap(([loop, at]) => (woven.has(loop) ? [] : [at])).join(" ");
      if (name !== before) this.#forget();
      before = name;
      for (const chunk of chunks) for (const stage of following) this.#elementwise(stage, point, chunk);
    }
    this.#storeRegisters();
  }

  #forget(): void {
    this.#loaded.clear();
    this.#lanes.forget();
  }

  #elementwise(stage: Stage, point: ReadonlyMap<number, number>, chunk: Chunk): void {
    const inputs = stage.inputs.map((access, position) =>
      isArgumentRead(this.#rewriter, stage, position) ? this.#read(access, point, chunk) : undefined,
    );
    const outputs = stage.outputs.map((access, position) =>
      isArgumentRead(this.#rewriter, stage, stage.inputs.length + position)
        ? this.#read(access, point, chunk)
        : undefined,
    );
    const results =
      stage.op.name === "linalg.fill" ? [inputs[0]!] : this.#body(stage, [...inputs, ...outputs], point, chunk);
    stage.outputs.forEach((access, position) => this.#keep(access, point, chunk, results[position]!));
  }

  /** Runs a body on lanes. */
  #body(
    stage: Stage,
    values: readonly (Lane | undefined)[],
    point: ReadonlyMap<number, number>,
    chunk: Chunk,
  ): readonly Lane[] {
    const rewriter = this.#rewriter;
    const known = new Map<ValueId, Lane>();
    rewriter.block(stage.op.regions[0]![0]!).arguments.forEach((argument, position) => {
      const value = values[position];
      if (value) known.set(argument, value);
    });
    const lane = (value: ValueId): Lane => known.get(value) ?? uniform(value);
    for (const op of bodyOf(rewriter, stage.op)) {
      if (op.name === "linalg.yield") return op.operands.map(lane);
      rewriter.location = op.location;
      if (op.name === "arith.constant") known.set(op.results[0]!, this.#lanes.constant(op));
      else if (op.name === "linalg.index") {
        const { value } = op.properties["dim"] as { readonly value: bigint };
        const loop = stage.loops[Number(value)]!;
        const at = point.get(loop);
        known.set(op.results[0]!, uniform(at === undefined ? this.#indices[loop]! : this.#arithmetic.constant(at)));
      } else
        this.#lanes
          .apply(op, op.operands.map(lane), chunk.lanes)
          .forEach((result, at) => known.set(op.results[at]!, result));
    }
    throw new Error("a body has no linalg.yield");
  }

  // --- elements --------------------------------------------------------------------------------------------------------------

  #fixed(point: ReadonlyMap<number, number>, chunk: Chunk, lane = 0): ReadonlyMap<number, number> {
    const fixed = new Map<number, number>(
      this.#bounds.flatMap((bound, loop) => (bound === 1 ? [[loop, 0] as const] : [])),
    );
    for (const [loop, at] of point) fixed.set(loop, at);
    if (this.#vectorLoop >= 0 && !this.#reducesLanes) fixed.set(this.#vectorLoop, chunk.offset + lane);
    return fixed;
  }

  /** Accesses with one name are the same elements in the same lanes. */
  #nameOf(access: Access, point: ReadonlyMap<number, number>, { offset, lanes }: Chunk): string {
    const fixed = new Map(this.#fixed(point, { offset, lanes }));
    // Left open, the vector loop tells apart operands that move with it from those that do not.
    if (!this.#reducesLanes) fixed.delete(this.#vectorLoop);
    return `${accessKey(access, indicesAt(access, fixed))}@${offset}x${lanes}`;
  }

  #read(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk): Lane {
    if (this.#rewriter.typeOf(access.value).kind !== "memref") return uniform(access.value);
    const name = this.#nameOf(access, point, chunk);
    const kept = this.#registers.get(name)?.lane ?? this.#loaded.get(name);
    if (kept) return kept;
    const lane = this.#load(access, point, chunk);
    this.#loaded.set(name, lane);
    return lane;
  }

  #load(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk): Lane {
    const stride = this.#strideOf(access);
    if (chunk.lanes === 1 || stride.kind === "same") return uniform(this.#loadOne(access, point, chunk, 0));
    const { element } = this.#rewriter.typeOf(access.value) as MemRefType;
    const type = vectorType([chunk.lanes], element);
    const loadAt = (lane: number): ValueId =>
      vector.load.build(
        this.#rewriter,
        { base: access.value, indices: this.#places(access, point, chunk, lane) },
        {},
        { resultTypes: [type] },
      ).result;
    if (stride.kind === "along" && stride.factor === 1) return varying(loadAt(0));
    if (stride.kind === "along" && stride.factor === 2) return varying(this.#loadEven(access, point, chunk, loadAt));
    if (stride.kind === "interleaved") return this.#loadWoven(access, point, chunk, stride);
    const first = uniform(this.#loadOne(access, point, chunk, 0));
    let gathered = this.#lanes.spread(first, chunk.lanes);
    for (let lane = 1; lane < chunk.lanes; lane++)
      gathered = vector.insert.build(
        this.#rewriter,
        { valueToStore: this.#loadOne(access, point, chunk, lane), dest: gathered },
        { static_position: [lane] },
      ).result;
    return varying(gathered);
  }

  /** The vectors of all iterations of a woven loop, loaded as they lie and taken apart. */
  #loadWoven(
    access: Access,
    point: ReadonlyMap<number, number>,
    chunk: Chunk,
    { loop, count }: { readonly loop: number; readonly count: number },
  ): Lane {
    const { element } = this.#rewriter.typeOf(access.value) as MemRefType;
    const type = vectorType([chunk.lanes], element);
    const [base, ...places] = this.#wovenPlaces(access, point, chunk, loop, count);
    const parts = places.map(
      (indices) => vector.load.build(this.#rewriter, { base, indices }, {}, { resultTypes: [type] }).result,
    );
    unweave(this.#rewriter, parts).forEach((part, at) =>
      this.#loaded.set(this.#nameOf(access, new Map([...point, [loop, at]]), chunk), varying(part)),
    );
    return this.#loaded.get(this.#nameOf(access, point, chunk))!;
  }

  /** A view of a buffer with its last two dimensions merged, and the places of the consecutive vectors that hold a woven chunk. */
  #wovenPlaces(
    access: Access,
    point: ReadonlyMap<number, number>,
    chunk: Chunk,
    loop: number,
    count: number,
  ): readonly [ValueId, ...(readonly (readonly ValueId[])[])] {
    const rank = access.map.results.length;
    const groups = Array.from({ length: rank - 1 }, (_, at) => (at === rank - 2 ? [at, at + 1] : [at]));
    const type = collapsedType(this.#rewriter.typeOf(access.value) as MemRefType, groups)!;
    const base = memref.collapse_shape.build(
      this.#rewriter,
      { src: access.value },
      { reassociation: groups },
      { resultTypes: [type] },
    ).result;
    const places = this.#places(access, new Map([...point, [loop, 0]]), chunk, 0);
    const first = this.#arithmetic.multiply(places[rank - 2]!, this.#arithmetic.constant(count));
    const vectors = Array.from({ length: count }, (_, part) => [
      ...places.slice(0, rank - 2),
      this.#arithmetic.add(first, this.#arithmetic.constant(part * chunk.lanes)),
    ]);
    return [base, ...vectors];
  }

  /** Every other element: two loads that stay inside what is needed, and a shuffle. */
  #loadEven(
    access: Access,
    point: ReadonlyMap<number, number>,
    chunk: Chunk,
    loadAt: (lane: number) => ValueId,
  ): ValueId {
    const { lanes } = chunk;
    const low = loadAt(0);
    // The second load ends with the last element wanted, 2·(lanes - 1), so it starts at lanes - 1.
    const { element } = this.#rewriter.typeOf(access.value) as MemRefType;
    const places = [...this.#places(access, point, chunk, 0)];
    places[places.length - 1] = this.#arithmetic.add(places.at(-1)!, this.#arithmetic.constant(lanes - 1));
    const high = vector.load.build(
      this.#rewriter,
      { base: access.value, indices: places },
      {},
      { resultTypes: [vectorType([lanes], element)] },
    ).result;
    const mask = Array.from({ length: lanes }, (_, lane) =>
      2 * lane < lanes ? 2 * lane : lanes + 2 * lane - (lanes - 1),
    );
    return vector.shuffle.build(this.#rewriter, { v1: low, v2: high }, { mask }).vector;
  }

  #loadOne(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk, lane: number): ValueId {
    const indices = this.#places(access, point, chunk, lane);
    return memref.load.build(this.#rewriter, { memref: access.value, indices }, {}).result;
  }

  #places(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk, lane: number): readonly ValueId[] {
    return indicesAt(access, this.#fixed(point, chunk, lane)).map((index) =>
      this.#arithmetic.affine(index, this.#indices),
    );
  }

  #strideOf(access: Access): VectorStride {
    if (this.#reducesLanes) return { kind: "same" };
    const stride = strideAlong(this.#rewriter, access, this.#vectorLoop)!;
    const isWoven =
      stride.kind === "interleaved" && this.#isWritten(stride.loop) && this.#bounds[stride.loop] === stride.count;
    return stride.kind === "interleaved" && !isWoven ? { kind: "scattered" } : stride;
  }

  /** Written-out loops whose iterations lie between the lanes of some operand. */
  get #wovenLoops(): ReadonlySet<number> {
    const accesses = this.#group.stages.flatMap((stage) => [...stage.inputs, ...stage.outputs]);
    const strides = accesses.map((access) => this.#strideOf(access));
    return new Set(strides.flatMap((stride) => (stride.kind === "interleaved" ? [stride.loop] : [])));
  }

  /** Keeps an element in a register until the tile is done. */
  #keep(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk, lane: Lane): void {
    this.#registers.set(this.#nameOf(access, point, chunk), { lane, access, point, chunk });
  }

  #storeRegisters(): void {
    const rewriter = this.#rewriter;
    for (const { lane, access, point, chunk } of this.#registers.values()) {
      if (this.#isTemporary(access.value)) continue;
      const stride = this.#strideOf(access);
      if (stride.kind === "interleaved" && chunk.lanes > 1) {
        // The first of a woven row stores all of it.
        if (point.get(stride.loop) === 0) this.#storeWoven(access, point, chunk, stride);
        continue;
      }
      if (chunk.lanes === 1) {
        memref.store.build(
          rewriter,
          { value: lane.value, memref: access.value, indices: this.#places(access, point, chunk, 0) },
          {},
        );
        continue;
      }
      const whole = this.#lanes.spread(lane, chunk.lanes);
      if (stride.kind === "along" && stride.factor === 1) {
        vector.store.build(
          rewriter,
          { valueToStore: whole, base: access.value, indices: this.#places(access, point, chunk, 0) },
          {},
        );
        continue;
      }
      const { element } = rewriter.typeOf(access.value) as MemRefType;
      for (let at = 0; at < chunk.lanes; at++) {
        const value = vector.extract.build(
          rewriter,
          { source: whole },
          { static_position: [at] },
          { resultTypes: [element] },
        ).result;
        memref.store.build(
          rewriter,
          { value, memref: access.value, indices: this.#places(access, point, chunk, at) },
          {},
        );
      }
    }
    this.#registers.clear();
    this.#forget();
  }

  #storeWoven(
    access: Access,
    point: ReadonlyMap<number, number>,
    chunk: Chunk,
    { loop, count }: { readonly loop: number; readonly count: number },
  ): void {
    const parts = Array.from({ length: count }, (_, at) => {
      const { lane } = this.#registers.get(this.#nameOf(access, new Map([...point, [loop, at]]), chunk))!;
      return this.#lanes.spread(lane, chunk.lanes);
    });
    const [base, ...places] = this.#wovenPlaces(access, point, chunk, loop, count);
    weave(this.#rewriter, parts).forEach((valueToStore, part) =>
      vector.store.build(this.#rewriter, { valueToStore, base, indices: places[part]! }, {}),
    );
  }

  /** Whether a buffer is the group's own: it need not be written. */
  #isTemporary(value: ValueId): boolean {
    const definition = this.#rewriter.definition(value);
    if (definition?.name !== "memref.alloc" || definition.parent === undefined) return false;
    return this.#rewriter.block(definition.parent).parent === this.#group.op.id;
  }

  // --- reductions ------------------------------------------------------------------------------------------------------------

  #reduce(points: readonly ReadonlyMap<number, number>[], chunks: readonly Chunk[]): void {
    const anchor = anchorOf(this.#group);
    const slots = points.flatMap((point) =>
      chunks.flatMap((chunk) => anchor.outputs.map((access) => ({ point, chunk, access }))),
    );
    this.#forget();
    const initial = slots.map(({ point, chunk, access }) => this.#initial(access, point, chunk));
    const totals = this.#reducesLanes ? this.#reduceLanes(points, initial) : this.#accumulate(points, chunks, initial);
    this.#forget();
    slots.forEach(({ point, chunk, access }, slot) =>
      this.#keep(access, point, chunk, { value: totals[slot]!, isVector: chunk.lanes > 1 }),
    );
  }

  /** What an accumulator starts with: the fill of the group, or what the buffer holds. */
  #initial(access: Access, point: ReadonlyMap<number, number>, chunk: Chunk): ValueId {
    const fill = this.#group.stages.find(
      (stage) => stage.op.name === "linalg.fill" && stage.outputs[0]!.value === access.value,
    );
    if (fill) return this.#lanes.spread(uniform(fill.inputs[0]!.value), chunk.lanes);
    return this.#lanes.spread(this.#read(access, point, chunk), chunk.lanes);
  }

  /** Loops over the reductions that are not written out, the accumulators carried through all of them. */
  #accumulate(
    points: readonly ReadonlyMap<number, number>[],
    chunks: readonly Chunk[],
    initial: readonly ValueId[],
  ): readonly ValueId[] {
    const reductions = loopsOf(this.#group, "reduction");
    const looped = reductions.filter((loop) => !this.#isWritten(loop));
    const taps = pointsOf(
      reductions.filter((loop) => this.#isWritten(loop)),
      this.#bounds,
    );
    const outputs = anchorOf(this.#group).outputs.length;
    return buildNest(
      this.#arithmetic,
      looped.map((loop) => ({ upper: this.#bounds[loop]! })),
      initial,
      (indices, carried) => {
        looped.forEach((loop, at) => (this.#indices[loop] = indices[at]!));
        const present = [...carried];
        for (const members of this.#byVectorOperands(points, taps, chunks[0]!)) {
          this.#forget();
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
        this.#forget();
        return present;
      },
    );
  }

  #combine(position: ReadonlyMap<number, number>, chunk: Chunk, totals: readonly Lane[]): readonly ValueId[] {
    const anchor = anchorOf(this.#group);
    const inputs = anchor.inputs.map((access, at) =>
      isArgumentRead(this.#rewriter, anchor, at) ? this.#read(access, position, chunk) : undefined,
    );
    return this.#body(anchor, [...inputs, ...totals], position, chunk).map((lane) =>
      this.#lanes.spread(lane, chunk.lanes),
    );
  }

  /**
   * The contributions of all taps to all points, those that read the same vectors together, so that each vector is loaded once and
   * need not be kept. They come in the order of those vectors in memory, which keeps each accumulator's order of taps.
   */
  #byVectorOperands(
    points: readonly ReadonlyMap<number, number>[],
    taps: readonly ReadonlyMap<number, number>[],
    chunk: Chunk,
  ): readonly (readonly { readonly slot: number; readonly position: ReadonlyMap<number, number> }[])[] {
    const moving = anchorOf(this.#group).inputs.filter((access) => this.#strideOf(access).kind !== "same");
    const groups = new Map<
      string,
      { readonly order: readonly number[]; readonly members: { slot: number; position: ReadonlyMap<number, number> }[] }
    >();
    for (const tap of taps)
      points.forEach((point, slot) => {
        const position = new Map([...point, ...tap]);
        const places = moving.map((access) => indicesAt(access, this.#fixed(position, chunk)));
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

  // --- reductions along the vector loop --------------------------------------------------------------------------------------

  /** Several vectors of partial results, combined at the end; what is left over in narrower ones. */
  #reduceLanes(points: readonly ReadonlyMap<number, number>[], initial: readonly ValueId[]): readonly ValueId[] {
    const { lanes, accumulators } = this.#schedule;
    const loop = this.#vectorLoop;
    const size = this.#bounds[loop]!;
    const outer = loopsOf(this.#group, "reduction").filter((other) => other !== loop);
    const pieces: { readonly start: number; readonly end: number; readonly lanes: number; readonly count: number }[] =
      [];
    let start = 0;
    for (let width = lanes; width >= 1; width /= 2)
      for (const count of width === lanes ? [accumulators, 1] : [1]) {
        const end = start + Math.floor((size - start) / (width * count)) * width * count;
        if (end > start) pieces.push({ start, end, lanes: width, count });
        start = end;
      }
    return points.map((point, slot) => {
      let total = initial[slot]!;
      for (const piece of pieces) total = this.#reducePiece(point, piece, outer, total);
      return total;
    });
  }

  #reducePiece(
    point: ReadonlyMap<number, number>,
    piece: { readonly start: number; readonly end: number; readonly lanes: number; readonly count: number },
    outer: readonly number[],
    total: ValueId,
  ): ValueId {
    const rewriter = this.#rewriter;
    const combining = combiningOfAnchor(rewriter, this.#group)!;
    const type = rewriter.typeOf(total);
    const { lanes, count } = piece;
    const neutral = combining.neutral(type);
    const start = lanes === 1 ? this.#lanes.constantOf(neutral, type) : this.#lanes.splat(neutral, type, lanes);
    const ranges = [
      ...outer.map((loop) => ({ upper: this.#bounds[loop]! })),
      { lower: piece.start, upper: piece.end, step: lanes * count },
    ];
    const partial = buildNest(
      this.#arithmetic,
      ranges,
      Array.from({ length: count }, () => start),
      (indices, carried) => {
        outer.forEach((loop, at) => (this.#indices[loop] = indices[at]!));
        return carried.map((value, part) => {
          this.#forget();
          this.#indices[this.#vectorLoop] = this.#arithmetic.add(
            indices.at(-1)!,
            this.#arithmetic.constant(part * lanes),
          );
          return this.#combineAlong(point, lanes, { value, isVector: lanes > 1 });
        });
      },
    );
    this.#forget();
    const combine = (lhs: ValueId, rhs: ValueId): ValueId =>
      rewriter.create({ name: combining.operation, operands: [lhs, rhs], resultTypes: [rewriter.typeOf(lhs)] })
        .results[0]!;
    const one = partial.reduce(combine);
    const reduced =
      lanes === 1 ? one : vector.reduction.build(rewriter, { vector: one }, { kind: combining.kind }).dest;
    return combine(total, reduced);
  }

  /** One step along the vector loop: inputs that move with it are vectors. */
  #combineAlong(point: ReadonlyMap<number, number>, lanes: number, total: Lane): ValueId {
    const rewriter = this.#rewriter;
    const anchor = anchorOf(this.#group);
    const chunk: Chunk = { offset: 0, lanes };
    const inputs = anchor.inputs.map((access, position): Lane | undefined => {
      if (!isArgumentRead(rewriter, anchor, position)) return undefined;
      const stride = strideAlong(rewriter, access, this.#vectorLoop)!;
      if (rewriter.typeOf(access.value).kind !== "memref") return uniform(access.value);
      if (lanes === 1 || stride.kind === "same") return uniform(this.#loadOne(access, point, chunk, 0));
      const { element } = rewriter.typeOf(access.value) as MemRefType;
      if (stride.kind === "along" && stride.factor === 1) {
        const indices = this.#places(access, point, chunk, 0);
        return varying(
          vector.load.build(
            rewriter,
            { base: access.value, indices },
            {},
            { resultTypes: [vectorType([lanes], element)] },
          ).result,
        );
      }
      return varying(this.#gatherAlong(access, point, lanes));
    });
    return this.#lanes.spread(this.#body(anchor, [...inputs, total], point, chunk)[0]!, lanes);
  }

  #gatherAlong(access: Access, point: ReadonlyMap<number, number>, lanes: number): ValueId {
    const chunk: Chunk = { offset: 0, lanes };
    const base = this.#indices[this.#vectorLoop]!;
    let gathered: ValueId | undefined;
    for (let lane = 0; lane < lanes; lane++) {
      this.#indices[this.#vectorLoop] = this.#arithmetic.add(base, this.#arithmetic.constant(lane));
      const element = this.#loadOne(access, point, chunk, 0);
      gathered =
        gathered === undefined
          ? this.#lanes.spread(uniform(element), lanes)
          : vector.insert.build(this.#rewriter, { valueToStore: element, dest: gathered }, { static_position: [lane] })
              .result;
    }
    this.#indices[this.#vectorLoop] = base;
    return gathered!;
  }
}
