import type { Attribute } from "../../../attributes.ts";
import { elementOf, isShaped, type Type } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { quantizedStorage } from "../types.ts";
import type { Check, WithAttributes } from "./check.ts";

type Constant = WithAttributes<{ readonly values: Attribute }>;

const typeOf = (values: Attribute): Type | undefined => ("type" in values ? values.type : undefined);

/** The result has the very shape of its elements; upstream takes an unranked one for that of a single element. */
export const constantShapes: Check<Constant> = (view) => {
  const [values, output] = [typeOf(view.attributes.values), resultType(view)];
  const found = values !== undefined && isShaped(values) ? values.shape : [];
  const wanted = isShaped(output) ? output.shape : [];
  return found.length === wanted.length && found.every((size, index) => size === wanted[index])
    ? undefined
    : "failed to verify that all of {values, output} have same shape";
};

/** The result has the element type of its elements, which are those that a quantized type stores. */
export const constantTypes: Check<Constant> = (view) => {
  const [values, output] = [typeOf(view.attributes.values), resultType(view)];
  if (values?.kind !== "tensor") return "expected tensors for attr/result type";
  const [from, to] = [elementOf(values), elementOf(output)];
  return from === to || quantizedStorage(to) === from ? undefined : "expected same attr/result element types";
};
