import { affineMap, type AffineMap, projectionMap } from "../../ir/affine.ts";
import { affineMapAttribute, arrayAttribute, type Attribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { rowMajorStrides, staticSizes, stridedType, subviewType } from "../../ir/analysis/memref-layout.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { dynamicEntry } from "../../ir/dialects/tensor.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { indexType, type MemRefType, memRefType } from "../../ir/types.ts";
import { type Access, anchorOf, indexedLoops, type KernelGroup, type Stage } from "../kernels/group.ts";
import { constantIndex, type IndexArithmetic } from "../loops/index-arithmetic.ts";
import { buildLoop } from "../loops/loop-nest.ts";
import {
  encodeSchedule,
  type Packing,
  type Schedule,
  scheduleAttributeName,
  type TilingStep,
} from "../schedule/schedule.ts";
import { type Block, constantBytes, packConstant } from "./constant-packing.ts";
import { type Extent, extentOf } from "./boxes.ts";
import { type Segment, segmentsOf } from "./segments.ts";

/** Where the nest built so far stands in one of its steps. */
interface Position {
  readonly loop: number;
  /** First iteration of the present tile, counted from the start of the tile around it. */
  readonly start: ValueId;
  readonly segments: readonly Segment[];
  readonly segment: number;
}

/** An operand as the tile sees it: its buffer (or a packed copy), its dimensions' order, and how many steps the copy already follows. */
interface Operand {
  readonly value: ValueId;
  readonly order: readonly number[] | undefined;
  readonly depth: number;
}

/** Builds the loop nest of one scheduled group before it, with a small group on parts of the buffers inside. */
export class TileBuilder {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #group: KernelGroup;
  readonly #schedule: Schedule;
  readonly #fn: Operation;
  readonly #stepped: ReadonlySet<number>;
  readonly #packed = new Map<Packing, ValueId>();
  /** Parts of buffers made for the present innermost tile. */
  readonly #parts = new Map<string, ValueId>();

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, group: KernelGroup, schedule: Schedule, fn: Operation) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#group = group;
    this.#schedule = schedule;
    this.#fn = fn;
    this.#stepped = new Set(schedule.steps.map(({ loop }) => loop));
  }

  /** Whether every operand's part of a tile can be expressed. */
  canTile(): boolean {
    const { stages, bounds } = this.#group;
    return stages
      .flatMap((stage) => [...stage.inputs, ...stage.outputs])
      .every(({ map }) => map.results.every((index) => extentOf(index, this.#stepped, bounds) !== undefined));
  }

  build(): void {
    this.#preparePackings();
    const operands = new Map<ValueId, Operand>();
    this.#step(0, this.#group.bounds, [], operands);
  }

  // --- the nest --------------------------------------------------------------------------------------------------------------

  #step(
    depth: number,
    sizes: readonly number[],
    trail: readonly Position[],
    operands: ReadonlyMap<ValueId, Operand>,
  ): void {
    const packing = this.#schedule.packings.filter((candidate) => candidate.depth === depth);
    const seen = packing.reduce((known, next) => this.#pack(next, sizes, trail, known), operands);
    const step = this.#schedule.steps[depth];
    if (!step) return this.#inner(sizes, trail, seen);
    const segments = this.#segments(step, sizes[step.loop]!);
    segments.forEach(({ start, count, size }, segment) => {
      const range = { lower: start, upper: start + count * size, step: size };
      const body = (index: ValueId): readonly ValueId[] => {
        const position = { loop: step.loop, start: index, segments, segment };
        this.#step(depth + 1, sizes.with(step.loop, size), [...trail, position], seen);
        return [];
      };
      if (depth === 0 && this.#schedule.threads && count > 1) this.#parallelLoop(range, body);
      else buildLoop(this.#arithmetic, range, [], body);
    });
  }

  #segments(step: TilingStep, extent: number): readonly Segment[] {
    const lanes = step.loop === this.#schedule.vectorLoop ? this.#schedule.lanes : 1;
    return segmentsOf(extent, step.size, step.remainder, lanes);
  }

  #parallelLoop(range: { lower: number; upper: number; step: number }, body: (index: ValueId) => unknown): void {
    const [lowerBound, upperBound, step] = [range.lower, range.upper, range.step].map((value) =>
      this.#arithmetic.constant(value),
    );
    scf.parallel.build(
      this.#rewriter,
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

  /** The first iteration of a loop in the present tile, counted from where the nest stood after `depth` steps. */
  #startOf(loop: number, trail: readonly Position[], depth: number): ValueId {
    return trail
      .slice(depth)
      .filter((position) => position.loop === loop)
      .reduce((sum, { start }) => this.#arithmetic.add(sum, start), this.#arithmetic.constant(0));
  }

  // --- parts of buffers ------------------------------------------------------------------------------------------------------

  #extents(map: AffineMap, sizes: readonly number[]): readonly Extent[] {
    return map.results.map((index) => extentOf(index, this.#stepped, sizes)!);
  }

  #offsets(extents: readonly Extent[], trail: readonly Position[], depth: number): readonly ValueId[] {
    return extents.map(({ factors }) =>
      [...factors].reduce(
        (sum, [loop, factor]) =>
          this.#arithmetic.add(
            sum,
            this.#arithmetic.multiply(this.#startOf(loop, trail, depth), this.#arithmetic.constant(factor)),
          ),
        this.#arithmetic.constant(0),
      ),
    );
  }

  /** A window of a buffer; the buffer itself when the window is all of it. */
  #window(value: ValueId, offsets: readonly ValueId[], sizes: readonly number[]): ValueId {
    const type = this.#rewriter.typeOf(value) as MemRefType;
    const known = offsets.map((offset) => constantIndex(this.#rewriter, offset));
    const full = staticSizes(type);
    if (known.every((offset) => offset === 0) && sizes.every((size, at) => size === full[at])) return value;
    const result = subviewType(
      type,
      known.map((offset) => offset ?? "?"),
      sizes,
      sizes.map(() => 1),
    )!;
    return memref.subview.build(
      this.#rewriter,
      { source: value, offsets: offsets.filter((_, at) => known[at] === undefined) },
      {
        static_offsets: known.map((offset) => offset ?? dynamicEntry),
        static_sizes: sizes,
        static_strides: sizes.map(() => 1),
      },
      { resultTypes: [result] },
    ).result;
  }

  #part(
    { value, map }: Access,
    sizes: readonly number[],
    trail: readonly Position[],
    operands: ReadonlyMap<ValueId, Operand>,
  ): ValueId {
    const type = this.#rewriter.typeOf(value);
    if (type.kind !== "memref") return value;
    // One name for one part: that is how followers find what the anchor left in registers.
    const name = `${value} ${map.text}`;
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const operand = operands.get(value);
    const extents = this.#extents(map, sizes);
    const offsets = this.#offsets(extents, trail, operand?.depth ?? 0);
    const order = operand?.order ?? extents.map((_, at) => at);
    const part = this.#window(
      operand?.value ?? value,
      order.map((at) => offsets[at]!),
      order.map((at) => extents[at]!.size),
    );
    this.#parts.set(name, part);
    return part;
  }

  // --- packing ---------------------------------------------------------------------------------------------------------------

  #accessOf({ operand }: Packing): Access {
    const anchor = anchorOf(this.#group);
    return [...anchor.inputs, ...anchor.outputs][operand]!;
  }

  /** The one step before a packing on which its operand depends; none when there is none, undefined when there are several. */
  #blockStep(packing: Packing): { readonly step: TilingStep | undefined } | undefined {
    const { map } = this.#accessOf(packing);
    const steps = this.#schedule.steps
      .slice(0, packing.depth)
      .filter(({ loop }) =>
        map.results.some((index) => extentOf(index, new Set([loop]), this.#group.bounds)?.factors.has(loop) ?? true),
      );
    return steps.length > 1 ? undefined : { step: steps[0] };
  }

  /** Rearranges constant operands at compile time. */
  #preparePackings(): void {
    for (const packing of this.#schedule.packings) {
      const access = this.#accessOf(packing);
      const found = this.#blockStep(packing);
      if (!found || !constantBytes(this.#rewriter, access.value)) continue;
      const { step } = found;
      const { bounds } = this.#group;
      const segments = step ? this.#segments(step, bounds[step.loop]!) : [{ start: 0, count: 1, size: 1 }];
      const blocks = segments.flatMap(({ start, count, size }) =>
        Array.from({ length: count }, (_, index): Block => {
          const sizes = step ? bounds.with(step.loop, size) : bounds;
          const extents = this.#extents(access.map, sizes);
          const first = start + index * size;
          return {
            starts: extents.map(({ factors }) => (step ? (factors.get(step.loop) ?? 0) * first : 0)),
            sizes: extents.map((extent) => extent.size),
          };
        }),
      );
      const packed = packConstant(this.#rewriter, access.value, blocks, packing.order, this.#fn);
      if (packed !== undefined) this.#packed.set(packing, packed);
    }
  }

  #pack(
    packing: Packing,
    sizes: readonly number[],
    trail: readonly Position[],
    operands: ReadonlyMap<ValueId, Operand>,
  ): ReadonlyMap<ValueId, Operand> {
    const access = this.#accessOf(packing);
    const flat = this.#packed.get(packing);
    const value =
      flat === undefined
        ? this.#copy(packing, access, sizes, trail)
        : this.#packedBlock(packing, access, flat, sizes, trail);
    return new Map([...operands, [access.value, { value, order: packing.order, depth: packing.depth }]]);
  }

  /** The present block of a packed constant. */
  #packedBlock(
    packing: Packing,
    access: Access,
    flat: ValueId,
    sizes: readonly number[],
    trail: readonly Position[],
  ): ValueId {
    const { step } = this.#blockStep(packing)!;
    const extents = this.#extents(access.map, sizes);
    const shape = packing.order.map((dimension) => extents[dimension]!.size);
    const elements = shape.reduce((product, size) => product * size, 1);
    const position = step && trail.find(({ loop }) => loop === step.loop);
    let offset = this.#arithmetic.constant(0);
    if (position) {
      const { segments, segment, start } = position;
      const present = segments[segment]!;
      const others = elements / present.size;
      const before = segments.slice(0, segment).reduce((sum, { count, size }) => sum + count * size * others, 0);
      // Tiles of one segment lie `size · others` apart, and `start` counts iterations.
      const inside = this.#arithmetic.multiply(start, this.#arithmetic.constant(others));
      offset = this.#arithmetic.add(inside, this.#arithmetic.constant(before - present.start * others));
    }
    const known = constantIndex(this.#rewriter, offset);
    const strides = rowMajorStrides(shape);
    const type = stridedType(shape, (this.#rewriter.typeOf(flat) as MemRefType).element, {
      strides,
      offset: known ?? "?",
    });
    return memref.reinterpret_cast.build(
      this.#rewriter,
      { source: flat, offsets: known === undefined ? [offset] : [] },
      { static_offsets: [known ?? dynamicEntry], static_sizes: shape, static_strides: strides },
      { resultTypes: [type] },
    ).result;
  }

  /** A copy of the operand's part in consecutive memory. */
  #copy(packing: Packing, access: Access, sizes: readonly number[], trail: readonly Position[]): ValueId {
    const extents = this.#extents(access.map, sizes);
    const offsets = this.#offsets(extents, trail, 0);
    const source = this.#window(
      access.value,
      offsets,
      extents.map(({ size }) => size),
    );
    const shape = packing.order.map((dimension) => extents[dimension]!.size);
    const { element } = this.#rewriter.typeOf(access.value) as MemRefType;
    const target = memref.alloc.build(
      this.#rewriter,
      {},
      { alignment: 64 },
      { resultTypes: [memRefType(shape, element)] },
    ).memref;
    const rank = shape.length;
    const place = extents.map((_, dimension) => packing.order.indexOf(dimension));
    linalg.generic.build(
      this.#rewriter,
      { inputs: [source], outputs: [target] },
      {
        indexing_maps: [
          projectionMap(rank, place),
          projectionMap(
            rank,
            shape.map((_, at) => at),
          ),
        ],
        iterator_types: shape.map(() => "parallel"),
      },
      {
        resultTypes: [],
        regions: {
          region: [
            {
              arguments: [element, element],
              body: (inner, [value]) => void linalg.yield.build(inner, { values: [value!] }, {}),
            },
          ],
        },
      },
    );
    return target;
  }

  // --- inside ----------------------------------------------------------------------------------------------------------------

  #inner(sizes: readonly number[], trail: readonly Position[], operands: ReadonlyMap<ValueId, Operand>): void {
    const rewriter = this.#rewriter;
    this.#parts.clear();
    const rest = encodeSchedule({ ...this.#schedule, steps: [], packings: [], threads: false });
    const { op, stages } = this.#group;
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
    const definition = this.#rewriter.definition(value);
    if (definition?.name !== "memref.alloc" || definition.parent === undefined) return false;
    return this.#rewriter.block(definition.parent).parent === this.#group.op.id;
  }

  #localBuffer(value: ValueId, map: AffineMap, sizes: readonly number[]): ValueId {
    const type = this.#rewriter.typeOf(value) as MemRefType;
    const shape = this.#extents(map, sizes).map(({ size }) => size);
    return memref.alloc.build(this.#rewriter, {}, { alignment: 64 }, { resultTypes: [memRefType(shape, type.element)] })
      .memref;
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
    const rewriter = this.#rewriter;
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
    const position = linalg.index.match(this.#rewriter, op);
    const start = position && starts.get(stage.loops[position.attributes.dim]!);
    if (start === undefined) return;
    const block = this.#rewriter.block(op.parent!).operations;
    const next = block[block.indexOf(op.id) + 1]!;
    const index = op.results[0]!;
    const sum = at(this.#rewriter, { kind: "before", op: next }, () =>
      arith.addi.build(this.#rewriter, { lhs: index, rhs: start }, {}),
    );
    this.#rewriter.replaceUsesIf(index, sum.result, (use) => use.op !== sum.op.id);
  }

  /** Where the tile starts along the loops whose positions are asked for. */
  #indexStarts(trail: readonly Position[]): ReadonlyMap<number, ValueId> {
    const asked = new Set(this.#group.stages.flatMap((stage) => [...indexedLoops(this.#rewriter, stage)]));
    const moving = [...asked].filter((loop) => trail.some((position) => position.loop === loop));
    return new Map(moving.map((loop) => [loop, this.#startOf(loop, trail, 0)]));
  }
}
