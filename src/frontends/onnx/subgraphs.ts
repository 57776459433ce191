import type { OnnxAttribute, OnnxGraph, OnnxNode } from "./graph.ts";

/** The graphs among a node's attributes. */
export function subgraphsOf(node: OnnxNode): readonly OnnxGraph[] {
  const graphs: OnnxGraph[] = [];
  for (const attribute of node.attributes.values()) {
    if (attribute.kind === "graph") graphs.push(attribute.graph);
    else if (attribute.kind === "graphs") for (const graph of attribute.graphs) graphs.push(graph);
  }
  return graphs;
}

/** The node with each of its graphs replaced; `map` is also told the attribute, with an index within lists. */
export function mapSubgraphs(node: OnnxNode, map: (graph: OnnxGraph, attribute: string) => OnnxGraph): OnnxNode {
  if (subgraphsOf(node).length === 0) return node;
  const attributes = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of node.attributes) attributes.set(name, mapAttribute(name, attribute, map));
  return { ...node, attributes };
}

function mapAttribute(
  name: string,
  attribute: OnnxAttribute,
  map: (graph: OnnxGraph, attribute: string) => OnnxGraph,
): OnnxAttribute {
  switch (attribute.kind) {
    case "graph":
      return { kind: "graph", graph: map(attribute.graph, name) };
    case "graphs":
      return { kind: "graphs", graphs: attribute.graphs.map((graph, index) => map(graph, `${name}[${index}]`)) };
    default:
      return attribute;
  }
}

/** The names that a node reads: its inputs and what its subgraphs take from the graphs around them. */
export function namesReadBy(node: OnnxNode): ReadonlySet<string> {
  const names = new Set(node.inputs);
  names.delete("");
  for (const graph of subgraphsOf(node)) for (const name of freeNames(graph)) names.add(name);
  return names;
}

/** The names that a graph uses and does not define. */
function freeNames(graph: OnnxGraph): ReadonlySet<string> {
  const free = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) for (const name of namesReadBy(node)) free.add(name);
  for (const name of definedNames(graph)) free.delete(name);
  return free;
}

/** The names that a graph defines itself, without its subgraphs. */
function* definedNames(graph: OnnxGraph): Generator<string> {
  for (const { name } of graph.inputs) yield name;
  yield* graph.initializers.keys();
  for (const node of graph.nodes) for (const name of node.outputs) if (name !== "") yield name;
}

/** Every name that a graph or its subgraphs, at any depth, define or use. */
export function* allNames(graph: OnnxGraph): Generator<string> {
  yield* definedNames(graph);
  for (const { name } of graph.outputs) yield name;
  for (const node of graph.nodes) {
    yield* node.inputs;
    for (const inner of subgraphsOf(node)) yield* allNames(inner);
  }
}
