import type { PrintingRule } from "../scope.ts";
import { arithRules } from "./arith.ts";
import { gpuRules } from "./gpu.ts";
import { mathRules } from "./math.ts";
import { memrefRules } from "./memref.ts";
import { scfRules } from "./scf.ts";
import { packedDotRule } from "./packed-dot.ts";
import { vectorRules } from "./vector.ts";

/** One rule for every operation that WGSL code can express, by the operation's name. */
export const printingRules: ReadonlyMap<string, PrintingRule> = new Map(
  [...arithRules, ...mathRules, ...memrefRules, ...vectorRules, ...scfRules, ...gpuRules, packedDotRule].map((rule) => [
    rule.name,
    rule,
  ]),
);
