import { ruleTable } from "../../printing/rule.ts";
import { arithRules } from "./arith.ts";
import { gpuRules } from "./gpu.ts";
import { mathRules } from "./math.ts";
import { memrefRules } from "./memref.ts";
import { scfRules } from "./scf.ts";
import { packedDotRule } from "./packed-dot.ts";
import { vectorRules } from "./vector.ts";

/** One rule for every operation that WGSL code can express, by the operation's name. */
export const printingRules = ruleTable(arithRules, mathRules, memrefRules, vectorRules, scfRules, gpuRules, [
  packedDotRule,
]);
