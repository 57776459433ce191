import {
  type Attribute,
  boolAttribute,
  denseAttribute,
  type DenseAttribute,
  floatAttribute,
  hostTensorOf,
  integerAttribute,
} from "../../../ir/attributes.ts";
import {
  type FloatType,
  hostElementType,
  type IndexType,
  type IntegerType,
  isShaped,
  staticShape,
  type Type,
} from "../../../ir/types.ts";
import { allocateTensor, elementCount, readElement, writeElement } from "../../../support/numeric/host-tensor.ts";
import { floatIn, integerIn, widthOf } from "./fold.ts";

/** An element of a constant: the signed reading of an integer, or a float. */
export type Element = bigint | number;

const isFloat = (type: Type): boolean => type.kind === "float";

/** A scalar constant's attribute. */
export function scalarAttribute(value: Element, type: Type): Attribute | undefined {
  if (type.kind === "float") return typeof value === "number" ? floatAttribute(value, type as FloatType) : undefined;
  if (typeof value !== "bigint") return undefined;
  if (type.text === "i1") return boolAttribute((value & 1n) === 1n);
  if (type.kind === "integer" || type.kind === "index")
    return integerAttribute(BigInt.asIntN(widthOf(type), value), type as IntegerType | IndexType);
  return undefined;
}

/** A constant with this element everywhere; undefined for types that have no such constants here. */
export function uniformAttribute(value: Element, type: Type): Attribute | undefined {
  if (!isShaped(type)) return scalarAttribute(value, type);
  const elementType = hostElementType(type.element);
  if (type.kind === "memref" || elementType === undefined || elementType === "string") return undefined;
  if (staticShape(type) === undefined || isFloat(type.element) !== (typeof value === "number")) return undefined;
  const one = allocateTensor(elementType, [1]);
  writeElement(one, 0, typeof value === "bigint" ? BigInt.asIntN(widthOf(type), value) : value);
  return denseAttribute(one, type);
}

/**
 * Computes a constant element by element: scalars, and dense constants of one shape. Undefined when an operand is no such constant
 * or `compute` gives up on an element.
 */
export function computeElements(
  operands: readonly (Attribute | undefined)[],
  type: Type,
  compute: (elements: readonly Element[]) => Element | undefined,
): Attribute | undefined {
  const uniform: Element[] = [];
  for (const attribute of operands) {
    const value = integerIn(attribute) ?? floatIn(attribute);
    if (value !== undefined) uniform.push(value);
  }
  if (uniform.length === operands.length) {
    const result = compute(uniform);
    return result === undefined ? undefined : uniformAttribute(result, type);
  }
  return computeDense(operands, type, compute);
}

function computeDense(
  operands: readonly (Attribute | undefined)[],
  type: Type,
  compute: (elements: readonly Element[]) => Element | undefined,
): Attribute | undefined {
  if (!isShaped(type) || type.kind === "memref") return undefined;
  const shape = staticShape(type);
  const elementType = hostElementType(type.element);
  if (shape === undefined || elementType === undefined || elementType === "string") return undefined;
  const readers: ((index: number) => Element)[] = [];
  for (const attribute of operands) {
    const read = attribute?.kind === "dense" ? elementReader(attribute) : undefined;
    if (read === undefined) return undefined;
    readers.push(read);
  }
  const result = allocateTensor(elementType, shape);
  const count = elementCount(shape);
  for (let index = 0; index < count; index++) {
    const value = compute(readers.map((read) => read(index)));
    if (value === undefined) return undefined;
    writeElement(result, index, value);
  }
  return denseAttribute(result, type);
}

function elementReader(attribute: DenseAttribute): ((index: number) => Element) | undefined {
  const tensor = hostTensorOf(attribute);
  if (tensor === undefined) return undefined;
  const { element } = attribute.type;
  if (isFloat(element)) return (index) => Number(readElement(tensor, index));
  const width = widthOf(element);
  return (index) => BigInt.asIntN(width, BigInt(readElement(tensor, index)));
}
