import { type DialectRules, effect } from "../rule.ts";

/** Evaluation of the `device` dialect: host and device share one memory here, so there is nothing to move. */
export const deviceRules: DialectRules = {
  transfer: effect(() => []),
};
