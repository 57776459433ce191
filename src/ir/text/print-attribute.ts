import type { Location } from "../../support/location.ts";
import type { Attribute, Attributes } from "../attributes.ts";
import { type MemRefLayout, memRefLayoutText, type Type } from "../types.ts";
import { nestedSymbols } from "./opaque-text.ts";
import { denseText } from "./dense-text.ts";
import { floatText } from "./float-text.ts";
import { keywordOrString, quoted, symbolText } from "./spelling.ts";

/** Names that stand for attributes and types; `key` is the text without any alias. */
export interface AliasLookup {
  alias(key: string): string | undefined;
}
const withoutAliases: AliasLookup = { alias: () => undefined };

/** Names of a dictionary in the order upstream keeps them. */
export const sortedNames = (entries: Attributes): readonly string[] => Object.keys(entries).sort(compareText);
const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Writes types, attributes and locations as upstream does, aliases in place of what has one. */
export class AttributePrinter {
  readonly #aliases: AliasLookup;
  readonly #elideLargerThan: number;
  readonly #types = new Map<Type, string>();
  /** Keys of the resources that were written, in the order of their first mention. */
  readonly resources = new Set<string>();

  constructor(aliases: AliasLookup = withoutAliases, elideLargerThan = Number.POSITIVE_INFINITY) {
    this.#aliases = aliases;
    this.#elideLargerThan = elideLargerThan;
  }

  type(type: Type): string {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const text = this.#aliases.alias(type.text) ?? this.typeBody(type);
    this.#types.set(type, text);
    return text;
  }

  types(types: readonly Type[]): string {
    return types.map((type) => this.type(type)).join(", ");
  }

  /** What stands after `->` for these results: parentheses unless it is exactly one that is no function. */
  resultTypes(types: readonly Type[]): string {
    return types.length === 1 && types[0]!.kind !== "function" ? this.type(types[0]!) : `(${this.types(types)})`;
  }

  /** The type written out at its outermost level, as its alias's definition needs it. */
  typeBody(type: Type): string {
    switch (type.kind) {
      case "complex":
        return `complex<${this.type(type.element)}>`;
      case "tuple":
        return `tuple<${this.types(type.elements)}>`;
      case "function":
        return `(${this.types(type.inputs)}) -> ${this.resultTypes(type.results)}`;
      case "tensor":
      case "vector":
      case "memref": {
        const sizes = type.shape.map((size, index) =>
          type.kind === "vector" && type.scalable[index] ? `[${size}]x` : `${size}x`,
        );
        const parts = [sizes.join("") + this.type(type.element)];
        if (type.kind === "tensor" && type.encoding !== undefined) parts.push(this.opaque(type.encoding));
        if (type.kind === "memref") {
          if (type.layout !== undefined) parts.push(this.#layout(type.layout));
          if (type.memorySpace !== undefined) parts.push(this.opaque(type.memorySpace));
        }
        return `${type.kind}<${parts.join(", ")}>`;
      }
      case "unranked-tensor":
        return `tensor<*x${this.type(type.element)}>`;
      case "unranked-memref": {
        const space = type.memorySpace === undefined ? "" : `, ${this.opaque(type.memorySpace)}`;
        return `memref<*x${this.type(type.element)}${space}>`;
      }
      case "dialect":
        return this.opaqueBody(type.text);
      default:
        return type.text;
    }
  }

  #layout(layout: MemRefLayout): string {
    return this.opaque(memRefLayoutText(layout));
  }

  /** `allowElision`: inside an array, where 64-bit integers and floats need no type. */
  attribute(attribute: Attribute, allowElision = false): string {
    switch (attribute.kind) {
      case "unit":
        return "unit";
      case "bool":
        return attribute.value ? "true" : "false";
      case "integer":
        if (attribute.type.text === "i1") return attribute.value === 0n ? "false" : "true";
        return allowElision && attribute.type.text === "i64"
          ? String(attribute.value)
          : `${attribute.value} : ${this.type(attribute.type)}`;
      case "float": {
        const text = floatText(attribute.type.format, attribute.value, attribute.bits);
        const elided = allowElision && attribute.type.format === "f64" && !text.startsWith("0x");
        return elided ? text : `${text} : ${this.type(attribute.type)}`;
      }
      case "string":
        return quoted(attribute.value) + (attribute.type === undefined ? "" : ` : ${this.type(attribute.type)}`);
      case "type":
        return this.type(attribute.type);
      case "array":
        return `[${attribute.elements.map((element) => this.attribute(element, true)).join(", ")}]`;
      case "dictionary":
        return `{${this.entries(attribute.entries)}}`;
      case "symbol":
        return [attribute.root, ...attribute.nested].map(symbolText).join("::");
      case "dense": {
        const text = attribute.data.length > this.#elideLargerThan ? "__elided__" : denseText(attribute);
        return text === "__elided__"
          ? `dense_resource<__elided__> : ${this.type(attribute.type)}`
          : `dense<${text}> : ${this.type(attribute.type)}`;
      }
      case "dense-array": {
        const { element, values } = attribute;
        const texts = values.map((value) => elementText(element, value));
        return `array<${element.text}${texts.length === 0 ? "" : `: ${texts.join(", ")}`}>`;
      }
      case "resource":
        this.resources.add(attribute.key);
        return `dense_resource<${keywordOrString(attribute.key)}> : ${this.type(attribute.type)}`;
      case "affine-map":
        return this.opaque(`affine_map<${attribute.map.text}>`);
      case "integer-set":
        return this.opaque(`affine_set<${attribute.set.text}>`);
      case "strided-layout":
        return attribute.text;
      case "location":
        // An alias of a location has the `loc(…)` in it.
        return this.#aliases.alias(locationKey(attribute.location)) ?? this.location(attribute.location, false);
      case "dialect":
        return this.opaque(dialectAttributeText(attribute.dialect, attribute.body));
      case "verbatim":
        return attribute.text.startsWith("distinct[") ? this.opaque(attribute.text) : this.opaqueBody(attribute.text);
    }
  }

