import { type DialectRules, pure, terminator } from "../rule.ts";

/** Evaluation of Weft's own dialect. */
export const weftRules: DialectRules = {
  kernel: pure((execution, op) => execution.runRegion(op, 0, [])),
  yield: terminator,
};
