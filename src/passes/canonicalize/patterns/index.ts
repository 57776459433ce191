import { registry } from "../../../ir/dialects/index.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import { arithCastPatterns } from "./arith-casts.ts";
import { arithPatterns } from "./arith.ts";
import { linalgPatterns } from "./linalg.ts";
import { scfPatterns } from "./scf.ts";
import { tensorSlicePatterns } from "./tensor-slices.ts";
import { tensorPatterns } from "./tensor.ts";
import { traitPatterns } from "./traits.ts";

/** The canonicalization patterns of every dialect. */
export const canonicalizationPatterns: readonly Pattern[] = [
  ...traitPatterns(registry),
  ...arithPatterns,
  ...arithCastPatterns,
  ...tensorPatterns,
  ...tensorSlicePatterns,
  ...linalgPatterns,
  ...scfPatterns,
];
