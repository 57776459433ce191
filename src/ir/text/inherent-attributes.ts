import { type Attribute, type Attributes, i32ArrayAttribute, noAttributes } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import { needsSegments, type ValueSpecs } from "../value-specs.ts";
import { upstreamOperations } from "./upstream-operations.ts";

/** Attributes that tell how many values each variadic operand or result has. */
const segmentAttributes: ReadonlySet<string> = new Set(["operandSegmentSizes", "resultSegmentSizes"]);

/** Dialects that `mlir-opt` does not know: their attributes stand together, and stay where they were written. */
const dialectsUnknownUpstream: ReadonlySet<string> = new Set(["onnx"]);

/** Whether attributes that the declaration names are kept apart from those that anyone may add. */
export const hasProperties = (definition: AnyOpDefinition): boolean =>
  !dialectsUnknownUpstream.has(definition.name.slice(0, definition.name.indexOf(".")));

/** Whether an attribute of this name belongs to the operation's definition. */
const isInherent = (definition: AnyOpDefinition, name: string): boolean =>
  Object.hasOwn(definition.attributes, name) || (segmentAttributes.has(name) && hasSegments(definition, name));
const specsOf = (definition: AnyOpDefinition, name: string): ValueSpecs =>
  name === "operandSegmentSizes" ? definition.operands : definition.results;
const hasSegments = (definition: AnyOpDefinition, name: string): boolean => needsSegments(specsOf(definition, name));

const defaults = new WeakMap<AnyOpDefinition, Attributes>();

/** What the declaration gives attributes that are not written; unit attributes, which are absent by default, are not among them. */
export function defaultAttributes(definition: AnyOpDefinition): Attributes {
  let known = defaults.get(definition);
  if (known === undefined) {
    const entries = Object.entries(definition.attributes).flatMap(([name, spec]) =>
      spec.presence === "defaulted" && spec.codec.description !== "unit attribute"
        ? [[name, spec.codec.encode(spec.default)] as const]
        : [],
    );
    // As upstream, groups of values are empty unless it is said how many each has.
    for (const name of segmentAttributes)
      if (hasSegments(definition, name))
        entries.push([name, i32ArrayAttribute(Object.keys(specsOf(definition, name)).map(() => 0))]);
    known = entries.length === 0 ? noAttributes : Object.freeze(Object.fromEntries(entries));
    defaults.set(definition, known);
  }
  return known;
}

/** Moves those attributes that the declaration names to the properties, wherever they were written, and adds defaults. */
export function splitAttributes(
  definition: AnyOpDefinition | undefined,
  properties: Attributes,
  attributes: Attributes,
): { readonly properties: Attributes; readonly attributes: Attributes } {
  if (definition === undefined || !hasProperties(definition)) return { properties, attributes };
  const inherent: [string, Attribute][] = [];
  const others: [string, Attribute][] = [];
  // What the declaration does not name is no property, wherever it was written.
  const own: [string, Attribute][] = [];
  for (const entry of Object.entries(properties)) (isInherent(definition, entry[0]) ? own : others).push(entry);
  const hasStrangers = others.length > 0;
  for (const entry of Object.entries(attributes)) (isInherent(definition, entry[0]) ? inherent : others).push(entry);
  const missing = Object.entries(defaultAttributes(definition)).filter(
    ([name]) => !Object.hasOwn(properties, name) && !Object.hasOwn(attributes, name),
  );
  return {
    properties: inherent.length + missing.length === 0 && !hasStrangers ? properties : joined(own, inherent, missing),
    attributes: inherent.length === 0 && !hasStrangers ? attributes : joined(others),
  };
}

/** Inherent attributes of an operation that upstream registers and the registry lacks: names, and the texts of defaults. */
type UpstreamAttributes = ReadonlyMap<string, string | undefined>;

function readUpstreamOperations(): ReadonlyMap<string, UpstreamAttributes> {
  const operations = new Map<string, UpstreamAttributes>();
  for (const line of upstreamOperations.trim().split("\n")) {
    const colon = line.indexOf(": ");
    const attributes = line
      .slice(colon + 2)
      .split("; ")
      .map((entry): readonly [string, string | undefined] => {
        const equal = entry.indexOf(" = ");
        return equal < 0 ? [entry, undefined] : [entry.slice(0, equal), entry.slice(equal + 3)];
      });
    for (const name of line.slice(0, colon).split(" ")) operations.set(name, new Map(attributes));
  }
  return operations;
}
let upstreamAttributes: ReadonlyMap<string, UpstreamAttributes> | undefined;

/**
 * The same for operations of upstream's that the registry lacks, so that they come back as upstream keeps them; `parse` reads
 * the text of a default.
 */
export function splitUpstreamAttributes(
  name: string,
  properties: Attributes,
  attributes: Attributes,
  parse: (text: string) => Attribute,
): { readonly properties: Attributes; readonly attributes: Attributes } {
  const known = (upstreamAttributes ??= readUpstreamOperations()).get(name);
  if (known === undefined) return { properties, attributes };
  const written = Object.entries(attributes);
  const inherent = written.filter(([key]) => known.has(key));
  const missing = [...known].flatMap(([marked, text]): readonly (readonly [string, Attribute])[] => {
    const key = marked.replace("!", "");
    if (text === undefined || Object.hasOwn(properties, key)) return [];
    return key === marked && Object.hasOwn(attributes, key) ? [] : [[key, parse(text)]];
  });
  if (inherent.length + missing.length === 0) return { properties, attributes };
  return {
    properties: joined(Object.entries(properties), inherent, missing),
    attributes: inherent.length === 0 ? attributes : joined(written.filter(([key]) => !known.has(key))),
  };
}

const joined = (...parts: readonly (readonly (readonly [string, Attribute])[])[]): Attributes => {
  const entries = parts.flat();
  return entries.length === 0 ? noAttributes : Object.freeze(Object.fromEntries(entries));
};
