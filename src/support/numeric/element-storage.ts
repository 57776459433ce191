import type { ElementType, NumericElementType } from "./element-type.ts";
import { bigintToDoubleForRounding, encodeFloat, type SmallFloatElementType } from "./float-formats.ts";
import { low32, toBigInt } from "./integer-wrap.ts";

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

/** The array class that holds a type. */
export function storageClass(elementType: NumericElementType): StorageClass<NumericTensorData> {
  return storageClasses[elementType] as StorageClass<NumericTensorData>;
}

/** The floats whose storage holds bit patterns as integers, JavaScript having no array of them. */
type PatternElementType = Exclude<SmallFloatElementType, "f16">;

export function isPattern(elementType: ElementType): elementType is PatternElementType {
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

/** `data` itself if every element is in its narrow type's range, else a copy brought into it. */
export function narrowed(elementType: NumericElementType, data: NumericTensorData): NumericTensorData {
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

/** Stores `value`, a string exactly for a tensor of strings, as entry `i` of `data`; neither is checked. */
export function store(elementType: ElementType, data: TensorData, i: number, value: number | bigint | string): void {
  const write = writers[elementType] as (data: TensorData, i: number, value: number | bigint | string) => void;
  write(data, i, value);
}

type Writer<E extends ElementType> = (
  data: StorageByElementType[E],
  i: number,
  value: E extends "string" ? string : number | bigint,
) => void;

/**
 * One function per type, so that each stores into one kind of array, which is what makes a store fast. The arrays' own
 * conversion wraps to 8, 16, 32 and 64 bits and rounds to f32 and f16.
 */
const writers: { readonly [E in ElementType]: Writer<E> } = {
  f64: (data, i, value) => {
    data[i] = Number(value);
  },
  f32: (data, i, value) => {
    data[i] = asDouble(value);
  },
  f16: (data, i, value) => {
    data[i] = asDouble(value);
  },
  bf16: (data, i, value) => {
    data[i] = encodeFloat("bf16", asDouble(value), notSaturating);
  },
  f8E4M3FN: (data, i, value) => {
    data[i] = encodeFloat("f8E4M3FN", asDouble(value), notSaturating);
  },
  f8E5M2: (data, i, value) => {
    data[i] = encodeFloat("f8E5M2", asDouble(value), notSaturating);
  },
  f8E4M3FNUZ: (data, i, value) => {
    data[i] = encodeFloat("f8E4M3FNUZ", asDouble(value), notSaturating);
  },
  f8E5M2FNUZ: (data, i, value) => {
    data[i] = encodeFloat("f8E5M2FNUZ", asDouble(value), notSaturating);
  },
  f8E8M0FNU: (data, i, value) => {
    data[i] = encodeFloat("f8E8M0FNU", asDouble(value), notSaturating);
  },
  f4E2M1FN: (data, i, value) => {
    data[i] = encodeFloat("f4E2M1FN", asDouble(value), notSaturating);
  },
  i1: (data, i, value) => {
    data[i] = low32(value) & 1;
  },
  i2: (data, i, value) => {
    data[i] = (low32(value) << 30) >> 30;
  },
  i4: (data, i, value) => {
    data[i] = (low32(value) << 28) >> 28;
  },
  i8: (data, i, value) => {
    data[i] = low32(value);
  },
  i16: (data, i, value) => {
    data[i] = low32(value);
  },
  i32: (data, i, value) => {
    data[i] = low32(value);
  },
  i64: (data, i, value) => {
    data[i] = toBigInt(value);
  },
  ui2: (data, i, value) => {
    data[i] = low32(value) & 0x3;
  },
  ui4: (data, i, value) => {
    data[i] = low32(value) & 0xf;
  },
  ui8: (data, i, value) => {
    data[i] = low32(value);
  },
  ui16: (data, i, value) => {
    data[i] = low32(value);
  },
  ui32: (data, i, value) => {
    data[i] = low32(value);
  },
  ui64: (data, i, value) => {
    data[i] = toBigInt(value);
  },
  index: (data, i, value) => {
    data[i] = toBigInt(value);
  },
  string: (data, i, value) => {
    (data as string[])[i] = value;
  },
};

const notSaturating = { saturate: false };

function asDouble(value: number | bigint): number {
  return typeof value === "bigint" ? bigintToDoubleForRounding(value) : value;
}
