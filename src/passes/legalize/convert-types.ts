import { type Attribute, type Attributes, integerAttribute } from "../../ir/attributes.ts";
import { arith, func, gpu, memref } from "../../ir/dialects/index.ts";
import { type Operation, type OpId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { functionType, hostElementType, type Type, type VectorType, withElement } from "../../ir/types.ts";
import type { TensorData } from "../../support/numeric/element-storage.ts";

/** The type that takes the place of a scalar type; undefined for types that stay. */
export type ScalarConversion = (type: Type) => Type | undefined;

const convertType = (type: Type, scalar: ScalarConversion): Type => {
  if (type.kind === "function")
    return functionType(
      type.inputs.map((input) => convertType(input, scalar)),
      type.results.map((result) => convertType(result, scalar)),
    );
  if (type.kind === "vector") {
    const element = scalar(type.element);
    return element ? withElement(type, element) : type;
  }
  if (type.kind === "memref") return withElement(type, convertType(type.element, scalar));
  return scalar(type) ?? type;
};

/** A constant's attribute under its new type: the same bits. */
function convertConstant(value: Attribute, type: Type, bitsOf: (value: number, from: Type) => bigint): Attribute {
  const element = type.kind === "vector" ? type.element : type;
  if (value.kind === "float" && element.kind === "integer")
    return integerAttribute(BigInt.asIntN(element.width, value.bits ?? bitsOf(value.value, value.type)), element);
  if (value.kind === "integer" && element.kind === "integer") {
    if (value.type === element || value.type.kind === "index") return value;
    return integerAttribute(BigInt.asIntN(value.type.width, value.value), element);
  }
  if (value.kind === "dense" && type.kind === "vector")
    return { ...value, type: type as VectorType, data: sameBits(value.data, type.element) };
  return value;
}

/** Element storage seen as signless integers of the same size. */
function sameBits(data: TensorData, element: Type): TensorData {
  if (!ArrayBuffer.isView(data)) return data;
  const storage = hostElementType(element);
  if (storage === "i8") return new Int8Array(data.buffer, data.byteOffset, data.length);
  if (storage === "i16") return new Int16Array(data.buffer, data.byteOffset, data.length);
  return data;
}

/**
 * Gives every value of a scalar type (alone, in a vector or in a buffer) another type of the same storage. Operations keep their
 * names: whoever calls sees to it that they mean the same on the new type. Bytes of globals stay as they are.
 * @param bitsOf the bit pattern of a float constant of a converted type
 * @param exceptions operations whose results and block arguments another conversion is for
 * @returns how many values changed
 */
export function convertTypes(
  rewriter: Rewriter,
  general: ScalarConversion,
  bitsOf: (value: number, from: Type) => bigint,
  exceptions?: { readonly operations: ReadonlySet<OpId>; readonly conversion: ScalarConversion },
): number {
  let changed = 0;
  const convertValue = (value: Operation["results"][number], scalar: ScalarConversion): void => {
    const before = rewriter.typeOf(value);
    const type = convertType(before, scalar);
    if (type === before) return;
    rewriter.setType(value, type);
    changed++;
  };
  for (const op of walk(rewriter)) {
    const scalar = exceptions?.operations.has(op.id) ? exceptions.conversion : general;
    const values = op.regions.flat().flatMap((id) => rewriter.block(id).arguments);
    for (const value of [...op.results, ...values]) convertValue(value, scalar);
    const properties = convertedProperties(rewriter, op, scalar, bitsOf);
    if (properties) rewriter.update(op.id, { properties });
  }
  return changed;
}

/** Properties that hold a type or a constant; undefined when nothing changes. */
function convertedProperties(
  rewriter: Rewriter,
  op: Operation,
  scalar: ScalarConversion,
  bitsOf: (value: number, from: Type) => bigint,
): Attributes | undefined {
  const isFunction = op.name === func.func.name || op.name === gpu.func.name;
  const name = isFunction ? "function_type" : op.name === memref.global.name ? "type" : undefined;
  if (name !== undefined) {
    const attribute = op.properties[name];
    if (attribute?.kind !== "type") return undefined;
    const type = convertType(attribute.type, scalar);
    return type === attribute.type ? undefined : { ...op.properties, [name]: { kind: "type", type } };
  }
  const value = op.name === arith.constant.name ? op.properties["value"] : undefined;
  if (value === undefined) return undefined;
  const converted = convertConstant(value, rewriter.typeOf(op.results[0]!), bitsOf);
  return converted === value ? undefined : { ...op.properties, value: converted };
}
