import { gpu } from "../../../ir/dialects/index.ts";
import { bodyOf, type Module } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { pass } from "../../../passes/pass.ts";

/** Leaves a module's kernels alone in it: what follows changes their parameters, which launches do not know of. */
export const isolateKernels = pass({
  name: "wgsl-isolate-kernels",
  summary: "drop everything but kernels",
  anchors: ["builtin.module"],
  statistics: { dropped: "operations dropped" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of bodyOf(rewriter, rewriter.operation(rewriter.root)).toReversed())
      if (op.name !== gpu.module.name) {
        rewriter.erase(op);
        context.count("dropped");
      }
    return context.commit(rewriter);
  },
});
