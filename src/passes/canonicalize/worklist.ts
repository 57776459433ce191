import type { OpId } from "../../ir/module.ts";

/** A stack of operations to look at, each in it once at most. */
export class Worklist {
  readonly #stack: OpId[] = [];
  readonly #present = new Set<OpId>();

  push(id: OpId): void {
    if (this.#present.has(id)) return;
    this.#present.add(id);
    this.#stack.push(id);
  }
  remove(id: OpId): void {
    this.#present.delete(id);
  }
  /** The operation put in last; undefined when none is left. */
  pop(): OpId | undefined {
    for (let id = this.#stack.pop(); id !== undefined; id = this.#stack.pop())
      // An operation that was removed left its place on the stack.
      if (this.#present.delete(id)) return id;
    return undefined;
  }
}
