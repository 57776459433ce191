import type { HostTensor, TensorData } from "../support/numeric/host-tensor.ts";
import type { Location } from "../support/location.ts";
import type { AffineMap, IntegerSet } from "./affine.ts";
import {
  type FloatType,
  hostElementType,
  i32,
  i64,
  type IndexType,
  type IntegerType,
  type TensorType,
  tensorType,
  type Type,
  typeOfElement,
  type VectorType,
} from "./types.ts";

/** Compile-time data on operations. The kinds are MLIR's builtin attributes; dialects' own are kept as text. */
export type Attribute =
  | { readonly kind: "unit" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: bigint; readonly type: IntegerType | IndexType }
  | {
      readonly kind: "float";
      readonly value: number;
      readonly type: FloatType;
      /** The exact bit pattern, kept where a number cannot hold it (NaN payloads, wide formats). */
      readonly bits: bigint | undefined;
    }
  | { readonly kind: "string"; readonly value: string; readonly type: Type | undefined }
  | { readonly kind: "type"; readonly type: Type }
  | { readonly kind: "array"; readonly elements: readonly Attribute[] }
  | { readonly kind: "dictionary"; readonly entries: Attributes }
  | { readonly kind: "symbol"; readonly root: string; readonly nested: readonly string[] }
  | DenseAttribute
  | { readonly kind: "dense-array"; readonly element: Type; readonly values: readonly (number | bigint)[] }
  | { readonly kind: "resource"; readonly key: string; readonly type: TensorType | VectorType }
  | { readonly kind: "affine-map"; readonly map: AffineMap }
  | { readonly kind: "integer-set"; readonly set: IntegerSet }
  | { readonly kind: "strided-layout"; readonly text: string }
  | { readonly kind: "location"; readonly location: Location }
  /** `#dialect.body`, or `#dialect<…>` for a body that begins with its bracket; kept as text. */
  | { readonly kind: "dialect"; readonly dialect: string; readonly body: string }
  /** A builtin attribute that the host has no representation of (elements of i19 or complex, `sparse<…>`), kept as text. */
  | { readonly kind: "verbatim"; readonly text: string; readonly type: Type | undefined };

/** Elements of a constant tensor or vector: bit patterns in the host's storage for the element type. */
export interface DenseAttribute {
  readonly kind: "dense";
  readonly type: TensorType | VectorType;
  /** One element when `splat`, else one for each element in row-major order. */
  readonly data: TensorData;
  readonly splat: boolean;
}

/** Named attributes. */
export type Attributes = Readonly<Record<string, Attribute>>;
export const noAttributes: Attributes = Object.freeze({});

export const unitAttribute: Attribute = Object.freeze({ kind: "unit" });
export const boolAttribute = (value: boolean): Attribute => Object.freeze({ kind: "bool", value });
export const integerAttribute = (value: number | bigint, type: IntegerType | IndexType = i64): Attribute =>
  Object.freeze({ kind: "integer", value: BigInt(value), type });
export const floatAttribute = (value: number, type: FloatType, bits?: bigint): Attribute =>
  Object.freeze({ kind: "float", value, type, bits });
export const stringAttribute = (value: string): Attribute => Object.freeze({ kind: "string", value, type: undefined });
export const typeAttribute = (type: Type): Attribute => Object.freeze({ kind: "type", type });
export const arrayAttribute = (elements: readonly Attribute[]): Attribute =>
  Object.freeze({ kind: "array", elements: Object.freeze([...elements]) });
export const dictionaryAttribute = (entries: Attributes): Attribute =>
  Object.freeze({ kind: "dictionary", entries: Object.freeze({ ...entries }) });
export const symbolAttribute = (root: string, nested: readonly string[] = []): Attribute =>
  Object.freeze({ kind: "symbol", root, nested: Object.freeze([...nested]) });
export const affineMapAttribute = (map: AffineMap): Attribute => Object.freeze({ kind: "affine-map", map });
/** A number where it is exact, as dense arrays keep their elements. */
export function exactNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isFinite(number) && BigInt(number) === value ? number : value;
}
export const denseArrayAttribute = (element: Type, values: readonly (number | bigint)[]): Attribute =>
  Object.freeze({ kind: "dense-array", element, values: Object.freeze([...values]) });
/** `array<i64: …>`. */
export const i64ArrayAttribute = (values: readonly (number | bigint)[]): Attribute => denseArrayAttribute(i64, values);
/** `array<i32: …>`. */
export const i32ArrayAttribute = (values: readonly (number | bigint)[]): Attribute => denseArrayAttribute(i32, values);
export const dialectAttribute = (dialect: string, body: string): Attribute =>
  Object.freeze({ kind: "dialect", dialect, body });
