import type { Location } from "../../support/location.ts";
import type { Attribute } from "../attributes.ts";
import { memRefLayoutText, type Type } from "../types.ts";
import { nestedSymbols } from "./opaque-text.ts";
import { type AliasLookup, type AttributePrinter, attributeText, locationKey, sortedNames } from "./print-attribute.ts";

/** Attributes of the LLVM dialect that upstream gives an alias named like themselves. */
const llvmAliases = new Set(
  (
    "access_group alias_scope alias_scope_domain di_basic_type di_common_block di_compile_unit di_composite_type " +
    "di_derived_type di_file di_generic_subrange di_global_variable di_global_variable_expression di_imported_entity " +
    "di_label di_lexical_block di_lexical_block_file di_local_variable di_module di_namespace di_null_type " +
    "di_string_type di_subprogram di_subroutine_type loop_annotation loop_vectorize loop_interleave loop_unroll " +
    "loop_unroll_and_jam loop_licm loop_distribute loop_pipeline loop_peeled loop_unswitch tbaa_root tbaa_tag " +
    "tbaa_type_desc mmra_tag"
  ).split(" "),
);

/** The name upstream suggests for an alias of what has this text; undefined where it has none. */
function suggestedAlias(text: string): string | undefined {
  if (text.startsWith("affine_map<")) return "map";
  if (text.startsWith("affine_set<")) return "set";
  if (text.startsWith("loc(")) return "loc";
  if (text.startsWith("#sparse_tensor.encoding<")) return "sparse";
  if (text.startsWith("distinct[")) return text.endsWith("]<>") ? undefined : "distinct";
  const mnemonic = /^#llvm\.(\w+)/.exec(text)?.[1];
  return mnemonic !== undefined && llvmAliases.has(mnemonic) ? mnemonic : undefined;
}

/** Tuples of more types than this have an alias. */
const shortTuple = 16;

/** One attribute, type or location that was met; `depth` counts the aliases nested in it. */
interface Entry {
  readonly key: string;
  readonly suggested: string | undefined;
  readonly isType: boolean;
  readonly children: Entry[];
  /** What prints its definition. */
  readonly body: (printer: AttributePrinter) => string;
  depth: number;
  deferrable: boolean;
}
interface Alias {
  readonly name: string;
  readonly entry: Entry;
}

/** Finds out, before anything is printed, which attributes, types and locations get an alias, and names them as upstream does. */
export class AliasCollector {
  readonly #entries = new Map<string, Entry>();

  type(type: Type): void {
    this.#visitType(type);
  }
  attribute(attribute: Attribute): void {
    this.#visitAttribute(attribute);
  }
  location(location: Location, deferrable: boolean): void {
    this.#visitLocation(location, deferrable);
  }

