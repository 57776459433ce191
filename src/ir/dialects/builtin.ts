import { stringAttributeSpec, symbolNameSpec } from "../attribute-codecs.ts";
import { anyType } from "../constraints.ts";
import { dialect, op, variadic } from "../define.ts";
import { verifyConversionCast, verifyModule } from "./rules/builtin.ts";

export const builtin = dialect("builtin", "modules and conversions between type systems", {
  module: op({
    summary: "a container of functions and other symbols",
    operands: {},
    attributes: { sym_name: symbolNameSpec.optional(), sym_visibility: stringAttributeSpec.optional() },
    results: {},
    regions: ["bodyRegion"],
    traits: ["isolated-from-above", "symbol", "symbol-table", "single-block", "no-terminator", "affine-scope"],
    assembly: "($sym_name^)? attr-dict-with-keyword $bodyRegion",
    verify: verifyModule,
  }),
  unrealized_conversion_cast: op({
    summary: "values of one type system seen as another, to be removed later",
    operands: { inputs: variadic(anyType) },
    attributes: {},
    results: { outputs: variadic(anyType) },
    traits: ["pure"],
    assembly: "($inputs^ `:` type($inputs))? `to` type($outputs) attr-dict",
    verify: verifyConversionCast,
  }),
});
