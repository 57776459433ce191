/** How a value may be combined with an element in memory, by number: upstream's `arith::AtomicRMWKind`. */
export const atomicKinds = [
  "addf",
  "addi",
  "andi",
  "assign",
  "maximumf",
  "maxnumf",
  "maxs",
  "maxu",
  "minimumf",
  "minnumf",
  "mins",
  "minu",
  "mulf",
  "muli",
  "ori",
  "xori",
] as const;
