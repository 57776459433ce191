import { passDiagnostics } from "../diagnostics.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { rewriteGreedily } from "./greedy-driver.ts";

/** Brings a program into the form that other passes look for: see `patterns/`, one file for each dialect. */
export const canonicalize = pass({
  name: "canonicalize",
  summary: "apply every dialect's canonicalization patterns to a fixed point",
  options: {
    maxRounds: int.default(10).summary("sweeps over all operations before giving up"),
    maxRewrites: int.default(10_000_000).summary("rewrites before giving up"),
  },
  run(module, { maxRounds, maxRewrites }, context) {
    const { rewriter, converged } = rewriteGreedily(module, context.canonicalizationPatterns, {
      registry: context.registry,
      root: context.root,
      maxRounds,
      maxRewrites,
      applied: (name, times) => context.count(name, times),
    });
    if (!converged) {
      const { location } = rewriter.operation(context.root);
      context.report(passDiagnostics.at("no-fixed-point", location, { pass: "canonicalize" }));
    }
    return context.commit(rewriter);
  },
});