export const resourceAttribute = (key: string, type: TensorType | VectorType): Attribute =>
  Object.freeze({ kind: "resource", key, type });

/** A constant with the tensor's type and elements; a tensor of equal bit patterns becomes a splat. */
export function denseAttribute(tensor: HostTensor, type?: TensorType | VectorType): DenseAttribute {
  const { data } = tensor;
  let splat = data.length > 0;
  for (let index = 1; splat && index < data.length; index++) splat = Object.is(data[index], data[0]);
  // NaNs are equal as numbers whatever their bits are.
  if (splat && Number.isNaN(data[0])) splat = hasEqualBytes(data as Float64Array);
  return Object.freeze({
    kind: "dense",
    type: type ?? tensorType(tensor.shape, typeOfElement(tensor.elementType)),
    data: splat ? (data.slice(0, 1) as TensorData) : data,
    splat,
  });
}

function hasEqualBytes({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size }: Float64Array): boolean {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return bytes.every((byte, index) => byte === bytes[index % size]);
}

/** The elements as a host tensor, splats written out. Undefined for types without host storage. */
export function hostTensorOf(attribute: DenseAttribute): HostTensor | undefined {
  const elementType = hostElementType(attribute.type.element);
  const shape = attribute.type.shape;
  if (elementType === undefined || !shape.every((size) => size !== "?")) return undefined;
  const count = shape.reduce<number>((product, size) => product * (size as number), 1);
  if (!attribute.splat || count === 1) return { elementType, shape: shape as readonly number[], data: attribute.data };
  return { elementType, shape: shape as readonly number[], data: repeat(attribute.data, count) };
}

function repeat(data: TensorData, count: number): TensorData {
  if (!ArrayBuffer.isView(data)) return Array.from({ length: count }, () => data[0]!);
  const constructor = data.constructor as new (length: number) => Float32Array;
  const repeated = new constructor(count);
  repeated.fill((data as Float32Array)[0]!);
  return repeated;
}

const sameList = <T>(left: readonly T[], right: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  left.length === right.length && left.every((value, index) => same(value, right[index]!));

function sameData(left: TensorData, right: TensorData): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!Object.is(left[index], right[index])) return false;
  return true;
}

/** Structural equality. Floats are equal when their bits are: 0.0 and -0.0 differ, NaN equals NaN. */
export function sameAttribute(left: Attribute, right: Attribute): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case "unit":
      return right.kind === "unit";
    case "bool":
      return right.kind === "bool" && left.value === right.value;
    case "integer":
      return right.kind === "integer" && left.value === right.value && left.type === right.type;
    case "float":
      return (
        right.kind === "float" &&
        left.type === right.type &&
        left.bits === right.bits &&
        Object.is(left.value, right.value)
      );
    case "string":
      return right.kind === "string" && left.value === right.value && left.type === right.type;
    case "type":
      return right.kind === "type" && left.type === right.type;
    case "array":
      return right.kind === "array" && sameList(left.elements, right.elements, sameAttribute);
    case "dictionary":
      return right.kind === "dictionary" && sameAttributes(left.entries, right.entries);
    case "symbol":
      return right.kind === "symbol" && left.root === right.root && sameList(left.nested, right.nested, Object.is);
    case "dense":
      return (
        right.kind === "dense" &&
        left.type === right.type &&
        left.splat === right.splat &&
        sameData(left.data, right.data)
      );
    case "dense-array":
      return (
        right.kind === "dense-array" && left.element === right.element && sameList(left.values, right.values, Object.is)
      );
    case "resource":
      return right.kind === "resource" && left.key === right.key && left.type === right.type;
    case "affine-map":
      return right.kind === "affine-map" && left.map.text === right.map.text;
    case "integer-set":
      return right.kind === "integer-set" && left.set.text === right.set.text;
    case "strided-layout":
      return right.kind === "strided-layout" && left.text === right.text;
    case "location":
      return right.kind === "location" && left.location === right.location;
    case "dialect":
      return right.kind === "dialect" && left.dialect === right.dialect && left.body === right.body;
    case "verbatim":
      return right.kind === "verbatim" && left.text === right.text;
  }
}

/** Structural equality of named attributes, whatever their order. */
export function sameAttributes(left: Attributes, right: Attributes): boolean {
  if (left === right) return true;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const other = right[name];
      return other !== undefined && sameAttribute(left[name]!, other);
    })
  );
}
