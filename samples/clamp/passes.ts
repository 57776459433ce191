import { arith } from "../../src/ir/dialects/index.ts";
import { type Pattern, pattern } from "../../src/ir/pattern.ts";
import { rewriteGreedily } from "../../src/passes/canonicalize/greedy-driver.ts";
import { buildUniform } from "../../src/passes/canonicalize/patterns/constants.ts";
import { pass } from "../../src/passes/pass.ts";
import { int } from "../../src/passes/pass-options.ts";
import { clamp } from "./dialect.ts";

const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Of two clamps in a row, the outer one clamps the inner one's bounds as well. */
const mergeNested = pattern(clamp.range)("merge-nested", ({ op, operands, attributes: { low, high } }, rewriter) => {
  const inner = clamp.range.match(rewriter, rewriter.definition(operands.x));
  if (!inner) return false;
  const bounds = { low: between(inner.attributes.low, low, high), high: between(inner.attributes.high, low, high) };
  rewriter.replace(op, [clamp.range.build(rewriter, { x: inner.operands.x }, bounds).y]);
  return true;
});

/** Upstream's arithmetic: what every later pass and every backend knows. */
const toArith = pattern(clamp.range)("to-arith", ({ op, operands: { x }, types, attributes }, rewriter) => {
  const low = buildUniform(rewriter, attributes.low, types.x);
  const high = buildUniform(rewriter, attributes.high, types.x);
  if (low === undefined || high === undefined) return false;
  const above = arith.maximumf.build(rewriter, { lhs: x, rhs: low }, {}).result;
  rewriter.replace(op, [arith.minimumf.build(rewriter, { lhs: above, rhs: high }, {}).result]);
  return true;
});

const rewritePass = (name: string, summary: string, ...patterns: readonly Pattern[]) =>
  pass({
    name,
    summary,
    options: { maxRounds: int.default(10).summary("sweeps before giving up") },
    run(module, { maxRounds }, context) {
      const applied = (rule: string): void => context.count(rule);
      const options = { registry: context.registry, root: context.root, maxRounds, maxRewrites: 1_000_000, applied };
      return context.commit(rewriteGreedily(module, patterns, options).rewriter);
    },
  });

export const mergeClamps = rewritePass("merge-clamps", "make one clamp of several in a row", mergeNested);
export const lowerClamps = rewritePass("lower-clamps", "replace clamps by minima and maxima", toArith);
