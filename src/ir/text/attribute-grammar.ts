import type { Location } from "../../support/location.ts";
import { unknownLocation } from "../../support/location.ts";
import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  type Attributes,
  boolAttribute,
  denseArrayAttribute,
  dialectAttribute,
  dictionaryAttribute,
  noAttributes,
  resourceAttribute,
  stringAttribute,
  symbolAttribute,
  typeAttribute,
  unitAttribute,
} from "../attributes.ts";
import { f64, i64, type TensorType, type Type, type VectorType } from "../types.ts";
import { parseDense, readTensorLiteral, verbatimDense } from "./dense-literal.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { numberLiteral } from "./number-literal.ts";
import { attributeText } from "./print-attribute.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";
import { TypeGrammar } from "./type-grammar.ts";

/** Longest text an attribute or type may have once its aliases are written out. */
const textLimit = 1 << 20;

/** What an alias stands for. */
type AliasTarget = { readonly attribute: Attribute } | { readonly type: Type };
/** A string, which is left alone, or what may be an alias. */
const aliasInBody = /"(?:[^"\\]|\\.)*"|(?<![\w$.-])[#!][A-Za-z_][\w$]*(?![\w$.<])/g;

interface AliasDefinition {
  /** Token after the `=`. */
  readonly start: number;
  /** Token after the definition, once it was read. */
  end: number;
  state: "unread" | "reading" | AliasTarget;
}

/** Attributes, locations and aliases. */
export abstract class AttributeGrammar extends TypeGrammar {
  #aliases = new Map<string, AliasDefinition>();

  protected override load(source: string, file: string): void {
    super.load(source, file);
    this.#aliases = new Map();
    this.#findAliases();
  }

  // --- aliases -------------------------------------------------------------------------------------------------------------------

  /** Aliases may be used before they are defined, so their places are found first and each is read when it is needed. */
  #findAliases(): void {
    const { kinds, count } = this.table;
    let depth = 0;
    for (let index = 0; index < count - 1; index++) {
      const kind = kinds[index]!;
      if (kind === kindOf.LBrace || kind === kindOf.LParen) depth++;
      else if (kind === kindOf.RBrace || kind === kindOf.RParen) depth--;
      if (depth !== 0 || (kind !== kindOf.AttributeName && kind !== kindOf.TypeName)) continue;
      if (kinds[index + 1] !== kindOf.Equal) continue;
      const name = this.textOf(index);
      if (this.#aliases.has(name)) this.report(textDiagnostics.at("redefined-alias", this.locationAt(index), { name }));
      else this.#aliases.set(name, { start: index + 2, end: index + 2, state: "unread" });
    }
  }

  /** Whether the next tokens define an alias. */
  protected get atAliasDefinition(): boolean {
    const { kind } = this;
    return (kind === kindOf.AttributeName || kind === kindOf.TypeName) && this.kindAhead(2) === kindOf.Equal;
  }

  /** Reads an alias's definition, or moves over one that was read already. */
  protected aliasDefinition(): void {
    const name = this.textOf(this.next);
    const definition = this.#aliases.get(name);
    this.next += 2;
    if (definition?.start !== this.next) this.#target(name);
    else if (definition.state === "unread") {
      definition.state = this.#target(name);
      definition.end = this.next;
    } else this.next = definition.end;
  }

