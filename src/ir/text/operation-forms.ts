import type { Attribute, Attributes } from "../attributes.ts";
import type { Type } from "../types.ts";
import type { TokenTable } from "./lexer.ts";
import { numberLiteral } from "./number-literal.ts";
import { kindOf } from "./tokens.ts";

/** What the text behind the operands of a generic operation says, one without successors and regions. */
export interface OperationForm {
  readonly name: string;
  readonly operandTypes: readonly Type[];
  readonly resultTypes: readonly Type[];
  readonly properties: Attributes;
  readonly attributes: Attributes;
}
/** A form, and where its text stood first. */
export interface KnownForm extends OperationForm {
  readonly start: number;
  readonly length: number;
  readonly tokens: number;
}
/** The forms of operations of one name. */
interface KnownName {
  readonly start: number;
  readonly length: number;
  readonly byText: Map<string, KnownForm>;
  /** Forms that begin with a number's attribute, by their text without that number. */
  readonly byTextAround: Map<string, KnownForm>;
  last: KnownForm;
}
/** A number with a type in a dictionary's first entry. */
interface FirstNumber {
  readonly name: string;
  readonly token: number;
  readonly negative: boolean;
}

/** Longer texts are not kept, and no more than so many for each operation. */
const longestText = 4096;
const mostTokens = 256;
const mostForms = 4096;

const space = 32;
const newline = 10;
const nameSlots = 256;

/** The forms of one text's operations, found again by their text. Nothing in it changes its meaning: aliases are defined once. */
export class OperationForms {
  readonly #table: TokenTable;
  readonly #names = new Map<string, KnownName>();
  /** Names by a few of their characters. */
  readonly #slots: (KnownName | undefined)[] = Array.from({ length: nameSlots });

  constructor(table: TokenTable) {
    this.#table = table;
  }

  /** Keeps the form of an operation whose name is at one token, and the text behind its operands between two others. */
  learn(name: number, start: number, end: number, form: OperationForm): void {
    const { starts, ends } = this.#table;
    const length = ends[end - 1]! - starts[start]!;
    if (length > longestText || end - start > mostTokens) return;
    const known = { ...form, start: starts[start]!, length, tokens: end - start };
    const text = this.#text(name);
    let entry = this.#names.get(text);
    if (entry === undefined) {
      entry = { start: starts[name]!, length: text.length, byText: new Map(), byTextAround: new Map(), last: known };
      this.#names.set(text, entry);
    }
    this.#keep(entry, known);
    const first = this.#firstNumber(start);
    if (first === undefined) return;
    const written = form.properties[first.name] ?? form.attributes[first.name];
    const value = this.#numberLike(written, first);
    if (value === undefined || !isSameNumber(value, written!)) return;
    if (entry.byTextAround.size >= mostForms) entry.byTextAround.clear();
    entry.byTextAround.set(this.#textAround(first.token, known.start, known.start + length), known);
  }
  #keep(entry: KnownName, form: KnownForm): void {
    if (entry.byText.size >= mostForms) entry.byText.clear();
    entry.byText.set(this.#table.source.slice(form.start, form.start + form.length), form);
    entry.last = form;
  }

  /** The forms of operations with the name at a token; undefined where none is known. */
  named(token: number): KnownName | undefined {
    const { codes, starts, ends } = this.#table;
    const start = starts[token]!;
    const end = ends[token]!;
    const slot = (end - start + 7 * codes[end - 2]! + 31 * codes[end - 3]! + 61 * codes[end - 4]!) & (nameSlots - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.length === end - start && this.#isSameText(known.start, start, known.length))
      return known;
    return (this.#slots[slot] = this.#names.get(this.#text(token)));
  }

  /** The form that is written from a token on. */
  find(name: KnownName, token: number): KnownForm | undefined {
    const { source, starts, ends } = this.#table;
    const start = starts[token]!;
    const { last } = name;
    if (ends[token + last.tokens - 1] === start + last.length && this.#isSameText(last.start, start, last.length))
      return last;
    const end = this.#lineEnd(token);
    if (end < 0) return undefined;
    const form = name.byText.get(source.slice(start, end));
    if (form === undefined) return this.#withOtherNumber(name, token, end);
    name.last = form;
    return form;
  }

  /** A form that is known but for its first number. */
  #withOtherNumber(name: KnownName, token: number, end: number): KnownForm | undefined {
    if (name.byTextAround.size === 0) return undefined;
    const first = this.#firstNumber(token);
    if (first === undefined) return undefined;
    const start = this.#table.starts[token]!;
    const like = name.byTextAround.get(this.#textAround(first.token, start, end));
    if (like === undefined) return undefined;
    const place = Object.hasOwn(like.properties, first.name) ? "properties" : "attributes";
    const value = this.#numberLike(like[place][first.name], first);
    if (value === undefined) return undefined;
    const entries = Object.freeze({ ...like[place], [first.name]: value });
    const form = { ...like, [place]: entries, start, length: end - start };
    this.#keep(name, form);
    return form;
  }

  /** `<{value = -1 : i64`: the number in the first entry of the dictionary at a token. */
  #firstNumber(token: number): FirstNumber | undefined {
    const { kinds } = this.#table;
    let next = token;
    if (kinds[next] === kindOf.Less) next++;
    if (kinds[next] !== kindOf.LBrace || kinds[next + 1] !== kindOf.Identifier || kinds[next + 2] !== kindOf.Equal)
      return undefined;
    const negative = kinds[next + 3] === kindOf.Minus;
    const number = negative ? next + 4 : next + 3;
    if (kinds[number] !== kindOf.Integer && kinds[number] !== kindOf.Float) return undefined;
    return kinds[number + 1] === kindOf.Colon ? { name: this.#text(next + 1), token: number, negative } : undefined;
  }

  /** The number at a token as an attribute of the same kind and type as another; undefined where that cannot be. */
  #numberLike(like: Attribute | undefined, { token, negative }: FirstNumber): Attribute | undefined {
    if (like?.kind !== "integer" && like?.kind !== "float") return undefined;
    const value = numberLiteral(this.#text(token), negative, like.type);
    return "error" in value || value.kind !== like.kind ? undefined : value;
  }

  #text(token: number): string {
    return this.#table.source.slice(this.#table.starts[token], this.#table.ends[token]);
  }
  /** The text between two positions without that of a token in it. */
  #textAround(token: number, start: number, end: number): string {
    const { source, starts, ends } = this.#table;
    return `${source.slice(start, starts[token])}\n${source.slice(ends[token], end)}`;
  }

  /** Where the last token ends that is on the same line as this one and no location; -1 where that is far. */
  #lineEnd(token: number): number {
    const { codes, kinds, starts, ends } = this.#table;
    for (let next = token + 1; next < token + mostTokens; next++) {
      const end = ends[next - 1]!;
      if (kinds[next] === kindOf.Loc || kinds[next] === kindOf.EndOfFile) return end;
      const start = starts[next]!;
      if (start - end === 0 || (start - end === 1 && codes[end] === space)) continue;
      for (let position = end; position < start; position++) if (codes[position] === newline) return end;
    }
    return -1;
  }

  #isSameText(left: number, right: number, length: number): boolean {
    const { codes } = this.#table;
    for (let index = 0; index < length; index++) if (codes[left + index] !== codes[right + index]) return false;
    return true;
  }
}

const isSameNumber = (left: Attribute, right: Attribute): boolean =>
  (left.kind === "integer" && right.kind === "integer" && left.value === right.value) ||
  (left.kind === "float" && right.kind === "float" && Object.is(left.value, right.value) && left.bits === right.bits);
