import { type AffineMap, affineMap } from "../../ir/affine.ts";
import { affineMapAttribute, arrayAttribute, type Attribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { indexType, type MemRefType, memRefType } from "../../ir/types.ts";
import { type Access, indexedLoops, type KernelGroup, type Stage } from "../kernels/group.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import { buildLoop } from "../loops/loop-nest.ts";
import { encodeSchedule, type Schedule, scheduleAttributeName } from "../schedule/schedule.ts";
import { extentOf } from "./boxes.ts";
import { OperandPacking } from "./operand-packing.ts";
import { type Operand, type Position, TileGeometry } from "./tile-geometry.ts";

/** Builds the loop nest of one scheduled group before it, with a small group on parts of the buffers inside. */
export class TileBuilder {
  readonly #geometry: TileGeometry;
  readonly #fn: Operation;
  #packing!: OperandPacking;
  /** Parts of buffers made for the present innermost tile. */
  readonly #parts = new Map<string, ValueId>();

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule, fn: Operation) {
    this.#geometry = new TileGeometry(rewriter, arithmetic, group, schedule);
    this.#fn = fn;
  }

  /** Whether only parallel loops are cut (a group starts its results anew in each tile) and every operand's part can be expressed. */
  canTile(): boolean {
    const { stages, bounds, iterators } = this.#geometry.group;
    if ([...this.#geometry.stepped].some((loop) => iterators[loop] !== "parallel")) return false;
    return stages
      .flatMap((stage) => [...stage.inputs, ...stage.outputs])
      .every(({ map }) => map.results.every((index) => extentOf(index, this.#geometry.stepped, bounds) !== undefined));
  }

  build(): void {
    this.#packing = new OperandPacking(this.#geometry, this.#fn);
    const operands = new Map<ValueId, Operand>();
    this.#step(0, this.#geometry.group.bounds, [], operands);
  }

  #step(
    depth: number,
    sizes: readonly number[],
    trail: readonly Position[],
    operands: ReadonlyMap<ValueId, Operand>,
  ): void {
    const packing = this.#geometry.schedule.packings.filter((candidate) => candidate.depth === depth);
    const seen = packing.reduce((known, next) => this.#packing.pack(next, sizes, trail, known), operands);
    const step = this.#geometry.schedule.steps[depth];
    if (!step) return this.#inner(sizes, trail, seen);
    const segments = this.#geometry.segments(step, sizes[step.loop]!);
    segments.forEach(({ start, count, size }, segment) => {
      const range = { lower: start, upper: start + count * size, step: size };
      const body = (index: ValueId): readonly ValueId[] => {
        const position = { loop: step.loop, start: index, segments, segment };
        this.#step(depth + 1, sizes.with(step.loop, size), [...trail, position], seen);
        return [];
      };
      if (depth === 0 && this.#geometry.schedule.threads && count > 1) this.#parallelLoop(range, body);
      else buildLoop(this.#geometry.arithmetic, range, [], body);
    });
  }

  #parallelLoop(range: { lower: number; upper: number; step: number }, body: (index: ValueId) => unknown): void {
    const [lowerBound, upperBound, step] = [range.lower, range.upper, range.step].map((value) =>
      this.#geometry.arithmetic.constant(value),
    );
    scf.parallel.build(
      this.#geometry.rewriter,
      { lowerBound: [lowerBound!], upperBound: [upperBound!], step: [step!] },
      {},
      {
        resultTypes: [],
        regions: {
          region: [
            {
              arguments: [indexType],
              body: (inner, [index]) => {
                body(index!);
                scf.reduce.build(inner, {}, {});
              },
            },
          ],
        },
      },
    );
  }

  #part(
    { value, map }: Access,
    sizes: readonly number[],
    trail: readonly Position[],
    operands: ReadonlyMap<ValueId, Operand>,
  ): ValueId {
    const type = this.#geometry.rewriter.typeOf(value);
    if (type.kind !== "memref") return value;
    // One name for one part: that is how followers find what the anchor left in registers.
    const name = `${value} ${map.text}`;
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const operand = operands.get(value);
    const extents = this.#geometry.extents(map, sizes);
    const offsets = this.#geometry.offsets(extents, trail, operand?.depth ?? 0);
    const order = operand?.order ?? extents.map((_, at) => at);
    const part = this.#geometry.window(
      operand?.value ?? value,
      order.map((at) => offsets[at]!),
      order.map((at) => extents[at]!.size),
    );
    this.#parts.set(name, part);
    return part;
  }

  #inner(sizes: readonly number[], trail: readonly Position[], operands: ReadonlyMap<ValueId, Operand>): void {
    const rewriter = this.#geometry.rewriter;
    this.#parts.clear();
    const rest = encodeSchedule({ ...this.#geometry.schedule, steps: [], packings: [], threads: false });
    const { op, stages } = this.#geometry.group;
    const starts = this.#indexStarts(trail);
    if (op.name !== "weft.kernel") {
      const made = this.#stage(stages[0]!, sizes, trail, starts, operands);
      return rewriter.update(made.id, { attributes: { ...made.attributes, [scheduleAttributeName]: rest } });
    }
    const local = new Map<ValueId, ValueId>();
    const parts = stages.map((stage) =>
      [...stage.inputs, ...stage.outputs].map((access) =>
        this.#isLocal(access.value) ? access.value : this.#part(access, sizes, trail, operands),
      ),
    );
    const buffers = [...new Set(parts.flat())].filter(
      (value) => rewriter.typeOf(value).kind === "memref" && !this.#isLocal(value),
    );
    const written = stages.flatMap((stage, index) => parts[index]!.slice(stage.inputs.length));
    weft.kernel.build(
      rewriter,
      {
        inputs: buffers.filter((value) => !written.includes(value)),
        outputs: buffers.filter((value) => written.includes(value)),
      },
      {},
      {
        resultTypes: [],
        extra: { ...op.attributes, [scheduleAttributeName]: rest },
        regions: {
          body: [
            {
              arguments: [],
              body: () => {
                stages.forEach((stage, index) => {
                  const values = parts[index]!.map((value, position) => {
                    if (!this.#isLocal(value)) return value;
                    const { map } = [...stage.inputs, ...stage.outputs][position]!;
                    const made = local.get(value) ?? this.#localBuffer(value, map, sizes);
                    local.set(value, made);
                    return made;
                  });
                  this.#cloneStage(stage, values, starts, operands);
                });
                weft.yield.build(rewriter, {}, {});
              },
            },
          ],
        },
      },
    );
  }

  #isLocal(value: ValueId): boolean {
    const definition = this.#geometry.rewriter.definition(value);
    if (definition?.name !== "memref.alloc" || definition.parent === undefined) return false;
    return this.#geometry.rewriter.block(definition.parent).parent === this.#geometry.group.op.id;
  }

  #localBuffer(value: ValueId, map: AffineMap, sizes: readonly number[]): ValueId {
    const type = this.#geometry.rewriter.typeOf(value) as MemRefType;
    const shape = this.#geometry.extents(map, sizes).map(({ size }) => size);
    return memref.alloc.build(
      this.#geometry.rewriter,
      {},
      { alignment: 64 },
      { resultTypes: [memRefType(shape, type.element)] },
    ).memref;
  }

  #stage(
    stage: Stage,
    sizes: readonly number[],
    trail: readonly Position[],
    starts: ReadonlyMap<number, ValueId>,
    operands: ReadonlyMap<ValueId, Operand>,
  ): Operation {
    const values = [...stage.inputs, ...stage.outputs].map((access) => this.#part(access, sizes, trail, operands));
    return this.#cloneStage(stage, values, starts, operands);
  }

  /** The stage on parts of its buffers: the same body and maps, packed operands' dimensions in their new order, positions shifted. */
  #cloneStage(
    stage: Stage,
    values: readonly ValueId[],
    starts: ReadonlyMap<number, ValueId>,
    operands: ReadonlyMap<ValueId, Operand>,
  ): Operation {
    const rewriter = this.#geometry.rewriter;
    const made = rewriter.clone(stage.op);
    rewriter.setOperands(made.id, values);
    const { [scheduleAttributeName]: _, ...attributes } = made.attributes;
    rewriter.update(made.id, { attributes });
    const view = linalg.generic.match(rewriter, rewriter.operation(made.id));
    if (view) {
      const accesses = [...stage.inputs, ...stage.outputs];
      const maps = view.attributes.indexing_maps.map((map, position) => {
        const order = operands.get(accesses[position]!.value)?.order;
        return order
          ? affineMap(
              map.dimensions,
              order.map((dimension) => map.results[dimension]!),
            )
          : map;
      });
      const indexing_maps: Attribute = arrayAttribute(maps.map(affineMapAttribute));
      rewriter.update(made.id, { properties: { ...rewriter.operation(made.id).properties, indexing_maps } });
    }
    for (const inner of Array.from(walk(rewriter, made.id))) this.#shiftIndex(inner, stage, starts);
    return rewriter.operation(made.id);
  }

  #shiftIndex(op: Operation, stage: Stage, starts: ReadonlyMap<number, ValueId>): void {
    const position = linalg.index.match(this.#geometry.rewriter, op);
    const start = position && starts.get(stage.loops[position.attributes.dim]!);
    if (start === undefined) return;
    const block = this.#geometry.rewriter.block(op.parent!).operations;
    const next = block[block.indexOf(op.id) + 1]!;
    const index = op.results[0]!;
    const sum = at(this.#geometry.rewriter, { kind: "before", op: next }, () =>
      arith.addi.build(this.#geometry.rewriter, { lhs: index, rhs: start }, {}),
    );
    this.#geometry.rewriter.replaceUsesIf(index, sum.result, (use) => use.op !== sum.op.id);
  }

  /** Where the tile starts along the loops whose positions are asked for. */
  #indexStarts(trail: readonly Position[]): ReadonlyMap<number, ValueId> {
    const asked = new Set(
      this.#geometry.group.stages.flatMap((stage) => [...indexedLoops(this.#geometry.rewriter, stage)]),
    );
    const moving = [...asked].filter((loop) => trail.some((position) => position.loop === loop));
    return new Map(moving.map((loop) => [loop, this.#geometry.startOf(loop, trail, 0)]));
  }
}
