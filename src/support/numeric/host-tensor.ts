import { bitWidth, storageBytes, type ElementType } from "./element-type.ts";
import { bigintToDoubleForRounding, decodeFloat, encodeFloat, type SmallFloatElementType } from "./float-formats.ts";
import { low32, toBigInt, wrapInteger } from "./integer-wrap.ts";

/**
 * What holds each element type's elements: their bit patterns, unpacked. `f8*` and `f4*` take a byte each; `i2`, `i4`
 * are sign extended to a byte; `i1` is 0 or 1.
 */
export interface StorageByElementType {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly f16: Float16Array;
  readonly bf16: Uint16Array;
  readonly f8E4M3FN: Uint8Array;
  readonly f8E5M2: Uint8Array;
  readonly f8E4M3FNUZ: Uint8Array;
  readonly f8E5M2FNUZ: Uint8Array;
  readonly f8E8M0FNU: Uint8Array;
  readonly f4E2M1FN: Uint8Array;
  readonly i1: Uint8Array;
  readonly i2: Int8Array;
  readonly i4: Int8Array;
  readonly i8: Int8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly ui2: Uint8Array;
  readonly ui4: Uint8Array;
  readonly ui8: Uint8Array;
  readonly ui16: Uint16Array;
  readonly ui32: Uint32Array;
  readonly ui64: BigUint64Array;
  readonly index: BigInt64Array;
  readonly string: readonly string[];
}

export type TensorData = StorageByElementType[ElementType];
export type NumericTensorData = Exclude<TensorData, readonly string[]>;

/** A dense tensor in row-major order. `data` holds exactly one entry per element. */
export interface HostTensor {
  readonly elementType: ElementType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A tensor whose element type is known to the compiler. */
export interface TensorOf<E extends ElementType> extends HostTensor {
  readonly elementType: E;
  readonly data: StorageByElementType[E];
}

export type NumericElementType = Exclude<ElementType, "string">;

interface StorageClass<Data extends NumericTensorData> {
  new (length: number): Data;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Data;
}

const storageClasses: { readonly [E in NumericElementType]: StorageClass<StorageByElementType[E]> } = {
  f64: Float64Array,
  f32: Float32Array,
  f16: Float16Array,
  bf16: Uint16Array,
  f8E4M3FN: Uint8Array,
  f8E5M2: Uint8Array,
  f8E4M3FNUZ: Uint8Array,
  f8E5M2FNUZ: Uint8Array,
  f8E8M0FNU: Uint8Array,
  f4E2M1FN: Uint8Array,
  i1: Uint8Array,
  i2: Int8Array,
  i4: Int8Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  ui2: Uint8Array,
  ui4: Uint8Array,
  ui8: Uint8Array,
  ui16: Uint16Array,
  ui32: Uint32Array,
  ui64: BigUint64Array,
  index: BigInt64Array,
};

function storageClass(elementType: NumericElementType): StorageClass<NumericTensorData> {
  return storageClasses[elementType] as StorageClass<NumericTensorData>;
}

/**
 * The number of elements of a shape; 1 for rank 0.
 * @throws RangeError if a dimension is negative or not an integer, or the count is not exact in a double.
 */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  let empty = false;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) throw new RangeError(`dimension ${dimension} is not a size`);
    if (dimension === 0) empty = true;
    else count *= dimension;
  }
  if (empty) return 0;
  if (!Number.isSafeInteger(count)) throw new RangeError(`shape [${shape.join(", ")}] has too many elements`);
  return count;
}

/** A tensor of zeros (for f8E8M0FNU, which has no zero, of the pattern 0, that is 2^-127), or of empty strings. */
export function allocateTensor<E extends ElementType>(elementType: E, shape: readonly number[]): TensorOf<E>;
export function allocateTensor(elementType: ElementType, shape: readonly number[]): HostTensor {
  const count = elementCount(shape);
  const data =
    elementType === "string" ? Array.from({ length: count }, () => "") : new (storageClass(elementType))(count);
  return { elementType, shape, data };
}

/**
 * A numeric tensor from JavaScript numbers, each rounded or wrapped as {@link writeElement} does.
 * @throws RangeError if there are not exactly as many values as elements; TypeError for `string`.
 */
export function tensorFromNumbers<E extends ElementType>(
  elementType: E,
  shape: readonly number[],
  values: ArrayLike<number | bigint>,
): TensorOf<E> {
  const count = elementCount(shape);
  if (values.length !== count) throw new RangeError(`${values.length} values for ${count} elements`);
  const tensor = allocateTensor(elementType, shape);
  for (let i = 0; i < count; i++) writeElement(tensor, i, values[i]!);
  return tensor;
}

