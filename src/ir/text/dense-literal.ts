import { tensorFromStrings, type HostTensor, type TensorData } from "../../support/numeric/host-tensor.ts";
import { storageClass } from "../../support/numeric/element-storage.ts";
import type { NumericElementType } from "../../support/numeric/element-type.ts";
import { type Attribute, denseAttribute } from "../attributes.ts";
import { hostElementType, type TensorType, type Type, type VectorType } from "../types.ts";
import type { TokenTable } from "./lexer.ts";
import { floatBits } from "./float-text.ts";
import { floatLiteral, integerLiteral, type LiteralError } from "./number-literal.ts";
import { nestedList, rawBits, rawBitsOfHexadecimal, type RawElements, rawElements, rawText } from "./raw-elements.ts";
import { quoted, unquoted } from "./spelling.ts";
import { nestingLimit } from "./token-parser.ts";
import { kindOf } from "./tokens.ts";

interface PlacedError extends LiteralError {
  readonly index: number;
}

/** What stands in the brackets of `dense<…>`: the tokens of its elements and the shape its lists have. */
export interface TensorLiteral {
  readonly start: number;
  /** Token after the literal. */
  readonly end: number;
  /** First tokens of the elements, their minus sign included. */
  readonly elements: readonly number[];
  /** Undefined for a single element without brackets. */
  readonly shape: readonly number[] | undefined;
  /** Whether an element is in parentheses: a complex number. */
  readonly hasPairs: boolean;
}

/** Reads nested lists without recursion, from token `start`. */
export function readTensorLiteral(table: TokenTable, start: number): TensorLiteral | PlacedError {
  const { kinds } = table;
  const elements: number[] = [];
  const counts: number[] = [];
  const shape: number[] = [];
  let hasPairs = false;
  let leafDepth = -1;
  let index = start;
  if (kinds[index] === kindOf.Greater) return { start, end: index, elements, shape: undefined, hasPairs };
  for (;;) {
    // An element or the beginning of a list.
    if (kinds[index] === kindOf.LSquare) {
      if (counts.length >= nestingLimit) return { index, error: "elements literal is nested too deeply" };
      counts.push(0);
      index++;
      if (kinds[index] !== kindOf.RSquare) continue;
    } else {
      if (leafDepth >= 0 && leafDepth !== counts.length)
        return { index, error: "tensor literal is invalid; ranks are not consistent between elements" };
      leafDepth = counts.length;
      elements.push(index);
      const after = afterElement(table, index);
      if (after < 0) return { index, error: "expected element literal of primitive type" };
      hasPairs ||= kinds[index] === kindOf.LParen;
      index = after;
      if (counts.length > 0) counts[counts.length - 1]!++;
    }
    // The ends of lists, and the comma before the next element.
    while (counts.length > 0 && kinds[index] === kindOf.RSquare) {
      const depth = counts.length - 1;
      const count = counts.pop()!;
      if (shape[depth] !== undefined && shape[depth] !== count)
        return { index, error: "tensor literal is invalid; ranks are not consistent between elements" };
      shape[depth] = count;
      if (depth > 0) counts[depth - 1]!++;
      index++;
    }
    if (counts.length === 0) break;
    if (kinds[index] !== kindOf.Comma) return { index, error: "expected ',' or ']' in elements literal" };
    index++;
  }
  const isList = kinds[start] === kindOf.LSquare;
  return { start, end: index, elements, shape: isList ? shape : undefined, hasPairs };
}

function afterElement({ kinds }: TokenTable, index: number): number {
  switch (kinds[index]) {
    case kindOf.Minus:
      return kinds[index + 1] === kindOf.Integer || kinds[index + 1] === kindOf.Float ? index + 2 : -1;
    case kindOf.Integer:
    case kindOf.Float:
    case kindOf.True:
    case kindOf.False:
    case kindOf.String:
      return index + 1;
    case kindOf.LParen: {
      const comma = afterElement({ kinds } as TokenTable, index + 1);
      if (comma < 0 || kinds[comma] !== kindOf.Comma) return -1;
      const end = afterElement({ kinds } as TokenTable, comma + 1);
      return end < 0 || kinds[end] !== kindOf.RParen ? -1 : end + 1;
    }
    default:
      return -1;
  }
}

