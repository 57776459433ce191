import { isPure } from "../../ir/analysis/effects.ts";
import { sameAttributes } from "../../ir/attributes.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { BlockId, OpId, Operation } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass, type PassContext } from "../pass.ts";
import { structuralKey } from "./structural-key.ts";

/** Merges pure operations with their equals that come before them. */
export const cse = pass({
  name: "cse",
  summary: "merge pure operations that compute the same",
  statistics: { merged: "operations merged with an equal one" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    new Elimination(rewriter, context).visit(rewriter.operation(context.root));
    return context.commit(rewriter);
  },
});

/** Operations whose result is written to by its reader: one for each reader. */
const destinations: ReadonlySet<string> = new Set([tensor.empty.name, linalg.fill.name]);

class Elimination {
  readonly #rewriter: Rewriter;
  readonly #context: PassContext;
  /** Available operations: those before the present one in its block and in the blocks around it. */
  #available = new Map<string, OpId>();

  constructor(rewriter: Rewriter, context: PassContext) {
    this.#rewriter = rewriter;
    this.#context = context;
  }

  /** Works on the regions of an operation. */
  visit(op: Operation): void {
    const outer = this.#available;
    if (this.#context.registry.hasTrait(op, "isolated-from-above")) this.#available = new Map();
    for (const region of op.regions) for (const block of region) this.#block(block);
    this.#available = outer;
  }

  #block(block: BlockId): void {
    const added: string[] = [];
    for (const id of this.#rewriter.block(block).operations.slice()) {
      const op = this.#rewriter.operation(id);
      if (op.regions.length > 0) this.visit(op);
      const key = this.#merge(this.#rewriter.operation(id));
      if (key !== undefined) added.push(key);
    }
    // What a block made is not available after it.
    for (const key of added) this.#available.delete(key);
  }

  /** Merges an operation, or returns the key under which it is available from here on. */
  #merge(op: Operation): string | undefined {
    const { registry } = this.#context;
    if (op.results.length === 0 || destinations.has(op.name) || !isPure(this.#rewriter, registry, op)) return undefined;
    if (registry.hasTrait(op, "terminator")) return undefined;
    const key = structuralKey(this.#rewriter, op);
    const known = this.#available.get(key);
    if (known === undefined) {
      this.#available.set(key, op.id);
      return key;
    }
    const other = this.#rewriter.operation(known);
    // Keys hold hashes of large constants.
    if (!sameAttributes(other.properties, op.properties)) return undefined;
    this.#rewriter.replace(op, other.results);
    this.#context.count("merged");
    return undefined;
  }
}
