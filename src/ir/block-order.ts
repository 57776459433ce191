import type { OpId } from "./module.ts";

const none = -1;
const grown = (array: Int32Array, size: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(Math.max(size, array.length * 2, 64)).fill(none, array.length);
  larger.set(array);
  return larger;
};

/** For each operation the one before and after it in its block, shared by the blocks of one table. */
export class OrderLinks {
  next: Int32Array;
  previous: Int32Array;

  constructor(operations: number) {
    this.next = new Int32Array(operations).fill(none);
    this.previous = new Int32Array(operations).fill(none);
  }
  reserve(op: number): void {
    if (op < this.next.length) return;
    this.next = grown(this.next, op + 1);
    this.previous = grown(this.previous, op + 1);
  }
}

/**
 * The order of a block's operations under edit: a doubly linked list, so that an insertion or removal in a block of a hundred
 * thousand operations costs the same as in a block of ten.
 */
export class BlockOrder {
  readonly #links: OrderLinks;
  #first = none;
  #last = none;
  #list: readonly OpId[] | undefined;

  constructor(links: OrderLinks, operations: readonly OpId[]) {
    this.#links = links;
    this.#list = operations;
    if (operations.length === 0) return;
    for (const op of operations) links.reserve(op);
    const { next, previous } = links;
    let before = none;
    for (const op of operations) {
      previous[op] = before;
      if (before !== none) next[before] = op;
      before = op;
    }
    next[before] = none;
    this.#first = operations[0]!;
    this.#last = before;
  }

  get first(): OpId | undefined {
    return this.#first === none ? undefined : (this.#first as OpId);
  }
  /** The operation before one of the block's; undefined for the first. */
  before(op: OpId): OpId | undefined {
    const previous = this.#links.previous[op]!;
    return previous === none ? undefined : (previous as OpId);
  }

  append(op: OpId): void {
    const links = this.#links;
    links.reserve(op);
    links.previous[op] = this.#last;
    links.next[op] = none;
    if (this.#last === none) this.#first = op;
    else links.next[this.#last] = op;
    this.#last = op;
    this.#list = undefined;
  }

  insertBefore(op: OpId, before: OpId): void {
    const links = this.#links;
    links.reserve(op);
    const previous = links.previous[before]!;
    links.previous[op] = previous;
    links.next[op] = before;
    links.previous[before] = op;
    if (previous === none) this.#first = op;
    else links.next[previous] = op;
    this.#list = undefined;
  }

  remove(op: OpId): void {
    const { next, previous } = this.#links;
    const before = previous[op]!;
    const after = next[op]!;
    if (before === none) this.#first = after;
    else next[before] = after;
    if (after === none) this.#last = before;
    else previous[after] = before;
    this.#list = undefined;
  }

  /** The operations in order; the same array until the next edit. */
  list(): readonly OpId[] {
    if (this.#list === undefined) {
      const list: OpId[] = [];
      const { next } = this.#links;
      for (let op = this.#first; op !== none; op = next[op]!) list.push(op as OpId);
      this.#list = list;
    }
    return this.#list;
  }
}
