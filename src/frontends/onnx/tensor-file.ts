import { create, toBinary } from "@bufbuild/protobuf";
import { CompileError } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { bytesOf, type HostTensor, isSubByte, packSubByte } from "../../support/numeric/host-tensor.ts";
import { onnxDiagnostics } from "./diagnostics.ts";
import { dataTypeOf } from "./element-types.ts";
import type { OnnxType } from "./graph.ts";
import {
  type OptionalProto,
  OptionalProto_DataType,
  OptionalProtoSchema,
  type SequenceProto,
  SequenceProto_DataType,
  SequenceProtoSchema,
  SparseTensorProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from "./protobuf/onnx_pb.ts";
import { readMessage } from "./protobuf/wire.ts";
import { decodeSparseTensor } from "./sparse-tensor.ts";
import { decodeTensor, tensorContext, type TensorContext } from "./tensor.ts";

/** A value of a tensor, sequence or optional type. */
export type OnnxValue =
  | { readonly kind: "tensor"; readonly tensor: HostTensor }
  | { readonly kind: "sequence"; readonly elements: readonly OnnxValue[] }
  | { readonly kind: "optional"; readonly value: OnnxValue | undefined };

/**
 * A value stored as ONNX stores test data: a TensorProto, SequenceProto or OptionalProto, which of them `type` says. Sparse
 * tensors become dense. External data is refused.
 * @throws CompileError for malformed bytes and for maps
 */
export function readTensorFile(bytes: Uint8Array, type: OnnxType, file = "tensor"): OnnxValue {
  const context = tensorContext(file, undefined);
  switch (type.kind) {
    case "tensor":
      return tensorValue(decodeTensor(readMessage(TensorProtoSchema, bytes, file), context, "tensor"));
    case "sparse-tensor":
      return tensorValue(decodeSparseTensor(readMessage(SparseTensorProtoSchema, bytes, file), context, "tensor"));
    case "sequence":
      return sequenceValue(readMessage(SequenceProtoSchema, bytes, file), context, "sequence");
    case "optional":
      return optionalValue(readMessage(OptionalProtoSchema, bytes, file), context, "optional");
    case "map":
    case "opaque":
      throw unsupported(type.kind, file);
  }
}

const tensorValue = (tensor: HostTensor): OnnxValue => ({ kind: "tensor", tensor });

function unsupported(kind: string, file: string): CompileError {
  const values = { name: "the value", problem: `values of ${kind} types cannot be read from files` };
  return new CompileError([onnxDiagnostics.at("type-invalid", fileLocation(file), values)]);
}

function sequenceValue(proto: SequenceProto, context: TensorContext, path: string): OnnxValue {
  return { kind: "sequence", elements: sequenceElements(proto, context, path) };
}

function sequenceElements(proto: SequenceProto, context: TensorContext, path: string): readonly OnnxValue[] {
  const at = (index: number) => `${path}[${index}]`;
  switch (proto.elemType) {
    case SequenceProto_DataType.TENSOR:
      return proto.tensorValues.map((tensor, index) => tensorValue(decodeTensor(tensor, context, at(index))));
    case SequenceProto_DataType.SPARSE_TENSOR:
      return proto.sparseTensorValues.map((tensor, index) =>
        tensorValue(decodeSparseTensor(tensor, context, at(index))),
      );
    case SequenceProto_DataType.SEQUENCE:
      return proto.sequenceValues.map((sequence, index) => sequenceValue(sequence, context, at(index)));
    case SequenceProto_DataType.OPTIONAL:
      return proto.optionalValues.map((optional, index) => optionalValue(optional, context, at(index)));
    case SequenceProto_DataType.UNDEFINED:
      return [];
    default:
      throw unsupported("map", context.file);
  }
}

function optionalValue(proto: OptionalProto, context: TensorContext, path: string): OnnxValue {
  return { kind: "optional", value: optionalContent(proto, context, path) };
}

function optionalContent(proto: OptionalProto, context: TensorContext, path: string): OnnxValue | undefined {
  switch (proto.elemType) {
    case OptionalProto_DataType.TENSOR:
      return proto.tensorValue && tensorValue(decodeTensor(proto.tensorValue, context, path));
    case OptionalProto_DataType.SPARSE_TENSOR:
      return proto.sparseTensorValue && tensorValue(decodeSparseTensor(proto.sparseTensorValue, context, path));
    case OptionalProto_DataType.SEQUENCE:
      return proto.sequenceValue && sequenceValue(proto.sequenceValue, context, path);
    case OptionalProto_DataType.OPTIONAL:
      return proto.optionalValue && optionalValue(proto.optionalValue, context, path);
    case OptionalProto_DataType.UNDEFINED:
      return undefined;
    default:
      throw unsupported("map", context.file);
  }
}

/** The TensorProto of a tensor: raw_data, which shares its memory where possible, or string_data. */
export function encodeTensor(tensor: HostTensor, name = ""): TensorProto {
  const dataType = dataTypeOf(tensor.elementType);
  if (dataType === undefined) throw new TypeError(`ONNX has no element type ${tensor.elementType}`);
  const common = { name, dataType, dims: tensor.shape.map(BigInt) };
  if (tensor.elementType === "string") {
    const encoder = new TextEncoder();
    const strings = tensor.data as readonly string[];
    return create(TensorProtoSchema, { ...common, stringData: strings.map((text) => encoder.encode(text)) });
  }
  const rawData = isSubByte(tensor.elementType) ? packSubByte(tensor) : bytesOf(tensor);
  return create(TensorProtoSchema, { ...common, rawData });
}

/** A tensor as the bytes of a TensorProto, which {@link readTensorFile} and every ONNX tool read. */
export function writeTensorProto(tensor: HostTensor, name = ""): Uint8Array {
  return toBinary(TensorProtoSchema, encodeTensor(tensor, name));
}
