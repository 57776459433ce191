import { dialectType, elementOf, integerType, type IntegerType, type Type } from "../../types.ts";

const shapeBody = /^shape<\s*(\d+)\s*>$/;
/** How many dimensions a `!tosa.shape<rank>` has; undefined for other types. */
export function shapeRank(type: Type): number | undefined {
  if (type.kind !== "dialect" || type.dialect !== "tosa") return undefined;
  const rank = shapeBody.exec(type.body)?.[1];
  return rank === undefined ? undefined : Number(rank);
}

/** `!tosa.mxint8`: 8 bits with an implicit scale of 1/64. */
export const mxint8 = dialectType("tosa", "mxint8");

const quantizedBody = /^(?:uniform|any)<\s*([iu])(\d+)\b/;
/** The integer that a `!quant` type stores its values in, unsigned where it is written `u8`; undefined for other types. */
export function quantizedStorage(type: Type): IntegerType | undefined {
  if (type.kind !== "dialect" || type.dialect !== "quant") return undefined;
  const [, sign, width] = quantizedBody.exec(type.body) ?? [];
  return width === undefined ? undefined : integerType(Number(width), sign === "u" ? "unsigned" : "signless");
}

/** Whether elements are quantized with scales and zero points that the type states. */
export const isUniformQuantized = (type: Type): boolean =>
  type.kind === "dialect" && type.dialect === "quant" && type.body.startsWith("uniform<");

/** What a tensor's elements are stored as: the storage of a quantized type, the element type itself otherwise. */
export function storageElementOf(type: Type): Type {
  const element = elementOf(type);
  return quantizedStorage(element) ?? element;
}

/** Whether a type is an integer of this width, with or without sign. */
export const isInteger = (type: Type, width: number): boolean => type.kind === "integer" && type.width === width;

/** A type as messages quote it. */
export const quote = (type: Type): string => `'${type.text}'`;
