import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { type DecodedModel, functionKey, type OnnxFunction } from "./decode-model.ts";
import { escapeHostile, onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxType, OnnxValueInfo } from "./graph.ts";
import { newestOpset } from "./graph.ts";
import { FreshNames } from "./names.ts";
import { allNames, mapSubgraphs, subgraphsOf } from "./subgraphs.ts";

/** Nodes that inlining may produce: calls of calls grow exponentially. */
const expansionLimit = 1_000_000;
/** How deep calls and subgraphs may be nested in one another. */
const depthLimit = 128;
/** How much of a path or a name goes into a fresh name: nested calls would make them long. */
const namePart = 128;

/**
 * Replaces every call of a model-local function by the function's body. Inner names become fresh ones that start with the
 * call's path; attribute references get the call's value, else the function's default, else vanish.
 * @throws CompileError for recursive functions, calls that do not fit, and models that expand without measure
 */
export function inlineFunctions(model: DecodedModel): OnnxModel {
  const { functions, duplicates: _, ...rest } = model;
  if (functions.length === 0) return rest;
  const table = functionTable(functions, model.source);
  refuseRecursion(functions, table, model.source);
  const inliner = new Inliner(table, new FreshNames(allNames(model.graph)), model.source);
  return { ...rest, graph: inliner.graph(model.graph) };
}

type FunctionTable = ReadonlyMap<string, OnnxFunction>;

const calleeOf = (node: OnnxNode, table: FunctionTable): OnnxFunction | undefined =>
  table.get(functionKey(node.domain, node.opType, node.overload));

const fullName = (fn: OnnxFunction): string =>
  quote([fn.domain, fn.name, fn.overload].filter((part) => part !== "").join("."));

function functionTable(functions: readonly OnnxFunction[], file: string): FunctionTable {
  const table = new Map<string, OnnxFunction>();
  const diagnostics: Diagnostic[] = [];
  for (const fn of functions) {
    const key = functionKey(fn.domain, fn.name, fn.overload);
    if (table.has(key)) {
      const location = onnxLocation(file, `function ${escapeHostile(fn.name)}`);
      diagnostics.push(onnxDiagnostics.at("function-duplicate", location, { name: fullName(fn) }));
    }
    table.set(key, fn);
  }
  if (diagnostics.length > 0) throw new CompileError(diagnostics);
  return table;
}

function* callsIn(nodes: readonly OnnxNode[], table: FunctionTable): Generator<OnnxFunction> {
  for (const node of nodes) {
    const callee = calleeOf(node, table);
    if (callee !== undefined) yield callee;
    for (const graph of subgraphsOf(node)) yield* callsIn(graph.nodes, table);
  }
}

/** Depth-first over the call graph, iterative because chains of calls may be long. */
function refuseRecursion(functions: readonly OnnxFunction[], table: FunctionTable, file: string): void {
  const finished = new Set<OnnxFunction>();
  for (const root of functions) {
    if (finished.has(root)) continue;
    const stack = [{ fn: root, calls: callsIn(root.nodes, table) }];
    const active = new Set([root]);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const { value: callee, done } = top.calls.next();
      if (done === true) {
        finished.add(top.fn);
        active.delete(top.fn);
        stack.pop();
      } else if (active.has(callee)) {
        const circle = stack.slice(stack.findIndex(({ fn }) => fn === callee)).map(({ fn }) => fullName(fn));
        const shown = circle.length > 8 ? [...circle.slice(0, 8), "…"] : circle;
        const location = onnxLocation(file, `function ${escapeHostile(callee.name)}`);
        const values = { path: [...shown, circle[0]!].join(" → ") };
        throw new CompileError([onnxDiagnostics.at("function-recursion", location, values)]);
      } else if (!finished.has(callee)) {
        active.add(callee);
        stack.push({ fn: callee, calls: callsIn(callee.nodes, table) });
      }
    }
  }
}

/** What stands for the names and attributes of a function inside one call. */
interface Call {
  readonly path: string;
  readonly fn: OnnxFunction;
  readonly names: Map<string, string>;
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

class Inliner {
  readonly #table: FunctionTable;
  readonly #fresh: FreshNames;
  readonly #file: string;
  #nodes = 0;

  constructor(table: FunctionTable, fresh: FreshNames, file: string) {
    this.#table = table;
    this.#fresh = fresh;
    this.#file = file;
  }

