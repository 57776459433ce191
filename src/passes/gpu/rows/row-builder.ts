import { staticSizes } from "../../../ir/analysis/memref-layout.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import type { MemRefType } from "../../../ir/types.ts";
import type { Access } from "../../kernels/group.ts";
import type { IndexArithmetic } from "../../loops/index-arithmetic.ts";
import { buildLoop, buildNest } from "../../loops/loop-nest.ts";
import { cloneBody } from "../../loops/scalar-body.ts";
import type { Phase, PhaseStage } from "./phases.ts";
import type { RowGroup, RowStage } from "./row-group.ts";

/** Goes through the points of a row, some or all of them, with carried values; the row's whole results come back. */
export type RowWalk = (
  phase: Phase,
  inits: readonly ValueId[],
  point: (indices: readonly ValueId[], carried: readonly ValueId[]) => readonly ValueId[],
) => readonly ValueId[];

/** What a point of a phase knows: elements by buffer and place. */
type Known = Map<string, ValueId>;

/** Builds what is done for one row: each phase a walk through it, numbers of the row in registers. */
export class RowBuilder {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #group: RowGroup;
  readonly #rows: readonly ValueId[];
  readonly #walk: RowWalk;
  /** Buffers that need not be stored: all that is read of them is at hand. */
  readonly #forwarded: ReadonlySet<ValueId>;
  /** Present values of the row's numbers. */
  readonly #registers = new Map<ValueId, ValueId>();
  /** Loads that hold for the whole row. */
  readonly #rowLoads: Known = new Map();
  readonly #unread = -1 as ValueId;

