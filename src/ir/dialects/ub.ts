import { type Attribute, dialectAttribute } from "../attributes.ts";
import { anyType } from "../constraints.ts";
import { attribute } from "../attribute-codecs.ts";
import { dialect, one, op } from "../define.ts";

/** Which poison it is: `#ub.poison`, or another dialect's attribute. */
const poison = attribute<Attribute>({
  description: "PoisonAttrInterface instance",
  decode: (attr) => (attr.kind === "dialect" ? attr : undefined),
  encode: (value) => value,
});

export const ub = dialect("ub", "values and places that a defined program never comes to", {
  poison: op({
    summary: "a value that must not be looked at",
    operands: {},
    attributes: { value: poison.default(dialectAttribute("ub", "poison")) },
    results: { result: one(anyType) },
    traits: ["pure"],
    assembly: "attr-dict (`<` $value^ `>`)? `:` type($result)",
  }),
  unreachable: op({
    summary: "a place that is never come to",
    operands: {},
    attributes: {},
    results: {},
    traits: ["terminator"],
    assembly: "attr-dict",
  }),
});
