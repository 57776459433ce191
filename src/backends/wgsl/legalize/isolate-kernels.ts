import { gpu } from "../../../ir/dialects/index.ts";
import { bodyOf, type Module, type Operation, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, f64 } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { wgslDiagnostics } from "../diagnostics.ts";

/** Leaves a module's kernels alone in it: what follows changes their parameters, which launches do not know of. */
export const isolateKernels = pass({
  name: "wgsl-isolate-kernels",
  summary: "drop everything but kernels, which must be free of doubles",
  anchors: ["builtin.module"],
  statistics: { dropped: "operations dropped" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of bodyOf(rewriter, rewriter.operation(rewriter.root)).toReversed())
      if (op.name !== gpu.module.name) {
        rewriter.erase(op);
        context.count("dropped");
      }
    const mentionsDouble = (op: Operation): boolean =>
      [...op.operands, ...op.results].some((value) => elementOf(rewriter.typeOf(value)) === f64);
    for (const op of walk(rewriter))
      if (mentionsDouble(op)) context.report(wgslDiagnostics.at("no-double", op.location, { what: op.name }));
    return context.commit(rewriter);
  },
});
