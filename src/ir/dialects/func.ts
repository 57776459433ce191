import {
  anyAttribute,
  stringAttributeSpec,
  symbolReference,
  unitAttributeSpec,
  attribute,
} from "../attribute-codecs.ts";
import { typeAttribute } from "../attributes.ts";
import { anyType } from "../constraints.ts";
import { dialect, op, variadic } from "../define.ts";
import type { FunctionType } from "../types.ts";
import { functionAssembly } from "./assembly/func.ts";
import { verifyCall, verifyFunction, verifyReturn } from "./rules/func.ts";

/** The type of a function, as the `function_type` attribute holds it. */
export const functionTypeAttribute = attribute<FunctionType>({
  description: "type attribute of function type",
  decode: (attr) => (attr.kind === "type" && attr.type.kind === "function" ? attr.type : undefined),
  encode: typeAttribute,
});

export const func = dialect("func", "functions, calls and returns", {
  func: op({
    summary: "a function; without a body, a declaration",
    operands: {},
    attributes: {
      sym_name: stringAttributeSpec,
      function_type: functionTypeAttribute,
      sym_visibility: stringAttributeSpec.optional(),
      arg_attrs: anyAttribute.optional(),
      res_attrs: anyAttribute.optional(),
      no_inline: unitAttributeSpec,
    },
    results: {},
    regions: ["body"],
    traits: ["isolated-from-above", "symbol", "affine-scope"],
    assembly: functionAssembly,
    verify: verifyFunction,
  }),
  return: op({
    summary: "ends a function and gives its results",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator"],
    assembly: "attr-dict ($operands^ `:` type($operands))?",
    verify: verifyReturn,
  }),
  call: op({
    summary: "calls a function by name",
    operands: { operands: variadic(anyType) },
    attributes: { callee: symbolReference },
    results: { results: variadic(anyType) },
    assembly: "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)",
    verify: verifyCall,
  }),
});
