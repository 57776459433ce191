import { ruleTable } from "../../printing/rule.ts";
import { arithRules } from "./arith.ts";
import { funcRules } from "./func.ts";
import { mathRules } from "./math.ts";
import { memrefRules } from "./memref.ts";
import { scfRules } from "./scf.ts";
import { vectorRules } from "./vector.ts";

/** One rule for every operation that C code can express, by the operation's name. */
export const printingRules = ruleTable(arithRules, mathRules, memrefRules, vectorRules, scfRules, funcRules);
