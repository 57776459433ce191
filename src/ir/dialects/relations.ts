import type { IntegerPredicate } from "./arith.ts";

/** What a predicate asks of two integers, as most languages write it; predicates that begin with `u` read them as unsigned. */
export const relations = {
  eq: "==",
  ne: "!=",
  slt: "<",
  sle: "<=",
  sgt: ">",
  sge: ">=",
  ult: "<",
  ule: "<=",
  ugt: ">",
  uge: ">=",
} as const satisfies Readonly<Record<IntegerPredicate, string>>;

/** The same in JavaScript, whose `==` would convert. */
export const javaScriptRelations = { ...relations, eq: "===", ne: "!==" } as const;

type Compare = <N extends number | bigint>(a: N, b: N) => boolean;
const comparisons: Readonly<Record<(typeof relations)[IntegerPredicate], Compare>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Tells whether a predicate holds for two integers that were read as it says: as signed, or as unsigned. */
export const comparisonOf = (predicate: IntegerPredicate): Compare => comparisons[relations[predicate]];
