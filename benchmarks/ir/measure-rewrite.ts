import { registry } from "../../src/ir/dialects/index.ts";
import type { Module, Pages } from "../../src/ir/module.ts";
import type { Pattern } from "../../src/ir/pattern.ts";
import { Rewriter } from "../../src/ir/rewriter.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { generateModule } from "./generate-module.ts";

/** What a few rewrites in a large module cost, beside rewriting all of it. */
export interface RewriteFigures {
  /** How often the pattern fired in each case. */
  readonly few: number;
  readonly all: number;
  /** Milliseconds. */
  readonly fewTime: number;
  readonly allTime: number;
  /** How much of the old module's pages is in the new one after the few rewrites, from 0 to 1. */
  readonly shared: number;
}

/** Only these few operations of the module have this name. */
const rare = "arith.minui";

/** Puts an operation of the same operands and results in place of one with two operands. */
const replaced = (root: string | undefined): Pattern => ({
  name: "replace",
  root,
  rewrite(op, rewriter) {
    const { name, operands, results, properties } = op;
    if (operands.length !== 2) return false;
    const resultTypes = results.map((result) => rewriter.typeOf(result));
    const made = rewriter.create({ name: name === rare ? "arith.minsi" : name, operands, resultTypes, properties });
    rewriter.replace(op, made.results);
    return true;
  },
});

function rewritten(module: Module, pattern: Pattern): { readonly module: Module; readonly fired: number } {
  const rewriter = new Rewriter(module);
  let fired = 0;
  for (const page of module.operations)
    for (const op of page) {
      if (op?.parent === undefined || (pattern.root !== undefined && op.name !== pattern.root)) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      if (pattern.rewrite(op, rewriter)) fired++;
    }
  return { module: rewriter.commit().module, fired };
}

function sharedPages<T>(before: Pages<T>, after: Pages<T>): number {
  const kept = new Set<unknown>(after);
  return before.filter((page) => kept.has(page)).length;
}

/** A generated module with `count` operations, spread over it, under a name that no other has. */
function withRareOperations(operations: number, count: number): Module {
  const step = Math.floor(operations / (count + 1));
  let candidates = 0;
  const text = generateModule(operations).replaceAll(/"arith\.\w+"(?=\(%\w+, %\w+\) :)/g, (name) => {
    // Half of the operations have no properties; each of them may take another name of that kind.
    candidates++;
    return candidates % (step >> 2) === 0 && candidates / (step >> 2) <= count ? `"${rare}"` : name;
  });
  return parseModule(text, { file: "generated.mlir", registry });
}

/** Measures in a module of so many operations; the median of `runs`. Each run has a module of its own, so that no cache helps. */
export function measureRewrites(operations: number, count: number, runs: number): RewriteFigures {
  const samples = Array.from({ length: runs + 1 }, (): RewriteFigures => {
    const few = timed(withRareOperations(operations, count), replaced(rare));
    const all = timed(withRareOperations(operations, count), replaced(undefined));
    return { few: few.fired, all: all.fired, fewTime: few.time, allTime: all.time, shared: few.shared };
  }).slice(1);
  return samples.toSorted((a, b) => a.fewTime / a.allTime - b.fewTime / b.allTime)[runs >> 1]!;
}

function timed(
  before: Module,
  pattern: Pattern,
): { readonly fired: number; readonly time: number; readonly shared: number } {
  const start = performance.now();
  const { module: after, fired } = rewritten(before, pattern);
  const time = performance.now() - start;
  const tables = ["operations", "values", "blocks"] as const;
  const kept = tables.reduce((sum, table) => sum + sharedPages<unknown>(before[table], after[table]), 0);
  const pages = tables.reduce((sum, table) => sum + before[table].length, 0);
  return { fired, time, shared: kept / pages };
}
