import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  type Attributes,
  boolAttribute,
  denseArrayAttribute,
  exactNumber,
  dialectAttribute,
  dictionaryAttribute,
  noAttributes,
  resourceAttribute,
  stringAttribute,
  symbolAttribute,
  typeAttribute,
  unitAttribute,
} from "../attributes.ts";
import { floatWidth } from "../exact-float.ts";
import { f64, i64, type TensorType, type Type, type VectorType } from "../types.ts";
import { AliasGrammar } from "./alias-grammar.ts";
import { parseDense, readTensorLiteral, type TensorLiteral, verbatimDense } from "./dense-literal.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { tokenize } from "./lexer.ts";
import { numberLiteral } from "./number-literal.ts";
import { sparseText } from "./sparse-literal.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";

/** An element as the array stores it: `255` of eight bits is -1. */
const storedInteger = (value: bigint, element: Type): bigint =>
  element.kind === "integer" ? BigInt.asIntN(element.width, value) : value;

/** Attributes. */
export abstract class AttributeGrammar extends AliasGrammar {
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

  /** `array<i64: 1, 2>`. */
  private readonly denseArray = this.RULE("denseArray", (): Attribute => {
    const values: (number | bigint)[] = [];
    this.CONSUME(t.Array);
    this.CONSUME(t.Less);
    const element = this.SUBRULE(this.type);
    this.ACTION(() => this.#checkArrayElement(element));
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => values.push(this.SUBRULE(this.denseArrayElement, { ARGS: [element] })),
      });
    });
    this.CONSUME(t.Greater);
    return denseArrayAttribute(element, values);
  });

  #checkArrayElement(type: Type): void {
    if (type.kind !== "integer" && type.kind !== "float" && type.kind !== "index")
      this.failAt(this.next - 1, `expected integer or float type, got: '${type.text}'`);
    const width = type.kind === "integer" ? type.width : type.kind === "float" ? floatWidth(type.format) : 64;
    if (width % 8 !== 0 && type.text !== "i1")
      this.failAt(this.next - 1, "element type bitwidth must be a multiple of 8");
  }
  #boolElement(element: Type, value: number): number {
    return element.text === "i1" ? value : this.failAt(this.next - 1, "expected i1 type for 'true' or 'false' values");
  }

  private readonly denseArrayElement = this.RULE("denseArrayElement", (element: Type): number | bigint =>
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.True);
          return this.ACTION(() => this.#boolElement(element, 1));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.False);
          return this.ACTION(() => this.#boolElement(element, 0));
        },
      },
      {
        ALT: () => {
          const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
          this.OR1([{ ALT: () => this.CONSUME(t.Integer) }, { ALT: () => this.CONSUME(t.Float) }]);
          return this.ACTION(() => {
            if (element.text === "i1") this.failAt(this.next - 1, "expected 'true' or 'false' values for i1 type");
            if (element.kind !== "float" && this.table.kinds[this.next - 1] === kindOf.Float)
              this.failAt(this.next - 1, "expected integer literal");
            const value = this.numberOf(this.next - 1, negative, element);
            if (value.kind === "bool") return value.value ? 1 : 0;
            if (value.kind === "integer") return exactNumber(storedInteger(value.value, element));
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
      if (type.kind === "dialect" || type.kind === "memref") return verbatimDense(this.table, literal, type);
      if (type.kind !== "tensor" && type.kind !== "vector")
        return this.failAt(this.next - 1, "elements literal must be a shaped type");
      const attribute = parseDense(this.table, literal, type);
      return "error" in attribute ? this.#invalid(attribute.index, attribute.error) : attribute;
    });
  });

  private readonly denseResource = this.RULE("denseResource", (): Attribute => {
    this.CONSUME(t.DenseResource);
    this.CONSUME(t.Less);
    const key = this.OR({
      DEF: [{ ALT: () => this.CONSUME(t.Identifier).image }, { ALT: () => this.CONSUME(t.String).image }],
      ERR_MSG: "identifier key for 'resource' entry",
    });
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

  /** `sparse<[[0, 1]], [2.0]>`: the places of elements and the elements; the others are zero. */
  private readonly sparse = this.RULE("sparse", (): Attribute => {
    this.CONSUME(t.Sparse);
    this.CONSUME(t.Less);
    const literals = this.ACTION(() => (this.kind === kindOf.Greater ? [] : [this.#literal(), this.#literal(true)]));
    this.CONSUME(t.Greater);
    const type = this.SUBRULE(this.elementsType);
    return this.ACTION(() => {
      const [indices, values] = literals;
      if (type.kind !== "tensor" && type.kind !== "vector")
        return this.failAt(this.next - 1, "elements literal must be a shaped type");
      const inner = indices === undefined || values === undefined ? "" : sparseText(this.table, indices, values, type);
      if (typeof inner !== "string") return this.#invalid(inner.index, inner.error);
      return Object.freeze({ kind: "verbatim", text: `sparse<${inner}> : ${type.text}`, type });
    });
  });

  #literal(isSecond = false): TensorLiteral {
    if (isSecond) this.take(kindOf.Comma);
    const literal = readTensorLiteral(this.table, this.next);
    if ("error" in literal) return this.#invalid(literal.index, literal.error);
    this.next = literal.end;
    return literal;
  }

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
export const symbolName = (text: string): string =>
  text.startsWith('@"') ? unquoted(text.slice(2, -1)) : text.slice(1);

/** The number itself where a double holds it exactly. */
