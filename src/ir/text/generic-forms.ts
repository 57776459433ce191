import type { Attributes } from "../attributes.ts";
import { type IrReader, type Operation, pageBits, pageMask, type ValueId } from "../module.ts";
import type { Type } from "../types.ts";

/** What operations have in common that differ in their operands and results only. */
export interface GenericForm {
  readonly properties: Attributes;
  readonly attributes: Attributes;
  readonly operandTypes: readonly Type[];
  readonly resultTypes: readonly Type[];
  /** Whether what may get an alias in it was collected. */
  visited: boolean;
  /** The text before the operands, and behind them; made when it is first printed. */
  text: { readonly before: string; readonly behind: string } | undefined;
}
interface FormsOfName {
  last: GenericForm;
  readonly byProperties: Map<Attributes, GenericForm[]>;
}

/** How many forms are kept, and how many of them with the same properties. */
const mostForms = 1 << 16;
const mostAlike = 16;

/** Finds operations of the same form, by the identity of their attributes and types, so that each form is printed once. */
export class GenericForms {
  readonly #reader: IrReader;
  readonly #names = new Map<string, FormsOfName>();
  #count = 0;
  /** What was found before, by operation. */
  readonly #found: GenericForm[][] = [];

  constructor(reader: IrReader) {
    this.#reader = reader;
  }

  /** The form of an operation without regions and successors; a new one where it is not known. */
  of(op: Operation): GenericForm {
    const page = (this.#found[op.id >> pageBits] ??= []);
    return (page[op.id & pageMask] ??= this.#search(op));
  }

  #search(op: Operation): GenericForm {
    const known = this.#names.get(op.name);
    if (known === undefined) {
      const form = this.#make(op);
      this.#names.set(op.name, { last: form, byProperties: new Map([[op.properties, [form]]]) });
      return form;
    }
    if (this.#matches(known.last, op)) return known.last;
    let alike = known.byProperties.get(op.properties);
    let form = alike?.find((candidate) => this.#matches(candidate, op));
    if (form === undefined) {
      form = this.#make(op);
      if (alike === undefined || alike.length >= mostAlike) known.byProperties.set(op.properties, (alike = []));
      alike.push(form);
    }
    known.last = form;
    return form;
  }

  #make(op: Operation): GenericForm {
    if (++this.#count > mostForms) {
      this.#count = 0;
      for (const { byProperties } of this.#names.values()) byProperties.clear();
    }
    const types = (values: readonly ValueId[]): readonly Type[] => values.map((value) => this.#reader.typeOf(value));
    const { properties, attributes } = op;
    return {
      properties,
      attributes,
      operandTypes: types(op.operands),
      resultTypes: types(op.results),
      visited: false,
      text: undefined,
    };
  }

  #matches(form: GenericForm, op: Operation): boolean {
    return (
      form.properties === op.properties &&
      form.attributes === op.attributes &&
      this.#areOf(op.operands, form.operandTypes) &&
      this.#areOf(op.results, form.resultTypes)
    );
  }
  #areOf(values: readonly ValueId[], types: readonly Type[]): boolean {
    if (values.length !== types.length) return false;
    for (let index = 0; index < values.length; index++)
      if (this.#reader.typeOf(values[index]!) !== types[index]) return false;
    return true;
  }
}