/** The attribute of a literal and its type. Elements that the host cannot hold are kept as text. */
export function parseDense(
  table: TokenTable,
  literal: TensorLiteral,
  type: TensorType | VectorType,
): Attribute | PlacedError {
  const { start } = literal;
  const count = type.shape.reduce<number>((product, size) => product * (size === "?" ? Number.NaN : size), 1);
  if (Number.isNaN(count)) return { index: start, error: "elements literal type must have static shape" };
  const elementType = hostElementType(type.element);
  const isBytes = isHexadecimalString(table, literal);
  const shape = literal.shape;
  if (
    shape !== undefined &&
    (shape.length !== type.shape.length || shape.some((size, index) => size !== type.shape[index]))
  )
    return {
      index: start,
      error: `inferred shape of elements literal ([${shape.join(", ")}]) does not match type ([${type.shape.join(", ")}])`,
    };
  if (literal.elements.length === 0 && count !== 0 && shape === undefined)
    return { index: start, error: `parsed zero elements, but type ('${type.text}') expected at least 1` };
  if (elementType === undefined || literal.hasPairs || (isBytes && elementType === "string"))
    return denseOfRaw(table, literal, type, count);
  if (elementType === "string") {
    const strings = literal.elements.map((index) => textAt(table, index));
    if (!strings.every((text) => text.startsWith('"')))
      return { index: start, error: "expected string literals for a tensor of strings" };
    const values = strings.map((text) => unquoted(text.slice(1, -1)));
    return splatOrFull(tensorFromStrings([values.length], values), type, count, literal);
  }
  const data = isBytes
    ? bytesLiteral(textAt(table, start), elementType, count)
    : elementsLiteral(table, literal, elementType, type.element);
  if ("error" in data) return { index: (data as Partial<PlacedError>).index ?? start, error: data.error };
  return splatOrFull({ elementType, shape: [data.data.length], data: data.data }, type, count, literal);
}

const textAt = ({ source, starts, ends }: TokenTable, index: number): string =>
  source.slice(starts[index], ends[index]);

const isHexadecimalString = (table: TokenTable, literal: TensorLiteral): boolean =>
  literal.shape === undefined &&
  literal.elements.length === 1 &&
  table.source.startsWith('"0x', table.starts[literal.elements[0]!]);

function splatOrFull(
  tensor: HostTensor,
  type: TensorType | VectorType,
  count: number,
  literal: TensorLiteral,
): Attribute | PlacedError {
  const { data } = tensor;
  if (data.length === count) return denseAttribute(tensor, type);
  if (data.length === 1) return Object.freeze({ kind: "dense", type, data, splat: true });
  return { index: literal.start, error: `elements literal has ${data.length} elements, its type ${count}` };
}

const hexadecimalExpected = "expected string containing hex digits starting with `0x`";

interface Data {
  readonly data: TensorData;
}

function bytesLiteral(text: string, elementType: NumericElementType, count: number): Data | LiteralError {
  const digits = text.slice(3, -1);
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return { error: hexadecimalExpected };
  const bytes = Uint8Array.from(Buffer.from(digits, "hex"));
  if (elementType === "i1" && bytes.length === Math.ceil(count / 8) && count > 1)
    return { data: Uint8Array.from({ length: count }, (_, index) => (bytes[index >> 3]! >> (index & 7)) & 1) };
  const storage = storageClass(elementType);
  const size = new storage(1).byteLength;
  const length = bytes.length / size;
  if (length !== count && length !== 1) return { error: "elements hex data size is invalid for provided type" };
  return { data: new storage(bytes.buffer, 0, length) };
}

function elementsLiteral(
  table: TokenTable,
  { elements }: TensorLiteral,
  elementType: NumericElementType,
  type: Type,
): Data | PlacedError {
  const { kinds } = table;
  const data = new (storageClass(elementType))(elements.length);
  const put = elementWriter(data);
  for (let position = 0; position < elements.length; position++) {
    const index = elements[position]!;
    const kind = kinds[index]!;
    if (kind === kindOf.True || kind === kindOf.False) {
      if (type.text !== "i1") return { index, error: "expected i1 type for 'true' or 'false' values" };
      put(position, kind === kindOf.True ? 1n : 0n);
      continue;
    }
    const negative = kind === kindOf.Minus;
    const token = negative ? index + 1 : index;
    if (kinds[token] === kindOf.String) return { index, error: hexadecimalExpected };
    const text = textAt(table, token);
    if (type.kind === "float") {
      const value = floatLiteral(text, negative, type);
      if ("error" in value) return { index, error: value.error };
      put(position, value.bits ?? floatBits(type.format, value.value));
    } else if (type.kind === "integer" || type.kind === "index") {
      if (kinds[token] === kindOf.Float)
        return { index, error: "expected integer elements, but parsed floating-point" };
      const value = integerLiteral(text, negative, type);
      if (typeof value !== "bigint") return { index, error: value.error };
      put(position, value);
    }
  }
  return { data };
}

