import { castFolds } from "./casts.ts";
import { choiceFolds } from "./choices.ts";
import { floatArithFolds } from "./float-arith.ts";
import type { Fold } from "./fold.ts";
import { integerArithFolds } from "./integer-arith.ts";

/** How operations are folded, by their full names. */
export const folds: ReadonlyMap<string, Fold> = new Map(
  Object.entries({ ...integerArithFolds, ...floatArithFolds, ...castFolds, ...choiceFolds }),
);
