import type { TensorData } from "../../support/numeric/host-tensor.ts";
import type { DenseAttribute } from "../attributes.ts";
import type { FloatFormat, Type } from "../types.ts";
import { floatFromBits, floatText } from "./float-text.ts";
import { nestedList } from "./raw-elements.ts";
import { quoted } from "./spelling.ts";

/** Constants with more elements than this print as a string of hexadecimal bytes, as upstream's default is. */
const hexadecimalLimit = 100;

/** What stands between the angle brackets of `dense<…>`. */
export function denseText(attribute: DenseAttribute): string {
  const { data, type, splat } = attribute;
  const element = elementPrinter(type.element, data);
  if (data.length === 0) return "";
  if (splat) return element(0);
  if (data.length > hexadecimalLimit && ArrayBuffer.isView(data))
    return `"0x${hexadecimal(type.element.text === "i1" ? packedBits(data as Uint8Array) : bytesOf(data))}"`;
  return nestedList(type.shape as readonly number[], element);
}

function elementPrinter(type: Type, data: TensorData): (index: number) => string {
  if (!ArrayBuffer.isView(data)) return (index) => quoted(data[index]!);
  if (type.text === "i1") return (index) => (Number(data[index]) === 0 ? "false" : "true");
  if (type.kind !== "float") return (index) => String(data[index]);
  return floatPrinter(type.format, data);
}

function floatPrinter(format: FloatFormat, data: TensorData): (index: number) => string {
  const patterns = bitPatterns(data as ArrayBufferView & TensorData);
  return (index) => {
    const bits = patterns(index);
    return floatText(format, floatFromBits(format, bits), bits);
  };
}

/** Reads bit patterns without going through a number, which would lose the payload of a NaN. */
function bitPatterns(data: ArrayBufferView & TensorData): (index: number) => bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (data.byteLength / data.length) {
    case 1:
      return (index) => BigInt(view.getUint8(index));
    case 2:
      return (index) => BigInt(view.getUint16(2 * index, true));
    case 4:
      return (index) => BigInt(view.getUint32(4 * index, true));
    default:
      return (index) => view.getBigUint64(8 * index, true);
  }
}

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Truth values eight to a byte, the first in the lowest bit. */
function packedBits(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, index) => (packed[index >> 3]! |= (value & 1) << (index & 7)));
  return packed;
}

/** The bytes in hexadecimal digits, upper case. */
export const hexadecimal = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex").toUpperCase();
