import { entryPointAttribute } from "../../ir/analysis/entry-point.ts";
import { type Diagnostic, throwOnErrors } from "../../support/diagnostic.ts";
import { fileLocation, type Location } from "../../support/location.ts";
import {
  arrayAttribute,
  type Attribute,
  dictionaryAttribute,
  stringAttribute,
  unitAttribute,
} from "../../ir/attributes.ts";
import type { BlockSpec, Builder } from "../../ir/builder.ts";
import { createFunction, createModule } from "../../ir/create-module.ts";
import { onnx, onnxOperation } from "../../ir/dialects/onnx/index.ts";
import { unknownType } from "../../ir/dialects/onnx/types.ts";
import type { Module, ValueId } from "../../ir/module.ts";
import { tensorType, type Type, typeOfElement } from "../../ir/types.ts";
import { escapeHostile, onnxLocation, quote } from "./diagnostics.ts";
import { bindDimensions, type BoundDimensions, type DimensionChoices } from "./dimensions.ts";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxType, OnnxValueInfo } from "./graph.ts";
import { ConstantImporter } from "./import-constants.ts";
import { importDiagnostics } from "./import-diagnostics.ts";
import { resolveNode, type ResolvedNode } from "./resolve-node.ts";
import { namesReadBy, subgraphsOf } from "./subgraphs.ts";
import { irType } from "./value-types.ts";

/**
 * A model as IR: a module with one function `@main` of `onnx` operations, marked `weft.entry_point`. Its arguments and results
 * carry the model's names (`weft.name`) and element types (`weft.element`). Arguments have static types: `choices` must give
 * every open dimension a size. Other values have the type that the file declares, when that is static; a tensor type
 * without a shape, when only the element type is known; or {@link unknownType}. They are hints, to be replaced by type inference.
 *
 * Initializers are `arith.constant`s, also those of subgraphs, at the function's beginning; equal ones share one. Inputs that have
 * an initializer are constants too: a caller cannot give them another value.
 * @throws CompileError with every unsupported operator and every node that does not fit its operator's definition
 */
export function importOnnx(model: OnnxModel, choices: DimensionChoices): Module {
  const dimensions = bindDimensions(model.graph.inputs, choices, model.source);
  const checked = new NodeChecker(model, dimensions.symbols).check();
  return new Importer(model, dimensions, checked).module();
}

/** Names seen from a graph: its own and those of the graphs around it. */
class Scope<T> {
  readonly #own = new Map<string, T>();
  readonly #outer: Scope<T> | undefined;

  constructor(outer?: Scope<T>) {
    this.#outer = outer;
  }
  set(name: string, value: T): void {
    if (name !== "") this.#own.set(name, value);
  }
  get(name: string): T | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name);
  }
}

/** What the file declares about the values of a graph. */
const declaredTypes = (graph: OnnxGraph): ReadonlyMap<string, OnnxType> =>
  new Map([
    ...graph.valueInfo,
    ...graph.outputs.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type] as const])),
  ]);

/** Finds everything that is unsupported or wrong before anything is built. */
class NodeChecker {
  readonly #model: OnnxModel;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #resolved = new Map<OnnxNode, ResolvedNode>();

  constructor(model: OnnxModel, symbols: ReadonlyMap<string, number>) {
    this.#model = model;
    this.#symbols = symbols;
  }

