import type { OpId } from "../../ir/module.ts";

/** A stack of operations to look at, each in it once at most. */
export class Worklist {
  readonly #stack: OpId[] = [];
  /** Whether an operation is in it, by id. */
  #present: Uint8Array;

  constructor(operations: number) {
    this.#present = new Uint8Array(operations + 64);
  }

  push(id: OpId): void {
    if (id >= this.#present.length) {
      const before = this.#present;
      this.#present = new Uint8Array(Math.max(id + 1, before.length * 2));
      this.#present.set(before);
    }
    if (this.#present[id] === 1) return;
    this.#present[id] = 1;
    this.#stack.push(id);
  }
  remove(id: OpId): void {
    if (id < this.#present.length) this.#present[id] = 0;
  }
  /** The operation put in last; undefined when none is left. */
  pop(): OpId | undefined {
    for (let id = this.#stack.pop(); id !== undefined; id = this.#stack.pop()) {
      // An operation that was removed left its place on the stack.
      if (this.#present[id] === 0) continue;
      this.#present[id] = 0;
      return id;
    }
    return undefined;
  }
}
