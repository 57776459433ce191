import type { Pattern } from "../../../ir/pattern.ts";

/** The canonicalization patterns of every dialect. */
export const canonicalizationPatterns: readonly Pattern[] = [];
