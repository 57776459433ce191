import type { Lowering } from "../lowering.ts";
import { arithmeticRules } from "./arithmetic.ts";

/** Every lowering, by operation name: rules of a new theme are registered here and nowhere else. */
export const loweringRules: ReadonlyMap<string, Lowering> = new Map(
  [...arithmeticRules].map((rule) => [rule.name, rule]),
);
