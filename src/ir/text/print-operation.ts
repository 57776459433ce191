import type { Location } from "../../support/location.ts";
import { MalformedOperation, type OperationPrinter } from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import { type AnyOpDefinition, fitsRegions } from "../define.ts";
import type { Block, BlockId, IrReader, Operation, Region, ValueId } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import type { AliasCollector } from "./aliases.ts";
import { assemblyFormat } from "./assembly-format.ts";
import { defaultDialectOf } from "./default-dialect.ts";
import { defaultAttributes, hasProperties } from "./inherent-attributes.ts";
import { type AttributePrinter, sortedNames } from "./print-attribute.ts";
import { printFormat } from "./print-format.ts";
import { quoted, symbolText } from "./spelling.ts";
import type { ValueNames } from "./value-names.ts";

/** What printing needs to know besides the operation. */
export interface PrintSettings {
  readonly reader: IrReader;
  readonly registry: Registry;
  readonly generic: boolean;
  readonly debugInfo: boolean;
}

/** The text of an attribute without its trailing type, where it has one. */
const withoutType = (attribute: Attribute, text: string, type: string): string =>
  attribute.kind !== "bool" && text.endsWith(` : ${type}`) ? text.slice(0, -` : ${type}`.length) : text;

/** Walks operations in the order they are printed in; what is done on the way is left to the two classes below. */
abstract class OperationWalk implements OperationPrinter {
  readonly reader: IrReader;
  protected readonly settings: PrintSettings;
  /** Dialects whose prefix may be left out, innermost last. */
  protected readonly defaultDialects: string[] = ["builtin"];

  constructor(settings: PrintSettings) {
    this.settings = settings;
    this.reader = settings.reader;
  }

  abstract write(text: string): void;
  abstract newline(): void;
  abstract value(id: ValueId): void;
  abstract type(type: Type): void;
  abstract attribute(attribute: Attribute): void;
  abstract attributeWithoutType(attribute: Attribute): void;
  abstract successor(block: BlockId): void;
  protected abstract entries(entries: Attributes): void;
  protected abstract operation(op: Operation): void;
  protected abstract body(op: Operation, region: Region, entryArguments: boolean, terminator: boolean): void;
  protected abstract argumentLocation(location: Location): void;
  protected abstract position(): number;
  protected abstract back(position: number): void;

  /** Prints in the pretty form if the operation has one and is well-formed enough for it. */
  protected tryPretty(op: Operation): boolean {
    if (this.settings.generic) return false;
    const definition = this.settings.registry.definition(op.name);
    const { assembly } = definition ?? {};
    if (definition === undefined || assembly === undefined || !isComplete(definition, op, this.reader)) return false;
    const start = this.position();
    const depth = this.defaultDialects.length;
    try {
      const dialect = this.defaultDialects.at(-1)!;
      this.write(dialect !== "" && op.name.startsWith(`${dialect}.`) ? op.name.slice(dialect.length + 1) : op.name);
      if (typeof assembly === "string" || "format" in assembly)
        printFormat(op, assemblyFormat(definition, assembly), this);
      else assembly.print(op, this);
      return true;
    } catch (error) {
      if (!(error instanceof MalformedOperation)) throw error;
      this.defaultDialects.length = depth;
      this.back(start);
      return false;
    }
  }

  values(ids: readonly ValueId[]): void {
    ids.forEach((id, index) => {
      if (index > 0) this.write(", ");
      this.value(id);
    });
  }
  argument(id: ValueId, withType: boolean, attributes: Attributes = noAttributes): void {
    this.value(id);
    if (!withType) return;
    this.write(": ");
    this.type(this.reader.typeOf(id));
    if (Object.keys(attributes).length > 0) {
      this.write(" ");
      this.dictionary(attributes);
    }
    const value = this.reader.value(id);
    if (this.settings.debugInfo && value.kind === "argument") this.argumentLocation(value.location);
  }
  types(types: readonly Type[]): void {
    types.forEach((type, index) => {
      if (index > 0) this.write(", ");
      this.type(type);
    });
  }
  typesOf(ids: readonly ValueId[]): void {
    this.types(ids.map((id) => this.reader.typeOf(id)));
  }
  optionalResultTypes(types: readonly Type[]): void {
    if (types.length === 0) return;
    this.write(" -> ");
    if (types.length === 1 && types[0]!.kind !== "function") return this.type(types[0]!);
    this.write("(");
    this.types(types);
    this.write(")");
  }
  attributeDictionary(op: Operation, except: readonly string[] = []): void {
    const all: Attributes = { ...op.attributes, ...op.properties };
    const shown = Object.fromEntries(Object.entries(all).filter(([name]) => !except.includes(name)));
    if (Object.keys(shown).length === 0) return;
    this.write(" ");
    this.dictionary(shown);
  }
  propertyDictionary(op: Operation, except: readonly string[] = []): void {
    const shown = Object.fromEntries(Object.entries(op.properties).filter(([name]) => !except.includes(name)));
    if (Object.keys(shown).length === 0) return;
    this.write(" <");
    this.dictionary(shown);
    this.write(">");
  }
  discardableDictionary(op: Operation): void {
    if (Object.keys(op.attributes).length === 0) return;
    this.write(" ");
    this.dictionary(op.attributes);
  }
  dictionary(entries: Attributes): void {
    this.write("{");
    this.entries(entries);
    this.write("}");
  }
  symbol(name: string): void {
    this.write(symbolText(name));
  }
  region(
    op: Operation,
    index: number,
    options: { readonly entryArguments?: boolean; readonly terminator?: boolean } = {},
  ): void {
    this.defaultDialects.push(defaultDialectOf(op.name));
    this.body(op, op.regions[index]!, options.entryArguments ?? true, options.terminator ?? true);
    this.defaultDialects.pop();
  }

