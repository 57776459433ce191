import { dialectParameters } from "../attribute-codecs.ts";
import { dialectAttribute } from "../attributes.ts";

/** Accuracy promises of floating-point operations, kept as text: `#arith.fastmath<contract>`. */
export const fastMathFlags = dialectParameters("arith", "fastmath").default(
  dialectAttribute("arith", "fastmath<none>"),
);
