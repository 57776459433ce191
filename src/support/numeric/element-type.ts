/**
 * Element types, spelled as MLIR spells them. `iN` is signless (it carries ONNX's signed integers too), `uiN` is
 * unsigned, `i1` is the boolean.
 */
export type FloatElementType =
  "f64" | "f32" | "f16" | "bf16" | "f8E4M3FN" | "f8E5M2" | "f8E4M3FNUZ" | "f8E5M2FNUZ" | "f8E8M0FNU" | "f4E2M1FN";
/** Two's-complement integers without a sign of their own; read as signed, except `i1`, which is 0 or 1. */
export type SignlessElementType = "i1" | "i2" | "i4" | "i8" | "i16" | "i32" | "i64";
export type UnsignedElementType = "ui2" | "ui4" | "ui8" | "ui16" | "ui32" | "ui64";
export type IntegerElementType = SignlessElementType | UnsignedElementType;
export type ElementType = FloatElementType | IntegerElementType | "index" | "string";
export type NumericElementType = Exclude<ElementType, "string">;

interface ElementTypeFacts {
  readonly family: "float" | "signless" | "unsigned" | "index" | "string";
  readonly bits: number;
}

const facts: { readonly [E in ElementType]: ElementTypeFacts } = {
  f64: { family: "float", bits: 64 },
  f32: { family: "float", bits: 32 },
  f16: { family: "float", bits: 16 },
  bf16: { family: "float", bits: 16 },
  f8E4M3FN: { family: "float", bits: 8 },
  f8E5M2: { family: "float", bits: 8 },
  f8E4M3FNUZ: { family: "float", bits: 8 },
  f8E5M2FNUZ: { family: "float", bits: 8 },
  f8E8M0FNU: { family: "float", bits: 8 },
  f4E2M1FN: { family: "float", bits: 4 },
  i1: { family: "signless", bits: 1 },
  i2: { family: "signless", bits: 2 },
  i4: { family: "signless", bits: 4 },
  i8: { family: "signless", bits: 8 },
  i16: { family: "signless", bits: 16 },
  i32: { family: "signless", bits: 32 },
  i64: { family: "signless", bits: 64 },
  ui2: { family: "unsigned", bits: 2 },
  ui4: { family: "unsigned", bits: 4 },
  ui8: { family: "unsigned", bits: 8 },
  ui16: { family: "unsigned", bits: 16 },
  ui32: { family: "unsigned", bits: 32 },
  ui64: { family: "unsigned", bits: 64 },
  index: { family: "index", bits: 64 },
  string: { family: "string", bits: 0 },
};

/** Every element type, floats first, each family in falling or rising width as declared above. */
export const elementTypes: readonly ElementType[] = Object.freeze(Object.keys(facts) as ElementType[]);

/** Whether `text` names an element type (own names only: `"constructor"` does not). */
export function isElementType(text: string): text is ElementType {
  return Object.hasOwn(facts, text);
}

export function isFloat(type: ElementType): type is FloatElementType {
  return facts[type].family === "float";
}

/** Every float type. */
export const floatElementTypes: readonly FloatElementType[] = Object.freeze(elementTypes.filter(isFloat));

/** Signless or unsigned integers, `i1` included; not `index`. */
export function isInteger(type: ElementType): type is IntegerElementType {
  const { family } = facts[type];
  return family === "signless" || family === "unsigned";
}

export function isUnsigned(type: ElementType): type is UnsignedElementType {
  return facts[type].family === "unsigned";
}

/**
 * Bits of one element as the type defines it (`i4` is 4); `index` is 64.
 * @throws TypeError for `string`, whose elements have no fixed size.
 */
export function bitWidth(type: ElementType): number {
  if (type === "string") throw new TypeError("string elements have no bit width");
  return facts[type].bits;
}

/**
 * Bytes of one element in a {@link HostTensor}'s storage, which is unpacked: a type narrower than a byte takes one.
 * @throws TypeError for `string`, whose elements have no fixed size.
 */
export function storageBytes(type: ElementType): number {
  return Math.max(1, bitWidth(type) / 8) | 0;
}
