import { memref } from "../../ir/dialects/memref.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { Access, KernelGroup } from "../kernels/group.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { LaneBuilder } from "./lanes.ts";
import { accessKey, indicesAt, strideAlong, type VectorStride } from "./operand-access.ts";
import type { Chunk, Point } from "./tile-shape.ts";

/** A group while its vector form is built: where its loops stand, and where its operands lie. */
export class NestState {
  readonly rewriter: Rewriter;
  readonly arithmetic: IndexArithmetic;
  readonly lanes: LaneBuilder;
  readonly group: KernelGroup;
  readonly schedule: Schedule;
  readonly bounds: readonly number[];
  /** Positions of loops that are not written out. */
  readonly indices: ValueId[];

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule) {
    this.rewriter = rewriter;
    this.arithmetic = arithmetic;
    this.lanes = new LaneBuilder(rewriter, arithmetic.constants);
    this.group = group;
    this.schedule = schedule;
    this.bounds = group.bounds;
    this.indices = group.bounds.map(() => arithmetic.constant(0));
  }

  get vectorLoop(): number {
    return this.schedule.vectorLoop;
  }

  get reducesLanes(): boolean {
    return this.vectorLoop >= 0 && this.group.iterators[this.vectorLoop] !== "parallel";
  }

  /** Whether a loop is written out in full. */
  isWritten(loop: number): boolean {
    return (
      this.bounds[loop] === 1 || this.schedule.unroll.includes(loop) || (loop === this.vectorLoop && !this.reducesLanes)
    );
  }

  fixed(point: Point, chunk: Chunk, lane = 0): Point {
    const fixed = new Map<number, number>(
      this.bounds.flatMap((bound, loop) => (bound === 1 ? [[loop, 0] as const] : [])),
    );
    for (const [loop, at] of point) fixed.set(loop, at);
    if (this.vectorLoop >= 0 && !this.reducesLanes) fixed.set(this.vectorLoop, chunk.offset + lane);
    return fixed;
  }

  /** Accesses with one name are the same elements in the same lanes. */
  nameOf(access: Access, point: Point, { offset, lanes }: Chunk): string {
    const fixed = new Map(this.fixed(point, { offset, lanes }));
    // Left open, the vector loop tells apart operands that move with it from those that do not.
    if (!this.reducesLanes) fixed.delete(this.vectorLoop);
    return `${accessKey(access, indicesAt(access, fixed))}@${offset}x${lanes}`;
  }

  loadOne(access: Access, point: Point, chunk: Chunk, lane: number): ValueId {
    const indices = this.places(access, point, chunk, lane);
    return memref.load.build(this.rewriter, { memref: access.value, indices }, {}).result;
  }

  places(access: Access, point: Point, chunk: Chunk, lane: number): readonly ValueId[] {
    return indicesAt(access, this.fixed(point, chunk, lane)).map((index) =>
      this.arithmetic.affine(index, this.indices),
    );
  }

  strideOf(access: Access): VectorStride {
    if (this.reducesLanes) return { kind: "same" };
    const stride = strideAlong(this.rewriter, access, this.vectorLoop)!;
    const isWoven =
      stride.kind === "interleaved" && this.isWritten(stride.loop) && this.bounds[stride.loop] === stride.count;
    return stride.kind === "interleaved" && !isWoven ? { kind: "scattered" } : stride;
  }

  /** Written-out loops whose iterations lie between the lanes of some operand. */
  get wovenLoops(): ReadonlySet<number> {
    const accesses = this.group.stages.flatMap((stage) => [...stage.inputs, ...stage.outputs]);
    const strides = accesses.map((access) => this.strideOf(access));
    return new Set(strides.flatMap((stride) => (stride.kind === "interleaved" ? [stride.loop] : [])));
  }

  /** Whether a buffer is the group's own: it need not be written. */
  isTemporary(value: ValueId): boolean {
    const definition = this.rewriter.definition(value);
    if (definition?.name !== "memref.alloc" || definition.parent === undefined) return false;
    return this.rewriter.block(definition.parent).parent === this.group.op.id;
  }
}
