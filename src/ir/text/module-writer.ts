import type { Location } from "../../support/location.ts";
import type { Attribute, Attributes } from "../attributes.ts";
import type { Block, BlockId, Operation, Region, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import { OperationWalk, type PrintSettings } from "./operation-walk.ts";
import type { AttributePrinter } from "./print-attribute.ts";
import { quoted } from "./spelling.ts";
import { TextBuffer } from "./text-buffer.ts";
import type { ValueNames } from "./value-names.ts";

/** The text of an attribute without its trailing type, where it has one. */
const withoutType = (attribute: Attribute, text: string, type: string): string =>
  attribute.kind !== "bool" && text.endsWith(` : ${type}`) ? text.slice(0, -` : ${type}`.length) : text;

/** Writes the text. */
export class ModuleWriter extends OperationWalk {
  readonly #attributes: AttributePrinter;
  readonly #names: ValueNames;
  readonly #predecessors = new Map<BlockId, BlockId[]>();
  readonly #formBuffer = new TextBuffer();
  #buffer = new TextBuffer();
  #indent = "";

  constructor(settings: PrintSettings, attributes: AttributePrinter, names: ValueNames) {
    super(settings);
    this.#attributes = attributes;
    this.#names = names;
  }

  topLevel(root: Operation): string {
    this.operation(root);
    this.write("\n");
    return this.#buffer.finish();
  }

  write(text: string): void {
    this.#buffer.write(text);
  }
  newline(): void {
    this.write(`\n${this.#indent}`);
  }
  indented(body: () => void): void {
    const outer = this.#indent;
    this.#indent += "  ";
    // An operation that gives up its pretty form on the way is printed anew from outside.
    try {
      body();
    } finally {
      this.#indent = outer;
    }
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
    return this.#buffer.length;
  }
  protected back(position: number): void {
    this.#buffer.truncate(position);
  }

  operationInLine(op: Operation): void {
    if (!this.tryPretty(op)) this.#generic(op);
  }

  protected operation(op: Operation): void {
    this.write(this.#indent);
    if (op.results.length > 0) {
      this.write(this.#names.results(op));
      this.write(" = ");
    }
    if (!this.tryPretty(op)) this.#generic(op);
    if (this.settings.debugInfo) this.write(` ${this.#attributes.location(op.location, true)}`);
  }

  #generic(op: Operation): void {
    if (op.regions.length + op.successors.length > 0) {
      this.write(`${quoted(op.name)}(`);
      this.values(op.operands);
      this.#behindOperands(op);
      return;
    }
    const form = this.settings.forms.of(op);
    form.text ??= this.#formText(op);
    this.write(form.text.before);
    this.values(op.operands);
    this.write(form.text.behind);
  }

  #formText(op: Operation): { readonly before: string; readonly behind: string } {
    const buffer = this.#buffer;
    this.#buffer = this.#formBuffer;
    this.#behindOperands(op);
    this.#buffer = buffer;
    return { before: `${quoted(op.name)}(`, behind: this.#formBuffer.takeFrom(0) };
  }

  #behindOperands(op: Operation): void {
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
      const shown = this.shownOf(block, terminator || position > 0);
      for (let index = 0; index < shown; index++) {
        this.operation(this.reader.operation(block.operations[index]!));
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
