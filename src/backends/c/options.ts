import { bool, enumeration, int, type OptionValues, string } from "../../passes/pass-options.ts";

/** The C backend's options. */
export const cOptions = {
  name: string.default("model").summary("prefix of files and symbols; made an identifier"),
  cDialect: enumeration("gnu11", "c99")
    .default("gnu11")
    .summary("gnu11 has vectors (gcc 12 or clang); c99 is plain C without them"),
  threads: int.default(1).summary("OpenMP threads for parallel loops; 1 makes plain loops"),
  embedWeights: bool.default(false).summary("put the weights into the code instead of a file to load"),
} as const;
export type COptions = OptionValues<typeof cOptions>;
