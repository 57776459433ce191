import { anyAttribute, symbolNameSpec, typeAttributeSpec } from "../../attribute-codecs.ts";
import { one, op } from "../../define.ts";
import { indexElements } from "./attributes.ts";
import { tensor } from "./constraints.ts";
import { verified } from "./operation.ts";
import { readVariable, writtenVariable } from "./rules/variables.ts";
import { typeOrInitialValue } from "./variable-assembly.ts";

/** Tensors that keep their values from one run to the next. */
export const variableOperations = {
  variable: op({
    summary: "declares a variable, with or without an initial value",
    operands: {},
    attributes: {
      sym_name: symbolNameSpec,
      var_shape: indexElements,
      type: typeAttributeSpec,
      initial_value: anyAttribute.optional(),
    },
    results: {},
    traits: ["symbol"],
    assembly: {
      format: "$sym_name attr-dict custom<VariableOpTypeOrInitialValue>($var_shape, $type, $initial_value)",
      custom: { VariableOpTypeOrInitialValue: typeOrInitialValue },
    },
  }),
  variable_read: op({
    summary: "the value of a variable",
    operands: {},
    attributes: { name: symbolNameSpec },
    results: { output1: one(tensor) },
    traits: ["reads-memory"],
    assembly: "$name attr-dict `:` type($output1)",
    verify: verified(readVariable),
  }),
  variable_write: op({
    summary: "gives a variable another value",
    operands: { input1: one(tensor) },
    attributes: { name: symbolNameSpec },
    results: {},
    traits: ["writes-memory"],
    assembly: "$name attr-dict `,` $input1 `:` type($input1)",
    verify: verified(writtenVariable),
  }),
} as const;
