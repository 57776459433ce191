import type { Attribute } from "../../../attributes.ts";
import { elementOf, i1, type Type } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { isUniformQuantized, quantizedStorage } from "../types.ts";
import type { Check, WithAttributes, WithTypes } from "./check.ts";

type NumberAttribute = Extract<Attribute, { readonly kind: "integer" | "float" | "bool" }>;
type Clamp = WithTypes<"input"> &
  WithAttributes<{ readonly min_val: NumberAttribute; readonly max_val: NumberAttribute }>;

const storageOf = (type: Type): Type => {
  const element = elementOf(type);
  return isUniformQuantized(element) ? (quantizedStorage(element) ?? element) : element;
};
const typeOf = (bound: NumberAttribute): Type => (bound.kind === "bool" ? i1 : bound.type);
/** Integers are compared as their type says; truth values as unsigned. */
function integerOf(bound: NumberAttribute): bigint {
  if (bound.kind === "bool") return bound.value ? 1n : 0n;
  return bound.kind === "integer" ? bound.value : 0n;
}
const text = (bound: NumberAttribute): string =>
  bound.kind === "bool"
    ? String(bound.value)
    : `${bound.kind === "float" ? exponential(bound.value) : bound.value} : ${bound.type.text}`;
const exponential = (value: number): string => {
  const [digits, exponent = "+0"] = value.toExponential(6).split("e");
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
};

/** Bounds have the element type of what they limit, are numbers, and stand in order. */
export const clampBounds: Check<Clamp> = (view) => {
  const { min_val: least, max_val: greatest } = view.attributes;
  const [input, output] = [storageOf(view.types.input), storageOf(resultType(view))];
  if (input !== output) return "input/output element types are incompatible.";
  const isInteger = input.kind === "integer";
  const isWrong = (bound: NumberAttribute): boolean =>
    typeOf(bound) !== input || (bound.kind !== "float") !== isInteger;
  if (isWrong(least) || isWrong(greatest))
    return "min/max attributes types are incompatible with input/output element types.";
  const values = `got min_val=${text(least)}, max_val=${text(greatest)}`;
  if (least.kind !== "float" || greatest.kind !== "float")
    return integerOf(greatest) < integerOf(least) ? `expected min_val <= max_val, ${values}` : undefined;
  if (Number.isNaN(least.value) || Number.isNaN(greatest.value))
    return `min/max attributes should not be 'NaN', ${values}`;
  return greatest.value < least.value ? `expected min_val <= max_val, ${values}` : undefined;
};
