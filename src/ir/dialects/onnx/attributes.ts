import { attribute, type AttributeCodec, f32Attribute as f32Number } from "../../attribute-codecs.ts";
import {
  arrayAttribute,
  type Attribute,
  denseArrayAttribute,
  i64ArrayAttribute,
  integerAttribute,
  stringAttribute,
} from "../../attributes.ts";
import { complexType, f32, f64, i64, stringType, type Type } from "../../types.ts";
export { denseElements, stringAttributeSpec, typeAttributeSpec } from "../../attribute-codecs.ts";

// Attributes are written as `1 : i64`, `array<i64: 1, 2>` and `array<f32: 1.0>`. onnx-mlir, whose operations have the same names,
// writes `1 : si64`, `[1, 2]` and `[1.0 : f32]`, and element types as types; those are read as well.

/** ONNX's numbers of the element types (`TensorProto.DataType`), by the spelling of our types. */
const elementTypeCodes: ReadonlyMap<string, number> = new Map([
  ["f32", 1],
  ["ui8", 2],
  ["i8", 3],
  ["ui16", 4],
  ["i16", 5],
  ["i32", 6],
  ["i64", 7],
  [stringType.text, 8],
  ["i1", 9],
  ["f16", 10],
  ["f64", 11],
  ["ui32", 12],
  ["ui64", 13],
  [complexType(f32).text, 14],
  [complexType(f64).text, 15],
  ["bf16", 16],
  ["f8E4M3FN", 17],
  ["f8E4M3FNUZ", 18],
  ["f8E5M2", 19],
  ["f8E5M2FNUZ", 20],
  ["ui4", 21],
  ["i4", 22],
  ["f4E2M1FN", 23],
  ["f8E8M0FNU", 24],
]);
const elementTypeCode = (type: Type): bigint | undefined => {
  const code = elementTypeCodes.get(type.text);
  return code === undefined ? undefined : BigInt(code);
};

const wholeNumber = (attr: Attribute): bigint | undefined => {
  if (attr.kind === "integer") return attr.type.kind === "integer" && attr.type.width === 64 ? attr.value : undefined;
  return attr.kind === "type" ? elementTypeCode(attr.type) : undefined;
};

/** The elements of a list, whether it is dense or an array of attributes. */
function listOf<T>(
  attr: Attribute,
  element: Type,
  ofNumber: (value: number | bigint) => T,
  ofAttribute: (element: Attribute) => T | undefined,
): readonly T[] | undefined {
  if (attr.kind === "dense-array") return attr.element === element ? attr.values.map(ofNumber) : undefined;
  if (attr.kind !== "array") return undefined;
  const values = attr.elements.map(ofAttribute);
  return values.every((value) => value !== undefined) ? values : undefined;
}

const codec = <T>(
  description: string,
  decode: AttributeCodec<T>["decode"],
  encode: AttributeCodec<T>["encode"],
): AttributeCodec<T> => ({ description, decode, encode });

/** A whole number, all 64 bits. */
export const bigAttribute = attribute<bigint>(
  codec("64-bit integer attribute", wholeNumber, (value) => integerAttribute(value, i64)),
);
/** A whole number that a double holds; an element type, where one is written, is its number in ONNX. */
export const i64Attribute = attribute<number>(
  codec(
    "64-bit integer attribute",
    (attr) => {
      const value = wholeNumber(attr);
      return value === undefined ? undefined : Number(value);
    },
    (value) => integerAttribute(value, i64),
  ),
);
/** A list of whole numbers, all 64 bits. */
export const bigArray = attribute<readonly bigint[]>(
  codec<readonly bigint[]>(
    "list of 64-bit integers",
    (attr) => listOf(attr, i64, BigInt, wholeNumber),
    i64ArrayAttribute,
  ),
);
/** A list of whole numbers that doubles hold. */
export const i64Array = attribute<readonly number[]>(
  codec<readonly number[]>(
    "list of 64-bit integers",
    (attr) => bigArray.codec.decode(attr)?.map(Number),
    i64ArrayAttribute,
  ),
);
/** A binary32 number. */
export const f32Attribute = f32Number;
/** A list of binary32 numbers. */
export const f32Array = attribute<readonly number[]>(
  codec(
    "list of f32 numbers",
    (attr) =>
      listOf(attr, f32, Number, (element) =>
        element.kind === "float" && element.type === f32 ? element.value : undefined,
      ),
    (values) => denseArrayAttribute(f32, values),
  ),
);
/** A list of strings. */
export const stringArray = attribute<readonly string[]>(
  codec(
    "list of strings",
    (attr) => listOf(attr, stringType, String, (element) => (element.kind === "string" ? element.value : undefined)),
    (values) => arrayAttribute(values.map(stringAttribute)),
  ),
);

/** Elements in whatever form: inline, in a resource, sparse, or in a dialect's own attribute. */
export const elements = attribute<Attribute>(
  codec(
    "elements attribute",
    (attr) => (["dense", "resource", "verbatim", "dialect"].includes(attr.kind) ? attr : undefined),
    (value) => value,
  ),
);

/** A binary32 attribute with a default, which is rounded to binary32 as a written value is. */
export const float32 = (value: number) => f32Attribute.default(Math.fround(value));
/** The same for lists. */
export const float32List = (values: readonly number[]) => f32Array.default(values.map(Math.fround));
