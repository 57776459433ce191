import type { Pattern } from "../../../ir/pattern.ts";
import { arithCastPatterns } from "./arith-casts.ts";
import { arithChoicePatterns } from "./arith-choices.ts";
import { arithFloatComparisonPatterns } from "./arith-float-comparisons.ts";
import { arithFloatPatterns } from "./arith-floats.ts";
import { arithIntegerPatterns } from "./arith-integers.ts";

/** What upstream's ArithCanonicalization.td has, and some more; what needs no new operations is a fold. */
export const arithPatterns: readonly Pattern[] = [
  ...arithIntegerPatterns,
  ...arithFloatPatterns,
  ...arithFloatComparisonPatterns,
  ...arithChoicePatterns,
  ...arithCastPatterns,
];
