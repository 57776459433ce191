import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import type { IrReader, OpId, Operation, Use, ValueId } from "../../ir/module.ts";
import { bodyOf } from "../../ir/module.ts";

/** Operations whose regions run more than once each time the operation runs. */
const loopNames: ReadonlySet<string> = new Set(["scf.for", "scf.while", "scf.parallel", "tensor.generate"]);
const isLoop = (op: Operation): boolean => loopNames.has(op.name) || isStructured(op);

/** Answers what may run after what inside one function, loops included. */
export class ProgramOrder {
  readonly #reader: IrReader;
  readonly #position = new Map<OpId, number>();

  constructor(reader: IrReader, root: Operation) {
    this.#reader = reader;
    this.#number(root);
  }

  #number(op: Operation): void {
    this.#position.set(op.id, this.#position.size);
    for (const region of op.regions)
      for (const block of region)
        for (const inner of this.#reader.block(block).operations) this.#number(this.#reader.operation(inner));
  }

  /** The place of an operation in a walk that visits outer operations before inner ones. */
  position(op: OpId): number {
    return this.#position.get(op)!;
  }

  /** The operations around `op`, innermost first, with the region each holds it in. */
  ancestors(op: Operation): readonly { readonly op: Operation; readonly region: number }[] {
    const found: { op: Operation; region: number }[] = [];
    let { parent } = op;
    while (parent !== undefined) {
      const block = this.#reader.block(parent);
      const holder = this.#reader.operation(block.parent);
      found.push({ op: holder, region: block.regionIndex });
      parent = holder.parent;
    }
    return found;
  }

  /** The loops in which a value is made anew each time round, innermost first. */
  loopsAroundDefinition(id: ValueId): ReadonlySet<OpId> {
    const value = this.#reader.value(id);
    if (value.kind === "result") return this.loopsAround(this.#reader.operation(value.op));
    const holder = this.#reader.operation(this.#reader.block(value.block).parent);
    const around = this.loopsAround(holder);
    return isLoop(holder) ? new Set([holder.id, ...around]) : around;
  }

  /** The loops around an operation, innermost first. */
  loopsAround(op: Operation): ReadonlySet<OpId> {
    return new Set(
      this.ancestors(op)
        .filter((ancestor) => isLoop(ancestor.op))
        .map((ancestor) => ancestor.op.id),
    );
  }

  /**
   * Whether a use of `value` may run after `writer` while the value is still the one that was there before: later in the program,
   * or in the next round of a loop that holds both but not the value's definition.
   */
  mayFollow(use: Use, writer: Operation, value: ValueId): boolean {
    const user = this.#reader.operation(use.op);
    if (this.position(use.op) > this.position(writer.id) && !this.#exclusive(user, writer)) return true;
    const defined = this.loopsAroundDefinition(value);
    const around = this.loopsAround(user);
    for (const loop of this.loopsAround(writer)) if (around.has(loop) && !defined.has(loop)) return true;
    return false;
  }

  /** Whether the two lie in different branches of one `scf.if`. */
  #exclusive(left: Operation, right: Operation): boolean {
    const leftRegions = new Map(this.ancestors(left).map(({ op, region }) => [op.id, region]));
    for (const { op, region } of this.ancestors(right)) {
      const other = leftRegions.get(op.id);
      if (other !== undefined) return op.name === "scf.if" && other !== region;
    }
    return false;
  }
}

/** The terminator of a region's entry block. */
export function yieldOf(reader: IrReader, op: Operation, region = 0): Operation {
  const last = bodyOf(reader, op, region).at(-1);
  if (!last) throw new Error(`${op.name} has an empty region`);
  return last;
}