  /** @param rows the row's indices along the row loops */
  constructor(
    rewriter: Rewriter,
    arithmetic: IndexArithmetic,
    group: RowGroup,
    forwarded: ReadonlySet<ValueId>,
    rows: readonly ValueId[],
    walk: RowWalk,
  ) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#group = group;
    this.#forwarded = forwarded;
    this.#rows = rows;
    this.#walk = walk;
  }

  phase(phase: Phase): void {
    for (const fill of phase.fills) this.#fill(fill);
    if (phase.bounds.length > 0) this.#hoistLoads(phase);
    const reducing = phase.stages.filter(({ reduces }) => reduces);
    const accumulators = reducing.flatMap(({ outputs }) => outputs);
    const inits = accumulators.map((access) => this.#registerOf(access));
    const results = this.#walk(phase, inits, (indices, carried) => this.#point(phase, indices, carried));
    accumulators.forEach(({ value }, position) => this.#registers.set(value, results[position]!));
  }

  /** Stores the row's numbers that are results. */
  finish(): void {
    for (const [buffer, value] of this.#registers) {
      if (this.#group.local.has(buffer)) continue;
      const indices = this.#group.patterns
        .get(buffer)!
        .map((row) => (row === undefined ? this.#arithmetic.constant(0) : this.#rows[row]!));
      memref.store.build(this.#rewriter, { value, memref: buffer, indices }, {});
    }
  }

  #fill({ op }: RowStage): void {
    const [value, target] = op.operands as readonly [ValueId, ValueId];
    if (this.#group.scalars.has(target)) return void this.#registers.set(target, value);
    const pattern = this.#group.patterns.get(target)!;
    const sizes = staticSizes(this.#rewriter.typeOf(target) as MemRefType);
    const inner = sizes.flatMap((size, axis) => (pattern[axis] === undefined && size !== 1 ? [axis] : []));
    const bounds = inner.map((axis) => sizes[axis]!);
    this.#walk({ bounds, fills: [], stages: [] }, [], (indices) => {
      const places = sizes.map((_, axis) => {
        const row = pattern[axis];
        if (row !== undefined) return this.#rows[row]!;
        return indices[inner.indexOf(axis)] ?? this.#arithmetic.constant(0);
      });
      memref.store.build(this.#rewriter, { value, memref: target, indices: places }, {});
      return [];
    });
  }

  #isRead({ stage }: PhaseStage, position: number): boolean {
    const argument = this.#rewriter.block(stage.op.regions[0]![0]!).arguments[position]!;
    return this.#rewriter.uses(argument).length > 0;
  }

  /** Loads before a walk what is the same at all its points. */
  #hoistLoads(phase: Phase): void {
    const rows = this.#group.rows.length;
    for (const stage of phase.stages)
      stage.inputs.forEach((access, position) => {
        const isFixed = access.map.results.every((result) => !usesFrom(result, rows));
        if (!isFixed || !this.#isRead(stage, position)) return;
        if (this.#group.scalars.has(access.value)) this.#registerOf(access);
        else if (!this.#group.patterns.has(access.value) && this.#isBuffer(access.value))
          this.#rowLoads.set(keyOf(access), this.#load(access, []));
      });
  }

  #isBuffer(value: ValueId): boolean {
    return this.#rewriter.typeOf(value).kind === "memref";
  }

  /** The present value of a number of the row. */
  #registerOf(access: Access): ValueId {
    const known = this.#registers.get(access.value);
    if (known !== undefined) return known;
    const loaded = this.#load(access, []);
    this.#registers.set(access.value, loaded);
    return loaded;
  }

  #places({ map }: Access, indices: readonly ValueId[]): readonly ValueId[] {
    return map.results.map((result) => this.#arithmetic.affine(result, [...this.#rows, ...indices]));
  }

  #load(access: Access, indices: readonly ValueId[]): ValueId {
    if (!this.#isBuffer(access.value)) return access.value;
    return memref.load.build(this.#rewriter, { memref: access.value, indices: this.#places(access, indices) }, {})
      .result;
  }

  #point(phase: Phase, indices: readonly ValueId[], carried: readonly ValueId[]): readonly ValueId[] {
    const rows = this.#group.rows.length;
    const known: Known = new Map();
    const next: ValueId[] = [];
    const element = (access: Access): ValueId => {
      if (this.#group.scalars.has(access.value)) return this.#registerOf(access);
      const key = keyOf(access);
      const found = known.get(key) ?? this.#rowLoads.get(key);
      if (found !== undefined) return found;
      const loaded = this.#load(access, indices);
      known.set(key, loaded);
      return loaded;
    };
    for (const stage of phase.stages) {
      this.#rewriter.location = stage.stage.op.location;
      const inputs = stage.inputs.map((access, at) => (this.#isRead(stage, at) ? element(access) : this.#unread));
      const outputs = stage.outputs.map((access, at) => {
        if (stage.reduces) return carried[next.length + at]!;
        return this.#isRead(stage, stage.inputs.length + at) ? element(access) : this.#unread;
      });
      const places = stage.loops.map((loop) =>
        loop < 0 ? this.#arithmetic.constant(0) : (this.#rows[loop] ?? indices[loop - rows]!),
      );
      const results = cloneBody(this.#rewriter, stage.stage.op, [...inputs, ...outputs], places);
      if (stage.reduces) next.push(...results);
      else stage.outputs.forEach((access, at) => this.#write(access, results[at]!, indices, known));
    }
    return next;
  }

  #write(access: Access, value: ValueId, indices: readonly ValueId[], known: Known): void {
    if (this.#group.scalars.has(access.value)) return void this.#registers.set(access.value, value);
    for (const key of known.keys()) if (key.startsWith(`${access.value} `)) known.delete(key);
    known.set(keyOf(access), value);
    if (this.#forwarded.has(access.value)) return;
    memref.store.build(this.#rewriter, { value, memref: access.value, indices: this.#places(access, indices) }, {});
  }
}

/** Tells elements apart: by buffer and place, whatever loops there are beside those that the place is told by. */
const keyOf = ({ value, map }: Access): string => `${value} ${map.text.slice(map.text.indexOf("->"))}`;

function usesFrom(result: Access["map"]["results"][number], first: number): boolean {
  switch (result.kind) {
    case "dimension":
      return result.position >= first;
    case "constant":
    case "symbol":
      return false;
    default:
      return usesFrom(result.left, first) || usesFrom(result.right, first);
  }
}

/**
 * A walk by one invocation: plain loops, the last fastest.
 * @param atOnce points of the last loop with code of their own, so that less is spent on counting; results stay the same
 */
export function walkAlone(arithmetic: IndexArithmetic, atOnce = 1): RowWalk {
  return ({ bounds }, inits, point) => {
    const last = bounds.at(-1);
    if (last === undefined) return point([], inits);
    const whole = last < atOnce * 4 ? 0 : last - (last % atOnce);
    const outer = bounds.slice(0, -1).map((upper) => ({ upper }));
    return buildNest(arithmetic, outer, inits, (indices, carried) => {
      const most = buildLoop(arithmetic, { upper: whole, step: atOnce }, carried, (first, values) =>
        Array.from({ length: atOnce }, (_, at) => at).reduce(
          (given, at) => point([...indices, arithmetic.add(first, arithmetic.constant(at))], given),
          values,
        ),
      );
      return buildLoop(arithmetic, { lower: whole, upper: last }, most, (index, values) =>
        point([...indices, index], values),
      );
    });
  };
}
