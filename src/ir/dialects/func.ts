import {
  dictionaryArray,
  stringAttributeSpec,
  symbolNameSpec,
  symbolReference,
  unitAttributeSpec,
  attribute,
} from "../attribute-codecs.ts";
import { typeAttribute } from "../attributes.ts";
import { anyType, functionValue } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import type { FunctionType, Type } from "../types.ts";
import { functionAssembly } from "./assembly/func.ts";
import { verifyCall, verifyFunction, verifyFunctionConstant, verifyReturn } from "./rules/func.ts";

/** The type of a function, as the `function_type` attribute holds it. */
export const functionTypeAttribute = attribute<FunctionType>({
  description: "type attribute of function type",
  decode: (attr) => (attr.kind === "type" && attr.type.kind === "function" ? attr.type : undefined),
  encode: typeAttribute,
});

const callAttributes = { arg_attrs: dictionaryArray.optional(), res_attrs: dictionaryArray.optional() } as const;
const sameTypes = (left: readonly Type[], right: readonly Type[]): boolean =>
  left.length === right.length && left.every((type, index) => type === right[index]);

export const func = dialect("func", "functions, calls and returns", {
  func: op({
    summary: "a function; without a body, a declaration",
    operands: {},
    attributes: {
      sym_name: symbolNameSpec,
      function_type: functionTypeAttribute,
      sym_visibility: stringAttributeSpec.optional(),
      arg_attrs: dictionaryArray.optional(),
      res_attrs: dictionaryArray.optional(),
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
    attributes: { callee: symbolReference, ...callAttributes, no_inline: unitAttributeSpec },
    results: { results: variadic(anyType) },
    assembly: "$callee `(` $operands `)` attr-dict `:` functional-type($operands, results)",
    verify: verifyCall,
  }),
  call_indirect: op({
    summary: "calls a function that is a value",
    operands: { callee: one(functionValue), callee_operands: variadic(anyType) },
    attributes: callAttributes,
    results: { results: variadic(anyType) },
    relations: [
      {
        description: "callee input types match argument types",
        holds: ({ types }) =>
          sameTypes((types["callee"] as FunctionType).inputs, types["callee_operands"] as readonly Type[]),
      },
      {
        description: "callee result types match result types",
        holds: ({ types, op: { results }, reader }) =>
          sameTypes(
            (types["callee"] as FunctionType).results,
            results.map((result) => reader.typeOf(result)),
          ),
      },
    ],
    assembly: {
      format: "$callee `(` $callee_operands `)` attr-dict `:` type($callee)",
      infer: {
        callee_operands: ({ callee }) => (callee?.kind === "function" ? callee.inputs : undefined),
        results: ({ callee }) => (callee?.kind === "function" ? callee.results : undefined),
      },
    },
  }),
  constant: op({
    summary: "a function as a value",
    operands: {},
    attributes: { value: symbolReference },
    results: { result: one(anyType) },
    traits: ["pure", "constant-like"],
    assembly: "attr-dict $value `:` type(results)",
    verify: verifyFunctionConstant,
  }),
});