  /** The operation's own attributes, with the defaults of those that are absent, as upstream has them. */
  protected propertiesOf(op: Operation): Attributes {
    const definition = this.settings.registry.definition(op.name);
    if (definition === undefined || !hasProperties(definition)) return op.properties;
    const defaults = defaultAttributes(definition);
    const isMissing = (name: string): boolean =>
      !Object.hasOwn(op.properties, name) && !Object.hasOwn(op.attributes, name);
    const missing = Object.entries(defaults).filter(([name]) => isMissing(name));
    return missing.length === 0 ? op.properties : { ...Object.fromEntries(missing), ...op.properties };
  }

  protected argumentsOf(block: Block): void {
    block.arguments.forEach((argument, index) => {
      if (index > 0) this.write(", ");
      this.argument(argument, true);
    });
  }
  protected operationsOf(block: Block, terminator: boolean): readonly Operation[] {
    const operations = block.operations.map((id) => this.reader.operation(id));
    const last = operations.at(-1);
    const skipped = !terminator && last !== undefined && this.settings.registry.hasTrait(last, "terminator");
    return skipped ? operations.slice(0, -1) : operations;
  }
}

/** Whether operands, results, attributes and regions are there as the declaration says, so that a pretty form can be printed. */
function isComplete(definition: AnyOpDefinition, op: Operation, reader: IrReader): boolean {
  if (definition.match(reader, op) === undefined) return false;
  if (!fitsRegions(definition, op.regions.length)) return false;
  return Object.entries(definition.attributes).every(([name, spec]) => {
    const written = op.properties[name] ?? op.attributes[name];
    return written === undefined ? spec.presence !== "required" : spec.codec.decode(written) !== undefined;
  });
}

/** Collects what may get an alias, in the order that decides about the aliases' numbers. */
export class AliasVisitor extends OperationWalk {
  readonly #collector: AliasCollector;

  constructor(settings: PrintSettings, collector: AliasCollector) {
    super(settings);
    this.#collector = collector;
  }

  topLevel(root: Operation): void {
    this.operation(root);
  }
  write(): void {}
  newline(): void {}
  value(): void {}
  successor(): void {}
  type(type: Type): void {
    this.#collector.type(type);
  }
  attribute(attribute: Attribute): void {
    this.#collector.attribute(attribute);
  }
  attributeWithoutType(attribute: Attribute): void {
    this.#collector.attribute(attribute);
  }
  protected entries(entries: Attributes): void {
    for (const name of sortedNames(entries)) this.#collector.attribute(entries[name]!);
  }
  protected argumentLocation(location: Location): void {
    this.#collector.location(location, false);
  }
  protected position(): number {
    return 0;
  }
  protected back(): void {}

  protected operation(op: Operation): void {
    if (this.settings.debugInfo) this.#collector.location(op.location, true);
    if (this.tryPretty(op)) return;
    // Upstream visits the regions before the operation's own types and attributes.
    for (const [index] of op.regions.entries()) {
      this.defaultDialects.push("");
      this.body(op, op.regions[index]!, true, true);
      this.defaultDialects.pop();
    }
    this.typesOf(op.operands);
    this.typesOf(op.results);
    this.entries({ ...op.attributes, ...this.propertiesOf(op) });
  }
  protected body(_op: Operation, region: Region, entryArguments: boolean, terminator: boolean): void {
    region.forEach((id, position) => {
      const block = this.reader.block(id);
      if (position > 0 || entryArguments) this.argumentsOf(block);
      for (const op of this.operationsOf(block, terminator || position > 0)) this.operation(op);
    });
  }
}

/** Writes the text. */
export class ModuleWriter extends OperationWalk {
  readonly #attributes: AttributePrinter;
  readonly #names: ValueNames;
  readonly #predecessors = new Map<BlockId, BlockId[]>();
  #parts: string[] = [];
  #indent = "";

