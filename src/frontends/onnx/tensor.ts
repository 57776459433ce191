import { CompileError } from "../../support/diagnostic.ts";
import { bitWidth, type ElementType, isUnsigned } from "../../support/numeric/element-type.ts";
import {
  allocateTensor,
  elementCount,
  type HostTensor,
  isSubByte,
  tensorFromBytes,
  tensorFromStrings,
  unpackSubByte,
} from "../../support/numeric/host-tensor.ts";
import type { Location } from "../../support/location.ts";
import { onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import { dataTypeName, elementTypeOf } from "./element-types.ts";
import { readExternalData } from "./external-data.ts";
import { TensorProto_DataLocation, type TensorProto } from "./protobuf/onnx_pb.ts";

/** What decoding a model's tensors needs and shares. */
export interface TensorContext {
  /** The model's file name, for messages. */
  readonly file: string;
  /** The folder of external data; undefined refuses it. */
  readonly folder: string | undefined;
  /** Bytes that sparse tensors may still grow to: their files do not hold what they expand to. */
  readonly denseBudget: { left: number };
}

/** A context for one file. */
export const tensorContext = (file: string, folder: string | undefined): TensorContext => ({
  file,
  folder,
  denseBudget: { left: 2 ** 30 },
});

type DataField =
  "raw_data" | "float_data" | "int32_data" | "string_data" | "int64_data" | "double_data" | "uint64_data";

/** The field that holds elements of a type when raw_data does not. */
function typedField(elementType: ElementType): DataField {
  switch (elementType) {
    case "f32":
      return "float_data";
    case "f64":
      return "double_data";
    case "i64":
      return "int64_data";
    case "ui32":
    case "ui64":
      return "uint64_data";
    case "string":
      return "string_data";
    default:
      return "int32_data";
  }
}

const fieldLengths = (tensor: TensorProto): readonly (readonly [DataField, number])[] => [
  ["raw_data", tensor.rawData.length],
  ["float_data", tensor.floatData.length],
  ["int32_data", tensor.int32Data.length],
  ["string_data", tensor.stringData.length],
  ["int64_data", tensor.int64Data.length],
  ["double_data", tensor.doubleData.length],
  ["uint64_data", tensor.uint64Data.length],
];

/** A shape for a message, cut after sixteen dimensions. */
export function describeShape(dims: readonly (number | bigint)[]): string {
  return dims.slice(0, 16).join(", ") + (dims.length > 16 ? ", …" : "");
}

/**
 * The tensor that a TensorProto holds, in whichever of its encodings. Aligned raw data becomes a view. The shape is checked
 * against the data before anything is allocated.
 * @param path where the tensor is in the model, for messages
 * @throws CompileError
 */
export function decodeTensor(proto: TensorProto, context: TensorContext, path: string): HostTensor {
  const location = onnxLocation(context.file, path);
  const name = quote(proto.name);
  if (proto.segment !== undefined) throw new CompileError([onnxDiagnostics.at("tensor-segment", location, { name })]);
  const elementType = elementTypeOf(proto.dataType);
  if (elementType === undefined) {
    const values = { name, type: dataTypeName(proto.dataType) };
    throw new CompileError([onnxDiagnostics.at("tensor-type", location, values)]);
  }
  const shape = tensorShape(proto.dims, proto.name, location);
  const stored = new StoredTensor(proto, elementType, shape, location);
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    stored.expectOnly(undefined);
    return stored.fromRaw(readExternalData(proto, stored.rawLength(), context.folder, location), "external data");
  }
  if (proto.rawData.length > 0) {
    stored.expectOnly("raw_data");
    return stored.fromRaw(proto.rawData, "raw_data");
  }
  stored.expectOnly(typedField(elementType));
  return stored.fromTyped();
}

/** Dimensions as numbers. @throws CompileError for negative ones and for counts that no memory holds. */
export function tensorShape(dims: readonly bigint[], tensorName: string, location: Location): readonly number[] {
  const name = quote(tensorName);
  const negative = dims.findIndex((size) => size < 0n);
  if (negative >= 0) {
    const values = { axis: negative, name, size: dims[negative]! };
    throw new CompileError([onnxDiagnostics.at("tensor-negative-dimension", location, values)]);
  }
  const limit = Number.MAX_SAFE_INTEGER;
  const nonZero = dims.filter((size) => size !== 0n);
  let count = 1n;
  for (const size of nonZero) if (count <= BigInt(limit)) count *= size;
  if (count > BigInt(limit)) {
    const values = { name, shape: describeShape(dims), limit };
    throw new CompileError([onnxDiagnostics.at("tensor-too-large", location, values)]);
  }
  return dims.map(Number);
}

class StoredTensor {
  readonly #proto: TensorProto;
  readonly #type: ElementType;
  readonly #shape: readonly number[];
  readonly #location: Location;
  readonly #count: number;

