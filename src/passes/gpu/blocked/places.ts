import { type AffineExpression, dimensionsOf, linearForm } from "../../../ir/affine.ts";
import { layoutOf, staticSizes } from "../../../ir/analysis/memref-layout.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import type { BlockId, ValueId } from "../../../ir/module.ts";
import { at } from "../../../ir/builder.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { type MemRefType, memRefType } from "../../../ir/types.ts";
import type { Access } from "../../kernels/group.ts";
import { baseOf } from "../../kernels/placed-operands.ts";
import { addSums, constantSum, type IndexSum, sumKey, type SumBuilder } from "./index-sums.ts";
import { type KernelPadding, type PaddedPlace, paddedPlace } from "./padded-loads.ts";
import { ScopedTable } from "./scoped-table.ts";

/** Where each loop of a group stands; undefined for loops that are not entered yet. */
export type Positions = readonly (IndexSum | undefined)[];

/** An element of a buffer. Elements of one buffer under whatever view have the same name when they are known to be the same. */
export interface Place {
  /** The whole buffer that it lies in. */
  readonly base: ValueId;
  readonly key: string;
  /** What is loaded from: the buffer in one dimension where its layout is known. */
  readonly buffer: () => ValueId;
  readonly indices: readonly IndexSum[];
}

/** The elements of a group's operands, addressed so that inner loops have little to compute. */
export class Places {
  readonly #rewriter: Rewriter;
  readonly #sums: SumBuilder;
  readonly #block: BlockId;
  readonly #flat = new Map<ValueId, ValueId>();
  readonly #loaded = new ScopedTable<ValueId>();

  /** @param block the kernel's block, at whose start, behind the views there, buffers are seen in one dimension */
  constructor(rewriter: Rewriter, sums: SumBuilder, block: BlockId) {
    this.#rewriter = rewriter;
    this.#sums = sums;
    this.#block = block;
  }

