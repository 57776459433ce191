import { type IrReader, type OpId, walk } from "../../ir/module.ts";
import { type FloatType, i16, i8, type IntegerType, type Type } from "../../ir/types.ts";
import { isElementType, storageBytes } from "../../support/numeric/element-type.ts";
import type { SmallFloatElementType } from "../../support/numeric/float-formats.ts";

/** The format of a float type narrower than f32 that the compiler has storage for; undefined for other types. */
export function smallFloatFormat(type: Type): SmallFloatElementType | undefined {
  if (type.kind !== "float" || type.format === "f32" || type.format === "f64") return undefined;
  return isElementType(type.format) ? (type.format as SmallFloatElementType) : undefined;
}

/** The integer type that holds a small float's bit patterns. */
export const patternType = (type: FloatType): IntegerType | undefined => {
  const format = smallFloatFormat(type);
  return format && (storageBytes(format) === 2 ? i16 : i8);
};

/** The attribute of kernels that hold f16 as the device's own type, and compute in it where that rounds as f16 is defined to. */
export const nativeHalvesAttribute = "weft.native_f16";

/** The operations of kernels with the attribute, the kernels included. */
export function nativeHalves(reader: IrReader): ReadonlySet<OpId> {
  const found = new Set<OpId>();
  for (const op of walk(reader))
    if (op.attributes[nativeHalvesAttribute] !== undefined)
      for (const inner of [op, ...walk(reader, op.id)]) found.add(inner.id);
  return found;
}