  /** The aliases, in the order of their definitions. */
  finish(): AliasTable {
    const named = [...this.#entries.values()].filter((entry) => entry.suggested !== undefined);
    named.sort((left, right) => left.depth - right.depth || compareKinds(left, right));
    const counts = new Map<string, number>();
    const aliases = named.map((entry): Alias => {
      const count = counts.get(entry.suggested!) ?? 0;
      counts.set(entry.suggested!, count + 1);
      return { entry, name: `${entry.isType ? "!" : "#"}${entry.suggested}${count === 0 ? "" : count}` };
    });
    return new AliasTable(aliases);
  }

  #enter(
    key: string,
    isType: boolean,
    deferrable: boolean,
    body: Entry["body"],
    children: () => readonly (Entry | undefined)[],
    suggested = suggestedAlias(key),
  ): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      if (!deferrable) makeImmediate(known);
      return known;
    }
    const entry: Entry = {
      key,
      suggested,
      isType,
      children: [],
      body,
      depth: suggested === undefined ? 0 : 1,
      deferrable,
    };
    this.#entries.set(key, entry);
    let depth = 0;
    for (const child of children()) {
      if (child === undefined) continue;
      entry.children.push(child);
      depth = Math.max(depth, child.depth);
    }
    if (depth > 0) entry.depth = depth + 1;
    return entry;
  }

  #visitType(type: Type): Entry | undefined {
    switch (type.kind) {
      case "integer":
      case "float":
      case "index":
      case "none":
        return undefined;
      default: {
        const isLong = type.kind === "tuple" && type.elements.length > shortTuple;
        return this.#enter(
          type.text,
          true,
          false,
          (printer) => printer.typeBody(type),
          () => this.#typeChildren(type),
          isLong ? "tuple" : undefined,
        );
      }
    }
  }

  #typeChildren(type: Type): readonly (Entry | undefined)[] {
    switch (type.kind) {
      case "function":
        return [...type.inputs, ...type.results].map((inner) => this.#visitType(inner));
      case "tuple":
        return type.elements.map((inner) => this.#visitType(inner));
      case "tensor":
        return [this.#visitType(type.element), ...this.#visitOpaque(type.encoding)];
      case "memref": {
        const layout = type.layout === undefined ? undefined : memRefLayoutText(type.layout);
        return [this.#visitType(type.element), ...this.#visitOpaque(layout), ...this.#visitOpaque(type.memorySpace)];
      }
      case "unranked-memref":
        return [this.#visitType(type.element), ...this.#visitOpaque(type.memorySpace)];
      case "complex":
      case "vector":
      case "unranked-tensor":
        return [this.#visitType(type.element)];
      case "dialect":
        return this.#visitNested(type.text);
      default:
        return [];
    }
  }

  #visitAttribute(attribute: Attribute): Entry | undefined {
    switch (attribute.kind) {
      case "unit":
      case "bool":
      case "dense-array":
      case "symbol":
      case "strided-layout":
        return undefined;
      case "integer":
      case "float":
        return this.#visitType(attribute.type);
      case "string":
        return attribute.type === undefined ? undefined : this.#visitType(attribute.type);
      case "type":
        return this.#visitType(attribute.type);
      case "dense":
      case "resource":
        return this.#visitType(attribute.type);
      case "location":
        return this.#visitLocation(attribute.location, false);
      case "array":
        return this.#container(attribute, () => attribute.elements.map((element) => this.#visitAttribute(element)));
      case "dictionary":
        return this.#container(attribute, () =>
          sortedNames(attribute.entries).map((name) => this.#visitAttribute(attribute.entries[name]!)),
        );
      default:
        return this.#visitOpaque(attributeText(attribute))[0];
    }
  }

  /** Arrays and dictionaries have no alias of their own, so they need no entry: what is in them counts for what holds them. */
  #container(attribute: Attribute, children: () => readonly (Entry | undefined)[]): Entry | undefined {
    const visited = children().filter((child) => child !== undefined);
    if (visited.length === 0) return undefined;
    const depth = Math.max(...visited.map((child) => child.depth));
    return {
      key: "",
      suggested: undefined,
      isType: false,
      children: visited,
      body: (printer) => printer.attribute(attribute),
      depth: depth > 0 ? depth + 1 : 0,
      deferrable: false,
    };
  }

  #visitOpaque(text: string | undefined): readonly (Entry | undefined)[] {
    if (text === undefined) return [];
    return [
      this.#enter(
        text,
        text.startsWith("!"),
        false,
        (printer) => printer.opaqueBody(text),
        () => this.#visitNested(text),
      ),
    ];
  }

  #visitNested(text: string): readonly (Entry | undefined)[] {
    return nestedSymbols(text).flatMap(({ start, end }) => this.#visitOpaque(text.slice(start, end)));
  }

  #visitLocation(location: Location, deferrable: boolean): Entry {
    return this.#enter(
      locationKey(location),
      false,
      deferrable,
      (printer) =>
        location.kind === "dialect" ? printer.locationBody(location) : `loc(${printer.locationBody(location)})`,
      () => this.#locationChildren(location, deferrable),
      "loc",
    );
  }

  #locationChildren(location: Location, deferrable: boolean): readonly (Entry | undefined)[] {
    switch (location.kind) {
      case "name":
        return location.child.kind === "unknown" ? [] : [this.#visitLocation(location.child, deferrable)];
      case "callsite":
        return [this.#visitLocation(location.callee, deferrable), this.#visitLocation(location.caller, deferrable)];
      case "dialect":
        return this.#visitNested(location.text);
      case "fused":
        return [
          ...this.#visitOpaque(location.metadata),
          ...location.from.map((nested) => this.#visitLocation(nested, deferrable)),
        ];
      default:
        return [];
    }
  }
}

const compareKinds = (left: Entry, right: Entry): number => {
  if (left.isType !== right.isType) return left.isType ? -1 : 1;
  return left.suggested! < right.suggested! ? -1 : left.suggested! > right.suggested! ? 1 : 0;
};

function makeImmediate(entry: Entry): void {
  const pending = [entry];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (!next.deferrable) continue;
    next.deferrable = false;
    pending.push(...next.children);
  }
}

/** The aliases of one text. */
export class AliasTable implements AliasLookup {
  readonly #aliases: readonly Alias[];
  readonly #names: ReadonlyMap<string, string>;

  constructor(aliases: readonly Alias[]) {
    this.#aliases = aliases;
    this.#names = new Map(aliases.map(({ entry, name }) => [entry.key, name]));
  }
  alias(key: string): string | undefined {
    return this.#names.get(key);
  }
  /** The lines that define them; locations may stand after the module (`deferred`). */
  definitions(printer: AttributePrinter, deferred: boolean): string {
    return this.#aliases
      .filter(({ entry }) => entry.deferrable === deferred)
      .map(({ entry, name }) => `${name} = ${entry.body(printer)}\n`)
      .join("");
  }
}
