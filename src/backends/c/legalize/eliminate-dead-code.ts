import { type Module, type OpId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { pass } from "../../../passes/pass.ts";

/** Drops pure operations that nothing reads, which C compilers would warn of. */
export const eliminateDeadCode = pass({
  name: "c-eliminate-dead-code",
  summary: "drop pure operations that nothing reads",
  anchors: ["builtin.module"],
  statistics: { erased: "operations dropped" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    const order: OpId[] = [];
    for (const op of walk(rewriter)) order.push(op.id);
    // Readers come after what they read: going backwards, one pass is enough.
    for (const id of order.reverse()) {
      if (!rewriter.exists(id)) continue;
      const op = rewriter.operation(id);
      if (op.results.length === 0 || !context.registry.hasTrait(op, "pure")) continue;
      if (op.results.some((result) => rewriter.useCount(result) > 0)) continue;
      rewriter.erase(op);
      context.count("erased");
    }
    return context.commit(rewriter);
  },
});