/** Stores bit patterns, so that the payload of a NaN survives. */
function elementWriter(data: ArrayBufferView & { readonly length: number }): (index: number, bits: bigint) => void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (data.length === 0 ? 1 : data.byteLength / data.length) {
    case 1:
      return (index, bits) => view.setUint8(index, Number(BigInt.asUintN(8, bits)));
    case 2:
      return (index, bits) => view.setUint16(2 * index, Number(BigInt.asUintN(16, bits)), true);
    case 4:
      return (index, bits) => view.setUint32(4 * index, Number(BigInt.asUintN(32, bits)), true);
    default:
      return (index, bits) => view.setBigUint64(8 * index, BigInt.asUintN(64, bits), true);
  }
}

/** The attribute of elements that the host has no storage for, its text as upstream writes it. */
function denseOfRaw(
  table: TokenTable,
  literal: TensorLiteral,
  type: TensorType | VectorType,
  count: number,
): Attribute | PlacedError {
  const { start, elements } = literal;
  const layout = rawElements(type.element);
  const shape = type.shape as readonly number[];
  if (layout === undefined) return verbatimStrings(table, literal, type);
  if (isHexadecimalString(table, literal)) {
    const bits = rawBitsOfHexadecimal(layout, textAt(table, start).slice(3, -1), count);
    return bits === undefined
      ? { index: start, error: "elements hex data size is invalid for provided type" }
      : verbatimOf(rawText(layout, bits, shape), type);
  }
  const bits: bigint[] = [];
  for (const index of elements) {
    const read = rawElement(table, layout, index);
    if ("error" in read) return read;
    bits.push(...read);
  }
  const given = bits.length / layout.parts;
  if (given !== count && given !== 1)
    return { index: start, error: `elements literal has ${given} elements, its type ${count}` };
  return verbatimOf(rawText(layout, bits, shape), type);
}

/** The bit patterns of one element: of a number, of a complex one, or of a number that stands for a complex one without imaginary part. */
function rawElement(table: TokenTable, layout: RawElements, index: number): readonly bigint[] | PlacedError {
  const { kinds } = table;
  const isPair = kinds[index] === kindOf.LParen;
  if (isPair && layout.parts === 1)
    return { index, error: `expected ${layout.type.text} literal, found a complex one` };
  const bits: bigint[] = [];
  for (let part = isPair ? index + 1 : index; bits.length < (isPair ? 2 : 1); part++) {
    const negative = kinds[part] === kindOf.Minus;
    const token = negative ? ++part : part;
    if (kinds[token] === kindOf.String) return { index, error: `expected ${layout.type.text} literal, found a string` };
    const read = rawBits(layout, textAt(table, token), negative);
    if ("error" in read) return { index: token, error: read.error };
    bits.push(read.bits);
    part++;
  }
  return layout.parts === 2 && !isPair ? [bits[0]!, 0n] : bits;
}

/** Elements of a dialect's type, which are strings. */
function verbatimStrings(
  table: TokenTable,
  literal: TensorLiteral,
  type: TensorType | VectorType,
): Attribute | PlacedError {
  const texts = literal.elements.map((index) => textAt(table, index));
  const shape = type.shape as readonly number[];
  const count = shape.reduce((product, size) => product * size, 1);
  if (
    texts.length === 0 ||
    (texts.length !== 1 && texts.length !== count) ||
    !texts.every((text) => text.startsWith('"'))
  )
    return verbatimDense(table, literal, type);
  const strings = texts.map((text) => quoted(unquoted(text.slice(1, -1))));
  const isSplat = strings.every((text) => text === strings[0]);
  return verbatimOf(isSplat ? strings[0]! : nestedList(shape, (index) => strings[index]!), type);
}

const verbatimOf = (text: string, type: Type): Attribute =>
  Object.freeze({ kind: "verbatim", text: `dense<${text}> : ${type.text}`, type });

/** The attribute of elements that are kept as they are written. */
export function verbatimDense(table: TokenTable, literal: TensorLiteral, type: Type): Attribute {
  const { starts, ends, source } = table;
  const text = literal.end === literal.start ? "" : source.slice(starts[literal.start], ends[literal.end - 1]);
  return verbatimOf(text, type);
}
