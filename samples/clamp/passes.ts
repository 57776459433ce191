import { arith } from "../../src/ir/dialects/index.ts";
import type { Module } from "../../src/ir/module.ts";
import { type Pattern, pattern } from "../../src/ir/pattern.ts";
import { rewriteGreedily } from "../../src/passes/canonicalize/greedy-driver.ts";
import { buildUniform } from "../../src/passes/canonicalize/patterns/constants.ts";
import { pass, type PassContext } from "../../src/passes/pass.ts";
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

/** The module after the patterns were applied wherever they apply. */
function apply(patterns: readonly Pattern[], module: Module, context: PassContext): Module {
  const { registry, root, count } = context;
  const options = { registry, root, maxRounds: 10, maxRewrites: 1_000_000, applied: (name: string) => count(name) };
  return context.commit(rewriteGreedily(module, patterns, options).rewriter);
}

export const mergeClamps = pass({
  name: "merge-clamps",
  summary: "make one clamp of several in a row",
  run: (module, _, context) => apply([mergeNested], module, context),
});

export const lowerClamps = pass({
  name: "lower-clamps",
  summary: "replace clamps by minima and maxima",
  run: (module, _, context) => apply([toArith], module, context),
});
