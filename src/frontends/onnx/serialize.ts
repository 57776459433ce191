import { create, toBinary } from "@bufbuild/protobuf";
import { newestOpset, type OnnxAttribute, type OnnxGraph, type OnnxModel, type OnnxNode } from "./graph.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./protobuf/onnx_pb.ts";
import { subgraphsOf } from "./subgraphs.ts";
import { encodeTensor } from "./tensor-file.ts";
import { encodeType } from "./types.ts";
import { upgrades } from "./upgrades/upgrade.ts";

/** The oldest operator set worth writing: every simple helper that upgrades insert has its newest form there. */
const oldestOpset = 13;

/** The operator set that brought each operator's newest form, as far as a form changed. */
const formOpsets: ReadonlyMap<string, number> = (() => {
  const opsets = new Map<string, number>([["CastLike", 15]]);
  for (const { domain, opType, through } of upgrades) {
    if (domain === "" && through < newestOpset) opsets.set(opType, Math.max(opsets.get(opType) ?? 0, through + 1));
  }
  return opsets;
})();

/** The first IR version that goes with an operator set. */
const irVersionFor = (opset: number): number => (opset < 23 ? 10 : Math.min(opset - 12, 13));

/**
 * The model as an .onnx file. The operator set of `ai.onnx` is the lowest that the model's nodes allow, for tools that do
 * not know the newest one yet. Tensors are embedded.
 */
export function serializeModel(model: OnnxModel): Uint8Array {
  const opset = neededOpset(model.graph, model.fileOpset);
  const domains = [...model.opsets].map(([domain, version]) => ({
    domain,
    version: BigInt(domain === "" ? Math.min(opset, version) : version),
  }));
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersionFor(opset)),
      producerName: model.producer,
      opsetImport: domains,
      graph: encodeGraph(model.graph),
    }),
  );
}

/** What the file needed, and what the new forms of upgraded nodes need beyond that. */
function neededOpset(graph: OnnxGraph, fileOpset: number): number {
  let opset = Math.max(oldestOpset, fileOpset);
  for (const node of graph.nodes) {
    if (node.domain === "") opset = Math.max(opset, formOpset(node));
    for (const inner of subgraphsOf(node)) opset = Math.max(opset, neededOpset(inner, fileOpset));
  }
  return opset;
}

function formOpset({ opType, attributes }: OnnxNode): number {
  if (opType === "Reshape" && attributes.has("allowzero")) return 14;
  if (opType === "Shape" && attributes.has("start")) return 15;
  return formOpsets.get(opType) ?? 0;
}

function encodeGraph(graph: OnnxGraph): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name === "" ? "graph" : graph.name,
    input: graph.inputs.map(({ name, type }) => encodeValue(name, type)),
    output: graph.outputs.map(({ name, type }) => encodeValue(name, type)),
    node: graph.nodes.map(encodeNode),
    initializer: [...graph.initializers].map(([name, tensor]) => encodeTensor(tensor, name)),
    valueInfo: [...graph.valueInfo].map(([name, type]) => encodeValue(name, type)),
  });
}

function encodeValue(name: string, type: Parameters<typeof encodeType>[0] | undefined): ValueInfoProto {
  return create(ValueInfoProtoSchema, { name, ...(type === undefined ? {} : { type: encodeType(type) }) });
}

function encodeNode(node: OnnxNode): NodeProto {
  return create(NodeProtoSchema, {
    name: node.name,
    domain: node.domain,
    opType: node.opType,
    overload: node.overload,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: [...node.attributes].map(([name, value]) => encodeAttribute(name, value)),
  });
}

const encoder = new TextEncoder();

function encodeAttribute(name: string, attribute: OnnxAttribute): AttributeProto {
  return create(AttributeProtoSchema, { name, ...attributeFields(attribute) });
}

function attributeFields(attribute: OnnxAttribute) {
  switch (attribute.kind) {
    case "int":
      return { type: Kind.INT, i: attribute.value };
    case "ints":
      return { type: Kind.INTS, ints: [...attribute.values] };
    case "float":
      return { type: Kind.FLOAT, f: attribute.value };
    case "floats":
      return { type: Kind.FLOATS, floats: [...attribute.values] };
    case "string":
      return { type: Kind.STRING, s: encoder.encode(attribute.value) };
    case "strings":
      return { type: Kind.STRINGS, strings: attribute.values.map((text) => encoder.encode(text)) };
    case "tensor":
      return { type: Kind.TENSOR, t: encodeTensor(attribute.tensor) };
    case "tensors":
      return { type: Kind.TENSORS, tensors: attribute.tensors.map((tensor) => encodeTensor(tensor)) };
    case "graph":
      return { type: Kind.GRAPH, g: encodeGraph(attribute.graph) };
    case "graphs":
      return { type: Kind.GRAPHS, graphs: attribute.graphs.map(encodeGraph) };
    case "type":
      return { type: Kind.TYPE_PROTO, tp: encodeType(attribute.type) };
    case "types":
      return { type: Kind.TYPE_PROTOS, typeProtos: attribute.types.map(encodeType) };
    case "reference":
      return { refAttrName: attribute.name };
  }
}
