import { CompileError } from "../diagnostic.ts";
import { type Location, unknownLocation } from "../location.ts";
import { storageBytes, type ElementType, type NumericElementType } from "./element-type.ts";
import { bytesOf, tensorFromBytes, tensorFromStrings, type HostTensor } from "./host-tensor.ts";
import { npyDiagnostics, quoted, readNpyHeader, writeNpyHeader } from "./npy-header.ts";

/** numpy's kind and item size, without the byte order. */
const elementTypeOfDtype: ReadonlyMap<string, NumericElementType> = new Map([
  ["f8", "f64"],
  ["f4", "f32"],
  ["f2", "f16"],
  ["i1", "i8"],
  ["i2", "i16"],
  ["i4", "i32"],
  ["i8", "i64"],
  ["u1", "ui8"],
  ["u2", "ui16"],
  ["u4", "ui32"],
  ["u8", "ui64"],
  ["b1", "i1"],
]);

/**
 * The dtype that holds each element type's storage. numpy lacks the small floats, which are written as their bit
 * patterns in an unsigned dtype, and the narrow integers and `index`, which keep their values in a wider dtype.
 */
const dtypeOfElementType: { readonly [E in NumericElementType]: string } = {
  f64: "<f8",
  f32: "<f4",
  f16: "<f2",
  bf16: "<u2",
  f8E4M3FN: "|u1",
  f8E5M2: "|u1",
  f8E4M3FNUZ: "|u1",
  f8E5M2FNUZ: "|u1",
  f8E8M0FNU: "|u1",
  f4E2M1FN: "|u1",
  i1: "|b1",
  i2: "|i1",
  i4: "|i1",
  i8: "|i1",
  i16: "<i2",
  i32: "<i4",
  i64: "<i8",
  ui2: "|u1",
  ui4: "|u1",
  ui8: "|u1",
  ui16: "<u2",
  ui32: "<u4",
  ui64: "<u8",
  index: "<i8",
};

interface Dtype {
  readonly elementType: ElementType;
  readonly itemBytes: number;
  readonly bigEndian: boolean;
}

/** The element type of a `descr`; undefined for what has none (structured, complex, bytes, dates, objects). */
function dtypeOf(descr: string): Dtype | undefined {
  const match = /^([<>|=])([a-zA-Z])(\d{1,9})$/.exec(descr);
  if (match === null) return undefined;
  const [, order, kind, size] = match;
  const bigEndian = order === ">";
  // A zero-width string would let a few bytes of header stand for any number of elements.
  if (kind === "U") return size === "0" ? undefined : { elementType: "string", itemBytes: Number(size) * 4, bigEndian };
  const elementType = elementTypeOfDtype.get(`${kind}${size}`);
  return elementType === undefined ? undefined : { elementType, itemBytes: storageBytes(elementType), bigEndian };
}

/**
 * A tensor from a file that `numpy.save` wrote: format 1.0 to 3.0, C or Fortran order, either byte order; float,
 * integer, bool and unicode dtypes. Little-endian C order is a view of `bytes` where they are aligned, else a copy.
 * Nothing is allocated before the sizes in the header have been checked against the bytes there are.
 * @throws CompileError with an `npy/...` diagnostic at `location`.
 */
export function readNpy(bytes: Uint8Array, location: Location = unknownLocation): HostTensor {
  const { descr, fortranOrder, shape, dataOffset } = readNpyHeader(bytes, location);
  const dtype = dtypeOf(descr);
  if (dtype === undefined) throw new CompileError([npyDiagnostics.at("dtype", location, { dtype: quoted(descr) })]);
  const data = bytes.subarray(dataOffset);
  // Rounding in this product is harmless: it can only happen far above the size of any file.
  const expected = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, dtype.itemBytes);
  if (data.length !== expected) {
    const values = { shape: shape.join(", "), dtype: quoted(descr), expected, actual: data.length };
    throw new CompileError([npyDiagnostics.at("size", location, values)]);
  }
  const unitBytes = dtype.elementType === "string" ? 4 : dtype.itemBytes;
  const littleEndian = dtype.bigEndian ? byteSwapped(data, unitBytes) : data;
  const rowMajor = fortranOrder ? fromColumnMajor(littleEndian, shape, dtype.itemBytes) : littleEndian;
  if (dtype.elementType === "string") return tensorFromStrings(shape, readStrings(rowMajor, dtype.itemBytes, location));
  return tensorFromBytes(dtype.elementType, shape, rowMajor);
}

