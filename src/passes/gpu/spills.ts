import type { BlockId, Operation, ValueId } from "../../ir/module.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { at } from "../../ir/builder.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { memRefType } from "../../ir/types.ts";

/** Scalars that go from one kernel to others, each through a buffer of one element. */
export class Spills {
  readonly #rewriter: Rewriter;
  readonly #entry: BlockId;
  readonly #buffers = new Map<ValueId, ValueId>();

  /** @param entry where the buffers are allocated */
  constructor(rewriter: Rewriter, entry: BlockId) {
    this.#rewriter = rewriter;
    this.#entry = entry;
  }

  /** The buffer of each scalar. */
  get buffers(): ReadonlyMap<ValueId, ValueId> {
    return this.#buffers;
  }

  /** Puts stores of the results that something reads right behind their operation; returns the stores. */
  spill(op: Operation): readonly Operation[] {
    const rewriter = this.#rewriter;
    const read = op.results.filter((result) => rewriter.useCount(result) > 0);
    const { operations } = rewriter.block(op.parent!);
    const next = operations[operations.indexOf(op.id) + 1]!;
    return read.map((result) => {
      rewriter.location = op.location;
      const buffer = at(rewriter, { kind: "before", op: rewriter.firstOperation(this.#entry)! }, () =>
        memref.alloc.build(rewriter, {}, { alignment: 64 }, { resultTypes: [memRefType([], rewriter.typeOf(result))] }),
      ).memref;
      this.#buffers.set(result, buffer);
      return at(rewriter, { kind: "before", op: next }, () =>
        memref.store.build(rewriter, { value: result, memref: buffer, indices: [] }, {}),
      ).op;
    });
  }
}
