import { floatText } from "../float-text.ts";
import { f64 } from "../../types.ts";
import { floatLiteral } from "../number-literal.ts";
import { endOfBalanced } from "../opaque-text.ts";

/** Thrown where a body is not as its syntax says; the text is then kept as it was written. */
export class UnknownSyntax extends Error {}

const blank = /(?:\s|\/\/[^\n]*(?:\n|$))*/y;
const integerToken = /-?(?:0x[0-9A-Fa-f]+|\d+)/y;
const numberToken = /-?(?:0x[0-9A-Fa-f]+|\d+\.\d*(?:[eE][+-]?\d+)?)/y;
const wordToken = /[A-Za-z_][\w$.]*/y;
const stringToken = /"(?:[^"\\]|\\.)*"/y;
/** Reads the body of a dialect's attribute or type, blanks between tokens aside. */
export class BodyReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    this.#match(blank);
    return this.#position === this.#text.length;
  }
  at(token: string): boolean {
    this.#match(blank);
    return this.#text.startsWith(token, this.#position);
  }
  accept(token: string): boolean {
    if (!this.at(token)) return false;
    this.#position += token.length;
    return true;
  }
  expect(token: string): void {
    if (!this.accept(token)) throw new UnknownSyntax();
  }
  integer(): bigint {
    const text = this.#take(integerToken);
    return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  }
  word(): string {
    return this.#take(wordToken);
  }
  /** A double, as upstream spells it. */
  double(): string {
    const text = this.#take(numberToken);
    const negative = text.startsWith("-");
    const literal = floatLiteral(negative ? text.slice(1) : text, negative, f64);
    if ("error" in literal) throw new UnknownSyntax();
    return floatText("f64", literal.value, literal.bits);
  }
  /** Items separated by commas, between brackets. */
  list<T>(open: string, close: string, item: () => T): readonly T[] {
    const items: T[] = [];
    this.expect(open);
    if (this.accept(close)) return items;
    do items.push(item());
    while (this.accept(","));
    this.expect(close);
    return items;
  }
  /** What stands before the next of these marks outside of brackets and strings, or before the end; blanks around it dropped. */
  until(...marks: readonly string[]): string {
    this.#match(blank);
    const start = this.#position;
    while (this.#position < this.#text.length && !marks.some((mark) => this.#text.startsWith(mark, this.#position))) {
      const next = this.#text[this.#position]!;
      if (next === '"') this.#take(stringToken);
      else if ("<([{".includes(next)) {
        const end = endOfBalanced(this.#text, this.#position);
        if (end === undefined) throw new UnknownSyntax();
        this.#position = end;
      } else this.#position++;
    }
    const text = this.#text.slice(start, this.#position).trim();
    if (text === "") throw new UnknownSyntax();
    return text;
  }
  /** Everything that is left. */
  rest(): string {
    return this.until();
  }
  /** A reader of a part of the text. */
  within(text: string): BodyReader {
    return new BodyReader(text);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }
  #take(pattern: RegExp): string {
    this.#match(blank);
    const found = this.#match(pattern);
    if (found === undefined) throw new UnknownSyntax();
    return found;
  }
}
