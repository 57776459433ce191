import { anyAttribute, i32Array, stringAttributeSpec } from "../attribute-codecs.ts";
import { anyInteger, anyType, boolean } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { switchCases } from "./assembly/switch-cases.ts";
import { verifyBranch, verifyConditionalBranch, verifySwitch } from "./rules/cf.ts";

export const cf = dialect("cf", "branches between the blocks of a region", {
  assert: op({
    summary: "stops the program with a message unless the condition holds",
    operands: { arg: one(boolean) },
    attributes: { msg: stringAttributeSpec },
    results: {},
    traits: ["writes-memory"],
    assembly: "$arg `,` $msg attr-dict",
  }),
  br: op({
    summary: "goes on with another block",
    operands: { destOperands: variadic(anyType) },
    attributes: {},
    results: {},
    successors: { dest: "one" },
    traits: ["pure", "terminator"],
    assembly: "$dest (`(` $destOperands^ `:` type($destOperands) `)`)? attr-dict",
    verify: verifyBranch,
  }),
  cond_br: op({
    summary: "goes on with one of two blocks by a condition",
    operands: { condition: one(boolean), trueDestOperands: variadic(anyType), falseDestOperands: variadic(anyType) },
    attributes: { branch_weights: i32Array.optional() },
    results: {},
    successors: { trueDest: "one", falseDest: "one" },
    traits: ["pure", "terminator"],
    assembly:
      "$condition (`weights` `(` $branch_weights^ `)` )? `,` $trueDest (`(` $trueDestOperands^ `:` type($trueDestOperands) `)`)? `,` $falseDest (`(` $falseDestOperands^ `:` type($falseDestOperands) `)`)? attr-dict",
    verify: verifyConditionalBranch,
  }),
  switch: op({
    summary: "goes on with the block of an integer's value",
    operands: { flag: one(anyInteger), defaultOperands: variadic(anyType), caseOperands: variadic(anyType) },
    attributes: { case_values: anyAttribute.optional(), case_operand_segments: i32Array },
    results: {},
    successors: { defaultDestination: "one", caseDestinations: "variadic" },
    traits: ["pure", "terminator"],
    assembly: {
      format:
        "$flag `:` type($flag) `,` `[` `\\n` custom<SwitchOpCases>(ref(type($flag)), $defaultDestination, $defaultOperands, type($defaultOperands), $case_values, $caseDestinations, $caseOperands, type($caseOperands)) `]` attr-dict",
      custom: { SwitchOpCases: switchCases },
      directiveAttributes: ["case_operand_segments"],
    },
    verify: verifySwitch,
  }),
});
