import { type Attribute, boolAttribute, floatAttribute, integerAttribute } from "../attributes.ts";
import type { FloatType, IndexType, IntegerType, Type } from "../types.ts";
import { canonicalBits, floatWidth } from "../exact-float.ts";
import { floatBits, floatFromBits, needsBits, roundToFormat } from "./float-text.ts";

export interface LiteralError {
  readonly error: string;
}

/** The attribute of a number token (`12`, `0xFF`, `1.5e3`) with a type. */
export function numberLiteral(text: string, negative: boolean, type: Type): Attribute | LiteralError {
  if (type.kind === "float") {
    const value = floatLiteral(text, negative, type);
    return "error" in value ? value : floatAttribute(value.value, type, value.bits);
  }
  if (type.kind !== "integer" && type.kind !== "index")
    return { error: `integer literal not valid for specified type ${type.text}` };
  const value = integerLiteral(text, negative, type);
  if (typeof value !== "bigint") return value;
  return type.text === "i1" ? boolAttribute(value !== 0n) : integerAttribute(value, type);
}

/** The value of an integer token; signless ones are read as signed where they fit either way. */
export function integerLiteral(text: string, negative: boolean, type: IntegerType | IndexType): bigint | LiteralError {
  if (text.includes(".")) return { error: `floating point value not valid for specified type ${type.text}` };
  const magnitude = BigInt(text);
  const value = negative ? -magnitude : magnitude;
  const width = BigInt(type.kind === "index" ? 64 : type.width);
  const signedness = type.kind === "index" ? "signless" : type.signedness;
  const highest = 1n << (signedness === "signed" ? (width > 0n ? width - 1n : 0n) : width);
  if (negative && signedness === "unsigned")
    return { error: `negative integer literal not valid for unsigned integer type ${type.text}` };
  const lowest = signedness === "unsigned" ? 0n : -(1n << (width > 0n ? width - 1n : 0n));
  if (value >= highest || value < lowest) return { error: `integer constant out of range for type ${type.text}` };
  return signedness === "unsigned" || type.text === "i1"
    ? BigInt.asUintN(Number(width), value)
    : BigInt.asIntN(Number(width), value);
}

/** The value of a float token, or of a bit pattern in hexadecimal; `bits` is kept where the value does not say it. */
export function floatLiteral(
  text: string,
  negative: boolean,
  { format, text: spelling }: FloatType,
): { readonly value: number; readonly bits: bigint | undefined } | LiteralError {
  if (text.startsWith("0x")) {
    if (negative) return { error: "hexadecimal float literal should not have a leading minus" };
    const written = BigInt(text);
    if (written >> BigInt(floatWidth(format)) !== 0n)
      return { error: `hexadecimal float constant out of range for type ${spelling}` };
    const bits = canonicalBits(format, written);
    return { value: floatFromBits(format, bits), bits: needsBits(format, bits) ? bits : undefined };
  }
  if (!text.includes(".")) return { error: `unexpected decimal integer literal for a floating point value` };
  const written = negative ? -Number(text) : Number(text);
  const value = roundToFormat(format, written);
  // What is too large for a format without infinities is a NaN, with the sign that was written.
  return { value, bits: Number.isNaN(value) ? floatBits(format, written) : undefined };
}
