import type { OpId } from "./module.ts";

/**
 * The order of a block's operations under edit: a doubly linked list, so that an insertion or removal in a block of a hundred
 * thousand operations costs the same as in a block of ten.
 */
export class BlockOrder {
  readonly #next = new Map<OpId, OpId | undefined>();
  readonly #previous = new Map<OpId, OpId | undefined>();
  #first: OpId | undefined;
  #last: OpId | undefined;
  #list: readonly OpId[] | undefined;

  constructor(operations: readonly OpId[]) {
    for (const op of operations) this.append(op);
    this.#list = operations;
  }

  get first(): OpId | undefined {
    return this.#first;
  }

  append(op: OpId): void {
    this.#previous.set(op, this.#last);
    this.#next.set(op, undefined);
    if (this.#last === undefined) this.#first = op;
    else this.#next.set(this.#last, op);
    this.#last = op;
    this.#list = undefined;
  }

  insertBefore(op: OpId, before: OpId): void {
    const previous = this.#previous.get(before);
    this.#previous.set(op, previous);
    this.#next.set(op, before);
    this.#previous.set(before, op);
    if (previous === undefined) this.#first = op;
    else this.#next.set(previous, op);
    this.#list = undefined;
  }

  remove(op: OpId): void {
    const previous = this.#previous.get(op);
    const next = this.#next.get(op);
    if (previous === undefined) this.#first = next;
    else this.#next.set(previous, next);
    if (next === undefined) this.#last = previous;
    else this.#previous.set(next, previous);
    this.#next.delete(op);
    this.#previous.delete(op);
    this.#list = undefined;
  }

  /** The operations in order; the same array until the next edit. */
  list(): readonly OpId[] {
    if (this.#list === undefined) {
      const list: OpId[] = [];
      for (let op = this.#first; op !== undefined; op = this.#next.get(op)) list.push(op);
      this.#list = list;
    }
    return this.#list;
  }
}
