import type { OperationPrinter } from "../assembly.ts";
import { type Attribute, sameAttribute } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { Operation, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import type { AssemblyFormat, FormatElement, TypeSource } from "./assembly-format.ts";
import { printForm } from "./attribute-form.ts";
import { isSegmentAttribute } from "./inherent-attributes.ts";
import { valueGroups } from "./value-groups.ts";

/** Stands for an entry that an operand gives, in a list of static sizes. */
const dynamicEntry = -(2n ** 63n);

/** Writes what follows an operation's name as its declarative format says. */
export function printFormat(
  op: Operation,
  definition: AnyOpDefinition,
  format: AssemblyFormat,
  printer: OperationPrinter,
): void {
  new FormatPrinter(op, definition, format, printer).print(format.elements);
}

class FormatPrinter {
  readonly #op: Operation;
  readonly #definition: AnyOpDefinition;
  readonly #format: AssemblyFormat;
  readonly #printer: OperationPrinter;
  readonly #operands: ReadonlyMap<string, readonly ValueId[]>;
  readonly #results: ReadonlyMap<string, readonly ValueId[]>;

  constructor(op: Operation, definition: AnyOpDefinition, format: AssemblyFormat, printer: OperationPrinter) {
    this.#op = op;
    this.#definition = definition;
    this.#format = format;
    this.#printer = printer;
    this.#operands = valueGroups(definition, op, "operands") ?? new Map();
    this.#results = valueGroups(definition, op, "results") ?? new Map();
  }

  print(elements: readonly FormatElement[]): void {
    for (const element of elements) this.#element(element);
  }

  #element(element: FormatElement): void {
    const printer = this.#printer;
    if ("space" in element && element.space) printer.write(" ");
    switch (element.kind) {
      case "literal":
        printer.write(element.text);
        return;
      case "blank":
        printer.write(" ");
        return;
      case "operand":
        printer.values(this.#operands.get(element.name) ?? []);
        return;
      case "operands":
        printer.values(this.#op.operands);
        return;
      case "successors":
        this.#op.successors.forEach((block, index) => {
          if (index > 0) printer.write(", ");
          printer.successor(block);
        });
        return;
      case "attribute": {
        const spec = this.#definition.attributes[element.name]!;
        const attribute = this.#attribute(element.name);
        if (attribute !== undefined && attribute.kind !== "unit") printForm(spec, attribute, printer);
        return;
      }
      case "region":
        printer.region(this.#op, element.index);
        return;
      case "type":
        printer.types(this.#types(element.of));
        return;
      case "functional-type": {
        const results = this.#types(element.results);
        printer.write("(");
        printer.types(this.#types(element.inputs));
        printer.write(")");
        if (results.length === 0) printer.write(" -> ()");
        else printer.optionalResultTypes(results);
        return;
      }
      case "attribute-dictionary":
        printer.attributeDictionary(this.#op, this.#elided());
        return;
      case "index-list":
        this.#indexList(element.operand, element.attribute);
        return;
      case "optional":
        this.print(this.#isPresent(element.anchor) ? element.elements : element.otherwise);
    }
  }

  #attribute(name: string): Attribute | undefined {
    return this.#op.properties[name] ?? this.#op.attributes[name];
  }

  #types(source: TypeSource): readonly Type[] {
    const { reader } = this.#printer;
    const values =
      source.kind === "operands"
        ? this.#op.operands
        : source.kind === "results"
          ? this.#op.results
          : ((source.kind === "operand" ? this.#operands : this.#results).get(source.name) ?? []);
    return values.map((value) => reader.typeOf(value));
  }

  #isPresent(anchor: FormatElement): boolean {
    switch (anchor.kind) {
      case "operand":
        return (this.#operands.get(anchor.name)?.length ?? 0) > 0;
      case "attribute": {
        const attribute = this.#attribute(anchor.name);
        return attribute !== undefined && !this.#isDefault(anchor.name, attribute);
      }
      case "region":
        return (this.#op.regions[anchor.index]?.length ?? 0) > 0;
      case "type":
        return this.#types(anchor.of).length > 0;
      case "operands":
        return this.#op.operands.length > 0;
      case "index-list":
        return this.#staticEntries(anchor.attribute).length > 0;
      default:
        return true;
    }
  }

  #isDefault(name: string, attribute: Attribute): boolean {
    const spec = this.#definition.attributes[name]!;
    return (
      spec.presence === "defaulted" &&
      attribute.kind !== "unit" &&
      sameAttribute(attribute, spec.codec.encode(spec.default))
    );
  }

  /** Names that the attribute dictionary leaves out: those of the format, segment sizes, and what has its default value. */
  #elided(): readonly string[] {
    const { properties } = this.#op;
    return Object.keys(properties).filter(
      (name) =>
        this.#format.attributes.has(name) ||
        isSegmentAttribute(name) ||
        (Object.hasOwn(this.#definition.attributes, name) && this.#isDefault(name, properties[name]!)),
    );
  }

  #staticEntries(name: string): readonly bigint[] {
    const attribute = this.#attribute(name);
    return attribute?.kind === "dense-array" ? attribute.values.map((value) => BigInt(value)) : [];
  }

  #indexList(operand: string, attribute: string): void {
    const values = this.#operands.get(operand) ?? [];
    let next = 0;
    this.#printer.write("[");
    this.#staticEntries(attribute).forEach((entry, index) => {
      if (index > 0) this.#printer.write(", ");
      const value = entry === dynamicEntry ? values[next++] : undefined;
      if (value === undefined) this.#printer.write(String(entry));
      else this.#printer.value(value);
    });
    this.#printer.write("]");
  }
}
