import { affineMaps, anyAttribute, attribute, i64Attribute, stringAttributeSpec } from "../attribute-codecs.ts";
import { arrayAttribute, dialectAttribute } from "../attributes.ts";
import { anyShaped, anyType, index } from "../constraints.ts";
import { dialect, one, op, variadic } from "../define.ts";
import { indexType, type Type } from "../types.ts";
import { genericAssembly, yieldFirstAssembly } from "./assembly/linalg.ts";
import { verifyGeneric, verifyIndex, verifyYield, verifyYieldFirst } from "./rules/linalg.ts";

/** Whether iterations along a loop are independent, or combined into one result. */
export type IteratorType = "parallel" | "reduction" | "window";

/** `[#linalg.iterator_type<parallel>, …]`. */
const iteratorTypes = attribute<readonly IteratorType[]>({
  description: "array of linalg iterator types",
  decode(attr) {
    if (attr.kind !== "array") return undefined;
    const types: IteratorType[] = [];
    for (const element of attr.elements) {
      const match =
        element.kind === "dialect" ? /^iterator_type<(parallel|reduction|window)>$/.exec(element.body) : null;
      if (!match) return undefined;
      types.push(match[1] as IteratorType);
    }
    return types;
  },
  encode: (types) => arrayAttribute(types.map((type) => dialectAttribute("linalg", `iterator_type<${type}>`))),
});

const resultsOfOutputs = ({ types }: { readonly types: { readonly outputs: readonly Type[] } }) => ({
  results: types.outputs.filter((type) => type.kind === "tensor"),
});

export const linalg = dialect("linalg", "structured computation over tensors and buffers", {
  generic: op({
    summary: "a perfect loop nest: a scalar body applied at every point, operands indexed by affine maps",
    operands: { inputs: variadic(anyType), outputs: variadic(anyShaped) },
    attributes: {
      indexing_maps: affineMaps,
      iterator_types: iteratorTypes,
      doc: stringAttributeSpec.optional(),
      library_call: stringAttributeSpec.optional(),
    },
    results: { results: variadic(anyShaped) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    infer: resultsOfOutputs,
    assembly: genericAssembly,
    verify: verifyGeneric,
  }),
  fill: op({
    summary: "one value written everywhere; the region is `yield` of its first argument",
    operands: { inputs: variadic(anyType), outputs: variadic(anyShaped) },
    attributes: {},
    results: { results: variadic(anyShaped) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    infer: resultsOfOutputs,
    assembly: yieldFirstAssembly,
    verify: verifyYieldFirst,
  }),
  copy: op({
    summary: "all elements of one buffer or tensor written to another",
    operands: { inputs: variadic(anyType), outputs: variadic(anyShaped) },
    attributes: { cast: anyAttribute.optional() },
    results: { results: variadic(anyShaped) },
    regions: ["region"],
    traits: ["recursively-pure", "single-block"],
    infer: resultsOfOutputs,
    assembly: yieldFirstAssembly,
    verify: verifyYieldFirst,
  }),
  index: op({
    summary: "the present position along a loop of the surrounding structured operation",
    operands: {},
    attributes: { dim: i64Attribute },
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "$dim attr-dict `:` type($result)",
    verify: verifyIndex,
  }),
  yield: op({
    summary: "ends the body of a structured operation",
    operands: { values: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "attr-dict ($values^ `:` type($values))?",
    verify: verifyYield,
  }),
});
