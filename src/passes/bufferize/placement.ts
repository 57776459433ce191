import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import { staticSizes, subviewType } from "../../ir/analysis/memref-layout.ts";
import type { MemRefType, TensorType } from "../../ir/types.ts";
import type { Storage, Target } from "./storage.ts";
import { ownType, sourceTypeOfView, viewType } from "./tensor-views.ts";

/** Puts fresh buffers where their contents are wanted, and knows the types that buffers have for it. */
export class Placer {
  readonly #reader: IrReader;
  readonly #storage: Storage;
  /** Placed buffers by the buffer in which they are. */
  readonly #windows = new Map<ValueId, ValueId[]>();
  readonly #placedTypes = new Map<ValueId, MemRefType>();

  constructor(reader: IrReader, storage: Storage) {
    this.#reader = reader;
    this.#storage = storage;
  }

  #tensor(value: ValueId): TensorType {
    return this.#reader.typeOf(value) as TensorType;
  }

  /** Puts the fresh buffer that holds all of `value` at a target, if its other views allow the target's layout. */
  tryPlace(value: ValueId, target: Target): boolean {
    const { value: root, whole } = this.#storage.root(value);
    if (!whole || this.#storage.place(root).kind !== "fresh" || this.#storage.placements.has(root)) return false;
    if (target.kind !== "output" && this.#storage.root(target.of).value === root) return false;
    const type = this.#rootType(value, this.#targetType(target, this.#tensor(value)));
    if (!type || !this.#feasible(root, type)) return false;
    this.#storage.placements.set(root, { target, through: value });
    if (target.kind !== "output") {
      this.#storage.unite(root, target.of);
      this.#windows.set(target.of, [...(this.#windows.get(target.of) ?? []), root]);
    }
    this.#placedTypes.set(root, type);
    for (const [placed, placedType] of this.#pending) this.#placedTypes.set(placed, placedType);
    return true;
  }

  readonly #pending = new Map<ValueId, MemRefType>();

  #targetType(target: Target, type: TensorType): MemRefType | undefined {
    if (target.kind === "output") return ownType(type);
    const holder = this.typeOf(target.of);
    return target.kind === "whole" ? holder : this.#windowType(target, holder, type);
  }
  #windowType(
    target: Target & { readonly kind: "window" },
    holder: MemRefType,
    type: TensorType,
  ): MemRefType | undefined {
    const sizes = staticSizes(type);
    return subviewType(
      holder,
      target.offsets,
      sizes,
      sizes.map(() => 1),
    );
  }

  /** The type the root of `value` must have so that `value` has this one. */
  #rootType(value: ValueId, type: MemRefType | undefined): MemRefType | undefined {
    for (let place = this.#storage.place(value); type; place = this.#storage.place(value)) {
      if (place.kind === "same") value = place.as;
      else if (place.kind === "view") {
        type = sourceTypeOfView(this.#reader, this.#reader.definition(value)!, type);
        value = place.source;
      } else return type;
    }
    return undefined;
  }

  /** Whether every value that lies in a buffer can still be expressed when the buffer has this type. */
  #feasible(root: ValueId, type: MemRefType): boolean {
    this.#pending.clear();
    const stack: (readonly [ValueId, MemRefType])[] = [[root, type]];
    while (stack.length > 0) {
      const [value, layout] = stack.pop()!;
      for (const derived of this.#storage.derived(value)) {
        const place = this.#storage.place(derived);
        const next = place.kind === "same" ? layout : viewType(this.#reader, this.#reader.definition(derived)!, layout);
        if (!next) return false;
        stack.push([derived, next]);
      }
      for (const placed of this.#windows.get(value) ?? []) {
        const { target, through } = this.#storage.placements.get(placed)!;
        const wanted = target.kind === "window" ? this.#windowType(target, layout, this.#tensor(through)) : layout;
        const next = this.#rootType(through, wanted);
        if (!next) return false;
        this.#pending.set(placed, next);
        stack.push([placed, next]);
      }
    }
    return true;
  }

  /** The type of the buffer that holds a value, as far as is decided. */
  typeOf(value: ValueId): MemRefType {
    const chain: Operation[] = [];
    let place = this.#storage.place(value);
    while (place.kind === "same" || place.kind === "view") {
      if (place.kind === "view") chain.push(this.#reader.definition(value)!);
      value = place.kind === "same" ? place.as : place.source;
      place = this.#storage.place(value);
    }
    let type = this.#placedTypes.get(value) ?? ownType(this.#tensor(value));
    for (const op of chain.reverse()) type = viewType(this.#reader, op, type)!;
    return type;
  }
}
