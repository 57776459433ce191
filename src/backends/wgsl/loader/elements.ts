import type { ElementType, TensorData } from "./weft-webgpu.d.ts";

interface ArrayClass {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): TensorData;
}

/** The classes of elements, by type; all others are bytes. */
const classes: { readonly [E in ElementType]?: ArrayClass } = {
  f64: Float64Array,
  f32: Float32Array,
  f16: globalThis.Float16Array ?? Uint16Array,
  bf16: Uint16Array,
  i2: Int8Array,
  i4: Int8Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  ui16: Uint16Array,
  ui32: Uint32Array,
  ui64: BigUint64Array,
  index: BigInt64Array,
};

/** The array class of a type's elements. */
export const classOf = (elementType: ElementType): ArrayClass => classes[elementType] ?? Uint8Array;

/** The class that host functions see: arrays of 16-bit floats are not everywhere. */
export const hostClassOf = (elementType: ElementType): ArrayClass =>
  elementType === "f16" ? Uint16Array : classOf(elementType);

/** The name of an array's class, which says the same for arrays of other pages, whose classes differ. */
export const classNameOf = (data: object): string => Object.prototype.toString.call(data).slice(8, -1);

/** Rounded up to the multiple of 4 that WebGPU's copies go by. */
export const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Rounded up to where any element type may start. */
export const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;
