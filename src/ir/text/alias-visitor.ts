import type { Location } from "../../support/location.ts";
import type { Attribute, Attributes } from "../attributes.ts";
import type { Operation, Region } from "../module.ts";
import type { Type } from "../types.ts";
import type { AliasCollector } from "./aliases.ts";
import { OperationWalk, type PrintSettings } from "./operation-walk.ts";
import { sortedNames } from "./print-attribute.ts";

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
  indented(body: () => void): void {
    body();
  }
  value(): void {}
  successor(): void {}
  operationInLine(op: Operation): void {
    this.operation(op);
  }
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
    for (const region of op.regions) {
      this.defaultDialects.push("");
      this.body(op, region, true, true);
      this.defaultDialects.pop();
    }
    this.#ownParts(op);
  }

  #ownParts(op: Operation): void {
    if (op.regions.length + op.successors.length === 0) {
      const form = this.settings.forms.of(op);
      if (form.visited) return;
      form.visited = true;
    }
    this.typesOf(op.operands);
    this.typesOf(op.results);
    this.entries({ ...op.attributes, ...this.propertiesOf(op) });
  }
  protected body(_op: Operation, region: Region, entryArguments: boolean, terminator: boolean): void {
    region.forEach((id, position) => {
      const block = this.reader.block(id);
      if (position > 0 || entryArguments) this.argumentsOf(block);
      const shown = this.shownOf(block, terminator || position > 0);
      for (let index = 0; index < shown; index++) this.operation(this.reader.operation(block.operations[index]!));
    });
  }
}
