import { doubleOfBits } from "../exact-float.ts";
import { attributeText } from "./print-attribute.ts";
import { bodyOf, isReadDialect } from "./bodies/index.ts";
import type { Body, BodyReader } from "./bodies/reader.ts";
import { floatText } from "./float-text.ts";
import { tokenize, type TokenTable } from "./lexer.ts";
import { LocationGrammar } from "./location-grammar.ts";
import { quoted, unquoted } from "./spelling.ts";
import { kindOf } from "./tokens.ts";

/** Texts that were brought to upstream's form, by what was written; the same few are written again and again. */
const cacheLimit = 10_000;
const mayHoldAlias = /[#!][A-Za-z_][\w$]*(?![\w$.<])/;

/** Tokens that a builtin attribute or type may begin with inside a body. */
const nestedAttributes: ReadonlySet<number> = new Set([
  kindOf.AttributeName,
  kindOf.AttributeBody,
  kindOf.AffineMap,
  kindOf.AffineSet,
  kindOf.Array,
  kindOf.Dense,
  kindOf.DenseResource,
  kindOf.Strided,
  kindOf.Distinct,
  kindOf.Loc,
  kindOf.TypeName,
  kindOf.TypeBody,
  kindOf.Tensor,
  kindOf.MemRef,
  kindOf.Vector,
  kindOf.Complex,
  kindOf.Tuple,
]);

/** The bodies of dialects' attributes and types: kept as text, in the form that upstream gives them. */
export abstract class BodyGrammar extends LocationGrammar {
  readonly #normal = new Map<string, string>();

  /** A body with the aliases in it written out, where no more is known of it. */
  protected abstract expand(index: number, text: string): string;

  /** `#dialect.name<…>` or `!dialect.name<…>` as upstream writes it, without its first character. */
  protected dialectText(index: number): string {
    const text = this.textOf(index);
    const known = this.#normal.get(text);
    if (known !== undefined) return known;
    const normal = this.#dialectText(index, text);
    // What an alias stands for is another thing in another file.
    if (!mayHoldAlias.test(text.slice(1)) && this.#normal.size < cacheLimit) this.#normal.set(text, normal);
    return normal;
  }

  #dialectText(index: number, text: string): string {
    const open = text.indexOf("<");
    const dialect = /^[\w$-]+/.exec(text.slice(1))?.[0] ?? "";
    if (open < 0 || !isReadDialect(dialect)) return text;
    const start = this.table.starts[index]!;
    const outer = { name: text.slice(0, open), start: start + open + 1, end: this.table.ends[index]! - 1 };
    const inner = /^[#!][\w$-]+<\s*([A-Za-z_][\w.]*)\s*(<.*>)?\s*>$/s.exec(text);
    // `#dialect<name<…>>` is another way to write `#dialect.name<…>`.
    if (inner !== null && inner[2] === undefined) return `${outer.name}.${inner[1]}`;
    const place =
      inner === null
        ? outer
        : {
            name: `${outer.name}.${inner[1]}`,
            start: start + text.indexOf("<", open + 1) + 1,
            end: start + text.lastIndexOf(">", text.length - 2),
          };
    const body = bodyOf(place.name);
    const read = body && this.#readBody(body, place.start, place.end);
    if (read === undefined) return this.expand(index, text);
    return read.text === undefined ? place.name : `${place.name}<${read.text}>`;
  }

  /** Reads a range of the source; undefined where the body does not fit its description. */
  #readBody(body: Body, start: number, end: number): { readonly text: string | undefined } | undefined {
    return this.inTable(rangeOf(this.table, start, end), () =>
      this.speculate(() => {
        const text = body(this.#reader);
        if (this.kind !== kindOf.EndOfFile) this.unexpected("end of the body");
        return { text };
      }),
    );
  }

  readonly #reader: BodyReader = this.#newReader();
  #newReader(): BodyReader {
    return {
      atEnd: () => this.kind === kindOf.EndOfFile,
      isSpaced: () => this.next > 0 && this.table.ends[this.next - 1]! < this.table.starts[this.next]!,
      at: (text) => this.isText(text),
      accept: (text) => this.acceptText(text),
      expect: (text) => {
        if (!this.acceptText(text)) this.unexpected(`'${text}'`);
      },
      token: () => this.#token(),
      word: () => this.takeIdentifier(),
      string: () => (this.kind === kindOf.String ? this.#token() : undefined),
      number: () => this.#number(),
      double: () => {
        const text = this.#number();
        return floatText("f64", text.startsWith("0x") ? doubleOfBits(BigInt(text)) : Number(text));
      },
      attribute: () => attributeText(this.SUBRULE(this.attribute)),
      type: () => this.SUBRULE(this.type).text,
      nested: () => this.#nested(),
      optional: (parse) => this.speculate(parse),
      affineMap: (text) => this.inTable(tokenize(text), () => this.SUBRULE(this.affineMapBody)),
      fail: (what) => this.failAt(this.next, what),
    };
  }

  #token(): string {
    const index = this.next;
    if (this.kind === kindOf.EndOfFile || this.kind === kindOf.Error) this.unexpected("a token");
    this.next = index + 1;
    const text = this.textOf(index);
    return this.table.kinds[index] === kindOf.String ? quoted(unquoted(text.slice(1, -1))) : text;
  }

  #number(): string {
    const sign = this.accept(kindOf.Minus) ? "-" : "";
    if (this.kind !== kindOf.Integer && this.kind !== kindOf.Float) this.unexpected("a number");
    return sign + this.#token();
  }

  #nested(): string | undefined {
    const { kind } = this;
    const isNumber = kind === kindOf.Integer || kind === kindOf.Float || kind === kindOf.Minus;
    if (isNumber) {
      const behind = kind === kindOf.Minus ? 3 : 2;
      const type = this.kindAhead(behind + 1);
      const isTyped =
        this.kindAhead(behind) === kindOf.Colon && (type === kindOf.IntegerType || type === kindOf.FloatType);
      return isTyped ? this.speculate(() => attributeText(this.SUBRULE(this.attribute))) : undefined;
    }
    return nestedAttributes.has(kind) ? this.speculate(() => attributeText(this.SUBRULE(this.attribute))) : undefined;
  }
}

/** The tokens of a part of a source, with their places in the whole of it. */
function rangeOf({ source, codes }: TokenTable, start: number, end: number): TokenTable {
  const table = tokenize(source.slice(start, end));
  const shifted = (places: Uint32Array): Uint32Array => places.map((place) => place + start);
  return { ...table, source, codes, starts: shifted(table.starts), ends: shifted(table.ends) };
}
