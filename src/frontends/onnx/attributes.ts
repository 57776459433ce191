import { CompileError } from "../../support/diagnostic.ts";
import { onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import type { OnnxAttribute, OnnxGraph, OnnxType } from "./graph.ts";
import { type AttributeProto, AttributeProto_AttributeType as Kind, type GraphProto } from "./protobuf/onnx_pb.ts";
import { decodeSparseTensor } from "./sparse-tensor.ts";
import { decodeTensor, type TensorContext } from "./tensor.ts";
import { decodeType } from "./types.ts";

/**
 * The value of an attribute.
 * @param decodeGraph decodes a subgraph, whose nodes' paths start with its second argument
 * @throws CompileError
 */
export function decodeAttribute(
  proto: AttributeProto,
  context: TensorContext,
  path: string,
  decodeGraph: (graph: GraphProto, path: string) => OnnxGraph,
): OnnxAttribute {
  const invalid = (problem: string): CompileError => {
    const values = { name: quote(proto.name), problem };
    return new CompileError([onnxDiagnostics.at("attribute-invalid", onnxLocation(context.file, path), values)]);
  };
  const required = <T>(value: T | undefined): T => {
    if (value === undefined) throw invalid("its value is missing");
    return value;
  };
  const type = (value: AttributeProto["tp"]): OnnxType => required(decodeType(value, proto.name, context.file, path));

  if (proto.name === "") throw invalid("it has no name");
  if (proto.refAttrName !== "") return { kind: "reference", name: proto.refAttrName };
  switch (proto.type === Kind.UNDEFINED ? guessKind(proto) : proto.type) {
    case Kind.INT:
      return { kind: "int", value: proto.i };
    case Kind.INTS:
      return { kind: "ints", values: proto.ints };
    case Kind.FLOAT:
      return { kind: "float", value: proto.f };
    case Kind.FLOATS:
      return { kind: "floats", values: proto.floats };
    case Kind.STRING:
      return { kind: "string", value: decodeText(proto.s) };
    case Kind.STRINGS:
      return { kind: "strings", values: proto.strings.map(decodeText) };
    case Kind.TENSOR:
      return { kind: "tensor", tensor: decodeTensor(required(proto.t), context, path) };
    case Kind.TENSORS:
      return { kind: "tensors", tensors: proto.tensors.map((tensor) => decodeTensor(tensor, context, path)) };
    case Kind.SPARSE_TENSOR:
      return { kind: "tensor", tensor: decodeSparseTensor(required(proto.sparseTensor), context, path) };
    case Kind.SPARSE_TENSORS:
      return {
        kind: "tensors",
        tensors: proto.sparseTensors.map((tensor) => decodeSparseTensor(tensor, context, path)),
      };
    case Kind.GRAPH:
      return { kind: "graph", graph: decodeGraph(required(proto.g), path) };
    case Kind.GRAPHS:
      return { kind: "graphs", graphs: proto.graphs.map((graph, index) => decodeGraph(graph, `${path}[${index}]`)) };
    case Kind.TYPE_PROTO:
      return { kind: "type", type: type(proto.tp) };
    case Kind.TYPE_PROTOS:
      return { kind: "types", types: proto.typeProtos.map(type) };
    default:
      throw invalid("it has no type and no value");
  }
}

/** Which value an attribute of IR version 1, which has no type field, holds. */
function guessKind(proto: AttributeProto): Kind {
  const lists: readonly (readonly [Kind, readonly unknown[]])[] = [
    [Kind.FLOATS, proto.floats],
    [Kind.INTS, proto.ints],
    [Kind.STRINGS, proto.strings],
    [Kind.TENSORS, proto.tensors],
    [Kind.GRAPHS, proto.graphs],
    [Kind.SPARSE_TENSORS, proto.sparseTensors],
    [Kind.TYPE_PROTOS, proto.typeProtos],
  ];
  // Own properties are the fields that the file gave; the others show their defaults through the prototype.
  const singles: readonly (readonly [Kind, string])[] = [
    [Kind.FLOAT, "f"],
    [Kind.INT, "i"],
    [Kind.STRING, "s"],
    [Kind.TENSOR, "t"],
    [Kind.GRAPH, "g"],
    [Kind.SPARSE_TENSOR, "sparseTensor"],
    [Kind.TYPE_PROTO, "tp"],
  ];
  const list = lists.find(([, values]) => values.length > 0)?.[0];
  return list ?? singles.find(([, field]) => Object.hasOwn(proto, field))?.[0] ?? Kind.UNDEFINED;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);
