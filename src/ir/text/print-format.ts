import type { FormattedOperation, OperationPrinter } from "../assembly.ts";
import { type Attribute, sameAttribute } from "../attributes.ts";
import type { BlockId, Operation, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import { segmentSizes } from "../value-specs.ts";
import {
  type Anchor,
  type AssemblyFormat,
  type FormatElement,
  type TypeSource,
  variableNamed,
} from "./assembly-format.ts";
import { printForm } from "./attribute-form.ts";

/** Writes what follows an operation's name as its declarative format says. */
export function printFormat(op: Operation, format: AssemblyFormat, printer: OperationPrinter): void {
  new FormatPrinter(op, format, printer).print(format.elements);
}

class FormatPrinter implements FormattedOperation {
  readonly op: Operation;
  readonly #format: AssemblyFormat;
  readonly #printer: OperationPrinter;
  #values: readonly (readonly ValueId[])[] | undefined;

  constructor(op: Operation, format: AssemblyFormat, printer: OperationPrinter) {
    this.op = op;
    this.#format = format;
    this.#printer = printer;
  }

  print(elements: readonly FormatElement[]): void {
    for (const element of elements) this.#element(element);
  }

  #element(element: FormatElement): void {
    const printer = this.#printer;
    if ("space" in element && element.space) printer.write(" ");
    switch (element.kind) {
      case "literal":
        return printer.write(element.text);
      case "blank":
        return printer.write(" ");
      case "newline":
        return printer.newline();
      case "operand":
        return printer.values(this.#valuesOf(element.slot));
      case "operands":
        return printer.values(this.op.operands);
      case "attribute": {
        const attribute = this.attribute(element.name);
        const isWritten = attribute?.kind !== "unit" || element.spec.codec.form?.kind === "custom";
        if (attribute === undefined || !isWritten) return;
        if (element.isQualified) printer.attribute(attribute);
        else printForm(element.spec, attribute, printer);
        return;
      }
      case "region":
        if (element.isVariadic) return this.#regions(element.index);
        return this.#region(element.index);
      case "regions":
        return this.#regions(0);
      case "successor":
        return this.#successors(element.isVariadic ? undefined : element.index, element.index);
      case "successors":
        return this.#successors(undefined, 0);
      case "type":
        return printer.types(this.#types(element.of));
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
        return this.#dictionary(element.withKeyword);
      case "property-dictionary":
        return printer.propertyDictionary(this.op, this.#elided());
      case "directive":
        return element.directive.print(this, element.names, printer);
      case "optional":
        return this.print(this.#isPresent(element.anchors) ? element.elements : element.otherwise);
      case "clauses":
        for (const clause of element.clauses) if (this.#isPresent(clause.anchors)) this.print(clause.elements);
        return;
    }
  }

  // --- values, regions and successors --------------------------------------------------------------------------------------------

  #valuesOf(slot: number): readonly ValueId[] {
    const groups = (this.#values ??= this.#groups());
    return groups[slot] ?? [];
  }
  #groups(): readonly (readonly ValueId[])[] {
    const { definition } = this.#format;
    const { operands, results, properties } = this.op;
    const operandSizes = segmentSizes(definition.operands, operands.length, properties["operandSegmentSizes"]);
    const resultSizes = segmentSizes(definition.results, results.length, properties["resultSegmentSizes"]);
    let [operand, result] = [0, 0];
    return [
      ...(operandSizes ?? []).map((size) => operands.slice(operand, (operand += size))),
      ...(resultSizes ?? []).map((size) => results.slice(result, (result += size))),
    ];
  }
  #types(source: TypeSource): readonly Type[] {
    const { reader } = this.#printer;
    const values =
      source.kind === "operands"
        ? this.op.operands
        : source.kind === "results"
          ? this.op.results
          : this.#valuesOf(source.slot);
    return values.map((value) => reader.typeOf(value));
  }

  #region(index: number): void {
    const { terminator } = this.#format.assembly;
    this.#printer.region(this.op, index, { terminator: terminator === undefined || this.#needsTerminator(index) });
  }
  /** An implied terminator is written where it says anything. */
  #needsTerminator(index: number): boolean {
    const { reader } = this.#printer;
    const blocks = this.op.regions[index] ?? [];
    const last = blocks.length === 1 ? reader.block(blocks[0]!).operations.at(-1) : undefined;
    if (last === undefined) return true;
    const terminator = reader.operation(last);
    if (terminator.name !== this.#format.assembly.terminator) return true;
    return (
      Object.keys(terminator.attributes).length + Object.keys(terminator.properties).length > 0 ||
      terminator.operands.length + terminator.results.length > 0
    );
  }
  #regions(first: number): void {
    for (let index = first; index < this.op.regions.length; index++) {
      if (index > first) this.#printer.write(", ");
      this.#region(index);
    }
  }
  #successors(only: number | undefined, first: number): void {
    const { successors } = this.op;
    const shown = only === undefined ? successors.slice(first) : successors.slice(only, only + 1);
    shown.forEach((block, index) => {
      if (index > 0) this.#printer.write(", ");
      this.#printer.successor(block);
    });
  }

  // --- attributes ----------------------------------------------------------------------------------------------------------------

  #isDefault(name: string, attribute: Attribute): boolean {
    const spec = this.#format.definition.attributes[name]!;
    return (
      spec.presence === "defaulted" &&
      attribute.kind !== "unit" &&
      sameAttribute(attribute, spec.codec.encode(spec.default))
    );
  }

  /** Names that dictionaries leave out: those of the format, segment sizes it tells, and what has its default value. */
  #elided(): readonly string[] {
    const { definition, attributes, segments } = this.#format;
    const { properties } = this.op;
    return Object.keys(properties).filter(
      (name) =>
        attributes.has(name) ||
        segments.has(name) ||
        (Object.hasOwn(definition.attributes, name) && this.#isDefault(name, properties[name]!)),
    );
  }

  #dictionary(withKeyword: boolean): void {
    const { op } = this;
    const printer = this.#printer;
    const { hasPropertyDictionary } = this.#format;
    const elided = this.#elided();
    const own = hasPropertyDictionary ? 0 : Object.keys(op.properties).length - elided.length;
    if (Object.keys(op.attributes).length + own === 0) return;
    if (withKeyword) printer.write(" attributes");
    if (hasPropertyDictionary) printer.discardableDictionary(op);
    else printer.attributeDictionary(op, elided);
  }

  // --- groups --------------------------------------------------------------------------------------------------------------------

  #isPresent(anchors: readonly Anchor[]): boolean {
    return anchors.some((anchor) => this.#isThere(anchor));
  }
  #isThere(anchor: Anchor): boolean {
    switch (anchor.kind) {
      case "operand":
      case "result":
      case "slot":
        return this.#valuesOf(anchor.slot).length > 0;
      case "operands":
        return this.op.operands.length > 0;
      case "results":
        return this.op.results.length > 0;
      case "attribute": {
        const attribute = this.attribute(anchor.name);
        return attribute !== undefined && !this.#isDefault(anchor.name, attribute);
      }
      case "region":
        return (this.op.regions[anchor.index]?.length ?? 0) > 0;
      case "successor":
        return this.op.successors.length > anchor.index;
      case "always":
        return true;
    }
  }

  // --- what directives read ------------------------------------------------------------------------------------------------------

  operands(name: string): readonly ValueId[] {
    return this.#valuesOf(this.#format.names.indexOf(name));
  }
  types(name: string): readonly Type[] {
    return this.operands(name).map((value) => this.#printer.reader.typeOf(value));
  }
  attribute(name: string): Attribute | undefined {
    return this.op.properties[name] ?? this.op.attributes[name];
  }
  regions(name: string): readonly number[] {
    const variable = variableNamed(this.#format.definition, name);
    if (variable.kind !== "region") return [];
    if (!variable.isVariadic) return [variable.index];
    return this.op.regions.map((_, index) => index).slice(variable.index);
  }
  successors(name: string): readonly BlockId[] {
    const variable = variableNamed(this.#format.definition, name);
    if (variable.kind !== "successor") return [];
    const { successors } = this.op;
    return variable.isVariadic
      ? successors.slice(variable.index)
      : successors.slice(variable.index, variable.index + 1);
  }
}
