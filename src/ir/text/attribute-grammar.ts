import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  type Attributes,
  boolAttribute,
  dialectAttribute,
  dictionaryAttribute,
  noAttributes,
  stringAttribute,
  symbolAttribute,
  typeAttribute,
  unitAttribute,
} from "../attributes.ts";
import { f64, i64 } from "../types.ts";
import { ElementsGrammar } from "./elements-grammar.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { tokenize } from "./lexer.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";

/** Attributes. */
export abstract class AttributeGrammar extends ElementsGrammar {
  protected override readonly attribute = this.RULE("attribute", (): Attribute =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.number) },
        {
          ALT: () => {
            this.CONSUME(t.True);
            return boolAttribute(true);
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.False);
            return boolAttribute(false);
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Unit);
            return unitAttribute;
          },
        },
        { ALT: () => this.SUBRULE(this.string) },
        { ALT: () => this.SUBRULE(this.symbol) },
        { ALT: () => this.SUBRULE(this.array) },
        { ALT: () => dictionaryAttribute(this.SUBRULE(this.dictionary)) },
        { ALT: () => typeAttribute(this.SUBRULE(this.type)) },
        { ALT: () => this.SUBRULE(this.affineMapAttribute) },
        { ALT: () => this.SUBRULE(this.integerSetAttribute) },
        { ALT: () => this.SUBRULE(this.denseArray) },
        { ALT: () => this.SUBRULE(this.dense) },
        { ALT: () => this.SUBRULE(this.denseResource) },
        { ALT: () => this.SUBRULE(this.strided) },
        { ALT: () => this.SUBRULE(this.sparse) },
        { ALT: () => this.SUBRULE(this.distinct) },
        { ALT: () => this.SUBRULE(this.dialectAttribute) },
        { ALT: (): Attribute => ({ kind: "location", location: this.SUBRULE(this.location) }) },
      ],
      ERR_MSG: "attribute value",
    }),
  );

  /** The attribute that a text of its own stands for. */
  protected attributeIn(text: string): Attribute {
    return this.inTable(tokenize(text), () => this.SUBRULE(this.attribute));
  }

  private readonly number = this.RULE("number", (): Attribute => {
    const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
    const isFloat = this.OR({
      DEF: [{ ALT: () => this.CONSUME(t.Integer) && false }, { ALT: () => this.CONSUME(t.Float) && true }],
      ERR_MSG: "constant integer or floating point value",
    });
    const index = this.ACTION(() => this.next - 1);
    const type = this.OPTION1(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => this.numberOf(index, negative, type ?? (isFloat ? f64 : i64)));
  });

  private readonly string = this.RULE("string", (): Attribute => {
    const text = this.CONSUME(t.String).image;
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => {
      const value = unquoted(text.slice(1, -1));
      return type === undefined || type.kind === "none"
        ? stringAttribute(value)
        : Object.freeze({ kind: "string", value, type });
    });
  });

  private readonly symbol = this.RULE("symbol", (): Attribute => {
    const names: string[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.ColonColon,
      DEF: () => {
        const text = this.CONSUME(t.Symbol).image;
        names.push(symbolName(text));
      },
    });
    return this.ACTION(() => symbolAttribute(names[0]!, names.slice(1)));
  });

  private readonly array = this.RULE("array", (): Attribute =>
    this.level(() => {
      const elements: Attribute[] = [];
      this.CONSUME(t.LSquare);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.attribute)) });
      this.CONSUME(t.RSquare);
      return arrayAttribute(elements);
    }),
  );

  /** `{a = 1 : i32, b}`. */
  protected readonly dictionary = this.RULE("dictionary", (): Attributes =>
    this.level(() => {
      const entries = new Map<string, Attribute>();
      this.CONSUME(t.LBrace);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => {
          const name = this.OR([
            { ALT: () => this.CONSUME(t.Identifier).image },
            { ALT: () => this.CONSUME(t.String).image },
          ]);
          const index = this.ACTION(() => this.next - 1);
          const value = this.OPTION(() => {
            this.CONSUME(t.Equal);
            return this.SUBRULE(this.attribute);
          });
          this.ACTION(() => {
            const key = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name;
            if (entries.has(key))
              this.abort(textDiagnostics.at("duplicate-attribute", this.locationAt(index), { name: `'${key}'` }));
            if (key === "") this.failAt(index, "expected valid attribute name");
            entries.set(key, value ?? unitAttribute);
          });
        },
      });
      this.CONSUME(t.RBrace);
      return entries.size === 0 ? noAttributes : Object.freeze(Object.fromEntries(entries));
    }),
  );

  private readonly affineMapAttribute = this.RULE("affineMapAttribute", (): Attribute => {
    this.CONSUME(t.AffineMap);
    this.CONSUME(t.Less);
    const map = this.SUBRULE(this.affineMapBody);
    this.CONSUME(t.Greater);
    return affineMapAttribute(map);
  });

  private readonly integerSetAttribute = this.RULE("integerSetAttribute", (): Attribute => {
    this.CONSUME(t.AffineSet);
    this.CONSUME(t.Less);
    const set = this.SUBRULE(this.integerSetBody);
    this.CONSUME(t.Greater);
    return Object.freeze({ kind: "integer-set", set });
  });

  /** `strided<[4, ?], offset: 1>`. */
  private readonly strided = this.RULE("strided", (): Attribute => {
    const strides: string[] = [];
    this.CONSUME(t.Strided);
    this.CONSUME(t.Less);
    this.CONSUME(t.LSquare);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => strides.push(this.SUBRULE(this.stride)) });
    this.CONSUME(t.RSquare);
    const offset = this.OPTION(() => {
      this.CONSUME(t.Comma);
      const word = this.CONSUME(t.Identifier).image;
      if (word !== "offset") this.ACTION(() => this.failAt(this.next - 1, "expected 'offset' after comma"));
      this.CONSUME(t.Colon);
      return this.SUBRULE1(this.stride);
    });
    this.CONSUME(t.Greater);
    const end = offset === undefined || offset === "0" ? "" : `, offset: ${offset}`;
    return Object.freeze({ kind: "strided-layout", text: `strided<[${strides.join(", ")}]${end}>` });
  });
  private readonly stride = this.RULE("stride", (): string =>
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(t.Question).image },
        { ALT: () => this.CONSUME(t.Integer).image },
        {
          ALT: () => {
            this.CONSUME(t.Minus);
            return `-${this.CONSUME1(t.Integer).image}`;
          },
        },
      ],
      ERR_MSG: "a 64-bit signed integer or '?'",
    }),
  );

  /** `distinct[0]<…>`, kept as it is written. */
  private readonly distinct = this.RULE("distinct", (): Attribute => {
    const start = this.ACTION(() => this.next);
    this.CONSUME(t.Distinct);
    this.CONSUME(t.LSquare);
    this.CONSUME(t.Integer);
    this.CONSUME(t.RSquare);
    this.ACTION(() => this.#skipAngles());
    const end = this.ACTION(() => this.next - 1);
    return this.ACTION(() => {
      const text = this.table.source.slice(this.table.starts[start], this.table.ends[end]);
      const expanded = this.expand(start, text).replace(/<\s*unit\s*>$/, "<>");
      return Object.freeze({ kind: "verbatim", text: expanded, type: undefined });
    });
  });

  #skipAngles(): void {
    this.take(kindOf.Less);
    for (let depth = 1; depth > 0; this.next++) {
      const { kind } = this;
      if (kind === kindOf.EndOfFile) this.unexpected("'>'");
      if (kind === kindOf.Less) depth++;
      else if (kind === kindOf.Greater) depth--;
    }
  }

  private readonly dialectAttribute = this.RULE("dialectAttribute", (): Attribute => {
    this.OR([{ ALT: () => this.CONSUME(t.AttributeName) }, { ALT: () => this.CONSUME(t.AttributeBody) }]);
    const index = this.ACTION(() => this.next - 1);
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => {
      const attribute = this.namedAttribute(index);
      return type !== undefined && attribute.kind === "dialect"
        ? dialectAttribute(attribute.dialect, `${attribute.body} : ${type.text}`)
        : attribute;
    });
  });
}

/** `@name` or `@"name"` without its mark. */
const symbolName = (text: string): string => (text.startsWith('@"') ? unquoted(text.slice(2, -1)) : text.slice(1));
