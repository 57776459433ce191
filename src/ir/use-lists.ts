/** One operation as far as its uses go. */
interface OperandOwner {
  readonly id: number;
  readonly operands: readonly number[];
}
type OwnerPages = readonly (readonly (OperandOwner | undefined)[])[];

const none = -1;
const grown = (array: Int32Array, size: number, fill = 0): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(Math.max(size, array.length * 2, 64));
  larger.set(array);
  if (fill !== 0) larger.fill(fill, array.length);
  return larger;
};

/**
 * Who reads which value: for each value a doubly linked ring of operand slots, in numbers. An operation's operands have slots that
 * follow each other, so that a slot tells the position. Adding and dropping a use costs the same however many there are, and makes no
 * objects.
 */
export class UseLists {
  #next: Int32Array;
  #previous: Int32Array;
  /** The operation of a slot. */
  #owner: Int32Array;
  /** The first slot of an operation's operands. */
  #start: Int32Array;
  /** The first slot of a value's ring. */
  #head: Int32Array;
  #count: Int32Array;
  #slots = 0;

  private constructor(slots: number, operations: number, values: number) {
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    this.#owner = new Int32Array(slots);
    this.#start = new Int32Array(operations);
    this.#head = new Int32Array(values).fill(none);
    this.#count = new Int32Array(values);
  }

  static empty(): UseLists {
    return new UseLists(0, 0, 0);
  }
  /** The uses in a table of operations, each value's in the order of their operations' numbers. */
  static of(pages: OwnerPages, operationSlots: number, valueSlots: number): UseLists {
    const lists = new UseLists(operationSlots * 2, operationSlots, valueSlots);
    for (const page of pages) for (const op of page) if (op !== undefined) lists.#append(op.id, op.operands);
    return lists;
  }
  /** `addAll` for an operation whose slots come last. In one function, with the arrays at hand: it is called for all operations. */
  #append(operation: number, operands: readonly number[]): void {
    const start = this.#reserve(operation, operands.length);
    const owner = this.#owner;
    const next = this.#next;
    const previous = this.#previous;
    const heads = this.#head;
    const counts = this.#count;
    for (let index = 0; index < operands.length; index++) {
      const slot = start + index;
      const value = operands[index]!;
      const head = heads[value]!;
      owner[slot] = operation;
      counts[value]!++;
      if (head === none) {
        heads[value] = slot;
        next[slot] = slot;
        previous[slot] = slot;
        continue;
      }
      const last = previous[head]!;
      next[last] = slot;
      previous[slot] = last;
      next[slot] = head;
      previous[head] = slot;
    }
  }

  /** Lists that can be changed without changing these. */
  copy(): UseLists {
    const copied = new UseLists(0, 0, 0);
    copied.#next = this.#next.slice();
    copied.#previous = this.#previous.slice();
    copied.#owner = this.#owner.slice();
    copied.#start = this.#start.slice();
    copied.#head = this.#head.slice();
    copied.#count = this.#count.slice();
    copied.#slots = this.#slots;
    return copied;
  }

  /** How many operands read the value. */
  count(value: number): number {
    return value < this.#count.length ? this.#count[value]! : 0;
  }
  /** The slot of the value's first use; negative when there is none. */
  first(value: number): number {
    return value < this.#head.length ? this.#head[value]! : none;
  }
  /** The slot of the use after this one; negative after the last. */
  after(slot: number, value: number): number {
    const next = this.#next[slot]!;
    return next === this.#head[value] ? none : next;
  }
  /** The operation of a slot. */
  operation(slot: number): number {
    return this.#owner[slot]!;
  }
  /** The position of a slot among its operation's operands. */
  position(slot: number): number {
    return slot - this.#start[this.#owner[slot]!]!;
  }

  /** Gives an operation slots for its operands, and adds their uses. */
  addAll(operation: number, operands: readonly number[]): void {
    const start = this.#reserve(operation, operands.length);
    for (let index = 0; index < operands.length; index++) {
      this.#owner[start + index] = operation;
      this.#link(start + index, operands[index]!);
    }
  }
  #reserve(operation: number, count: number): number {
    const start = this.#slots;
    const end = start + count;
    if (end > this.#next.length) {
      this.#next = grown(this.#next, end);
      this.#previous = grown(this.#previous, end);
      this.#owner = grown(this.#owner, end);
    }
    if (operation >= this.#start.length) this.#start = grown(this.#start, operation + 1);
    this.#start[operation] = start;
    this.#slots = end;
    return start;
  }
  /** Drops the uses of an operation's operands. */
  dropAll(operation: number, operands: readonly number[]): void {
    const start = this.#start[operation]!;
    for (let index = 0; index < operands.length; index++) this.#unlink(start + index, operands[index]!);
  }
  /** Makes one operand another value. */
  change(operation: number, index: number, from: number, to: number): void {
    const slot = this.#start[operation]! + index;
    this.#unlink(slot, from);
    this.#link(slot, to);
  }

  #link(slot: number, value: number): void {
    if (value >= this.#head.length) {
      this.#head = grown(this.#head, value + 1, none);
      this.#count = grown(this.#count, value + 1);
    }
    const head = this.#head[value]!;
    if (head === none) {
      this.#head[value] = slot;
      this.#next[slot] = slot;
      this.#previous[slot] = slot;
    } else {
      const last = this.#previous[head]!;
      this.#next[last] = slot;
      this.#previous[slot] = last;
      this.#next[slot] = head;
      this.#previous[head] = slot;
    }
    this.#count[value]!++;
  }
  #unlink(slot: number, value: number): void {
    const next = this.#next[slot]!;
    if (next === slot) this.#head[value] = none;
    else {
      const previous = this.#previous[slot]!;
      this.#next[previous] = next;
      this.#previous[next] = previous;
      if (this.#head[value] === slot) this.#head[value] = next;
    }
    this.#count[value]!--;
  }
}
