import type { AttributeSpecs } from "../../attribute-codecs.ts";
import type { Assembly } from "../../assembly.ts";
import { one, op } from "../../define.ts";
import { axis, nanMode } from "./attributes.ts";
import { tensor, tensorAtLeast1D } from "./constraints.ts";
import { nanModeAssembly, plainAssembly, verified } from "./operation.ts";
import { argmaxResult, reductionAxis, reductionType } from "./rules/reduction.ts";

/** A tensor whose size along an axis becomes 1. */
const reduction = <const A extends AttributeSpecs>(summary: string, attributes: A, assembly: Assembly) =>
  op({
    summary,
    operands: { input: one(tensorAtLeast1D) },
    attributes: { axis, ...attributes },
    results: { output: one(tensorAtLeast1D) },
    traits: ["pure"],
    assembly,
    verify: verified(reductionAxis, reductionType),
  });
const plain = (summary: string) => reduction(summary, {}, plainAssembly);
const extremum = (summary: string) => reduction(summary, { nan_mode: nanMode }, nanModeAssembly);

export const reductionOperations = {
  reduce_all: plain("whether all truth values along an axis hold"),
  reduce_any: plain("whether any truth value along an axis holds"),
  reduce_max: extremum("the greatest value along an axis"),
  reduce_min: extremum("the least value along an axis"),
  reduce_product: plain("the product along an axis"),
  reduce_sum: plain("the sum along an axis"),
  argmax: op({
    summary: "the position of the greatest value along an axis",
    operands: { input: one(tensorAtLeast1D) },
    attributes: { axis, nan_mode: nanMode },
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: nanModeAssembly,
    verify: verified(argmaxResult),
  }),
} as const;
