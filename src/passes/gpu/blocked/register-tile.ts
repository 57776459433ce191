import type { BlockId, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import {
  type Access,
  anchorOf,
  indexedLoops,
  isArgumentRead,
  type KernelGroup,
  loopsOf,
  type Stage,
} from "../../kernels/group.ts";
import { baseOf } from "../../kernels/placed-operands.ts";
import { constantIndex, type IndexArithmetic } from "../../loops/index-arithmetic.ts";
import { buildLoop } from "../../loops/loop-nest.ts";
import { cloneBody } from "../../loops/scalar-body.ts";
import { onlyIf } from "../only-if.ts";
import type { BlockedSchedule } from "../schedule-attribute.ts";
import { constantSum, type IndexSum, SumBuilder, valueSum } from "./index-sums.ts";
import type { KernelPadding } from "./padded-loads.ts";
import { type Place, Places, type Positions } from "./places.ts";
import { type BlockPoint, withPositions } from "./points.ts";
import { isTemporary } from "./temporaries.ts";

const unread = -1 as ValueId;

/** Makes the totals of a reduction from what its accumulators start with: for each point, those of the anchor's outputs. */
type Accumulate = (initial: readonly ValueId[]) => readonly ValueId[];

/** What one invocation does for its points: accumulators in registers, followers applied to them, one store for each result. */
export class RegisterTile {
  readonly sums: SumBuilder;
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #group: KernelGroup;
  readonly #schedule: Pick<BlockedSchedule, "factors" | "unroll">;
  readonly #paddings: ReadonlyMap<ValueId, KernelPadding>;
  readonly #places: Places;
  readonly #indexed: ReadonlySet<number>;
  /** Elements that were computed, by name; the last value of each is stored. */
  readonly #registers = new Map<string, { place: Place; value: ValueId; guard: ValueId | undefined; access: Access }>();

  constructor(
    rewriter: Rewriter,
    arithmetic: IndexArithmetic,
    block: BlockId,
    group: KernelGroup,
    schedule: Pick<BlockedSchedule, "factors" | "unroll">,
    paddings: readonly KernelPadding[] = [],
  ) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#group = group;
    this.#schedule = schedule;
    this.#paddings = new Map(paddings.map((padding) => [padding.buffer, padding]));
    this.sums = new SumBuilder(arithmetic);
    this.#places = new Places(rewriter, this.sums, block);
    this.#indexed = new Set(group.stages.flatMap((stage) => [...indexedLoops(rewriter, stage)]));
  }

  /** Runs `body`, whose operations lie in an inner region. */
  nested<T>(body: () => T): T {
    return this.#places.nested(body);
  }

  /**
   * Builds all that is done for some points.
   * @param accumulate makes the totals of the reduction from what accumulators start with; loops around the anchor when absent
   */
  build(points: readonly BlockPoint[], accumulate?: Accumulate): void {
    const { stages, anchor } = this.#group;
    const reduces = loopsOf(this.#group, "reduction").length > 0;
    if (reduces) this.#reduce(points, accumulate ?? ((initial) => this.#accumulate(points, initial)));
    // Without reductions the anchor is like what follows it.
    const following = stages.slice(reduces ? anchor + 1 : 0);
    for (const point of points) for (const stage of following) this.#elementwise(stage, point);
    this.#store();
  }

  /** An element of an operand: in a register, or loaded. */
  read(access: Access, { guard }: Pick<BlockPoint, "guard">, positions: Positions): ValueId {
    if (this.#rewriter.typeOf(access.value).kind !== "memref") return access.value;
    const place = this.#places.of(access, positions);
    const kept = this.#registers.get(registerName(place, guard));
    if (kept) return kept.value;
    const padding = this.#paddings.get(place.base);
    return padding ? this.#places.loadPadded(access, positions, place, padding) : this.#places.load(place);
  }

  #keep(access: Access, point: BlockPoint, value: ValueId): void {
    const place = this.#places.of(access, point.positions);
    this.#registers.set(registerName(place, point.guard), { place, value, guard: point.guard, access });
  }

  #run(stage: Stage, values: readonly ValueId[], positions: Positions): readonly ValueId[] {
    if (stage.op.name === "linalg.fill") return [values[0]!];
    const indices = stage.loops.map((loop) => (this.#indexed.has(loop) ? this.sums.build(positions[loop]!) : unread));
    return cloneBody(this.#rewriter, stage.op, values, indices);
  }

  #elementwise(stage: Stage, point: BlockPoint): void {
    const values = [...stage.inputs, ...stage.outputs].map((access, position) =>
      isArgumentRead(this.#rewriter, stage, position) ? this.read(access, point, point.positions) : unread,
    );
    const results = this.#run(stage, values, point.positions);
    stage.outputs.forEach((access, position) => this.#keep(access, point, results[position]!));
  }

  #reduce(points: readonly BlockPoint[], accumulate: Accumulate): void {
    const anchor = anchorOf(this.#group);
    const initial = points.flatMap((point) => anchor.outputs.map((access) => this.#initial(access, point)));
    const totals = accumulate(initial);
    points.forEach((point, slot) =>
      anchor.outputs.forEach((access, output) =>
        this.#keep(access, point, totals[slot * anchor.outputs.length + output]!),
      ),
    );
  }

  /** What an accumulator starts with: the fill of the group, or what the buffer holds. */
  #initial(access: Access, point: BlockPoint): ValueId {
    const fill = this.#group.stages.find(
      (stage) => stage.op.name === "linalg.fill" && stage.outputs[0]!.value === access.value,
    );
    return fill ? fill.inputs[0]!.value : this.read(access, point, point.positions);
  }

  #accumulate(points: readonly BlockPoint[], initial: readonly ValueId[]): readonly ValueId[] {
    const reductions = loopsOf(this.#group, "reduction");
    const isWritten = (loop: number): boolean => this.#group.bounds[loop] === 1 || this.#schedule.unroll.includes(loop);
    const looped = reductions.filter((loop) => !isWritten(loop));
    const written = reductions.filter(isWritten);
    const widths = new Map([
      ...looped.map((loop) => [loop, this.#roundOf(loop)] as const),
      ...written.map((loop) => [loop, this.#group.bounds[loop]!] as const),
    ]);
    const taps = offsetsOf(reductions, widths);
    const level = (
      depth: number,
      starts: ReadonlyMap<number, IndexSum>,
      carried: readonly ValueId[],
    ): readonly ValueId[] => {
      const loop = looped[depth];
      if (loop === undefined) return this.#combineAll(points, taps, starts, carried);
      this.#prepare(points, starts);
      const range = { upper: this.#group.bounds[loop]!, step: widths.get(loop)! };
      return buildLoop(this.#arithmetic, range, carried, (index, inner) =>
        this.nested(() => {
          const known = constantIndex(this.#rewriter, index);
          const start =
            known === undefined ? valueSum(this.sums.limit(index, range.upper - range.step)) : constantSum(known);
          return level(depth + 1, new Map([...starts, [loop, start]]), inner);
        }),
      );
    };
    return this.nested(() => level(0, new Map(written.map((loop) => [loop, constantSum(0)])), initial));
  }

  /** Iterations of a reduction loop in one round: what the schedule asks for, if it divides the loop. */
  #roundOf(loop: number): number {
    const bound = this.#group.bounds[loop]!;
    let round = Math.min(this.#schedule.factors[loop] ?? 1, bound);
    while (bound % round !== 0) round--;
    return round;
  }

  /** Computes addresses as far as they are known before a loop begins. */
  #prepare(points: readonly BlockPoint[], starts: ReadonlyMap<number, IndexSum>): void {
    const anchor = anchorOf(this.#group);
    for (const { positions } of points)
      anchor.inputs.forEach((access, position) => {
        if (!isArgumentRead(this.#rewriter, anchor, position)) return;
        if (this.#rewriter.typeOf(access.value).kind === "memref")
          this.#places.prepare(
            access,
            withPositions(positions, starts),
            this.#paddings.get(baseOf(this.#rewriter, access.value)),
          );
      });
  }

  /** Adds the contribution of one iteration of the reduction loops to the accumulators of a point. */
  combine(
    point: BlockPoint,
    iteration: ReadonlyMap<number, IndexSum>,
    carried: readonly ValueId[],
  ): readonly ValueId[] {
    return this.#combineAll([point], [new Map()], iteration, carried);
  }

  #combineAll(
    points: readonly BlockPoint[],
    taps: readonly ReadonlyMap<number, number>[],
    starts: ReadonlyMap<number, IndexSum>,
    carried: readonly ValueId[],
  ): readonly ValueId[] {
    const anchor = anchorOf(this.#group);
    const count = anchor.outputs.length;
    const present = [...carried];
    for (const tap of taps) {
      const reached = new Map(
        Array.from(starts, ([loop, { terms, constant }]) => [
          loop,
          { terms, constant: constant + (tap.get(loop) ?? 0) },
        ]),
      );
      points.forEach((point, slot) => {
        const positions = withPositions(point.positions, reached);
        const inputs = anchor.inputs.map((access, position) =>
          isArgumentRead(this.#rewriter, anchor, position) ? this.read(access, point, positions) : unread,
        );
        const totals = present.slice(slot * count, (slot + 1) * count);
        this.#run(anchor, [...inputs, ...totals], positions).forEach(
          (value, output) => (present[slot * count + output] = value),
        );
      });
    }
    return present;
  }

  /** Stores what was computed, results under one condition together. */
  #store(): void {
    const rewriter = this.#rewriter;
    const registers = [...this.#registers.values()].filter(({ access }) => !isTemporary(rewriter, this.#group, access));
    for (let start = 0; start < registers.length;) {
      const { guard } = registers[start]!;
      let end = start;
      while (end < registers.length && registers[end]!.guard === guard) end++;
      const stretch = registers.slice(start, end);
      const storeAll = (): void => stretch.forEach(({ place, value }) => this.#places.store(place, value));
      if (guard === undefined) storeAll();
      else onlyIf(rewriter, guard, () => this.nested(storeAll));
      start = end;
    }
  }
}

/** Points beyond the bounds have the places of others. */
const registerName = (place: Place, guard: ValueId | undefined): string => `${place.key} ${guard ?? ""}`;

/** All combinations of the iterations of one round, the last loop fastest. */
function offsetsOf(
  loops: readonly number[],
  widths: ReadonlyMap<number, number>,
): readonly ReadonlyMap<number, number>[] {
  return loops.reduce<readonly ReadonlyMap<number, number>[]>(
    (taps, loop) =>
      taps.flatMap((tap) =>
        Array.from({ length: widths.get(loop)! }, (_, offset) => new Map([...tap, [loop, offset]])),
      ),
    [new Map()],
  );
}
