import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import type { IrReader, OpId, Operation, ValueId } from "../../ir/module.ts";

/** Operations whose result is another name for the buffer of their first operand, or for a part of the bytes that it is made of. */
const views: ReadonlySet<string> = new Set([...bufferViews, "memref.view"]);

/** Operations that must be seen as one moment: what is in them runs repeatedly, or may be interleaved by later lowering. */
const indivisible: ReadonlySet<string> = new Set(["scf.for", "scf.while", "scf.parallel", "weft.kernel"]);

/** When buffers of one function hold something that is needed, in positions of a walk through the function. */
export class Lifetimes {
  readonly #reader: IrReader;
  readonly #start = new Map<OpId, number>();
  readonly #end = new Map<OpId, number>();
  #position = 0;

  constructor(reader: IrReader, fn: Operation) {
    this.#reader = reader;
    this.#number(fn);
  }

  #number(op: Operation): void {
    this.#start.set(op.id, this.#position++);
    for (const region of op.regions)
      for (const block of region)
        for (const inner of this.#reader.block(block).operations) this.#number(this.#reader.operation(inner));
    this.#end.set(op.id, this.#position - 1);
  }

  /**
   * From the first to the last use of a buffer under any of its names. A use in a loop that does not contain the buffer's
   * allocation counts for the whole loop: the contents may be needed in the next round. Undefined for a buffer that nothing uses.
   */
  of(buffer: ValueId): { readonly start: number; readonly end: number } | undefined {
    const home = this.#enclosing(this.#reader.definition(buffer));
    let start = Infinity;
    let end = -Infinity;
    const names: ValueId[] = [buffer];
    while (names.length > 0) {
      for (const use of this.#reader.uses(names.pop()!)) {
        const op = this.#reader.operation(use.op);
        if (views.has(op.name) && use.index === 0) {
          names.push(op.results[0]!);
          continue;
        }
        const whole = this.#outermost(op, home);
        start = Math.min(start, this.#start.get(whole.id)!);
        end = Math.max(end, this.#end.get(whole.id)!);
      }
    }
    return start <= end ? { start, end } : undefined;
  }

  #enclosing(op: Operation | undefined): ReadonlySet<OpId> {
    const found = new Set<OpId>();
    for (let block = op?.parent; block !== undefined;) {
      const holder = this.#reader.operation(this.#reader.block(block).parent);
      found.add(holder.id);
      block = holder.parent;
    }
    return found;
  }

  /** The outermost operation around `op` that counts as one moment and does not contain the allocation. */
  #outermost(op: Operation, home: ReadonlySet<OpId>): Operation {
    let whole = op;
    for (let block = op.parent; block !== undefined;) {
      const holder = this.#reader.operation(this.#reader.block(block).parent);
      if (home.has(holder.id)) break;
      if (indivisible.has(holder.name) || isStructured(holder)) whole = holder;
      block = holder.parent;
    }
    return whole;
  }
}
