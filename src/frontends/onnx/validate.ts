import type { Diagnostic } from "../../support/diagnostic.ts";
import type { Location } from "../../support/location.ts";
import { type DecodedModel, functionKey, notImported, type OnnxFunction } from "./decode-model.ts";
import { onnxDiagnostics, onnxLocation, quote, report } from "./diagnostics.ts";
import type { OnnxGraph, OnnxNode } from "./graph.ts";
import { sortNodes } from "./sort.ts";
import { mapSubgraphs, subgraphsOf } from "./subgraphs.ts";

/** The names visible in a graph, with what defines them: its own and those of the graphs around it. */
interface Scope {
  readonly names: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
  /** Whether attributes may refer to those of a function's call. */
  readonly inFunction: boolean;
}

function lookUp(scope: Scope | undefined, name: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const definition = at.names.get(name);
    if (definition !== undefined) return definition;
  }
  return undefined;
}

/**
 * Checks the model's graphs and functions by the rules of IR.md: names are defined once and before use, graphs have no cycles,
 * outputs exist, operators have names and imported operator sets. Returns the model with every graph sorted topologically,
 * nodes staying in the file's order where they can. Problems go to `diagnostics`, graph by graph, outer graphs first.
 */
export function validateModel(model: DecodedModel, diagnostics: Diagnostic[]): DecodedModel {
  for (const duplicate of model.duplicates) report(diagnostics, duplicate);
  const validator = new Validator(model, diagnostics);
  const graph = validator.graph(model.graph, "graph", undefined);
  const functions = model.functions.map((fn) => validator.function(fn));
  return { ...model, graph, functions };
}

class Validator {
  readonly #file: string;
  readonly #functions: ReadonlySet<string>;
  readonly #diagnostics: Diagnostic[];

  constructor(model: DecodedModel, diagnostics: Diagnostic[]) {
    this.#file = model.source;
    this.#functions = new Set(model.functions.map((fn) => functionKey(fn.domain, fn.name, fn.overload)));
    this.#diagnostics = diagnostics;
  }

  graph(graph: OnnxGraph, path: string, outer: Scope | undefined): OnnxGraph {
    const names = new Map<string, string>();
    for (const { name } of graph.inputs) this.#define(name, "an input", path, names, outer);
    for (const name of graph.initializers.keys()) this.#define(name, "an initializer", path, names, outer);
    const scope: Scope = { names, outer, inFunction: outer?.inFunction ?? false };
    const nodes = this.#body(graph.nodes, path, names, scope);
    for (const { name } of graph.outputs) {
      if (name === "")
        report(
          this.#diagnostics,
          onnxDiagnostics.at("empty-name", this.#place(path), { what: "an output of the graph" }),
        );
      // A subgraph may hand out a value of the graphs around it.
      else if (lookUp(scope, name) === undefined)
        report(this.#diagnostics, onnxDiagnostics.at("undefined-output", this.#place(path), { name: quote(name) }));
    }
    return { ...graph, nodes };
  }

  function(fn: OnnxFunction): OnnxFunction {
    const path = `function ${fn.name}`;
    const names = new Map<string, string>();
    if (fn.name === "")
      report(this.#diagnostics, onnxDiagnostics.at("empty-name", this.#place(path), { what: "a function" }));
    for (const name of fn.inputs) this.#define(name, "an input", path, names, undefined);
    const nodes = this.#body(fn.nodes, path, names, { names, outer: undefined, inFunction: true });
    for (const name of fn.outputs) {
      if (!names.has(name))
        report(this.#diagnostics, onnxDiagnostics.at("undefined-output", this.#place(path), { name: quote(name) }));
    }
    return { ...fn, nodes };
  }

  #body(nodes: readonly OnnxNode[], path: string, names: Map<string, string>, scope: Scope): readonly OnnxNode[] {
    for (const node of nodes) {
      for (const name of node.outputs) {
        if (name !== "") this.#define(name, `an output of ${node.path}`, path, names, scope.outer);
      }
    }
    const checked = nodes.map((node) => this.#node(node, scope));
    const { sorted, cycle } = sortNodes(checked);
    if (cycle !== undefined) {
      const shown = cycle.length > 8 ? [...cycle.slice(0, 8), "…"] : cycle;
      report(
        this.#diagnostics,
        onnxDiagnostics.at("cycle", this.#place(cycle[0]!), { path: [...shown, cycle[0]!].join(" → ") }),
      );
    }
    return sorted;
  }

  #node(node: OnnxNode, scope: Scope): OnnxNode {
    if (node.opType === "")
      report(this.#diagnostics, onnxDiagnostics.at("op-type-missing", this.#place(node.path), {}));
    else if (
      node.version === notImported &&
      !this.#functions.has(functionKey(node.domain, node.opType, node.overload))
    ) {
      const domain = quote(node.domain === "" ? "ai.onnx" : node.domain);
      report(
        this.#diagnostics,
        onnxDiagnostics.at("opset-missing", this.#place(node.path), { opType: quote(node.opType), domain }),
      );
    }
    for (const name of new Set(node.inputs)) {
      if (name !== "" && lookUp(scope, name) === undefined) {
        report(
          this.#diagnostics,
          onnxDiagnostics.at("undefined-name", this.#place(node.path), { reader: "the node", name: quote(name) }),
        );
      }
    }
    for (const [name, attribute] of node.attributes) {
      if (attribute.kind === "reference" && !scope.inFunction) {
        report(
          this.#diagnostics,
          onnxDiagnostics.at("reference-outside-function", this.#place(node.path), { name: quote(name) }),
        );
      }
    }
    if (subgraphsOf(node).length === 0) return node;
    return mapSubgraphs(node, (graph, name) => this.graph(graph, `${node.path}.${name}`, scope));
  }

  #define(name: string, what: string, path: string, names: Map<string, string>, outer: Scope | undefined): void {
    if (name === "") {
      report(this.#diagnostics, onnxDiagnostics.at("empty-name", this.#place(path), { what }));
      return;
    }
    const first = names.get(name) ?? lookUp(outer, name);
    if (first !== undefined) {
      report(
        this.#diagnostics,
        onnxDiagnostics.at("duplicate-name", this.#place(path), { name: quote(name), first, second: what }),
      );
    }
    names.set(name, what);
  }

  #place(path: string): Location {
    return onnxLocation(this.#file, path);
  }
}
