import type { FloatType, IndexType, IntegerType, Type } from "../types.ts";
import { floatWidth } from "../exact-float.ts";
import { floatBits, floatFromBits, floatText } from "./float-text.ts";
import { floatLiteral, integerLiteral, type LiteralError } from "./number-literal.ts";

/** A type whose values are numbers, two of them for a complex one. */
type NumberType = IntegerType | IndexType | FloatType;

/** Elements with more of them than this print as a string of hexadecimal bytes, as upstream's default is. */
const hexadecimalLimit = 100;

/** How elements that the host has no storage for (i19, f80, complex …) are read and written: as bit patterns of any width. */
export interface RawElements {
  /** Bits of a number, and how many numbers an element has. */
  readonly width: number;
  readonly parts: 1 | 2;
  readonly type: NumberType;
}

/** How elements of this type are kept; undefined for those that are no numbers. */
export function rawElements(type: Type): RawElements | undefined {
  if (type.kind === "complex") {
    const part = rawElements(type.element);
    return part?.parts === 1 ? { ...part, parts: 2 } : undefined;
  }
  if (type.kind === "float") return { width: floatWidth(type.format), parts: 1, type };
  if (type.kind === "integer") return { width: type.width, parts: 1, type };
  return type.kind === "index" ? { width: 64, parts: 1, type } : undefined;
}

/** The bit pattern of a number token, or of `true` and `false`. */
export function rawBits(
  { type, width }: RawElements,
  text: string,
  negative: boolean,
): { readonly bits: bigint } | LiteralError {
  if (text === "true" || text === "false")
    return type.text === "i1"
      ? { bits: text === "true" ? 1n : 0n }
      : { error: "expected i1 type for 'true' or 'false' values" };
  if (type.kind === "float") {
    const value = floatLiteral(text, negative, type);
    return "error" in value ? value : { bits: value.bits ?? floatBits(type.format, value.value) };
  }
  const value = integerLiteral(text, negative, type);
  return typeof value === "bigint" ? { bits: BigInt.asUintN(width, value) } : value;
}

/** Bytes that a number of the type takes in a string of hexadecimal digits. */
const storedBytes = ({ width }: RawElements): number => Math.ceil(width / 8);

/** The bit patterns in a string of hexadecimal digits: little-endian numbers of whole bytes. Undefined where they do not fit the count. */
export function rawBitsOfHexadecimal(
  layout: RawElements,
  digits: string,
  count: number,
): readonly bigint[] | undefined {
  const bytes = Buffer.from(digits, "hex");
  const size = storedBytes(layout);
  const numbers = bytes.length / size;
  if (bytes.length * 2 !== digits.length) return undefined;
  if (numbers !== count * layout.parts && numbers !== layout.parts) return undefined;
  return Array.from({ length: numbers }, (_, index) =>
    BigInt.asUintN(layout.width, littleEndian(bytes.subarray(index * size, (index + 1) * size))),
  );
}
const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** What stands between the angle brackets of `dense<…>` for these bit patterns: those of one element, or of all. */
export function rawText(layout: RawElements, bits: readonly bigint[], shape: readonly number[]): string {
  const { parts } = layout;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count === 0) return "";
  const element = (index: number): string =>
    parts === 1
      ? numberText(layout, bits[index]!)
      : `(${numberText(layout, bits[2 * index]!)},${numberText(layout, bits[2 * index + 1]!)})`;
  if (bits.every((pattern, index) => pattern === bits[index % parts])) return element(0);
  return count > hexadecimalLimit
    ? `"0x${bits.map((pattern) => hexadecimalOf(pattern, storedBytes(layout))).join("")}"`
    : nestedList(shape, element);
}

/** Elements in row-major order, in lists of the shape's sizes. */
export function nestedList(shape: readonly number[], element: (index: number) => string): string {
  let next = 0;
  const list = (depth: number): string =>
    depth === shape.length
      ? element(next++)
      : `[${Array.from({ length: shape[depth]! }, () => list(depth + 1)).join(", ")}]`;
  return list(0);
}

function hexadecimalOf(bits: bigint, bytes: number): string {
  const digits = bits
    .toString(16)
    .toUpperCase()
    .padStart(2 * bytes, "0");
  return digits.match(/../g)!.toReversed().join("");
}

function numberText({ type, width }: RawElements, bits: bigint): string {
  if (type.text === "i1") return bits === 0n ? "false" : "true";
  if (type.kind === "float") return floatText(type.format, floatFromBits(type.format, bits), bits);
  const isUnsigned = type.kind === "integer" && type.signedness === "unsigned";
  return String(isUnsigned ? bits : BigInt.asIntN(width, bits));
}
