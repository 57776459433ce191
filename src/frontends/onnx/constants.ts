import { CompileError } from "../../support/diagnostic.ts";
import { type HostTensor, tensorFromNumbers, tensorFromStrings } from "../../support/numeric/host-tensor.ts";
import { onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import type { OnnxAttribute, OnnxGraph, OnnxNode } from "./graph.ts";
import { mapSubgraphs } from "./subgraphs.ts";

/**
 * Turns every `Constant` node, in subgraphs too, into an initializer of the name of its output.
 * @throws CompileError for a Constant without exactly one value
 */
export function hoistConstants(graph: OnnxGraph, file: string): OnnxGraph {
  const initializers = new Map(graph.initializers);
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes) {
    if (node.domain === "" && node.opType === "Constant") {
      const output = node.outputs[0] ?? "";
      if (output !== "") initializers.set(output, constantValue(node, file));
    } else {
      nodes.push(mapSubgraphs(node, (inner) => hoistConstants(inner, file)));
    }
  }
  return { ...graph, nodes, initializers };
}

type Reader = (attribute: OnnxAttribute) => HostTensor | undefined;

/** The attributes that can hold a Constant's value, and how. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["value", (attribute) => (attribute.kind === "tensor" ? attribute.tensor : undefined)],
  ["sparse_value", (attribute) => (attribute.kind === "tensor" ? attribute.tensor : undefined)],
  [
    "value_int",
    (attribute) => (attribute.kind === "int" ? tensorFromNumbers("i64", [], [attribute.value]) : undefined),
  ],
  [
    "value_ints",
    (attribute) =>
      attribute.kind === "ints" ? tensorFromNumbers("i64", [attribute.values.length], attribute.values) : undefined,
  ],
  [
    "value_float",
    (attribute) => (attribute.kind === "float" ? tensorFromNumbers("f32", [], [attribute.value]) : undefined),
  ],
  [
    "value_floats",
    (attribute) =>
      attribute.kind === "floats" ? tensorFromNumbers("f32", [attribute.values.length], attribute.values) : undefined,
  ],
  ["value_string", (attribute) => (attribute.kind === "string" ? tensorFromStrings([], [attribute.value]) : undefined)],
  [
    "value_strings",
    (attribute) =>
      attribute.kind === "strings" ? tensorFromStrings([attribute.values.length], attribute.values) : undefined,
  ],
]);

function constantValue(node: OnnxNode, file: string): HostTensor {
  const invalid = (name: string, problem: string): CompileError => {
    const values = { name: quote(name), problem };
    return new CompileError([onnxDiagnostics.at("attribute-invalid", onnxLocation(file, node.path), values)]);
  };
  const given = [...node.attributes].filter(([name]) => readers.has(name));
  const [name, attribute] = given[0] ?? [];
  if (name === undefined || attribute === undefined) throw invalid("value", "the Constant has no value");
  if (given.length > 1) throw invalid(name, "the Constant has more than one value");
  const tensor = readers.get(name)!(attribute);
  if (tensor === undefined) throw invalid(name, `a Constant cannot hold a value of kind ${attribute.kind} there`);
  return tensor;
}