  graph(graph: OnnxGraph, depth = 0): OnnxGraph {
    const valueInfo = new Map(graph.valueInfo);
    const nodes = graph.nodes.flatMap((node) => this.#node(node, valueInfo, depth));
    return { ...graph, nodes, valueInfo };
  }

  /** The node, or the body of the function it calls; the body's value types are added to `valueInfo`. */
  #node(node: OnnxNode, valueInfo: Map<string, OnnxType>, depth: number): readonly OnnxNode[] {
    if (++this.#nodes > expansionLimit) {
      const location = onnxLocation(this.#file, node.path);
      throw new CompileError([onnxDiagnostics.at("function-expansion", location, { limit: expansionLimit })]);
    }
    if (depth > depthLimit) {
      const location = onnxLocation(this.#file, node.path.slice(0, 200));
      throw new CompileError([onnxDiagnostics.at("function-depth", location, { limit: depthLimit })]);
    }
    const callee = calleeOf(node, this.#table);
    if (callee === undefined) return [mapSubgraphs(node, (graph) => this.graph(graph, depth + 1))];
    const { call, passedThrough } = this.#bind(node, callee);
    for (const [name, type] of callee.valueInfo) {
      const renamed = this.#rename(name, call);
      // Types of the call's own inputs and outputs are known better outside.
      if (renamed !== "" && !valueInfo.has(renamed)) valueInfo.set(renamed, type);
    }
    const body = callee.nodes.map((inner) => this.#instantiate(inner, call));
    return [...body.flatMap((inner) => this.#node(inner, valueInfo, depth + 1)), ...passedThrough];
  }

  /** Binds formal to actual names. Outputs that are inputs, or stand twice, are copied by Identity nodes. */
  #bind(node: OnnxNode, fn: OnnxFunction): { readonly call: Call; readonly passedThrough: readonly OnnxNode[] } {
    const invalid = (problem: string): CompileError => {
      const location = onnxLocation(this.#file, node.path);
      return new CompileError([onnxDiagnostics.at("function-call", location, { name: fullName(fn), problem })]);
    };
    if (node.inputs.length > fn.inputs.length) {
      throw invalid(`it has ${node.inputs.length} inputs, the function ${fn.inputs.length}`);
    }
    if (node.outputs.length > fn.outputs.length) {
      throw invalid(`it has ${node.outputs.length} outputs, the function ${fn.outputs.length}`);
    }
    const attributes = new Map(fn.defaults);
    for (const [name, value] of node.attributes) {
      if (!fn.defaults.has(name) && !fn.attributes.includes(name)) {
        throw invalid(`the function has no attribute ${quote(name)}`);
      }
      attributes.set(name, value);
    }
    const names = new Map(fn.inputs.map((formal, index) => [formal, node.inputs[index] ?? ""]));
    const call: Call = { path: node.path, fn, names, attributes };
    const copies: { readonly formal: string; readonly actual: string }[] = [];
    for (const [index, actual] of node.outputs.entries()) {
      const formal = fn.outputs[index]!;
      if (actual === "") continue;
      if (names.has(formal)) copies.push({ formal, actual });
      else names.set(formal, actual);
    }
    const passedThrough = copies.map(({ formal, actual }, index): OnnxNode => {
      const source = names.get(formal)!;
      if (source === "") throw invalid(`its output ${quote(formal)} is an input that is not given`);
      return {
        name: "",
        domain: "",
        opType: "Identity",
        overload: "",
        version: newestOpset,
        inputs: [source],
        outputs: [actual],
        attributes: new Map(),
        path: `${node.path}/output_${index}`,
      };
    });
    return { call, passedThrough };
  }

  #rename(name: string, call: Call): string {
    if (name === "") return "";
    let renamed = call.names.get(name);
    if (renamed === undefined) {
      renamed = this.#fresh.take(`${call.path.slice(-namePart)}/${name.slice(-namePart)}`);
      call.names.set(name, renamed);
    }
    return renamed;
  }

  #instantiate(node: OnnxNode, call: Call): OnnxNode {
    const attributes = new Map<string, OnnxAttribute>();
    for (const [name, attribute] of node.attributes) {
      const value = attribute.kind === "reference" ? call.attributes.get(attribute.name) : attribute;
      if (value !== undefined) attributes.set(name, value);
    }
    const bound: OnnxNode = {
      ...node,
      path: `${call.path}/${node.path}`,
      inputs: node.inputs.map((name) => this.#rename(name, call)),
      outputs: node.outputs.map((name) => this.#rename(name, call)),
      attributes,
    };
    // Graphs that came with the call already use its names; those of the body use the function's.
    return mapSubgraphs(bound, (graph, name) => {
      const fromCall = node.attributes.get(name.replace(/\[\d+\]$/, ""))?.kind === "reference";
      return fromCall ? graph : this.#instantiateGraph(graph, call);
    });
  }

  #instantiateGraph(graph: OnnxGraph, call: Call): OnnxGraph {
    const renameKeys = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
      new Map([...map].map(([name, value]) => [this.#rename(name, call), value]));
    const renameValue = (value: OnnxValueInfo): OnnxValueInfo => ({ ...value, name: this.#rename(value.name, call) });
    return {
      name: graph.name,
      inputs: graph.inputs.map(renameValue),
      outputs: graph.outputs.map(renameValue),
      initializers: renameKeys(graph.initializers),
      nodes: graph.nodes.map((node) => this.#instantiate(node, call)),
      valueInfo: renameKeys(graph.valueInfo),
    };
  }
}
