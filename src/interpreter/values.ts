import { rowMajorStrides } from "../ir/analysis/memref-layout.ts";
import { storageClass, store, type NumericTensorData, type TensorData } from "../support/numeric/element-storage.ts";
import { type ElementType, type NumericElementType, storageBytes } from "../support/numeric/element-type.ts";
import { decodeFloat } from "../support/numeric/float-formats.ts";
import { allocateTensor, elementCount, type HostTensor } from "../support/numeric/host-tensor.ts";
export { rowMajorStrides } from "../ir/analysis/memref-layout.ts";

/**
 * A scalar: floats are numbers already rounded to their type; integers of at most 32 bits and `index` are numbers (two's
 * complement, sign extended; `i1` is 0 or 1; `index` is exact to 2^53), wider integers bigints; strings are strings.
 */
export type Scalar = number | bigint | string;

/**
 * A memref value: a window on bytes. `data` is the storage from `byteOffset` on, and element `[i…]` is
 * `data[offset + Σ i·strides]`.
 */
export interface BufferView {
  readonly kind: "buffer";
  readonly bytes: ArrayBufferLike;
  /** Where `data` starts in `bytes`. */
  readonly byteOffset: number;
  readonly elementType: NumericElementType;
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** In elements, from the start of `data`. */
  readonly offset: number;
  readonly data: NumericTensorData;
}

/** What an SSA value holds at run time. Tensors and vectors are host tensors, memrefs are buffer views. */
export type RuntimeValue = Scalar | HostTensor | BufferView;

export const isScalar = (value: RuntimeValue): value is Scalar => typeof value !== "object";
export const isBuffer = (value: RuntimeValue): value is BufferView => typeof value === "object" && "strides" in value;
export const isTensor = (value: RuntimeValue): value is HostTensor =>
  typeof value === "object" && !("strides" in value);

/** A memref over a tensor's own storage: what is written to it is written to the tensor. @throws TypeError for strings. */
export function bufferOf(tensor: HostTensor): BufferView {
  const { data, elementType, shape } = tensor;
  if (!ArrayBuffer.isView(data) || elementType === "string") throw new TypeError("strings have no buffer");
  return {
    kind: "buffer",
    bytes: data.buffer,
    byteOffset: data.byteOffset,
    elementType,
    shape,
    strides: rowMajorStrides(shape),
    offset: 0,
    data: data as NumericTensorData,
  };
}

/** A new buffer of zeros. @throws RangeError when it cannot be allocated. */
export function allocateBuffer(elementType: NumericElementType, shape: readonly number[]): BufferView {
  return bufferOf({ elementType, shape, data: new (storageClass(elementType))(elementCount(shape)) });
}

/** Whether the buffer's elements lie in row-major order without gaps. */
export function isRowMajor(buffer: BufferView): boolean {
  let expected = 1;
  for (let axis = buffer.shape.length - 1; axis >= 0; axis--) {
    if (buffer.shape[axis]! !== 1 && buffer.strides[axis]! !== expected) return false;
    expected *= buffer.shape[axis]!;
  }
  return true;
}

/** The present contents of a buffer as a tensor of its own. */
export function tensorOfBuffer(buffer: BufferView): HostTensor {
  const { elementType, shape, offset, data } = buffer;
  const count = elementCount(shape);
  if (isRowMajor(buffer)) return { elementType, shape, data: data.slice(offset, offset + count) };
  const copy = new (storageClass(elementType))(count) as Float64Array;
  let next = 0;
  forEachOffset(shape, buffer.strides, offset, (at) => {
    copy[next++] = (data as Float64Array)[at]!;
  });
  return { elementType, shape, data: copy };
}

/** Calls `visit` with the linear offset of every element, in row-major order. */
export function forEachOffset(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  visit: (at: number) => void,
): void {
  const rank = shape.length;
  if (shape.includes(0)) return;
  const position = shape.map(() => 0);
  let at = offset;
  for (;;) {
    visit(at);
    let axis = rank - 1;
    for (; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/**
 * A buffer of another element type inside a buffer of bytes.
 * @throws RangeError when the bytes are not there or not aligned.
 */
export function viewBuffer(
  source: BufferView,
  byteShift: number,
  elementType: NumericElementType,
  shape: readonly number[],
): BufferView {
  const start = source.byteOffset + source.offset * source.data.BYTES_PER_ELEMENT + byteShift;
  const count = elementCount(shape);
  const available = source.shape[0]! - byteShift;
  if (byteShift < 0 || count * storageBytes(elementType) > available) throw new RangeError("view outside its buffer");
  const data = new (storageClass(elementType))(source.bytes, start, count);
  return {
    kind: "buffer",
    bytes: source.bytes,
    byteOffset: start,
    elementType,
    shape,
    strides: rowMajorStrides(shape),
    offset: 0,
    data,
  };
}

type Load = (data: TensorData, i: number) => Scalar;
const loadStored: Load = (data, i) => data[i]!;
const loadIndex: Load = (data, i) => Number(data[i]!);
const loadPattern =
  (format: Parameters<typeof decodeFloat>[0]): Load =>
  (data, i) =>
    decodeFloat(format, data[i] as number);

const loads: { readonly [E in ElementType]: Load } = {
  f64: loadStored,
  f32: loadStored,
  f16: loadStored,
  bf16: loadPattern("bf16"),
  f8E4M3FN: loadPattern("f8E4M3FN"),
  f8E5M2: loadPattern("f8E5M2"),
  f8E4M3FNUZ: loadPattern("f8E4M3FNUZ"),
  f8E5M2FNUZ: loadPattern("f8E5M2FNUZ"),
  f8E8M0FNU: loadPattern("f8E8M0FNU"),
  f4E2M1FN: loadPattern("f4E2M1FN"),
  i1: loadStored,
  i2: loadStored,
  i4: loadStored,
  i8: loadStored,
  i16: loadStored,
  i32: loadStored,
  i64: loadStored,
  ui2: loadStored,
  ui4: loadStored,
  ui8: loadStored,
  ui16: loadStored,
  ui32: loadStored,
  ui64: loadStored,
  index: loadIndex,
  string: loadStored,
};

/** Reads entry `i` of a storage; not checked. */
export const loadElement = (elementType: ElementType, data: TensorData, i: number): Scalar =>
  loads[elementType](data, i);
/** Writes entry `i` of a storage; not checked. */
export const storeElement = store;

/** A tensor with every element computed from its row-major number. */
export function tensorFrom(
  elementType: ElementType,
  shape: readonly number[],
  element: (i: number) => Scalar,
): HostTensor {
  const tensor = allocateTensor(elementType, shape);
  const { data } = tensor;
  for (let i = 0; i < data.length; i++) store(elementType, data, i, element(i));
  return tensor;
}

/** A tensor of the same contents in storage of its own. */
export const copyTensor = (tensor: HostTensor): HostTensor => ({ ...tensor, data: tensor.data.slice() as TensorData });
