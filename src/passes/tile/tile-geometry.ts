import type { AffineMap } from "../../ir/affine.ts";
import { staticSizes, subviewType } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";
import type { KernelGroup } from "../kernels/group.ts";
import { constantIndex, type IndexArithmetic } from "../loops/index-arithmetic.ts";
import type { Schedule, TilingStep } from "../schedule/schedule.ts";
import { type Extent, extentOf } from "./boxes.ts";
import { type Segment, segmentsOf } from "./segments.ts";

/** Where the nest built so far stands in one of its steps. */
export interface Position {
  readonly loop: number;
  /** First iteration of the present tile, counted from the start of the tile around it. */
  readonly start: ValueId;
  readonly segments: readonly Segment[];
  readonly segment: number;
}

/** An operand as the tile sees it: its buffer (or a packed copy), its dimensions' order, and how many steps the copy already follows. */
export interface Operand {
  readonly value: ValueId;
  readonly order: readonly number[] | undefined;
  readonly depth: number;
}

/** Where tiles of one scheduled group lie in its buffers. */
export class TileGeometry {
  readonly rewriter: Rewriter;
  readonly arithmetic: IndexArithmetic;
  readonly group: KernelGroup;
  readonly schedule: Schedule;
  /** Loops that are cut into tiles. */
  readonly stepped: ReadonlySet<number>;

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule) {
    this.rewriter = rewriter;
    this.arithmetic = arithmetic;
    this.group = group;
    this.schedule = schedule;
    this.stepped = new Set(schedule.steps.map(({ loop }) => loop));
  }

  segments(step: TilingStep, extent: number): readonly Segment[] {
    const lanes = step.loop === this.schedule.vectorLoop ? this.schedule.lanes : 1;
    return segmentsOf(extent, step.size, step.remainder, lanes);
  }

  /** The first iteration of a loop in the present tile, counted from where the nest stood after `depth` steps. */
  startOf(loop: number, trail: readonly Position[], depth: number): ValueId {
    return trail
      .slice(depth)
      .filter((position) => position.loop === loop)
      .reduce((sum, { start }) => this.arithmetic.add(sum, start), this.arithmetic.constant(0));
  }

  extents(map: AffineMap, sizes: readonly number[]): readonly Extent[] {
    return map.results.map((index) => extentOf(index, this.stepped, sizes)!);
  }

  offsets(extents: readonly Extent[], trail: readonly Position[], depth: number): readonly ValueId[] {
    return extents.map(({ factors }) =>
      [...factors].reduce(
        (sum, [loop, factor]) =>
          this.arithmetic.add(
            sum,
            this.arithmetic.multiply(this.startOf(loop, trail, depth), this.arithmetic.constant(factor)),
          ),
        this.arithmetic.constant(0),
      ),
    );
  }

  /** A window of a buffer; the buffer itself when the window is all of it. */
  window(value: ValueId, offsets: readonly ValueId[], sizes: readonly number[]): ValueId {
    const type = this.rewriter.typeOf(value) as MemRefType;
    const known = offsets.map((offset) => constantIndex(this.rewriter, offset));
    const full = staticSizes(type);
    if (known.every((offset) => offset === 0) && sizes.every((size, at) => size === full[at])) return value;
    const result = subviewType(
      type,
      known.map((offset) => offset ?? "?"),
      sizes,
      sizes.map(() => 1),
    )!;
    return memref.subview.build(
      this.rewriter,
      { source: value, offsets: offsets.filter((_, at) => known[at] === undefined) },
      {
        static_offsets: known.map((offset) => offset ?? dynamicEntry),
        static_sizes: sizes,
        static_strides: sizes.map(() => 1),
      },
      { resultTypes: [result] },
    ).result;
  }
}
