import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CompileError } from "../../support/diagnostic.ts";
import type { ElementType } from "../../support/numeric/element-type.ts";
import { onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import { dataTypeName, dataTypeOf, elementTypeOf } from "./element-types.ts";
import type { OnnxDimension, OnnxType } from "./graph.ts";
import { type TensorShapeProto, type TypeProto, TypeProtoSchema } from "./protobuf/onnx_pb.ts";

/**
 * The type that a TypeProto holds; undefined where it holds none.
 * @param name the typed value, for messages
 * @throws CompileError
 */
export function decodeType(
  proto: TypeProto | undefined,
  name: string,
  file: string,
  path: string,
): OnnxType | undefined {
  const invalid = (problem: string): CompileError =>
    new CompileError([onnxDiagnostics.at("type-invalid", onnxLocation(file, path), { name: quote(name), problem })]);
  const elementType = (dataType: number): ElementType => {
    const type = elementTypeOf(dataType);
    if (type === undefined) throw invalid(`the element type ${dataTypeName(dataType)} is not supported`);
    return type;
  };
  const required = (inner: TypeProto | undefined): OnnxType => {
    const type = decode(inner);
    if (type === undefined) throw invalid("an element type is missing");
    return type;
  };
  const shape = (dims: TensorShapeProto | undefined): readonly OnnxDimension[] | undefined =>
    dims?.dim.map(({ value }, axis) => {
      if (value.case !== "dimValue") return value.value === "" ? undefined : value.value;
      const size = Number(value.value);
      if (size >= 0 && Number.isSafeInteger(size)) return size;
      throw invalid(`dimension ${axis} is ${value.value}`);
    });
  // Recursion is bounded by the depth that the wire check admits.
  const decode = (type: TypeProto | undefined): OnnxType | undefined => {
    if (type === undefined) return undefined;
    const { value } = type;
    switch (value.case) {
      case "tensorType":
        return { kind: "tensor", elementType: elementType(value.value.elemType), shape: shape(value.value.shape) };
      case "sparseTensorType":
        return {
          kind: "sparse-tensor",
          elementType: elementType(value.value.elemType),
          shape: shape(value.value.shape),
        };
      case "sequenceType":
        return { kind: "sequence", element: required(value.value.elemType) };
      case "optionalType":
        return { kind: "optional", element: required(value.value.elemType) };
      case "mapType":
        return { kind: "map", key: elementType(value.value.keyType), value: required(value.value.valueType) };
      case "opaqueType":
        return { kind: "opaque", domain: value.value.domain, name: value.value.name };
      default:
        return undefined;
    }
  };
  return decode(proto);
}

/** The TypeProto of a type. */
export function encodeType(type: OnnxType): TypeProto {
  return create(TypeProtoSchema, { value: encodeValue(type) });
}

type TypeValue = NonNullable<MessageInitShape<typeof TypeProtoSchema>["value"]>;

function encodeValue(type: OnnxType): TypeValue {
  switch (type.kind) {
    case "tensor":
      return { case: "tensorType", value: encodeTensorType(type) };
    case "sparse-tensor":
      return { case: "sparseTensorType", value: encodeTensorType(type) };
    case "sequence":
      return { case: "sequenceType", value: { elemType: encodeType(type.element) } };
    case "optional":
      return { case: "optionalType", value: { elemType: encodeType(type.element) } };
    case "map":
      return { case: "mapType", value: { keyType: dataTypeOf(type.key)!, valueType: encodeType(type.value) } };
    case "opaque":
      return { case: "opaqueType", value: { domain: type.domain, name: type.name } };
  }
}

function encodeTensorType(type: { elementType: ElementType; shape: readonly OnnxDimension[] | undefined }) {
  const elemType = dataTypeOf(type.elementType)!;
  if (type.shape === undefined) return { elemType };
  return { elemType, shape: { dim: type.shape.map((size) => ({ value: encodeDimension(size) })) } };
}

function encodeDimension(size: OnnxDimension) {
  if (size === undefined) return { case: undefined };
  if (typeof size === "string") return { case: "dimParam", value: size } as const;
  return { case: "dimValue", value: BigInt(size) } as const;
}
