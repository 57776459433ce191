import { stringAttributeSpec } from "../../attribute-codecs.ts";
import { one, op, variadic } from "../../define.ts";
import { whileAssembly } from "../assembly/scf.ts";
import { booleanTensor, tensor } from "./constraints.ts";
import { conditionalAssembly } from "./control-flow-assembly.ts";
import { plainAssembly, verified } from "./operation.ts";
import { conditionalRegions, conditionalValues, loopRegions, loopValues } from "./rules/control-flow.ts";

/** Operations with regions, and what leaves the dialect. */
export const controlFlowOperations = {
  cond_if: op({
    summary: "one of two regions by a condition",
    operands: { condition: one(booleanTensor), input_list: variadic(tensor) },
    attributes: {},
    results: { output_list: variadic(tensor) },
    regions: ["then_graph", "else_graph"],
    traits: ["recursively-pure", "single-block"],
    assembly: conditionalAssembly,
    verify: verified(conditionalRegions, conditionalValues),
  }),
  while_loop: op({
    summary: "a region repeated while another gives true",
    operands: { input_list: variadic(tensor) },
    attributes: {},
    results: { output_list: variadic(tensor) },
    regions: ["cond_graph", "body_graph"],
    traits: ["recursively-pure", "single-block"],
    assembly: whileAssembly,
    verify: verified(loopRegions, loopValues),
  }),
  yield: op({
    summary: "ends a region, with its results",
    operands: { inputs: variadic(tensor) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "$inputs attr-dict `:` type($inputs)",
  }),
  custom: op({
    summary: "an operation that the specification does not have",
    operands: { input_list: variadic(tensor) },
    attributes: {
      operator_name: stringAttributeSpec,
      domain_name: stringAttributeSpec,
      implementation_attrs: stringAttributeSpec,
    },
    results: { output_list: variadic(tensor) },
    assembly: plainAssembly,
    verify: verified(),
  }),
} as const;
