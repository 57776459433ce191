import {
  isPattern,
  narrowed,
  store,
  storageClass,
  type NumericTensorData,
  type StorageByElementType,
  type TensorData,
} from "./element-storage.ts";
import { bitWidth, storageBytes, type ElementType } from "./element-type.ts";
import { decodeFloat } from "./float-formats.ts";

export type { NumericTensorData, StorageByElementType, TensorData } from "./element-storage.ts";

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
  store(elementType, data, i, value);
}

function outOfRange(tensor: HostTensor, i: number): RangeError {
  return new RangeError(`element ${i} of a tensor of ${tensor.data.length}`);
}

/**
 * The storage as little-endian bytes: a view, so writing through it changes the tensor. Sub-byte elements are unpacked.
 * (Views have the host's byte order, which is little endian on everything Node is built for but s390x.)
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
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const data = new (storageClass(elementType))(aligned.buffer, aligned.byteOffset, count);
  return { elementType, shape, data: narrowed(elementType, data) };
}

/** Every element as a double, for comparing and printing; 64-bit integers are rounded. @throws TypeError for strings. */
export function toNumbers(tensor: HostTensor): Float64Array {
  const { elementType, data } = tensor;
  if (elementType === "string") throw new TypeError("a tensor of strings has no numbers");
  const numbers = new Float64Array(data.length);
  if (isPattern(elementType)) {
    const patterns = data as Uint8Array | Uint16Array;
    for (let i = 0; i < numbers.length; i++) numbers[i] = decodeFloat(elementType, patterns[i]!);
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < numbers.length; i++) numbers[i] = Number(data[i]);
  } else {
    numbers.set(data as Exclude<NumericTensorData, BigInt64Array | BigUint64Array>);
  }
  return numbers;
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
export function unpackSubByte<E extends SubByteElementType>(
  elementType: E,
  shape: readonly number[],
  packed: Uint8Array,
): TensorOf<E> {
  const count = elementCount(shape);
  const bits = bitWidth(elementType);
  const perByte = 8 / bits;
  if (packed.length !== Math.ceil(count / perByte)) {
    throw new RangeError(`${packed.length} bytes for ${count} elements of ${bits} bits`);
  }
  const tensor = allocateTensor(elementType, shape);
  const data = tensor.data as Int8Array | Uint8Array;
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