  constructor(proto: TensorProto, elementType: ElementType, shape: readonly number[], location: Location) {
    this.#proto = proto;
    this.#type = elementType;
    this.#shape = shape;
    this.#location = location;
    this.#count = elementCount(shape);
  }

  /** Bytes of the elements as raw_data: sub-byte types are packed. Zero for strings, which have none. */
  rawLength(): number {
    if (this.#type === "string") return 0;
    return this.#type === "i1" ? this.#count : Math.ceil((this.#count * bitWidth(this.#type)) / 8);
  }

  /** No field but `expected` may hold data. */
  expectOnly(expected: DataField | undefined): void {
    const others = fieldLengths(this.#proto).filter(([field, length]) => length > 0 && field !== expected);
    if (others.length === 0) return;
    const fields = others.map(([field]) => field).join(", ");
    const values = { name: quote(this.#proto.name), fields, expected: expected ?? "external data" };
    throw new CompileError([onnxDiagnostics.at("tensor-several-data", this.#location, values)]);
  }

  fromRaw(bytes: Uint8Array, field: string): HostTensor {
    if (this.#type === "string") {
      const values = { name: quote(this.#proto.name), fields: field, expected: "string_data" };
      throw new CompileError([onnxDiagnostics.at("tensor-several-data", this.#location, values)]);
    }
    this.#expectLength(bytes.length, this.rawLength(), field, "bytes");
    if (isSubByte(this.#type)) return unpackSubByte(this.#type, this.#shape, bytes);
    if (this.#type === "i1") bytes.forEach((value, index) => this.#expectRange(value, index, 0, 1));
    return tensorFromBytes(this.#type, this.#shape, bytes);
  }

  fromTyped(): HostTensor {
    const proto = this.#proto;
    switch (typedField(this.#type)) {
      case "float_data":
        return this.#fill(proto.floatData, "float_data");
      case "double_data":
        return this.#fill(proto.doubleData, "double_data");
      case "int64_data":
        return this.#fill(proto.int64Data, "int64_data");
      case "uint64_data":
        return this.#fill(proto.uint64Data, "uint64_data");
      case "string_data": {
        this.#expectLength(proto.stringData.length, this.#count, "string_data", "strings");
        const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
        return tensorFromStrings(
          this.#shape,
          proto.stringData.map((bytes) => decoder.decode(bytes)),
        );
      }
      default:
        return this.#fromInt32Data();
    }
  }

  /** int32_data holds bit patterns: of one element each or, below a byte, of one packed byte each. */
  #fromInt32Data(): HostTensor {
    const { int32Data } = this.#proto;
    if (isSubByte(this.#type)) {
      this.#expectLength(int32Data.length, this.rawLength(), "int32_data", "values");
      int32Data.forEach((value, index) => this.#expectRange(value, index, -128, 255));
      return unpackSubByte(this.#type, this.#shape, Uint8Array.from(int32Data));
    }
    if (this.#type === "f16") {
      const bits = this.#fill(int32Data, "int32_data", "ui16");
      return tensorFromBytes("f16", this.#shape, new Uint8Array((bits.data as Uint16Array).buffer));
    }
    return this.#fill(int32Data, "int32_data");
  }

  #fill(values: readonly (number | bigint)[], field: DataField, storage: ElementType = this.#type): HostTensor {
    this.#expectLength(values.length, this.#count, field, "values");
    if (field === "int32_data" || storage === "ui32") {
      const bits = bitWidth(storage);
      const lowest = isUnsigned(storage) || storage === "i1" ? 0 : -(2 ** (bits - 1));
      // Signed elements may be written as unsigned bit patterns, too.
      values.forEach((value, index) => this.#expectRange(Number(value), index, lowest, 2 ** bits - 1));
    }
    const tensor = allocateTensor(storage, this.#shape);
    // Any typed array takes its own kind of number; it wraps unsigned patterns of signed elements by itself.
    const data = tensor.data as unknown as (number | bigint)[];
    for (let index = 0; index < values.length; index++) {
      data[index] = storage === "ui32" ? Number(values[index]!) : values[index]!;
    }
    return tensor;
  }

  #expectLength(found: number, expected: number, field: string, unit: string): void {
    if (found === expected) return;
    const name = quote(this.#proto.name);
    const shape = describeShape(this.#shape);
    const code = found === 0 ? "tensor-data-missing" : "tensor-data-size";
    throw new CompileError([
      code === "tensor-data-missing"
        ? onnxDiagnostics.at(code, this.#location, { name, shape })
        : onnxDiagnostics.at(code, this.#location, { name, type: this.#type, shape, expected, unit, field, found }),
    ]);
  }

  #expectRange(value: number, index: number, lowest: number, highest: number): void {
    if (value >= lowest && value <= highest) return;
    const type = this.#type === "i1" ? "boolean" : this.#type;
    const values = { index, name: quote(this.#proto.name), value, type };
    throw new CompileError([onnxDiagnostics.at("tensor-value", this.#location, values)]);
  }
}
