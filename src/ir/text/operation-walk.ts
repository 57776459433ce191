import type { Location } from "../../support/location.ts";
import { MalformedOperation, type OperationPrinter } from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import { type AnyOpDefinition, fitsRegions } from "../define.ts";
import type { Block, BlockId, IrReader, Operation, Region, ValueId } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import { defaultDialectOf } from "./default-dialect.ts";
import { assemblyFormat } from "./format-reader.ts";
import type { GenericForms } from "./generic-forms.ts";
import { defaultAttributes, hasProperties } from "./inherent-attributes.ts";
import { printFormat } from "./print-format.ts";
import { symbolText } from "./spelling.ts";

/** What printing needs to know besides the operation. */
export interface PrintSettings {
  readonly reader: IrReader;
  readonly registry: Registry;
  readonly generic: boolean;
  readonly debugInfo: boolean;
  readonly forms: GenericForms;
}

/** Walks operations in the order they are printed in; what is done on the way is left to the alias visitor and the module writer. */
export abstract class OperationWalk implements OperationPrinter {
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
  abstract indented(body: () => void): void;
  abstract value(id: ValueId): void;
  abstract type(type: Type): void;
  abstract attribute(attribute: Attribute): void;
  abstract attributeWithoutType(attribute: Attribute): void;
  abstract successor(block: BlockId): void;
  abstract operationInLine(op: Operation): void;
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
    for (let index = 0; index < ids.length; index++) {
      if (index > 0) this.write(", ");
      this.value(ids[index]!);
    }
  }
  argument(id: ValueId, withType: boolean, attributes: Attributes = noAttributes): void {
    this.value(id);
    if (withType) {
      this.write(": ");
      this.type(this.reader.typeOf(id));
    }
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
  /** How many of a block's operations are shown. */
  protected shownOf({ operations }: Block, terminator: boolean): number {
    const last = operations.at(-1);
    const skipped = !terminator && last !== undefined && this.#isImplied(this.reader.operation(last));
    return skipped ? operations.length - 1 : operations.length;
  }
  /** Whether an operation is a terminator that says nothing: it is there when it is not written. */
  #isImplied(op: Operation): boolean {
    return (
      this.settings.registry.hasTrait(op, "terminator") &&
      op.operands.length === 0 &&
      Object.keys(op.attributes).length + Object.keys(op.properties).length === 0 &&
      op.regions.every((region) => region.length === 1 && this.reader.block(region[0]!).operations.length === 0)
    );
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
