import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  denseArrayAttribute,
  denseAttribute,
  floatAttribute,
  i32ArrayAttribute,
  i64ArrayAttribute,
  integerAttribute,
  stringAttribute,
  typeAttribute,
} from "../../ir/attributes.ts";
import type { AnyOpDefinition } from "../../ir/define.ts";
import { f32 } from "../../ir/types.ts";
import { needsSegments, type ValueSpec } from "../../ir/value-specs.ts";
import { quote } from "./diagnostics.ts";
import type { OnnxAttribute, OnnxGraph, OnnxNode } from "./graph.ts";
import { irType } from "./value-types.ts";

/** A node brought into the form of its declaration. */
export interface ResolvedNode {
  readonly definition: AnyOpDefinition;
  /** Names of the operands, absent ones left out. */
  readonly operands: readonly string[];
  /** Names of the results; `""` is one that must be made although nobody wants it. */
  readonly results: readonly string[];
  readonly properties: Attributes;
  /** The graphs of the declared regions; undefined where one is not given. */
  readonly regions: readonly (OnnxGraph | undefined)[];
}

type Specs = Readonly<Record<string, ValueSpec>>;

/** Graphs that a node may leave out. All others are required. */
const optionalGraphs: ReadonlySet<string> = new Set(["score_mod", "prob_mod"]);

/**
 * Checks a node against the declaration of its operator. What does not fit is told to `problem`, completing "the node is not
 * valid: …"; the result is meaningful only when there was nothing.
 */
export function resolveNode(
  node: OnnxNode,
  definition: AnyOpDefinition,
  symbols: ReadonlyMap<string, number>,
  problem: (text: string) => void,
): ResolvedNode {
  const properties: Record<string, Attribute> = {};
  const regionNames = definition.regions ?? [];
  const graphs = new Map<string, OnnxGraph>();
  for (const [name, attribute] of node.attributes) {
    if (regionNames.includes(name)) {
      if (attribute.kind === "graph") graphs.set(name, attribute.graph);
      else problem(`its attribute ${quote(name)} is of kind ${attribute.kind}; expected graph`);
      continue;
    }
    const spec = Object.hasOwn(definition.attributes, name) ? definition.attributes[name] : undefined;
    if (spec === undefined) {
      problem(`the operator has no attribute ${quote(name)}`);
      continue;
    }
    const value = irAttribute(attribute, symbols);
    if (value === undefined || spec.codec.decode(value) === undefined)
      problem(`its attribute ${quote(name)} is of kind ${attribute.kind}; expected ${spec.codec.description}`);
    else properties[name] = value;
  }
  for (const [name, spec] of Object.entries(definition.attributes))
    if (spec.presence === "required" && !node.attributes.has(name)) problem(`its attribute '${name}' is missing`);
  for (const name of regionNames)
    if (!node.attributes.has(name) && !optionalGraphs.has(name)) problem(`its graph '${name}' is missing`);
  const regions = regionNames.map((name) => graphs.get(name));

  const operands = assignInputs(definition.operands, node.inputs, problem);
  const wanted = outputCount(node, definition, regions, problem);
  const results = assignOutputs(definition.results, node.outputs, wanted, problem);
  if (needsSegments(definition.operands)) properties["operandSegmentSizes"] = sizesOf(operands);
  if (needsSegments(definition.results)) properties["resultSegmentSizes"] = sizesOf(results);
  return { definition, operands: operands.flat(), results: results.flat(), properties, regions };
}

const sizesOf = (groups: readonly (readonly string[])[]): Attribute =>
  i32ArrayAttribute(groups.map(({ length }) => length));

