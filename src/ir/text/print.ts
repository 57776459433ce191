import type { Location } from "../../support/location.ts";
import type { Attribute } from "../attributes.ts";
import { type Block, type BlockId, type IrReader, type Module, ModuleReader, type Operation } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import { AliasCollector, type AliasTable } from "./aliases.ts";
import { AttributePrinter } from "./print-attribute.ts";
import { resourceSection } from "./print-resources.ts";
import { quoted } from "./spelling.ts";
import { ValueNames } from "./value-names.ts";

/** How a module is printed. */
export interface PrintOptions {
  /** Every operation in the generic form (`mlir-opt --mlir-print-op-generic`). */
  readonly generic?: boolean;
  /** With locations (`--mlir-print-debuginfo`). */
  readonly debugInfo?: boolean;
  /** No aliases, everything in its place (`--mlir-print-local-scope`). */
  readonly localScope?: boolean;
  /** Constants with more elements, and resources with more bytes, are left out. The text does not parse back to the same module. */
  readonly elideLargerThan?: number;
}

/**
 * The text of a module, as `mlir-opt` prints it.
 * @param registry gives the pretty form of each operation; those it does not know are printed generically.
 */
export function printModule(module: Module, registry: Registry, options: PrintOptions = {}): string {
  const printer = new ModulePrinter(new ModuleReader(module), registry, options);
  return printer.print(module);
}

class ModulePrinter {
  readonly #reader: IrReader;
  readonly #options: PrintOptions;
  readonly #names: ValueNames;
  readonly #predecessors = new Map<BlockId, BlockId[]>();
  #attributes = new AttributePrinter();
  #text = "";
  #indent = "";

  constructor(reader: IrReader, _registry: Registry, options: PrintOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#names = new ValueNames(reader, reader.operation(reader.root), undefined);
  }

  print(module: Module): string {
    const root = this.#reader.operation(this.#reader.root);
    const aliases = this.#collectAliases(root);
    this.#attributes = new AttributePrinter(aliases, this.#options.elideLargerThan);
    const before = aliases?.definitions(this.#attributes, false) ?? "";
    this.#operation(root);
    this.#text += "\n";
    const after = aliases?.definitions(this.#attributes, true) ?? "";
    const resources = resourceSection(module, this.#attributes.resources, this.#options.elideLargerThan);
    return before + this.#text + after + resources;
  }

  // --- aliases -----------------------------------------------------------------------------------------------------------------

  #collectAliases(root: Operation): AliasTable | undefined {
    if (this.#options.localScope) return undefined;
    const collector = new AliasCollector();
    this.#collect(root, collector);
    return collector.finish();
  }

  /** Visits in upstream's order, which decides the numbers: nested operations come before an operation's own types. */
  #collect(op: Operation, collector: AliasCollector): void {
    if (this.#options.debugInfo) collector.location(op.location, true);
    for (const region of op.regions)
      for (const id of region) {
        const block = this.#reader.block(id);
        for (const argument of block.arguments) {
          collector.type(this.#reader.typeOf(argument));
          if (this.#options.debugInfo) collector.location(this.#argumentLocation(block, argument), false);
        }
        for (const inner of block.operations) this.#collect(this.#reader.operation(inner), collector);
      }
    for (const operand of op.operands) collector.type(this.#reader.typeOf(operand));
    for (const result of op.results) collector.type(this.#reader.typeOf(result));
    const all: Readonly<Record<string, Attribute>> = { ...op.attributes, ...op.properties };
    for (const name of Object.keys(all).sort()) collector.attribute(all[name]!);
  }

  #argumentLocation(_block: Block, argument: Block["arguments"][number]): Location {
    const value = this.#reader.value(argument);
    return value.kind === "argument" ? value.location : this.#reader.operation(value.op).location;
  }

  // --- operations --------------------------------------------------------------------------------------------------------------

  #operation(op: Operation): void {
    this.#text += this.#indent;
    if (op.results.length > 0) this.#text += `${this.#names.results(op)} = `;
    this.#generic(op);
    if (this.#options.debugInfo) this.#text += ` ${this.#attributes.location(op.location, true)}`;
  }

  #generic(op: Operation): void {
    const attributes = this.#attributes;
    this.#text += `${quoted(op.name)}(${op.operands.map((operand) => this.#names.value(operand)).join(", ")})`;
    if (op.successors.length > 0)
      this.#text += `[${op.successors.map((block) => this.#names.block(block)).join(", ")}]`;
    if (Object.keys(op.properties).length > 0) this.#text += ` <{${attributes.entries(op.properties)}}>`;
    if (op.regions.length > 0) {
      this.#text += " (";
      op.regions.forEach((_, index) => {
        if (index > 0) this.#text += ", ";
        this.#region(op, index);
      });
      this.#text += ")";
    }
    if (Object.keys(op.attributes).length > 0) this.#text += ` {${attributes.entries(op.attributes)}}`;
    const results = attributes.resultTypes(this.#typesOf(op.results));
    this.#text += ` : (${attributes.types(this.#typesOf(op.operands))}) -> ${results}`;
  }

  #typesOf(values: Operation["operands"]): readonly Type[] {
    return values.map((value) => this.#reader.typeOf(value));
  }

  #region(op: Operation, index: number): void {
    const region = op.regions[index]!;
    this.#text += "{\n";
    this.#findPredecessors(region);
    region.forEach((id, position) => {
      const block = this.#reader.block(id);
      const header = position > 0 || block.arguments.length > 0 || block.operations.length === 0;
      this.#block(block, header, position === 0);
    });
    this.#text += `${this.#indent}}`;
  }

  #findPredecessors(region: Operation["regions"][number]): void {
    for (const id of region) {
      const last = this.#reader.block(id).operations.at(-1);
      if (last === undefined) continue;
      for (const successor of this.#reader.operation(last).successors) {
        const known = this.#predecessors.get(successor);
        if (known === undefined) this.#predecessors.set(successor, [id]);
        else known.push(id);
      }
    }
  }

  #block(block: Block, header: boolean, isEntry: boolean): void {
    if (header) {
      this.#text += this.#indent + this.#names.block(block.id);
      if (block.arguments.length > 0) this.#text += `(${this.#blockArguments(block)})`;
      this.#text += `:${this.#predecessorComment(block.id, isEntry)}\n`;
    }
    const before = this.#indent;
    this.#indent += "  ";
    for (const id of block.operations) {
      this.#operation(this.#reader.operation(id));
      this.#text += "\n";
    }
    this.#indent = before;
  }

  #blockArguments(block: Block): string {
    return block.arguments
      .map((argument) => {
        const text = `${this.#names.value(argument)}: ${this.#attributes.type(this.#reader.typeOf(argument))}`;
        return this.#options.debugInfo
          ? `${text} ${this.#attributes.location(this.#argumentLocation(block, argument), false)}`
          : text;
      })
      .join(", ");
  }

  #predecessorComment(block: BlockId, isEntry: boolean): string {
    const names = (this.#predecessors.get(block) ?? []).map((predecessor) => this.#names.block(predecessor));
    if (names.length === 0) return isEntry ? "" : "  // no predecessors";
    return names.length === 1 ? `  // pred: ${names[0]}` : `  // ${names.length} preds: ${names.join(", ")}`;
  }
}