  /** The element of an operand with the loops where they stand; terms of loops not entered are left out. */
  of(access: Access, positions: Positions): Place {
    const type = this.#rewriter.typeOf(access.value) as MemRefType;
    const base = baseOf(this.#rewriter, access.value);
    const plain = this.#rewriter.typeOf(base) as MemRefType;
    const layout = plain.layout === undefined && plain.element === type.element ? layoutOf(type) : undefined;
    const sums = access.map.results.map((result) => this.#sum(result, positions));
    if (!layout || layout.offset === "?" || layout.strides.includes("?"))
      return { base, key: keyOf(access.value, sums), buffer: () => access.value, indices: sums };
    const flat = sums.reduce(
      (total, sum, dimension) => addSums(total, sum, layout.strides[dimension] as number),
      constantSum(layout.offset),
    );
    const indices = plain.shape.length === 0 ? [] : [flat];
    return { base, key: keyOf(base, indices), buffer: () => this.#flattened(base), indices };
  }

  load(place: Place): ValueId {
    return this.#loaded.of(place.key, () => {
      const indices = place.indices.map((index) => this.#sums.build(index));
      return memref.load.build(this.#rewriter, { memref: place.buffer(), indices }, {}).result;
    });
  }

  /** The element of an operand in a padded buffer. */
  loadPadded(access: Access, positions: Positions, place: Place, padding: KernelPadding): ValueId {
    const { inside, source } = this.#padded(access, positions, padding);
    const open = inside.filter(({ sum, limit }) => !this.#sums.isWithin(sum, limit));
    if (open.some(({ sum }) => sum.terms.size === 0)) return padding.value;
    return this.#loaded.of(`padded ${place.key}`, () => {
      const condition = open
        .map(({ sum, limit }) => this.#sums.isBelow(sum, limit))
        .reduce<ValueId | undefined>((all, next) => (all === undefined ? next : this.#sums.both(all, next)), undefined);
      const loaded = source === undefined ? this.load(place) : this.#loadFrom(source, condition);
      return condition === undefined ? loaded : this.#select(condition, loaded, padding.value);
    });
  }

  #padded(access: Access, positions: Positions, padding: KernelPadding): PaddedPlace {
    const indices = access.map.results.map((result) => this.#sum(result, positions));
    return paddedPlace(this.#rewriter, this.#rewriter.typeOf(access.value) as MemRefType, indices, padding);
  }

  #loadFrom({ base, index }: NonNullable<PaddedPlace["source"]>, condition: ValueId | undefined): ValueId {
    const rank = (this.#rewriter.typeOf(base) as MemRefType).shape.length;
    const inBox = this.#sums.build(index);
    // Outside the box any element will do.
    const place = condition === undefined ? inBox : this.#select(condition, inBox, this.#sums.arithmetic.constant(0));
    const indices = rank === 0 ? [] : [place];
    return memref.load.build(this.#rewriter, { memref: this.#flattened(base), indices }, {}).result;
  }

  #select(condition: ValueId, trueValue: ValueId, falseValue: ValueId): ValueId {
    return arith.select.build(this.#rewriter, { condition, true_value: trueValue, false_value: falseValue }, {}).result;
  }

  store(place: Place, value: ValueId): void {
    const indices = place.indices.map((index) => this.#sums.build(index));
    memref.store.build(this.#rewriter, { value, memref: place.buffer(), indices }, {});
  }

  /** Computes what is known of an address before inner loops begin. */
  prepare(access: Access, positions: Positions, padding: KernelPadding | undefined): void {
    const source = padding && this.#padded(access, positions, padding).source;
    if (source) {
      this.#flattened(source.base);
      this.#sums.build({ terms: source.index.terms, constant: 0 });
      return;
    }
    const place = this.of(access, positions);
    place.buffer();
    for (const { terms } of place.indices) this.#sums.build({ terms, constant: 0 });
  }

  /** Runs `body`, whose operations lie in an inner region. */
  nested<T>(body: () => T): T {
    return this.#sums.nested(() => this.#loaded.nested(body));
  }

  #sum(expression: AffineExpression, positions: Positions): IndexSum {
    const form = linearForm(expression);
    if (form) {
      let total = constantSum(form.constant);
      for (const [loop, factor] of form.coefficients) {
        const position = positions[loop];
        if (position) total = addSums(total, position, factor);
      }
      return total;
    }
    if (expression.kind === "add")
      return addSums(this.#sum(expression.left, positions), this.#sum(expression.right, positions));
    const loops = Array.from(dimensionsOf(expression)).toSorted((left, right) => left - right);
    if (loops.some((loop) => positions[loop] === undefined)) return constantSum(0);
    const key = `${JSON.stringify(expression)} ${loops.map((loop) => sumKey(positions[loop]!)).join(",")}`;
    const value = this.#sums.once(key, () =>
      this.#sums.arithmetic.affine(
        expression,
        positions.map((position, loop) => (loops.includes(loop) ? this.#sums.build(position!) : (-1 as ValueId))),
      ),
    );
    return { terms: new Map([[value, 1]]), constant: 0 };
  }

  /** A whole buffer seen in one dimension; made once, where the kernel begins. */
  #flattened(base: ValueId): ValueId {
    const known = this.#flat.get(base);
    if (known !== undefined) return known;
    const made = this.#flatten(base);
    this.#flat.set(base, made);
    return made;
  }

  #flatten(base: ValueId): ValueId {
    const rewriter = this.#rewriter;
    const type = rewriter.typeOf(base) as MemRefType;
    if (type.shape.length < 2) return base;
    const count = staticSizes(type).reduce((product, size) => product * size, 1);
    const first = rewriter.firstOperation(this.#block)!;
    return at(rewriter, { kind: "before", op: first }, () =>
      memref.collapse_shape.build(
        rewriter,
        { src: base },
        { reassociation: [type.shape.map((_, position) => position)] },
        { resultTypes: [memRefType([count], type.element, type.layout, type.memorySpace)] },
      ),
    ).result;
  }
}

const keyOf = (buffer: ValueId, indices: readonly IndexSum[]): string => `${buffer}[${indices.map(sumKey).join(",")}]`;