/** A string tensor over `values`, not copied. @throws RangeError if the count does not match the shape. */
export function tensorFromStrings(shape: readonly number[], values: readonly string[]): TensorOf<"string"> {
  const count = elementCount(shape);
  if (values.length !== count) throw new RangeError(`${values.length} values for ${count} elements`);
  return { elementType: "string", shape, data: values };
}

/** The tensor's storage under its own type, for loops over one element type. @throws TypeError if the type differs. */
export function dataOf<E extends ElementType>(tensor: HostTensor, elementType: E): StorageByElementType[E] {
  if (tensor.elementType !== elementType) {
    throw new TypeError(`expected a tensor of ${elementType}, not of ${tensor.elementType}`);
  }
  return tensor.data as StorageByElementType[E];
}

/**
 * Element `i` (row-major): a number for floats, integers up to 32 bits, booleans (0 or 1) and `index`; a bigint for
 * `i64` and `ui64`; a string for strings. An `index` beyond 2^53 is rounded.
 * @throws RangeError if `i` is not an index into the tensor.
 */
export function readElement(tensor: HostTensor, i: number): number | bigint | string {
  const { elementType } = tensor;
  const stored = tensor.data[i];
  if (stored === undefined) throw outOfRange(tensor, i);
  if (isPattern(elementType)) return decodeFloat(elementType, stored as number);
  return elementType === "index" ? Number(stored) : stored;
}

/** The floats whose storage holds bit patterns as integers, JavaScript having no array of them. */
type PatternElementType = Exclude<SmallFloatElementType, "f16">;

function isPattern(elementType: ElementType): elementType is PatternElementType {
  switch (elementType) {
    case "bf16":
    case "f8E4M3FN":
    case "f8E5M2":
    case "f8E4M3FNUZ":
    case "f8E5M2FNUZ":
    case "f8E8M0FNU":
    case "f4E2M1FN":
      return true;
    default:
      return false;
  }
}

/**
 * Stores `value` as element `i`. Floats round to nearest, ties to even, once, from the double or the exact bigint; out
 * of range gives infinity, or NaN in a format without one (f4E2M1FN, with neither, saturates). Integers drop a fraction
 * and wrap modulo 2^width; NaN and the infinities give 0; `i1` keeps the lowest bit.
 * @throws RangeError if `i` is not an index into the tensor; TypeError if a string meets a numeric type or the reverse.
 */
export function writeElement(tensor: HostTensor, i: number, value: number | bigint | string): void {
  const { elementType, data } = tensor;
  if (!(i >= 0 && i < data.length && Number.isInteger(i))) throw outOfRange(tensor, i);
  if ((typeof value === "string") !== (elementType === "string")) {
    throw new TypeError(`a ${typeof value} cannot be an element of a tensor of ${elementType}`);
  }
  (data as (number | bigint | string)[])[i] =
    elementType === "string" ? value : storedForm(elementType, value as number | bigint);
}

function outOfRange(tensor: HostTensor, i: number): RangeError {
  return new RangeError(`element ${i} of a tensor of ${tensor.data.length}`);
}

/** What to assign to the storage; its own conversion does the wrapping to 8, 16, 32 and 64 bits. */
function storedForm(elementType: NumericElementType, value: number | bigint): number | bigint {
  switch (elementType) {
    case "f64":
      return Number(value);
    case "f32":
    case "f16":
      return asDouble(value);
    case "i64":
    case "ui64":
    case "index":
      return toBigInt(value);
    case "i1":
    case "i2":
    case "i4":
    case "ui2":
    case "ui4":
      return wrapInteger(elementType, value);
    case "i8":
    case "i16":
    case "i32":
    case "ui8":
    case "ui16":
    case "ui32":
      return low32(value);
    default:
      return encodeFloat(elementType, asDouble(value), { saturate: false });
  }
}

function asDouble(value: number | bigint): number {
  return typeof value === "bigint" ? bigintToDoubleForRounding(value) : value;
}

/**
 * The storage as little-endian bytes: a view, so writing through it changes the tensor. Sub-byte elements are unpacked.
 * @throws TypeError for strings.
 */
