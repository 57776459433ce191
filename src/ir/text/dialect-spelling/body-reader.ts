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
/** What a nested attribute or type may be that has no brackets: ended by what stands after it in a list. */
const plainToken = /[^\s,<>()[\]{}"=]+/y;

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
  get atWord(): boolean {
    return this.#isNext(wordToken);
  }
  get atInteger(): boolean {
    return this.#isNext(integerToken);
  }
  string(): string {
    return this.#take(stringToken);
  }
  get atString(): boolean {
    return this.#isNext(stringToken);
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
  /** A nested attribute or type, as it is written. */
  nested(): string {
    this.#match(blank);
    const start = this.#position;
    if (!this.#isNext(plainToken) && !this.at("(") && !this.at("[") && !this.at("{") && !this.at('"'))
      throw new UnknownSyntax();
    while (this.#position < this.#text.length) {
      const next = this.#text[this.#position]!;
      if ("<([{".includes(next)) {
        const end = endOfBalanced(this.#text, this.#position);
        if (end === undefined) throw new UnknownSyntax();
        this.#position = end;
      } else if (next === '"') this.string();
      else if (this.#match(plainToken) === undefined) break;
    }
    return this.#text.slice(start, this.#position);
  }

  #isNext(pattern: RegExp): boolean {
    this.#match(blank);
    pattern.lastIndex = this.#position;
    return pattern.test(this.#text);
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
