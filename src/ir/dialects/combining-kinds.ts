/** How several values are combined to one: the lanes of a vector, or the values of invocations. */
export const combiningKinds = [
  "add",
  "mul",
  "minui",
  "minsi",
  "minnumf",
  "maxui",
  "maxsi",
  "maxnumf",
  "and",
  "or",
  "xor",
  "maximumf",
  "minimumf",
] as const;
/** One of `combiningKinds`. */
export type CombiningKind = (typeof combiningKinds)[number];