/**
 * A file for `numpy.load`: format 1.0, C order, little endian. Types that numpy lacks come back from
 * {@link readNpy} as the type that held them: bf16 as ui16, the 8-bit and 4-bit floats as ui8 (their bit patterns), i2
 * and i4 as i8, ui2 and ui4 as ui8, index as i64 (their values).
 * @throws CompileError `npy/trailing-nul` for a string that ends in U+0000, which numpy's padding swallows; `npy/padded-size` for strings
 * that would take over 1 GiB, each being as wide as the longest.
 */
export function writeNpy(tensor: HostTensor, location: Location = unknownLocation): Uint8Array {
  if (tensor.elementType === "string") {
    const { itemBytes, data } = writeStrings(tensor.data as readonly string[], location);
    return joined(writeNpyHeader(`<U${itemBytes / 4}`, tensor.shape), data);
  }
  return joined(writeNpyHeader(dtypeOfElementType[tensor.elementType], tensor.shape), bytesOf(tensor));
}

function joined(header: Uint8Array, data: Uint8Array): Uint8Array {
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  return file;
}

/** A copy with the bytes of every unit reversed. */
function byteSwapped(data: Uint8Array, unitBytes: number): Uint8Array {
  const swapped = new Uint8Array(data.length);
  for (let unit = 0; unit < data.length; unit += unitBytes) {
    for (let i = 0; i < unitBytes; i++) swapped[unit + i] = data[unit + unitBytes - 1 - i]!;
  }
  return swapped;
}

/** A row-major copy of items whose first index runs fastest. */
function fromColumnMajor(data: Uint8Array, shape: readonly number[], itemBytes: number): Uint8Array {
  const strides: number[] = [];
  let stride = itemBytes;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const rowMajor = new Uint8Array(data.length);
  const index = shape.map(() => 0);
  let source = 0;
  for (let target = 0; target < data.length; target += itemBytes) {
    for (let i = 0; i < itemBytes; i++) rowMajor[target + i] = data[source + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return rowMajor;
}

/** UTF-32 items, padded with NULs at the end. */
function readStrings(data: Uint8Array, itemBytes: number, location: Location): readonly string[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const strings: string[] = [];
  for (let begin = 0; begin < data.length; begin += itemBytes) {
    let end = begin + itemBytes;
    while (end > begin && view.getUint32(end - 4, true) === 0) end -= 4;
    let text = "";
    for (let at = begin; at < end; at += 4) {
      const code = view.getUint32(at, true);
      if (code > 0x10ffff) {
        const values = { element: strings.length, code: `0x${code.toString(16)}` };
        throw new CompileError([npyDiagnostics.at("character", location, values)]);
      }
      text += String.fromCodePoint(code);
    }
    strings.push(text);
  }
  return strings;
}

/** One long string makes every item as long: a bound, so that a few megabytes of text cannot ask for terabytes. */
const maxStringBytes = 2 ** 30;

function writeStrings(
  strings: readonly string[],
  location: Location,
): { readonly itemBytes: number; readonly data: Uint8Array } {
  const nul = strings.findIndex((text) => text.endsWith("\0"));
  if (nul >= 0) throw new CompileError([npyDiagnostics.at("trailing-nul", location, { element: nul })]);
  const codes = strings.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const itemBytes = 4 * codes.reduce((longest, { length }) => Math.max(longest, length), 1);
  if (itemBytes * strings.length > maxStringBytes) {
    const values = { count: strings.length, bytes: itemBytes * strings.length, limit: maxStringBytes };
    throw new CompileError([npyDiagnostics.at("padded-size", location, values)]);
  }
  const data = new Uint8Array(itemBytes * strings.length);
  const view = new DataView(data.buffer);
  codes.forEach((text, element) => text.forEach((code, i) => view.setUint32(element * itemBytes + i * 4, code, true)));
  return { itemBytes, data };
}
