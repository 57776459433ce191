import fc from "fast-check";
import { expect, test } from "vitest";
import { Dominance } from "../../../src/ir/analysis/dominance.ts";
import { type BlockId, ModuleReader, walk } from "../../../src/ir/module.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";

/** Blocks that are reached from the entry without entering `avoided`. */
function reached(edges: readonly (readonly number[])[], avoided: number | undefined): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = avoided === 0 ? [] : [0];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (seen.has(block) || block === avoided) continue;
    seen.add(block);
    pending.push(...edges[block]!);
  }
  return seen;
}

test("a block dominates another when there is no way around it", () => {
  const graphs = fc.integer({ min: 1, max: 9 }).chain((count) =>
    fc.array(fc.array(fc.integer({ min: Math.min(1, count - 1), max: count - 1 }), { maxLength: 3 }), {
      minLength: count,
      maxLength: count,
    }),
  );
  fc.assert(
    fc.property(graphs, (drawn) => {
      // The entry block is no successor.
      const edges = drawn.map((list) => list.filter((block) => block > 0));
      const blocks = edges.map((list, index) => {
        const header = index === 0 ? "" : `^bb${index}:\n`;
        return `${header}"test.jump"()[${list.map((block) => `^bb${block}`).join(", ")}] : () -> ()`;
      });
      const text = `"test.op"() ({\n${blocks.join("\n")}\n}) : () -> ()`;
      const module = parseModule(text, { file: "graph.mlir", registry, allowUnregisteredDialects: true });
      const reader = new ModuleReader(module);
      const ids = [...walk(reader)].find((op) => op.name === "test.op")!.regions[0]! as readonly BlockId[];
      const dominance = new Dominance(
        reader,
        () => false,
        () => false,
      );
      const all = reached(edges, undefined);
      for (const [from] of edges.entries()) {
        const around = reached(edges, from);
        for (const [to] of edges.entries()) {
          const expected = !all.has(to) || !around.has(to);
          expect(dominance.blockDominates(ids[from]!, ids[to]!), `${from} over ${to} in\n${text}`).toBe(expected);
        }
      }
    }),
  );
});