  /** `a = 1 : i32, b`: what stands between the braces. */
  entries(entries: Attributes, names: readonly string[] = sortedNames(entries)): string {
    return names
      .map((name) => {
        const attribute = entries[name]!;
        const key = keywordOrString(name);
        return attribute.kind === "unit" ? key : `${key} = ${this.attribute(attribute)}`;
      })
      .join(", ");
  }

  /** Text of an attribute that is kept as text: its alias, or itself with aliases for what is nested in it. */
  opaque(text: string): string {
    return this.#aliases.alias(text) ?? this.opaqueBody(text);
  }

  opaqueBody(text: string): string {
    if (this.#aliases === withoutAliases) return text;
    let result = "";
    let copied = 0;
    for (const { start, end } of nestedSymbols(text)) {
      result += text.slice(copied, start) + this.opaque(text.slice(start, end));
      copied = end;
    }
    return result + text.slice(copied);
  }

  /** `loc(…)`. */
  location(location: Location, allowAlias: boolean): string {
    const alias = allowAlias ? this.#aliases.alias(locationKey(location)) : undefined;
    return `loc(${alias ?? this.locationBody(location)})`;
  }

  #nestedLocation(location: Location): string {
    return this.#aliases.alias(locationKey(location)) ?? this.locationBody(location);
  }

  /** What stands between the parentheses of `loc(…)`, its outermost level written out. */
  locationBody(location: Location): string {
    switch (location.kind) {
      case "unknown":
        return "unknown";
      case "file":
        return `${quoted(location.file)}:${location.line}:${location.column}${rangeText(location)}`;
      case "dialect":
        return this.opaqueBody(location.text);
      case "name":
        return location.child.kind === "unknown"
          ? quoted(location.name)
          : `${quoted(location.name)}(${this.#nestedLocation(location.child)})`;
      case "callsite":
        return `callsite(${this.#nestedLocation(location.callee)} at ${this.#nestedLocation(location.caller)})`;
      case "fused": {
        const metadata = location.metadata ?? (location.pass === undefined ? undefined : quoted(location.pass));
        const from = location.from.map((nested) => this.#nestedLocation(nested)).join(", ");
        return `fused${metadata === undefined ? "" : `<${this.opaque(metadata)}>`}[${from}]`;
      }
    }
  }
}

function elementText(type: Type, value: number | bigint): string {
  if (type.text === "i1") return value ? "true" : "false";
  if (type.kind === "float") return floatText(type.format, Number(value));
  // Doubles beyond 2^53 must not be printed in scientific notation: -2^63 marks dynamic sizes.
  return BigInt(value).toString();
}

function rangeText(location: Location & { readonly kind: "file" }): string {
  const { end } = location;
  if (end === undefined) return "";
  return end.line === location.line ? ` to :${end.column}` : ` to ${end.line}:${end.column}`;
}

const plainPrinter = new AttributePrinter();
const locationKeys = new WeakMap<Location, string>();
/** The text that tells a location from others: `loc(…)` without aliases. */
export function locationKey(location: Location): string {
  let key = locationKeys.get(location);
  if (key !== undefined) return key;
  const body = plainPrinter.locationBody(location);
  // An alias of a dialect's location stands for the attribute itself.
  key = location.kind === "dialect" ? body : `loc(${body})`;
  locationKeys.set(location, key);
  return key;
}

/** `#dialect.body` or `#dialect<…>`. */
const dialectAttributeText = (dialect: string, body: string): string =>
  `#${dialect}${body.startsWith("<") ? "" : "."}${body}`;

/** An attribute's text without aliases. */
export const attributeText = (attribute: Attribute): string => plainPrinter.attribute(attribute);
