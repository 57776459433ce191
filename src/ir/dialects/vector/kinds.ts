import { alignmentAttribute, attribute, boolAttributeSpec, dialectEnum } from "../../attribute-codecs.ts";
import { type Attribute, dialectAttribute } from "../../attributes.ts";
import { combiningKinds } from "../combining-kinds.ts";

/** How lanes are combined: `#vector.kind<add>`. */
export const combiningKind = dialectEnum("vector", "kind", combiningKinds);

/** What `vector.print` writes after its value. */
export const punctuation = dialectEnum("vector", "punctuation", [
  "no_punctuation",
  "newline",
  "comma",
  "open",
  "close",
]).default("newline");

/** Whether each dimension of a contraction is kept or summed over. */
export type IteratorType = "parallel" | "reduction";
const iteratorType = (attr: Attribute): IteratorType | undefined => {
  if (attr.kind !== "dialect" || attr.dialect !== "vector") return undefined;
  return (["parallel", "reduction"] as const).find((word) => attr.body === `iterator_type<${word}>`);
};
export const iteratorTypeAttribute = (type: IteratorType): Attribute =>
  dialectAttribute("vector", `iterator_type<${type}>`);
export const iteratorTypes = attribute<readonly IteratorType[]>({
  description: "Iterator type should be an enum.",
  decode: (attr) => {
    const types = attr.kind === "array" ? attr.elements.map(iteratorType) : [undefined];
    return types.every((type) => type !== undefined) ? types : undefined;
  },
  encode: (types) => Object.freeze({ kind: "array", elements: types.map(iteratorTypeAttribute) }),
});

export const alignment = { alignment: alignmentAttribute.optional() } as const;
export const accessAttributes = { nontemporal: boolAttributeSpec.optional(), ...alignment } as const;