/** An attribute as the dialect's declarations write it; undefined for kinds that no operator has. */
function irAttribute(attribute: OnnxAttribute, symbols: ReadonlyMap<string, number>): Attribute | undefined {
  switch (attribute.kind) {
    case "int":
      return integerAttribute(attribute.value);
    case "ints":
      return i64ArrayAttribute(attribute.values);
    case "float":
      return floatAttribute(attribute.value, f32);
    case "floats":
      return denseArrayAttribute(f32, attribute.values);
    case "string":
      return stringAttribute(attribute.value);
    case "strings":
      return arrayAttribute(attribute.values.map(stringAttribute));
    case "tensor":
      return denseAttribute(attribute.tensor);
    case "type": {
      const type = irType(attribute.type, symbols);
      return type && typeAttribute(type);
    }
    default:
      return undefined;
  }
}

/** Which names stand for which declared operand: one list each. */
function assignInputs(
  specs: Specs,
  names: readonly string[],
  problem: (text: string) => void,
): readonly (readonly string[])[] {
  const groups = Object.entries(specs).map(([name, { arity, minimum = 0 }], index) => {
    if (arity !== "variadic") {
      const given = names[index] ?? "";
      if (given === "" && arity === "one") problem(`its operand '${name}' is missing`);
      return given === "" ? [] : [given];
    }
    const given = names.slice(index);
    if (given.length < minimum) problem(`it needs at least ${minimum} operands '${name}' and has ${given.length}`);
    if (given.includes("")) problem(`one of its operands '${name}' is missing`);
    return given;
  });
  checkCount("operands", specs, names.length, problem);
  return groups;
}

/**
 * Which names stand for which declared result: one list each. Required results and those in between variadic ones are there
 * even without a name.
 */
function assignOutputs(
  specs: Specs,
  names: readonly string[],
  variadicCount: number | undefined,
  problem: (text: string) => void,
): readonly (readonly string[])[] {
  const groups = Object.entries(specs).map(([name, { arity, minimum = 0 }], index) => {
    const given = names[index] ?? "";
    if (arity === "one") return [given];
    if (arity === "optional") return given === "" ? [] : [given];
    const all = names.slice(index);
    const count = variadicCount ?? Math.max(all.length, minimum);
    if (all.length > count) problem(`it has ${all.length} outputs '${name}', but its graphs give ${count}`);
    return Array.from({ length: count }, (_, position) => all[position] ?? "");
  });
  checkCount("outputs", specs, names.length, problem);
  return groups;
}

function checkCount(what: string, specs: Specs, count: number, problem: (text: string) => void): void {
  const declared = Object.values(specs);
  if (count > declared.length && !declared.some(({ arity }) => arity === "variadic"))
    problem(`it has ${count} ${what}, but the operator has ${declared.length}`);
}

/**
 * How many results the graphs of a control-flow node give it; undefined for other nodes. Also checks the graphs' inputs and
 * outputs against the node's.
 */
function outputCount(
  node: OnnxNode,
  definition: AnyOpDefinition,
  regions: readonly (OnnxGraph | undefined)[],
  problem: (text: string) => void,
): number | undefined {
  const [body, second] = regions;
  if (body === undefined) return undefined;
  const takes = (graph: OnnxGraph, region: string, expected: number): void => {
    if (graph.inputs.length !== expected)
      problem(`its graph '${region}' takes ${graph.inputs.length} values, but it is given ${expected}`);
  };
  const { length: outputs } = body.outputs;
  switch (definition.name) {
    case "onnx.If":
      takes(body, "then_branch", 0);
      if (second === undefined) return outputs;
      takes(second, "else_branch", 0);
      if (second.outputs.length !== outputs)
        problem(`its graphs give ${outputs} values when the condition holds and ${second.outputs.length} when not`);
      return outputs;
    case "onnx.Loop": {
      const carried = Math.max(0, node.inputs.length - 2);
      takes(body, "body", carried + 2);
      if (outputs < carried + 1) problem(`its graph 'body' gives ${outputs} values, but it must give ${carried + 1}`);
      return Math.max(0, outputs - 1);
    }
    case "onnx.Scan":
      takes(body, "body", node.inputs.length);
      return outputs;
    case "onnx.SequenceMap":
      takes(body, "body", node.inputs.length);
      return outputs;
    default:
      return undefined;
  }
}
