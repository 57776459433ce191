import { effectsIn } from "../../ir/analysis/effects.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { type BlockId, type Module, type Operation, type OpId, type ValueId, walk } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";

const loops: ReadonlySet<string> = new Set([scf.for.name, scf.while.name, scf.parallel.name]);

/** Moves operations out of loops, outermost operations first, so that those they read have moved already. */
class Hoister {
  readonly #rewriter: Rewriter;
  readonly #effects: ReturnType<typeof effectsIn>;
  readonly #writes = new Map<OpId, boolean>();
  count = 0;

  constructor(rewriter: Rewriter, registry: Registry) {
    this.#rewriter = rewriter;
    this.#effects = effectsIn(registry);
  }

  visit(op: Operation): void {
    if (op.regions.length > 0 || op.results.length === 0 || op.parent === undefined) return;
    const { kind, isTerminator } = this.#effects(op.name);
    if (isTerminator || (kind !== "none" && kind !== "reads")) return;
    const loop = this.#outermost(op, kind === "reads");
    if (loop === undefined) return;
    this.#rewriter.moveBefore(op, loop);
    this.count++;
  }

  /** The outermost loop around an operation in which it gives the same in every round. */
  #outermost(op: Operation, reads: boolean): OpId | undefined {
    const rewriter = this.#rewriter;
    const blocks = new Set(op.operands.map((operand) => this.#blockOf(operand)));
    let found: OpId | undefined;
    let block: BlockId | undefined = op.parent;
    // Up from the innermost region, until one that makes an operand.
    while (block !== undefined && !blocks.has(block)) {
      const around = rewriter.operation(rewriter.block(block).parent);
      if (this.#effects(around.name).isIsolated || around.parent === undefined) break;
      if (loops.has(around.name)) {
        if (reads && !this.#mayReadBefore(around)) break;
        found = around.id;
      } else if (reads) break;
      else if (around.regions.length === 0) break;
      block = around.parent;
    }
    return found;
  }

  #blockOf(value: ValueId): BlockId {
    const made = this.#rewriter.value(value);
    return made.kind === "argument" ? made.block : this.#rewriter.operation(made.op).parent!;
  }

  /** Whether what a loop reads is there before it and stays: its body runs, and writes nothing. */
  #mayReadBefore(loop: Operation): boolean {
    const bounds = scf.for.match(this.#rewriter, loop)?.operands;
    if (!bounds) return false;
    const [lower, upper] = [this.#constant(bounds.lowerBound), this.#constant(bounds.upperBound)];
    return lower !== undefined && upper !== undefined && lower < upper && !this.#isWriting(loop);
  }
  #isWriting(loop: Operation): boolean {
    let writes = this.#writes.get(loop.id);
    if (writes === undefined) {
      writes = false;
      for (const op of walk(this.#rewriter, loop.id)) if (this.#effects(op.name).kind === "any") writes = true;
      this.#writes.set(loop.id, writes);
    }
    return writes;
  }
  #constant(value: ValueId): bigint | undefined {
    const attribute = arith.constant.match(this.#rewriter, this.#rewriter.definition(value))?.attributes.value;
    return attribute?.kind === "integer" ? attribute.value : undefined;
  }
}

/**
 * Computes before a loop what is the same in each of its rounds. Operations without effects move out of branches on the way; reads
 * of memory move out of loops that run at least once and write nothing.
 */
export const hoistLoopInvariants = pass({
  name: "hoist-loop-invariants",
  summary: "compute before a loop what is the same in each of its rounds",
  statistics: { hoisted: "operations moved out of loops" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    const hoister = new Hoister(rewriter, context.registry);
    for (const { id } of Array.from(walk(rewriter, context.root))) hoister.visit(rewriter.operation(id));
    context.count("hoisted", hoister.count);
    return context.commit(rewriter);
  },
});