  /** Reads what stands after `#name =` or `!name =`. */
  #target(name: string): AliasTarget {
    return name.startsWith("!") ? { type: this.SUBRULE(this.type) } : { attribute: this.SUBRULE(this.attribute) };
  }

  #resolve(index: number, name: string): AliasTarget {
    const definition = this.#aliases.get(name);
    if (definition === undefined)
      return this.abort(textDiagnostics.at("unknown-alias", this.locationAt(index), { name }));
    if (definition.state === "reading")
      return this.abort(textDiagnostics.at("cyclic-alias", this.locationAt(index), { name }));
    if (definition.state !== "unread") return definition.state;
    const back = this.next;
    definition.state = "reading";
    this.next = definition.start;
    try {
      definition.state = this.nested(() => this.#target(name));
      definition.end = this.next;
      return definition.state;
    } finally {
      if (definition.state === "reading") definition.state = "unread";
      this.next = back;
    }
  }

  protected override limitText(text: string, length = text.length): void {
    if (length > textLimit)
      this.abort(textDiagnostics.at("too-large", this.locationAt(this.next - 1), { limit: textLimit }));
  }

  protected override namedType(index: number): Type {
    const text = this.textOf(index);
    if (!/[.<]/.test(text)) {
      const target = this.#resolve(index, text);
      return "type" in target ? target.type : this.failAt(index, `'${text}' is not a type`);
    }
    return this.limitedType(this.dialectTypeOf(this.#expand(index, text)));
  }

  #namedAttribute(index: number): Attribute {
    const text = this.textOf(index);
    if (!/[.<]/.test(text)) {
      const target = this.#resolve(index, text);
      return "attribute" in target ? target.attribute : this.failAt(index, `'${text}' is not an attribute`);
    }
    const [, dialect, body] = /^#([^.<]*)\.?(.*)$/s.exec(this.#expand(index, text))!;
    return dialectAttribute(dialect!, body!);
  }

  /** Writes out the aliases in the body of a dialect's attribute or type. */
  #expand(index: number, text: string): string {
    if (!/[^"\w$.-][#!][A-Za-z_]/.test(text)) return text;
    let length = text.length;
    return text.replaceAll(aliasInBody, (word: string, offset: number) => {
      if (offset === 0 || !this.#aliases.has(word)) return word;
      const target = this.#resolve(index, word);
      const written = "type" in target ? target.type.text : attributeText(target.attribute);
      this.limitText(written, (length += written.length));
      return text.startsWith("loc(", offset - 4) ? written.slice("loc(".length, -1) : written;
    });
  }

  // --- attributes ----------------------------------------------------------------------------------------------------------------

  protected override readonly attribute = this.RULE("attribute", (): Attribute =>
    this.OR([
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
      { ALT: () => this.SUBRULE(this.verbatim) },
      { ALT: () => this.SUBRULE(this.dialectAttribute) },
      { ALT: (): Attribute => ({ kind: "location", location: this.SUBRULE(this.location) }) },
    ]),
  );

  private readonly number = this.RULE("number", (): Attribute => {
    const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
    const isFloat = this.OR([
      { ALT: () => this.CONSUME(t.Integer) && false },
      { ALT: () => this.CONSUME(t.Float) && true },
    ]);
    const index = this.ACTION(() => this.next - 1);
    const type = this.OPTION1(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => this.numberOf(index, negative, type ?? (isFloat ? f64 : i64)));
  });

  /** The attribute that the number token at `index` stands for. */
  protected numberOf(index: number, negative: boolean, type: Type): Attribute {
    const value = numberLiteral(this.textOf(index), negative, type);
    return "error" in value ? this.#invalid(index, value.error) : value;
  }
  #invalid(index: number, what: string): never {
    return this.abort(textDiagnostics.at("invalid-literal", this.locationAt(index), { what }));
  }

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
              this.abort(textDiagnostics.at("duplicate-attribute", this.locationAt(index), { name: key }));
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

  /** `array<i64: 1, 2>`. */
  private readonly denseArray = this.RULE("denseArray", (): Attribute => {
    const values: (number | bigint)[] = [];
    this.CONSUME(t.Array);
    this.CONSUME(t.Less);
    const element = this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => values.push(this.SUBRULE(this.denseArrayElement, { ARGS: [element] })),
      });
    });
    this.CONSUME(t.Greater);
    return denseArrayAttribute(element, values);
  });

  private readonly denseArrayElement = this.RULE("denseArrayElement", (element: Type): number | bigint =>
    this.OR([
      { ALT: () => (this.CONSUME(t.True) ? 1 : 1) },
      { ALT: () => (this.CONSUME(t.False) ? 0 : 0) },
      {
        ALT: () => {
          const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
          this.OR1([{ ALT: () => this.CONSUME(t.Integer) }, { ALT: () => this.CONSUME(t.Float) }]);
          return this.ACTION(() => {
            const value = this.numberOf(this.next - 1, negative, element);
            if (value.kind === "bool") return value.value ? 1 : 0;
            if (value.kind === "integer") return exactNumber(value.value);
            return value.kind === "float" ? value.value : this.failAt(this.next - 1, "expected a number");
          });
        },
      },
    ]),
  );

  /** The type of elements that are written without it, where the syntax has it elsewhere. */
  #impliedType: Type | undefined;

  /** Reads an attribute whose type, should it have elements, stands elsewhere in the text. */
  protected attributeOfImpliedType(type: Type): Attribute {
    this.#impliedType = type;
    const attribute = this.SUBRULE(this.attribute);
    this.#impliedType = undefined;
    return attribute;
  }

  private readonly elementsType = this.RULE("elementsType", (): Type => {
    const implied = this.#impliedType;
    const written = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => written ?? implied ?? this.unexpected("':' and the type of the elements"));
  });

  private readonly dense = this.RULE("dense", (): Attribute => {
    this.CONSUME(t.Dense);
    this.CONSUME(t.Less);
    const first = this.ACTION(() => this.next);
    const literal = this.ACTION(() => {
      const read = readTensorLiteral(this.table, first);
      if ("error" in read) return this.#invalid(read.index, read.error);
      this.next = read.end;
      return read;
    });
    this.CONSUME(t.Greater);
    const type = this.SUBRULE(this.elementsType);
    return this.ACTION(() => {
      if (type.kind === "dialect") return verbatimDense(this.table, literal, type);
      if (type.kind !== "tensor" && type.kind !== "vector")
        return this.failAt(this.next - 1, "elements literal must be a shaped type");
      const attribute = parseDense(this.table, literal, type);
      return "error" in attribute ? this.#invalid(attribute.index, attribute.error) : attribute;
    });
  });

  private readonly denseResource = this.RULE("denseResource", (): Attribute => {
    this.CONSUME(t.DenseResource);
    this.CONSUME(t.Less);
    const key = this.OR([{ ALT: () => this.CONSUME(t.Identifier).image }, { ALT: () => this.CONSUME(t.String).image }]);
    this.CONSUME(t.Greater);
    const type = this.SUBRULE(this.elementsType);
    return this.ACTION(() => {
      const name = key.startsWith('"') ? unquoted(key.slice(1, -1)) : key;
      return resourceAttribute(name, type as TensorType | VectorType);
    });
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
      this.CONSUME(t.Identifier);
      this.CONSUME(t.Colon);
      return this.SUBRULE1(this.stride);
    });
    this.CONSUME(t.Greater);
    const end = offset === undefined || offset === "0" ? "" : `, offset: ${offset}`;
    return Object.freeze({ kind: "strided-layout", text: `strided<[${strides.join(", ")}]${end}>` });
  });
  private readonly stride = this.RULE("stride", (): string =>
    this.OR([
      { ALT: () => this.CONSUME(t.Question).image },
      { ALT: () => this.CONSUME(t.Integer).image },
      {
        ALT: () => {
          this.CONSUME(t.Minus);
          return `-${this.CONSUME1(t.Integer).image}`;
        },
      },
    ]),
  );

  /** Builtin attributes that are kept as they are written. */
  private readonly verbatim = this.RULE("verbatim", (): Attribute => {
    const start = this.ACTION(() => this.next);
    this.OR([
      { ALT: () => this.CONSUME(t.Sparse) },
      { ALT: () => this.CONSUME(t.Opaque) },
      {
        ALT: () => {
          this.CONSUME(t.Distinct);
          this.CONSUME(t.LSquare);
          this.CONSUME(t.Integer);
          this.CONSUME(t.RSquare);
        },
      },
    ]);
    this.ACTION(() => this.#skipAngles());
    const end = this.ACTION(() => this.next - 1);
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    return this.ACTION(() => {
      const text = this.table.source.slice(this.table.starts[start], this.table.ends[end]);
      const expanded = this.#expand(start, text);
      return Object.freeze({
        kind: "verbatim",
        text: type === undefined ? expanded : `${expanded} : ${type.text}`,
        type,
      });
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
      const attribute = this.#namedAttribute(index);
      return type !== undefined && attribute.kind === "dialect"
        ? dialectAttribute(attribute.dialect, `${attribute.body} : ${type.text}`)
        : attribute;
    });
  });

  // --- locations -----------------------------------------------------------------------------------------------------------------

  /** `loc(…)`. */
  protected readonly location = this.RULE("location", (): Location => {
    this.CONSUME(t.Loc);
    this.CONSUME(t.LParen);
    const location = this.SUBRULE(this.locationBody);
    this.CONSUME(t.RParen);
    return location;
  });

  private readonly locationBody = this.RULE("locationBody", (): Location =>
    this.level(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.placeLocation) },
        {
          ALT: () => {
            this.CONSUME(t.AttributeName);
            return this.ACTION(() => {
              const attribute = this.#namedAttribute(this.next - 1);
              return attribute.kind === "location"
                ? attribute.location
                : this.failAt(this.next - 1, "expected a location");
            });
          },
        },
        {
          ALT: (): Location => {
            const text = this.CONSUME(t.AttributeBody).image;
            return { kind: "fused", pass: undefined, metadata: text, from: [] };
          },
        },
        { ALT: () => this.SUBRULE(this.compositeLocation) },
      ]),
    ),
  );

  /** `"file":1:2`, `"file":1:2 to 3:4`, `"name"` and `"name"(location)`. */
  private readonly placeLocation = this.RULE("placeLocation", (): Location => {
    const text = this.CONSUME(t.String).image;
    const name = this.ACTION(() => unquoted(text.slice(1, -1)));
    return (
      this.OPTION(() =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(t.Colon);
              const line = Number(this.CONSUME(t.Integer).image);
              this.CONSUME1(t.Colon);
              const column = Number(this.CONSUME1(t.Integer).image);
              const end = this.OPTION1(() => {
                this.CONSUME(t.Identifier);
                const endLine = this.OPTION2(() => Number(this.CONSUME2(t.Integer).image)) ?? line;
                this.CONSUME2(t.Colon);
                return { line: endLine, column: Number(this.CONSUME3(t.Integer).image) };
              });
              return Object.freeze(
                end === undefined
                  ? { kind: "file", file: name, line, column }
                  : { kind: "file", file: name, line, column, end },
              );
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.LParen);
              const child = this.SUBRULE(this.locationBody);
              this.CONSUME(t.RParen);
              return Object.freeze({ kind: "name", name, child });
            },
          },
        ]),
      ) ?? Object.freeze({ kind: "name", name, child: unknownLocation })
    );
  });

  /** `unknown`, `callsite(a at b)` and `fused<metadata>[a, b]`. */
  private readonly compositeLocation = this.RULE("compositeLocation", (): Location => {
    const word = this.CONSUME(t.Identifier).image;
    return (
      this.OPTION(() =>
        this.OR([
          {
            GATE: () => word === "callsite",
            ALT: () => {
              this.CONSUME(t.LParen);
              const callee = this.SUBRULE(this.locationBody);
              this.CONSUME1(t.Identifier);
              const caller = this.SUBRULE1(this.locationBody);
              this.CONSUME(t.RParen);
              return Object.freeze({ kind: "callsite", callee, caller });
            },
          },
          {
            GATE: () => word === "fused",
            ALT: () => {
              const metadata = this.OPTION1(() => {
                this.CONSUME(t.Less);
                const attribute = this.SUBRULE(this.attribute);
                this.CONSUME(t.Greater);
                return attribute;
              });
              const from: Location[] = [];
              this.CONSUME(t.LSquare);
              this.MANY_SEP({ SEP: t.Comma, DEF: () => from.push(this.SUBRULE2(this.locationBody)) });
              this.CONSUME(t.RSquare);
              return this.ACTION(() => fusedOf(metadata, from));
            },
          },
        ]),
      ) ??
      this.ACTION(() =>
        word === "unknown" ? unknownLocation : this.failAt(this.next - 1, `expected a location, found '${word}'`),
      )
    );
  });
}

function fusedOf(metadata: Attribute | undefined, from: readonly Location[]): Location {
  const places = Object.freeze([...from]);
  if (metadata === undefined) return Object.freeze({ kind: "fused", pass: undefined, from: places });
  if (metadata.kind === "string" && metadata.type === undefined)
    return Object.freeze({ kind: "fused", pass: metadata.value, from: places });
  return Object.freeze({ kind: "fused", pass: undefined, metadata: attributeText(metadata), from: places });
}

/** `@name` or `@"name"` without its mark. */
export const symbolName = (text: string): string =>
  text.startsWith('@"') ? unquoted(text.slice(2, -1)) : text.slice(1);

/** The number itself where a double holds it exactly. */
const exactNumber = (value: bigint): number | bigint => (BigInt(Number(value)) === value ? Number(value) : value);
