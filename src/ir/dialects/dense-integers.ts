import { allocateTensor, readElement, writeElement } from "../../support/numeric/host-tensor.ts";
import { type Attribute, denseAttribute, hostTensorOf } from "../attributes.ts";
import { hostElementType, type IntegerType, vectorType } from "../types.ts";

/** `dense<[1, 2]> : vector<2xi32>`. */
export function denseOfIntegers(element: IntegerType, values: readonly bigint[]): Attribute {
  const type = vectorType([values.length], element);
  const host = hostElementType(element);
  // The host has no storage for widths such as i19.
  if (host === undefined) {
    const text = values.length === 1 ? String(values[0]) : `[${values.join(", ")}]`;
    return Object.freeze({ kind: "verbatim", text: `dense<${text}> : ${type.text}`, type });
  }
  const tensor = allocateTensor(host, [values.length]);
  values.forEach((value, index) => writeElement(tensor, index, value));
  return denseAttribute(tensor, type);
}

/** The elements as signed integers; undefined for those that the host has no storage for. */
export function integersOf(attribute: Attribute): readonly bigint[] | undefined {
  const tensor = attribute.kind === "dense" ? hostTensorOf(attribute) : undefined;
  if (tensor === undefined) return undefined;
  return Array.from({ length: tensor.data.length }, (_, index) => BigInt(readElement(tensor, index)));
}
