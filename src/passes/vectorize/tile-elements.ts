import { collapsedType } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { vector } from "../../ir/dialects/vector.ts";
import type { ValueId } from "../../ir/module.ts";
import { type MemRefType, vectorType } from "../../ir/types.ts";
import type { Access } from "../kernels/group.ts";
import { type Lane, uniform, varying } from "./lanes.ts";
import type { NestState } from "./nest-state.ts";
import type { Chunk, Point } from "./tile-shape.ts";
import { unweave, weave } from "./weaving.ts";

/** The elements of one register tile: loaded where they are needed, kept in registers where they are made, stored at the end. */
export class TileElements {
  readonly #state: NestState;
  /** Elements that are in registers, by the element's name and the chunk. */
  readonly #registers = new Map<
    string,
    { readonly lane: Lane; readonly access: Access; readonly point: Point; readonly chunk: Chunk }
  >();
  readonly #loaded = new Map<string, Lane>();

  constructor(state: NestState) {
    this.#state = state;
  }

  forget(): void {
    this.#loaded.clear();
    this.#state.lanes.forget();
  }

  read(access: Access, point: Point, chunk: Chunk): Lane {
    if (this.#state.rewriter.typeOf(access.value).kind !== "memref") return uniform(access.value);
    const name = this.#state.nameOf(access, point, chunk);
    const kept = this.#registers.get(name)?.lane ?? this.#loaded.get(name);
    if (kept) return kept;
    const lane = this.#load(access, point, chunk);
    this.#loaded.set(name, lane);
    return lane;
  }

  #load(access: Access, point: Point, chunk: Chunk): Lane {
    const stride = this.#state.strideOf(access);
    if (chunk.lanes === 1 || stride.kind === "same") return uniform(this.#state.loadOne(access, point, chunk, 0));
    const { element } = this.#state.rewriter.typeOf(access.value) as MemRefType;
    const type = vectorType([chunk.lanes], element);
    const loadAt = (lane: number): ValueId =>
      vector.load.build(
        this.#state.rewriter,
        { base: access.value, indices: this.#state.places(access, point, chunk, lane) },
        {},
        { resultTypes: [type] },
      ).result;
    if (stride.kind === "along" && stride.factor === 1) return varying(loadAt(0));
    if (stride.kind === "along" && stride.factor === 2) return varying(this.#loadEven(access, point, chunk, loadAt));
    if (stride.kind === "interleaved") return this.#loadWoven(access, point, chunk, stride);
    const first = uniform(this.#state.loadOne(access, point, chunk, 0));
    let gathered = this.#state.lanes.spread(first, chunk.lanes);
    for (let lane = 1; lane < chunk.lanes; lane++)
      gathered = vector.insert.build(
        this.#state.rewriter,
        { valueToStore: this.#state.loadOne(access, point, chunk, lane), dest: gathered },
        { static_position: [lane] },
      ).result;
    return varying(gathered);
  }

  /** The vectors of all iterations of a woven loop, loaded as they lie and taken apart. */
  #loadWoven(
    access: Access,
    point: Point,
    chunk: Chunk,
    { loop, count }: { readonly loop: number; readonly count: number },
  ): Lane {
    const { element } = this.#state.rewriter.typeOf(access.value) as MemRefType;
    const type = vectorType([chunk.lanes], element);
    const [base, ...places] = this.#wovenPlaces(access, point, chunk, loop, count);
    const parts = places.map(
      (indices) => vector.load.build(this.#state.rewriter, { base, indices }, {}, { resultTypes: [type] }).result,
    );
    unweave(this.#state.rewriter, parts).forEach((part, at) =>
      this.#loaded.set(this.#state.nameOf(access, new Map([...point, [loop, at]]), chunk), varying(part)),
    );
    return this.#loaded.get(this.#state.nameOf(access, point, chunk))!;
  }

  /** A view of a buffer with its last two dimensions merged, and the places of the consecutive vectors that hold a woven chunk. */
  #wovenPlaces(
    access: Access,
    point: Point,
    chunk: Chunk,
    loop: number,
    count: number,
  ): readonly [ValueId, ...(readonly (readonly ValueId[])[])] {
    const rank = access.map.results.length;
    const groups = Array.from({ length: rank - 1 }, (_, at) => (at === rank - 2 ? [at, at + 1] : [at]));
    const type = collapsedType(this.#state.rewriter.typeOf(access.value) as MemRefType, groups)!;
    const base = memref.collapse_shape.build(
      this.#state.rewriter,
      { src: access.value },
      { reassociation: groups },
      { resultTypes: [type] },
    ).result;
    const places = this.#state.places(access, new Map([...point, [loop, 0]]), chunk, 0);
    const first = this.#state.arithmetic.multiply(places[rank - 2]!, this.#state.arithmetic.constant(count));
    const vectors = Array.from({ length: count }, (_, part) => [
      ...places.slice(0, rank - 2),
      this.#state.arithmetic.add(first, this.#state.arithmetic.constant(part * chunk.lanes)),
    ]);
    return [base, ...vectors];
  }

  /** Every other element: two loads that stay inside what is needed, and a shuffle. */
  #loadEven(access: Access, point: Point, chunk: Chunk, loadAt: (lane: number) => ValueId): ValueId {
    const { lanes } = chunk;
    const low = loadAt(0);
    // The second load ends with the last element wanted, 2·(lanes - 1), so it starts at lanes - 1.
    const { element } = this.#state.rewriter.typeOf(access.value) as MemRefType;
    const places = [...this.#state.places(access, point, chunk, 0)];
    places[places.length - 1] = this.#state.arithmetic.add(places.at(-1)!, this.#state.arithmetic.constant(lanes - 1));
    const high = vector.load.build(
      this.#state.rewriter,
      { base: access.value, indices: places },
      {},
      { resultTypes: [vectorType([lanes], element)] },
    ).result;
    const mask = Array.from({ length: lanes }, (_, lane) =>
      2 * lane < lanes ? 2 * lane : lanes + 2 * lane - (lanes - 1),
    );
    return vector.shuffle.build(this.#state.rewriter, { v1: low, v2: high }, { mask }).vector;
  }

  /** Keeps an element in a register until the tile is done. */
  keep(access: Access, point: Point, chunk: Chunk, lane: Lane): void {
    this.#registers.set(this.#state.nameOf(access, point, chunk), { lane, access, point, chunk });
  }

  storeRegisters(): void {
    const rewriter = this.#state.rewriter;
    for (const { lane, access, point, chunk } of this.#registers.values()) {
      if (this.#state.isTemporary(access.value)) continue;
      const stride = this.#state.strideOf(access);
      if (stride.kind === "interleaved" && chunk.lanes > 1) {
        // The first of a woven row stores all of it.
        if (point.get(stride.loop) === 0) this.#storeWoven(access, point, chunk, stride);
        continue;
      }
      if (chunk.lanes === 1) {
        memref.store.build(
          rewriter,
          { value: lane.value, memref: access.value, indices: this.#state.places(access, point, chunk, 0) },
          {},
        );
        continue;
      }
      const whole = this.#state.lanes.spread(lane, chunk.lanes);
      if (stride.kind === "along" && stride.factor === 1) {
        vector.store.build(
          rewriter,
          { valueToStore: whole, base: access.value, indices: this.#state.places(access, point, chunk, 0) },
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
          { value, memref: access.value, indices: this.#state.places(access, point, chunk, at) },
          {},
        );
      }
    }
    this.#registers.clear();
    this.forget();
  }

  #storeWoven(
    access: Access,
    point: Point,
    chunk: Chunk,
    { loop, count }: { readonly loop: number; readonly count: number },
  ): void {
    const parts = Array.from({ length: count }, (_, at) => {
      const { lane } = this.#registers.get(this.#state.nameOf(access, new Map([...point, [loop, at]]), chunk))!;
      return this.#state.lanes.spread(lane, chunk.lanes);
    });
    const [base, ...places] = this.#wovenPlaces(access, point, chunk, loop, count);
    weave(this.#state.rewriter, parts).forEach((valueToStore, part) =>
      vector.store.build(this.#state.rewriter, { valueToStore, base, indices: places[part]! }, {}),
    );
  }
}
