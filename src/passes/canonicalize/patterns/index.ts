import type { Pattern } from "../../../ir/pattern.ts";
import { arithPatterns } from "./arith.ts";
import { linalgPatterns } from "./linalg.ts";
import { mathPatterns } from "./math.ts";
import { scfPatterns } from "./scf.ts";
import { tensorSlicePatterns } from "./tensor-slices.ts";
import { tensorPatterns } from "./tensor.ts";

/** The canonicalization patterns of every dialect. */
export const canonicalizationPatterns: readonly Pattern[] = [
  ...arithPatterns,
  ...mathPatterns,
  ...tensorPatterns,
  ...tensorSlicePatterns,
  ...linalgPatterns,
  ...scfPatterns,
];
