import { projectionMap } from "../../ir/affine.ts";
import { rowMajorStrides, stridedType } from "../../ir/analysis/memref-layout.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import { type MemRefType, memRefType } from "../../ir/types.ts";
import { type Access, anchorOf } from "../kernels/group.ts";
import { constantIndex } from "../loops/index-arithmetic.ts";
import type { Packing, TilingStep } from "../schedule/schedule.ts";
import { extentOf } from "./boxes.ts";
import { type Block, constantBytes, packConstant } from "./constant-packing.ts";
import type { Operand, Position, TileGeometry } from "./tile-geometry.ts";

/** Puts parts of operands into consecutive memory: constants at compile time, others by a copy in the nest. */
export class OperandPacking {
  readonly #geometry: TileGeometry;
  readonly #fn: Operation;
  readonly #packed = new Map<Packing, ValueId>();

  constructor(geometry: TileGeometry, fn: Operation) {
    this.#geometry = geometry;
    this.#fn = fn;
    this.#prepare();
  }

  #accessOf({ operand }: Packing): Access {
    const anchor = anchorOf(this.#geometry.group);
    return [...anchor.inputs, ...anchor.outputs][operand]!;
  }

  /** The one step before a packing on which its operand depends; none when there is none, undefined when there are several. */
  #blockStep(packing: Packing): { readonly step: TilingStep | undefined } | undefined {
    const { map } = this.#accessOf(packing);
    const steps = this.#geometry.schedule.steps
      .slice(0, packing.depth)
      .filter(({ loop }) =>
        map.results.some(
          (index) => extentOf(index, new Set([loop]), this.#geometry.group.bounds)?.factors.has(loop) ?? true,
        ),
      );
    return steps.length > 1 ? undefined : { step: steps[0] };
  }

  /** Rearranges constant operands at compile time. */
  #prepare(): void {
    for (const packing of this.#geometry.schedule.packings) {
      const access = this.#accessOf(packing);
      const found = this.#blockStep(packing);
      if (!found || !constantBytes(this.#geometry.rewriter, access.value)) continue;
      const { step } = found;
      const { bounds } = this.#geometry.group;
      const segments = step ? this.#geometry.segments(step, bounds[step.loop]!) : [{ start: 0, count: 1, size: 1 }];
      const blocks = segments.flatMap(({ start, count, size }) =>
        Array.from({ length: count }, (_, index): Block => {
          const sizes = step ? bounds.with(step.loop, size) : bounds;
          const extents = this.#geometry.extents(access.map, sizes);
          const first = start + index * size;
          return {
            starts: extents.map(({ factors }) => (step ? (factors.get(step.loop) ?? 0) * first : 0)),
            sizes: extents.map((extent) => extent.size),
          };
        }),
      );
      const packed = packConstant(this.#geometry.rewriter, access.value, blocks, packing.order, this.#fn);
      if (packed !== undefined) this.#packed.set(packing, packed);
    }
  }

  pack(
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
    const extents = this.#geometry.extents(access.map, sizes);
    const shape = packing.order.map((dimension) => extents[dimension]!.size);
    const elements = shape.reduce((product, size) => product * size, 1);
    const position = step && trail.find(({ loop }) => loop === step.loop);
    let offset = this.#geometry.arithmetic.constant(0);
    if (position) {
      const { segments, segment, start } = position;
      const present = segments[segment]!;
      const others = elements / present.size;
      const before = segments.slice(0, segment).reduce((sum, { count, size }) => sum + count * size * others, 0);
      // Tiles of one segment lie `size · others` apart, and `start` counts iterations.
      const inside = this.#geometry.arithmetic.multiply(start, this.#geometry.arithmetic.constant(others));
      offset = this.#geometry.arithmetic.add(
        inside,
        this.#geometry.arithmetic.constant(before - present.start * others),
      );
    }
    const known = constantIndex(this.#geometry.rewriter, offset);
    const strides = rowMajorStrides(shape);
    const type = stridedType(shape, (this.#geometry.rewriter.typeOf(flat) as MemRefType).element, {
      strides,
      offset: known ?? "?",
    });
    return memref.reinterpret_cast.build(
      this.#geometry.rewriter,
      { source: flat, offsets: known === undefined ? [offset] : [] },
      { static_offsets: [known ?? dynamicEntry], static_sizes: shape, static_strides: strides },
      { resultTypes: [type] },
    ).result;
  }

  /** A copy of the operand's part in consecutive memory. */
  #copy(packing: Packing, access: Access, sizes: readonly number[], trail: readonly Position[]): ValueId {
    const extents = this.#geometry.extents(access.map, sizes);
    const offsets = this.#geometry.offsets(extents, trail, 0);
    const source = this.#geometry.window(
      access.value,
      offsets,
      extents.map(({ size }) => size),
    );
    const shape = packing.order.map((dimension) => extents[dimension]!.size);
    const { element } = this.#geometry.rewriter.typeOf(access.value) as MemRefType;
    const target = memref.alloc.build(
      this.#geometry.rewriter,
      {},
      { alignment: 64 },
      { resultTypes: [memRefType(shape, element)] },
    ).memref;
    const rank = shape.length;
    const place = extents.map((_, dimension) => packing.order.indexOf(dimension));
    linalg.generic.build(
      this.#geometry.rewriter,
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
}