export function bytesOf(tensor: HostTensor): Uint8Array {
  const data = tensor.data;
  if (!ArrayBuffer.isView(data)) throw new TypeError("a tensor of strings has no bytes");
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * A tensor over little-endian `bytes`, one unpacked element after another: a view where the bytes are aligned for the
 * storage, a copy where not. Bytes that are no proper element of a type narrower than a byte are made one in a copy: any
 * non-zero `i1` is 1, the others keep their low bits.
 * @throws RangeError if the length is not the shape's; TypeError for strings.
 */
export function tensorFromBytes<E extends ElementType>(
  elementType: E,
  shape: readonly number[],
  bytes: Uint8Array,
): TensorOf<E>;
export function tensorFromBytes(elementType: ElementType, shape: readonly number[], bytes: Uint8Array): HostTensor {
  if (elementType === "string") throw new TypeError("a tensor of strings has no bytes");
  const count = elementCount(shape);
  const size = storageBytes(elementType);
  if (bytes.length !== count * size) {
    throw new RangeError(`${bytes.length} bytes for ${count} elements of ${size} bytes`);
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const data = new (storageClass(elementType))(aligned.buffer, aligned.byteOffset, count);
  return { elementType, shape, data: narrowed(elementType, data) };
}

/** `data` itself if every element is in its narrow type's range, else a copy brought into it. */
function narrowed(elementType: NumericElementType, data: NumericTensorData): NumericTensorData {
  const fit = narrowers[elementType];
  if (fit === undefined || !(data instanceof Uint8Array || data instanceof Int8Array)) return data;
  return data.every((stored) => fit(stored) === stored) ? data : data.map(fit);
}

const narrowers: { readonly [E in NumericElementType]?: (stored: number) => number } = {
  i1: (stored) => (stored === 0 ? 0 : 1),
  i2: (stored) => (stored << 30) >> 30,
  i4: (stored) => (stored << 28) >> 28,
  ui2: (stored) => stored & 0x3,
  ui4: (stored) => stored & 0xf,
  f4E2M1FN: (stored) => stored & 0xf,
};

/** Every element as a double, for comparing and printing; 64-bit integers are rounded. @throws TypeError for strings. */
export function toNumbers(tensor: HostTensor): Float64Array {
  const { elementType, data } = tensor;
  if (elementType === "string") throw new TypeError("a tensor of strings has no numbers");
  if (isPattern(elementType)) return Float64Array.from(data as Uint8Array, (bits) => decodeFloat(elementType, bits));
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return new Float64Array(data as Exclude<NumericTensorData, BigInt64Array | BigUint64Array>);
}

export type SubByteElementType = "i2" | "i4" | "ui2" | "ui4" | "f4E2M1FN";

/** Whether ONNX packs several elements of the type into a byte. */
export function isSubByte(elementType: ElementType): elementType is SubByteElementType {
  return elementType !== "string" && elementType !== "i1" && bitWidth(elementType) < 8;
}

/**
 * A tensor from ONNX's packed form: two 4-bit or four 2-bit elements per byte, the first in the lowest bits, in
 * row-major order; the unused bits of the last byte are ignored.
 * @throws RangeError if the number of bytes is not the smallest that holds the elements.
 */
export function unpackSubByte(
  elementType: SubByteElementType,
  shape: readonly number[],
  packed: Uint8Array,
): HostTensor {
  const count = elementCount(shape);
  const bits = bitWidth(elementType);
  const perByte = 8 / bits;
  if (packed.length !== Math.ceil(count / perByte)) {
    throw new RangeError(`${packed.length} bytes for ${count} elements of ${bits} bits`);
  }
  const tensor = allocateTensor(elementType, shape);
  const data: Int8Array | Uint8Array = tensor.data;
  const signed = elementType === "i2" || elementType === "i4";
  const unused = 32 - bits;
  for (let i = 0; i < count; i++) {
    const shifted = (packed[Math.floor(i / perByte)]! >>> ((i % perByte) * bits)) << unused;
    data[i] = signed ? shifted >> unused : shifted >>> unused;
  }
  return tensor;
}

/** The inverse of {@link unpackSubByte}; unused bits are zero. @throws TypeError if the type is a byte or wider. */
export function packSubByte(tensor: HostTensor): Uint8Array {
  const { elementType, data } = tensor;
  if (!isSubByte(elementType)) throw new TypeError(`${elementType} is not packed`);
  const bits = bitWidth(elementType);
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const packed = new Uint8Array(Math.ceil(data.length / perByte));
  for (let i = 0; i < data.length; i++) {
    packed[Math.floor(i / perByte)]! |= ((data[i] as number) & mask) << ((i % perByte) * bits);
  }
  return packed;
}
