import { anyType, boolean, index, integerOrIndex } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { forAssembly, ifAssembly, parallelAssembly, reduceAssembly, whileAssembly } from "./assembly/scf.ts";

export const scf = dialect("scf", "structured control flow", {
  for: op({
    summary: "a counted loop with values carried from one iteration to the next",
    operands: {
      lowerBound: one(integerOrIndex),
      upperBound: one(integerOrIndex),
      step: one(integerOrIndex),
      initArgs: variadic(anyType),
    },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    infer: ({ types }) => ({ results: types.initArgs }),
    assembly: forAssembly,
  }),
  if: op({
    summary: "one of two regions by a condition",
    operands: { condition: one(boolean) },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["thenRegion", "elseRegion"],
    traits: ["recursively-pure", "single-block"],
    assembly: ifAssembly,
  }),
  while: op({
    summary: "a loop whose first region decides whether its second runs again",
    operands: { inits: variadic(anyType) },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["before", "after"],
    traits: ["recursively-pure", "single-block"],
    assembly: whileAssembly,
  }),
  condition: op({
    summary: "ends the first region of a while",
    operands: { condition: one(boolean), args: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "`(` $condition `)` attr-dict ($args^ `:` type($args))?",
  }),
  yield: op({
    summary: "ends a region and gives the surrounding operation its values",
    operands: { results: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "attr-dict ($results^ `:` type($results))?",
  }),
  parallel: op({
    summary: "a loop nest whose iterations may run in any order",
    operands: {
      lowerBound: variadic(index),
      upperBound: variadic(index),
      step: variadic(index),
      initVals: variadic(anyType),
    },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    infer: ({ types }) => ({ results: types.initVals }),
    assembly: parallelAssembly,
  }),
  reduce: op({
    summary: "ends the body of a parallel loop",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: reduceAssembly,
  }),
});
