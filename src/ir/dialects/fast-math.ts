import { dialectParameters } from "../attribute-codecs.ts";
import { dialectAttribute } from "../attributes.ts";

const flags = dialectParameters("arith", "fastmath", {
  words: ["none", "reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "fast"],
  all: "fast",
});
/** Accuracy promises of floating-point operations, kept as text: `#arith.fastmath<contract>`. */
export const fastMathFlags = flags.default(dialectAttribute("arith", "fastmath<none>"));
/** The same where their absence is not the promise of none. */
export const optionalFastMathFlags = flags.optional();
