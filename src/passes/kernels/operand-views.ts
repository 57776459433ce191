import { type AffineExpression, affineMap, linearForm, substituteAffine } from "../../ir/affine.ts";
import { layoutOf, staticSizes, stridedType } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { type MemRefType, memRefType } from "../../ir/types.ts";
import type { Access } from "./group.ts";
import type { Placed } from "./placed-operands.ts";

/** The greatest value of an index expression over loops of these bounds. */
function extent(index: AffineExpression, bounds: readonly number[]): number | undefined {
  const form = linearForm(index);
  if (!form) return undefined;
  let last = form.constant;
  for (const [loop, factor] of form.coefficients) {
    if (factor < 0) return undefined;
    last += factor * (bounds[loop]! - 1);
  }
  return last + 1;
}

/** Makes the views by which a normalized group sees its buffers; one view for each part. */
export class Views {
  readonly #rewriter: Rewriter;
  readonly #known = new Map<string, ValueId>();
  readonly #bounds: readonly number[];
  readonly #temporaries: ReadonlySet<ValueId>;
  /** Types of the group's own allocations, to be made inside it, by the views that stand for them until then. */
  readonly local = new Set<ValueId>();

  constructor(rewriter: Rewriter, bounds: readonly number[], temporaries: ReadonlySet<ValueId>) {
    this.#rewriter = rewriter;
    this.#bounds = bounds;
    this.#temporaries = temporaries;
  }

  /** The operand over the new loops: a view of its buffer with the fixed dimensions gone. */
  of({ access, base, offset, dimensions }: Placed, expressions: readonly AffineExpression[]): Access {
    const count = this.#bounds.length;
    if (this.#rewriter.typeOf(access.value).kind !== "memref")
      return { value: access.value, map: affineMap(count, []) };
    const moved = dimensions.map(({ index, stride }) => ({ index: substituteAffine(index, expressions), stride }));
    const kept = moved.filter(({ index }) => index.kind !== "constant");
    const sizes = kept.map(({ index }) => extent(index, this.#bounds));
    const fixed = moved.reduce(
      (sum, { index, stride }) => sum + (index.kind === "constant" ? index.value * stride : 0),
      offset,
    );
    const element = (this.#rewriter.typeOf(access.value) as MemRefType).element;
    // An index that is not linear, or runs backwards, is left as it is: over the dimensions there were.
    if (sizes.includes(undefined)) {
      const map = affineMap(
        count,
        moved.map(({ index }) => index),
      );
      return { value: access.value, map };
    }
    const map = affineMap(
      count,
      kept.map(({ index }) => index),
    );
    const type = stridedType(sizes as readonly number[], element, {
      strides: kept.map(({ stride }) => stride),
      offset: fixed,
    });
    const key = `${base} ${type.text}`;
    let value = this.#known.get(key);
    if (value === undefined) {
      const temporary = this.#temporaries.has(base);
      value = temporary ? this.#allocation(memRefType(type.shape, element)) : this.#view(base, type, fixed);
      this.#known.set(key, value);
    }
    return { value, map };
  }

  #allocation(type: MemRefType): ValueId {
    const made = memref.alloc.build(this.#rewriter, {}, { alignment: 64 }, { resultTypes: [type] }).memref;
    this.local.add(made);
    return made;
  }

  #view(base: ValueId, type: MemRefType, offset: number): ValueId {
    const plain = this.#rewriter.typeOf(base) as MemRefType;
    const layout = layoutOf(type)!;
    const own = layoutOf(plain)!;
    const sizes = staticSizes(type);
    const same =
      offset === 0 &&
      sizes.length === plain.shape.length &&
      sizes.every((size, at) => size === plain.shape[at] && layout.strides[at] === own.strides[at]);
    if (same) return base;
    return memref.reinterpret_cast.build(
      this.#rewriter,
      { source: base },
      { static_offsets: [offset], static_sizes: sizes, static_strides: layout.strides as readonly number[] },
      { resultTypes: [type] },
    ).result;
  }
}
