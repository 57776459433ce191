import { stringAttributeSpec } from "../attribute-codecs.ts";
import { anyType } from "../constraints.ts";
import { dialect, op, variadic } from "../define.ts";
import { moduleAssembly } from "./assembly/module.ts";

export const builtin = dialect("builtin", "modules and conversions between type systems", {
  module: op({
    summary: "a container of functions and other symbols",
    operands: {},
    attributes: { sym_name: stringAttributeSpec.optional(), sym_visibility: stringAttributeSpec.optional() },
    results: {},
    regions: ["bodyRegion"],
    traits: ["isolated-from-above", "symbol", "symbol-table", "single-block", "no-terminator", "affine-scope"],
    assembly: moduleAssembly,
  }),
  unrealized_conversion_cast: op({
    summary: "values of one type system seen as another, to be removed later",
    operands: { inputs: variadic(anyType) },
    attributes: {},
    results: { outputs: variadic(anyType) },
    traits: ["pure"],
    assembly: "($inputs^ `:` type($inputs))? `to` type($outputs) attr-dict",
  }),
});
