import { elementOf, hostElementType, type MemRefType, type Type, type VectorType } from "../ir/types.ts";
import { type NumericElementType, storageBytes } from "../support/numeric/element-type.ts";
import { storageClass } from "../support/numeric/element-storage.ts";
import { elementCount, type HostTensor } from "../support/numeric/host-tensor.ts";
import { allocateBuffer, type BufferView, storeElement, loadElement, tensorFrom } from "./values.ts";

// Buffers of vectors. A view's shape counts vectors, its strides count numbers: the lanes of an element follow each other.

/** The element's type where it is a vector of a known size. */
export function vectorElement(type: Type): VectorType | undefined {
  const element = elementOf(type);
  return element.kind === "vector" && element.scalable.length === 0 ? element : undefined;
}
/** How many numbers an element of a buffer is made of. */
export const lanesOfElement = (type: Type): number => elementCount(vectorElement(type)?.shape ?? []);
/** What those numbers are stored as; undefined for types without storage, and for strings. */
export function numberStorage(type: Type): NumericElementType | undefined {
  const element = hostElementType(vectorElement(type)?.element ?? elementOf(type));
  return element === "string" ? undefined : element;
}

/** A new buffer of zeros. */
export function allocateElements(type: MemRefType, element: NumericElementType, shape: readonly number[]): BufferView {
  const lanes = vectorElement(type)?.shape;
  if (lanes === undefined) return allocateBuffer(element, shape);
  const flat = allocateBuffer(element, [...shape, elementCount(lanes)]);
  return { ...flat, shape, strides: flat.strides.slice(0, shape.length) };
}

/** The vector at a position in `data`. */
export function loadVector(buffer: BufferView, at: number, type: VectorType): HostTensor {
  return tensorFrom(buffer.elementType, type.shape, (lane) => loadElement(buffer.elementType, buffer.data, at + lane));
}
/** Puts the lanes of a vector into a buffer, one after another from an element on. */
export function storeVector(buffer: BufferView, at: number, { data, elementType }: HostTensor): void {
  for (let lane = 0; lane < data.length; lane++)
    storeElement(buffer.elementType, buffer.data, at + lane, loadElement(elementType, data, lane));
}

/** The same view with the lanes as a last dimension. */
export const lanesAsDimension = (buffer: BufferView, lanes: number): BufferView =>
  lanes === 1 ? buffer : { ...buffer, shape: [...buffer.shape, lanes], strides: [...buffer.strides, 1] };

/**
 * The bytes of a buffer as elements of another type and the same size: `memref<4xi64>` as `memref<4xvector<2xi32>>`, low words first.
 * Undefined where the sizes differ.
 */
export function castElements(source: BufferView, from: Type, to: Type): BufferView | undefined {
  const element = numberStorage(to);
  if (element === undefined) return undefined;
  const before = source.data.BYTES_PER_ELEMENT;
  const after = storageBytes(element);
  if (before * lanesOfElement(from) !== after * lanesOfElement(to)) return undefined;
  const scale = (numbers: number): number => (numbers * before) / after;
  const count = Math.floor((source.data.length * before) / after);
  return {
    ...source,
    elementType: element,
    offset: scale(source.offset),
    strides: source.strides.map(scale),
    data: new (storageClass(element))(source.bytes, source.byteOffset, count),
  };
}