  /** Every node, subgraphs' too, in its declaration's form. */
  check(): ReadonlyMap<OnnxNode, ResolvedNode> {
    for (const { name, type } of this.#model.graph.inputs) {
      if (type !== undefined && irType(type, this.#symbols) !== undefined) continue;
      const place = onnxLocation(this.#model.source, `graph.${escapeHostile(name)}`);
      const values = { what: "the input", name: quote(name), type: type?.kind ?? "of no type" };
      this.#diagnostics.push(importDiagnostics.at("unsupported-type", place, values));
    }
    this.#graph(this.#model.graph, undefined);
    throwOnErrors(this.#diagnostics);
    return this.#resolved;
  }

  #graph(graph: OnnxGraph, outer: Scope<Type> | undefined): void {
    const types = new Scope(outer);
    for (const [name, tensor] of graph.initializers)
      types.set(name, tensorType(tensor.shape, typeOfElement(tensor.elementType)));
    const declare = (name: string, type: OnnxType | undefined): void => {
      const known = type && irType(type, this.#symbols);
      if (known !== undefined) types.set(name, known);
    };
    for (const [name, type] of declaredTypes(graph)) declare(name, type);
    for (const { name, type } of graph.inputs) declare(name, type);
    for (const node of graph.nodes) this.#node(node, types);
  }

  #node(node: OnnxNode, types: Scope<Type>): void {
    const place = onnxLocation(this.#model.source, node.path);
    const definition = onnxOperation(node.domain, node.opType);
    if (definition === undefined) {
      const operands = node.inputs.map((name) => (name === "" ? "none" : (types.get(name)?.text ?? "of unknown type")));
      const values = {
        opType: quote(node.opType),
        domain: quote(node.domain === "" ? "ai.onnx" : node.domain),
        version: node.version,
        operands: operands.join(", ") || "none",
      };
      this.#diagnostics.push(importDiagnostics.at("unsupported-op", place, values));
    } else {
      const resolved = resolveNode(node, definition, this.#symbols, (problem) => {
        const values = { opType: quote(node.opType), problem };
        this.#diagnostics.push(importDiagnostics.at("bad-node", place, values));
      });
      this.#resolved.set(node, resolved);
    }
    for (const graph of subgraphsOf(node)) this.#graph(graph, types);
  }
}

class Importer {
  readonly #model: OnnxModel;
  readonly #dimensions: BoundDimensions;
  readonly #resolved: ReadonlyMap<OnnxNode, ResolvedNode>;
  /** The constants of each graph, by name: graphs beside each other may use a name for different values. */
  readonly #constants = new Map<OnnxGraph, ReadonlyMap<string, ValueId>>();

  constructor(model: OnnxModel, dimensions: BoundDimensions, resolved: ReadonlyMap<OnnxNode, ResolvedNode>) {
    this.#model = model;
    this.#dimensions = dimensions;
    this.#resolved = resolved;
  }

  module(): Module {
    const { graph } = this.#model;
    const file = fileLocation(this.#model.source);
    const types = graph.inputs.map((input) => this.#inputType(input));
    return createModule((builder) => {
      createFunction(builder, "main", types, (body, values) => this.#body(body, values), {
        attributes: { [entryPointAttribute]: unitAttribute },
        properties: { arg_attrs: boundaryAttributes(graph.inputs), res_attrs: boundaryAttributes(graph.outputs) },
      });
    }, file);
  }

  #inputType({ name, type }: OnnxValueInfo): Type {
    const shape = this.#dimensions.shapes.get(name);
    if (type?.kind === "tensor" && shape) return tensorType(shape, typeOfElement(type.elementType));
    return irType(type!, this.#dimensions.symbols)!;
  }

  /** The function's body: the constants of all graphs, then the main graph's nodes. */
  #body(builder: Builder, inputs: readonly ValueId[]): readonly ValueId[] {
    this.#importConstants(this.#model.graph, new ConstantImporter(builder));
    return this.#graph(builder, this.#model.graph, inputs, undefined);
  }

  #importConstants(graph: OnnxGraph, constants: ConstantImporter): void {
    const used = new Set(graph.outputs.map(({ name }) => name));
    for (const node of graph.nodes) for (const name of namesReadBy(node)) used.add(name);
    const values = new Map<string, ValueId>();
    for (const [name, tensor] of graph.initializers) {
      if (!used.has(name)) continue;
      values.set(name, constants.constant(tensor, onnxLocation(this.#model.source, `graph.${escapeHostile(name)}`)));
    }
    this.#constants.set(graph, values);
    for (const node of graph.nodes) for (const inner of subgraphsOf(node)) this.#importConstants(inner, constants);
  }

  /** Builds the graph's nodes and returns its outputs. */
  #graph(
    builder: Builder,
    graph: OnnxGraph,
    inputs: readonly ValueId[],
    outer: Scope<ValueId> | undefined,
  ): readonly ValueId[] {
    const scope = new Scope(outer);
    for (const [name, value] of this.#constants.get(graph)!) scope.set(name, value);
    graph.inputs.forEach(({ name }, index) => scope.set(name, inputs[index]!));
    const types = declaredTypes(graph);
    for (const node of graph.nodes) this.#node(builder, node, types, scope);
    return graph.outputs.map(({ name }) => scope.get(name)!);
  }

  #node(builder: Builder, node: OnnxNode, types: ReadonlyMap<string, OnnxType>, scope: Scope<ValueId>): void {
    const { definition, operands, results, properties, regions } = this.#resolved.get(node)!;
    const location = onnxLocation(this.#model.source, node.path);
    const made = builder.create({
      name: definition.name,
      operands: operands.map((name) => scope.get(name)!),
      resultTypes: results.map((name) => this.#typeHint(types.get(name))),
      properties,
      regions: regions.map((graph) => (graph === undefined ? [] : [this.#region(graph, location, scope)])),
      location,
    });
    results.forEach((name, index) => scope.set(name, made.results[index]!));
  }

  #region(graph: OnnxGraph, location: Location, outer: Scope<ValueId>): BlockSpec {
    return {
      arguments: graph.inputs.map(({ type }) => this.#typeHint(type)),
      argumentLocations: graph.inputs.map(() => location),
      body: (builder, inputs) => {
        const values = this.#graph(builder, graph, inputs, outer);
        onnx.Yield.build(builder, { values }, {}, { location });
      },
    };
  }

  #typeHint(type: OnnxType | undefined): Type {
    return (type && irType(type, this.#dimensions.symbols)) ?? unknownType;
  }
}

/** What the model calls the values at its boundary. */
const boundaryAttributes = (values: readonly OnnxValueInfo[]): Attribute =>
  arrayAttribute(
    values.map(({ name, type }) =>
      dictionaryAttribute({
        "weft.name": stringAttribute(name),
        ...(type?.kind === "tensor" ? { "weft.element": stringAttribute(type.elementType) } : {}),
      }),
    ),
  );
