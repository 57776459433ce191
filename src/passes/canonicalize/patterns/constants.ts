import {
  type Attribute,
  boolAttribute,
  denseAttribute,
  floatAttribute,
  integerAttribute,
} from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/index.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import {
  elementOf,
  type FloatType,
  hostElementType,
  type IndexType,
  type IntegerType,
  isShaped,
  type Type,
} from "../../../ir/types.ts";
import { allocateTensor, readElement, writeElement } from "../../../support/numeric/host-tensor.ts";

const indexWidth = 64;
/** The number of bits of an integer or `index`. */
export const widthOf = (type: Type): number => (type.kind === "integer" ? type.width : indexWidth);

/** The element of a splat, or the scalar itself. */
function uniformOf(attribute: Attribute): number | bigint | undefined {
  if (attribute.kind === "integer" || attribute.kind === "float") return attribute.value;
  if (attribute.kind === "bool") return attribute.value ? 1n : 0n;
  if (attribute.kind !== "dense" || !attribute.splat) return undefined;
  const elementType = hostElementType(attribute.type.element);
  const value = elementType && readElement({ elementType, shape: [], data: attribute.data }, 0);
  return typeof value === "string" ? undefined : value;
}

const constantOf = (reader: IrReader, id: ValueId): number | bigint | undefined => {
  const attribute = arith.constant.match(reader, reader.definition(id))?.attributes.value;
  return attribute && uniformOf(attribute);
};

/** The value of an integer or `index` constant (or of every element of one), signed: `true` is -1. */
export function integerConstant(reader: IrReader, id: ValueId): bigint | undefined {
  const type = elementOf(reader.typeOf(id));
  if (type.kind !== "integer" && type.kind !== "index") return undefined;
  const value = constantOf(reader, id);
  return value === undefined ? undefined : BigInt.asIntN(widthOf(type), BigInt(value));
}

/** The value of an integer constant that a number holds. */
export function indexConstant(reader: IrReader, id: ValueId): number | undefined {
  const value = integerConstant(reader, id);
  return value === undefined || value !== BigInt.asIntN(53, value) ? undefined : Number(value);
}

/** The value of a float constant, or of every element of one. */
export function floatConstant(reader: IrReader, id: ValueId): number | undefined {
  if (elementOf(reader.typeOf(id)).kind !== "float") return undefined;
  const value = constantOf(reader, id);
  return typeof value === "number" ? value : undefined;
}

/** Makes a constant with this number everywhere, of a scalar or static shaped type; undefined where the host has no such elements. */
export function buildUniform(rewriter: Rewriter, value: number | bigint, type: Type): ValueId | undefined {
  const attribute = uniformAttribute(value, type);
  return attribute && arith.constant.build(rewriter, {}, { value: attribute }, { resultTypes: [type] }).result;
}

function uniformAttribute(value: number | bigint, type: Type): Attribute | undefined {
  if (!isShaped(type)) return scalarAttribute(value, type);
  const elementType = hostElementType(type.element);
  if (type.kind === "memref" || elementType === undefined || elementType === "string") return undefined;
  const one = allocateTensor(elementType, [1]);
  writeElement(one, 0, value);
  return denseAttribute(one, type);
}

function scalarAttribute(value: number | bigint, type: Type): Attribute | undefined {
  if (type.kind === "float") return floatAttribute(Number(value), type as FloatType);
  if (type.text === "i1") return boolAttribute(BigInt(value) !== 0n);
  if (type.kind === "integer" || type.kind === "index")
    return integerAttribute(BigInt.asIntN(widthOf(type), BigInt(value)), type as IntegerType | IndexType);
  return undefined;
}
