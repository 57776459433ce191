import type { ValueId } from "../../ir/module.ts";

/** How a tensor value comes to lie in memory. */
export type Place =
  /** A function argument: read, never written. */
  | { readonly kind: "argument" }
  /** A constant of the module: read, never written. */
  | { readonly kind: "constant" }
  /** A buffer of its own. */
  | { readonly kind: "fresh" }
  /** The buffer of another value, whole: updated in place, or the same value under another name. */
  | { readonly kind: "same"; readonly as: ValueId }
  /** A window into another value's buffer, or that buffer in another shape. */
  | { readonly kind: "view"; readonly source: ValueId; readonly whole: boolean };

/** Where a fresh buffer is put instead of memory of its own. */
export type Target =
  /** The buffer of the function's n-th result. */
  | { readonly kind: "output"; readonly index: number }
  /** A window of the buffer of `of`, which starts at these places of its dimensions. */
  | { readonly kind: "window"; readonly of: ValueId; readonly offsets: readonly number[] }
  /** The whole buffer of another fresh value. */
  | { readonly kind: "whole"; readonly of: ValueId };

/** A placement: the value `through` (which lies in the fresh buffer, perhaps in another shape) must be at the target. */
export interface Placement {
  readonly target: Target;
  readonly through: ValueId;
}

/** Which tensor values share memory, and where each of them is. */
export class Storage {
  readonly #places = new Map<ValueId, Place>();
  readonly #parents = new Map<ValueId, ValueId>();
  readonly #members = new Map<ValueId, ValueId[]>();
  readonly #derived = new Map<ValueId, ValueId[]>();
  readonly placements = new Map<ValueId, Placement>();

  /** Records a value's place; values in one place share a set from then on. */
  define(value: ValueId, place: Place): void {
    this.#places.set(value, place);
    this.#parents.set(value, value);
    this.#members.set(value, [value]);
    const source = place.kind === "same" ? place.as : place.kind === "view" ? place.source : undefined;
    if (source === undefined) return;
    this.unite(value, source);
    const known = this.#derived.get(source);
    if (known) known.push(value);
    else this.#derived.set(source, [value]);
  }

  place(value: ValueId): Place {
    const place = this.#places.get(value);
    if (!place) throw new Error(`tensor value ${value} has no place yet`);
    return place;
  }

  has(value: ValueId): boolean {
    return this.#places.has(value);
  }

  /** Values that are directly the same as, or views of, this one. */
  derived(value: ValueId): readonly ValueId[] {
    return this.#derived.get(value) ?? [];
  }

  #find(value: ValueId): ValueId {
    let root = value;
    while (this.#parents.get(root) !== root) root = this.#parents.get(root)!;
    while (value !== root) {
      const next = this.#parents.get(value)!;
      this.#parents.set(value, root);
      value = next;
    }
    return root;
  }

  /** Makes two values' memory count as one. */
  unite(left: ValueId, right: ValueId): void {
    let [big, small] = [this.#find(left), this.#find(right)];
    if (big === small) return;
    if (this.#members.get(big)!.length < this.#members.get(small)!.length) [big, small] = [small, big];
    this.#parents.set(small, big);
    this.#members.get(big)!.push(...this.#members.get(small)!);
    this.#members.delete(small);
  }

  shares(left: ValueId, right: ValueId): boolean {
    return this.#find(left) === this.#find(right);
  }

  /** All values that may lie in the same memory as this one. */
  members(value: ValueId): readonly ValueId[] {
    return this.#members.get(this.#find(value))!;
  }

  /** The value whose buffer this one names, names removed. */
  named(value: ValueId): ValueId {
    for (let place = this.place(value); place.kind === "same"; place = this.place(value)) value = place.as;
    return value;
  }

  /** The value whose buffer holds this one, and whether this one is all of it. */
  root(value: ValueId): { readonly value: ValueId; readonly whole: boolean } {
    let whole = true;
    for (;;) {
      const place = this.place(value);
      if (place.kind === "same") value = place.as;
      else if (place.kind === "view") {
        whole &&= place.whole;
        value = place.source;
      } else return { value, whole };
    }
  }

  /** Whether the memory may be written. */
  writable(value: ValueId): boolean {
    return this.place(this.root(value).value).kind === "fresh";
  }
}
