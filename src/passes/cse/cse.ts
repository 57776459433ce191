import { effectsIn, isPure, isTriviallyDead, type OpEffects } from "../../ir/analysis/effects.ts";
import { DominatorTree } from "../../ir/analysis/dominator-tree.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { BlockId, OpId, Operation, Region } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass, type PassContext } from "../pass.ts";
import { AvailableOperations } from "./available-operations.ts";

/** Merges operations with their equals that come before them, on every way to them. */
export const cse = pass({
  name: "cse",
  summary: "merge pure operations that compute the same",
  statistics: { merged: "operations merged with an equal one", erased: "operations without readers" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    new Elimination(rewriter, context).run();
    return context.commit(rewriter);
  },
});

/** Operations whose result is written to by its reader: one for each reader. */
const destinations: ReadonlySet<string> = new Set([tensor.empty.name, linalg.fill.name]);

/** A block on the way down a dominator tree. What is in it is available to the blocks it dominates, and gone with it. */
interface Frame {
  readonly block: BlockId;
  readonly tree: DominatorTree | undefined;
  readonly operations: readonly OpId[];
  next: number;
  /** An operation whose regions were just gone through. */
  holder: Operation | undefined;
  readonly mark: number;
  /** The isolated region the block is in. */
  readonly isolation: number;
  dominated: BlockId[] | undefined;
}

class Elimination {
  readonly #rewriter: Rewriter;
  readonly #context: PassContext;
  readonly #effectsOf: (name: string) => OpEffects;
  readonly #available: AvailableOperations;
  readonly #frames: Frame[] = [];
  #isolations = 0;
  /** Counts what may have written to memory: reads are equal where nothing has in between. */
  #writes = 0;

  constructor(rewriter: Rewriter, context: PassContext) {
    this.#rewriter = rewriter;
    this.#context = context;
    this.#effectsOf = effectsIn(context.registry);
    this.#available = new AvailableOperations(rewriter, (name) => this.#effectsOf(name).isCommutative);
  }

  run(): void {
    this.#enterRegions(this.#rewriter.operation(this.#context.root), 0);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) this.#step(frame);
  }

  #step(frame: Frame): void {
    if (frame.holder !== undefined) {
      const { id } = frame.holder;
      frame.holder = undefined;
      this.#operation(this.#rewriter.operation(id), frame);
    } else if (frame.next < frame.operations.length) {
      const op = this.#rewriter.operation(frame.operations[frame.next++]!);
      if (op.regions.length === 0) this.#operation(op, frame);
      else {
        frame.holder = op;
        this.#enterRegions(op, frame.isolation);
      }
    } else {
      frame.dominated ??= frame.tree?.children(frame.block).toReversed() ?? [];
      const block = frame.dominated.pop();
      if (block !== undefined) this.#enter(block, frame.tree, frame.isolation);
      else {
        this.#available.release(frame.mark);
        this.#frames.pop();
      }
    }
  }

  #enterRegions(op: Operation, isolation: number): void {
    const inner = this.#effectsOf(op.name).isIsolated ? ++this.#isolations : isolation;
    for (let index = op.regions.length - 1; index >= 0; index--) {
      const region: Region = op.regions[index]!;
      const entry = region[0];
      if (entry === undefined) continue;
      this.#enter(entry, region.length > 1 ? new DominatorTree(this.#rewriter, region) : undefined, inner);
    }
  }
  #enter(block: BlockId, tree: DominatorTree | undefined, isolation: number): void {
    const { operations } = this.#rewriter.block(block);
    const { mark } = this.#available;
    this.#frames.push({ block, tree, operations, next: 0, holder: undefined, mark, isolation, dominated: undefined });
  }

  /** Erases an operation that nothing needs, or merges it with its equal. */
  #operation(op: Operation, frame: Frame): void {
    const { kind, isTerminator } = this.#effectsOf(op.name);
    const reads = kind === "reads" && op.regions.length === 0;
    const isFree = kind === "none" || (kind === "of-regions" && isPure(this.#rewriter, this.#context.registry, op));
    if (!isTerminator && (isFree || reads) && isTriviallyDead(this.#rewriter, this.#context.registry, op)) {
      this.#rewriter.erase(op);
      this.#context.count("erased");
      return;
    }
    if (!isFree && !reads) this.#writes++;
    if (isTerminator || op.results.length === 0 || !(isFree || reads) || destinations.has(op.name)) return;
    const known = this.#available.find(op, frame.isolation, this.#writes);
    if (known === undefined) return;
    const other = this.#rewriter.operation(known.op);
    if (reads && (other.parent !== op.parent || known.note !== this.#writes)) {
      // From here on, this one is what was read last.
      known.op = op.id;
      known.note = this.#writes;
      return;
    }
    this.#rewriter.replace(op, other.results);
    this.#context.count("merged");
  }
}