  constructor(settings: PrintSettings, attributes: AttributePrinter, names: ValueNames) {
    super(settings);
    this.#attributes = attributes;
    this.#names = names;
  }

  topLevel(root: Operation): string {
    this.operation(root);
    this.write("\n");
    return this.#parts.join("");
  }

  write(text: string): void {
    this.#parts.push(text);
  }
  newline(): void {
    this.write(`\n${this.#indent}`);
  }
  value(id: ValueId): void {
    this.write(this.#names.value(id));
  }
  type(type: Type): void {
    this.write(this.#attributes.type(type));
  }
  attribute(attribute: Attribute): void {
    this.write(this.#attributes.attribute(attribute));
  }
  attributeWithoutType(attribute: Attribute): void {
    const type = "type" in attribute && attribute.type !== undefined ? this.#attributes.type(attribute.type) : "";
    this.write(withoutType(attribute, this.#attributes.attribute(attribute), type));
  }
  successor(block: BlockId): void {
    this.write(this.#names.block(block));
  }
  protected entries(entries: Attributes): void {
    this.write(this.#attributes.entries(entries));
  }
  protected argumentLocation(location: Location): void {
    this.write(` ${this.#attributes.location(location, false)}`);
  }
  protected position(): number {
    return this.#parts.length;
  }
  protected back(position: number): void {
    this.#parts.length = position;
  }

  protected operation(op: Operation): void {
    this.write(this.#indent);
    if (op.results.length > 0) this.write(`${this.#names.results(op)} = `);
    if (!this.tryPretty(op)) this.#generic(op);
    if (this.settings.debugInfo) this.write(` ${this.#attributes.location(op.location, true)}`);
  }

  #generic(op: Operation): void {
    this.write(`${quoted(op.name)}(`);
    this.values(op.operands);
    this.write(")");
    if (op.successors.length > 0) this.write(`[${op.successors.map((block) => this.#names.block(block)).join(", ")}]`);
    const properties = this.propertiesOf(op);
    if (Object.keys(properties).length > 0) {
      this.write(" <");
      this.dictionary(properties);
      this.write(">");
    }
    if (op.regions.length > 0) {
      this.write(" (");
      op.regions.forEach((region, index) => {
        if (index > 0) this.write(", ");
        this.defaultDialects.push("");
        this.#blocks(region, true, true, true);
        this.defaultDialects.pop();
      });
      this.write(")");
    }
    if (Object.keys(op.attributes).length > 0) {
      this.write(" ");
      this.dictionary(op.attributes);
    }
    const results = op.results.map((result) => this.reader.typeOf(result));
    this.write(" : (");
    this.typesOf(op.operands);
    this.write(`) -> ${this.#attributes.resultTypes(results)}`);
  }

  protected body(_op: Operation, region: Region, entryArguments: boolean, terminator: boolean): void {
    this.#blocks(region, entryArguments, terminator, false);
  }

  #blocks(region: Region, entryArguments: boolean, terminator: boolean, headerOfEmpty: boolean): void {
    this.write("{\n");
    this.#findPredecessors(region);
    region.forEach((id, position) => {
      const block = this.reader.block(id);
      const header =
        position > 0 ||
        (entryArguments && block.arguments.length > 0) ||
        (headerOfEmpty && block.operations.length === 0);
      if (header) this.#header(block, position === 0);
      const outer = this.#indent;
      this.#indent += "  ";
      for (const op of this.operationsOf(block, terminator || position > 0)) {
        this.operation(op);
        this.write("\n");
      }
      this.#indent = outer;
    });
    this.write(`${this.#indent}}`);
  }

  #header(block: Block, isEntry: boolean): void {
    this.write(this.#indent + this.#names.block(block.id));
    if (block.arguments.length > 0) {
      this.write("(");
      this.argumentsOf(block);
      this.write(")");
    }
    this.write(`:${this.#predecessorComment(block.id, isEntry)}\n`);
  }

  #findPredecessors(region: Region): void {
    for (const id of region) {
      const last = this.reader.block(id).operations.at(-1);
      if (last === undefined) continue;
      for (const successor of this.reader.operation(last).successors) {
        const known = this.#predecessors.get(successor);
        if (known === undefined) this.#predecessors.set(successor, [id]);
        else known.push(id);
      }
    }
  }

  #predecessorComment(block: BlockId, isEntry: boolean): string {
    const names = (this.#predecessors.get(block) ?? []).map((predecessor) => this.#names.block(predecessor));
    if (names.length === 0) return isEntry ? "" : "  // no predecessors";
    return names.length === 1 ? `  // pred: ${names[0]}` : `  // ${names.length} preds: ${names.join(", ")}`;
  }
}
