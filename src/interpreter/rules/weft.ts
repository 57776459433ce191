import { onlineAttention } from "./online-attention.ts";
import { type DialectRules, pure, terminator } from "../rule.ts";

/** Evaluation of Weft's own dialect. */
export const weftRules: DialectRules = {
  kernel: pure((execution, op) => execution.runRegion(op, 0, [])),
  online_attention: onlineAttention,
  yield: terminator,
};
