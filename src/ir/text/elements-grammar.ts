import { type Attribute, denseArrayAttribute, exactNumber, resourceAttribute } from "../attributes.ts";
import type { TensorType, Type, VectorType } from "../types.ts";
import { AliasGrammar } from "./alias-grammar.ts";
import { parseDense, readTensorLiteral, type TensorLiteral, verbatimDense } from "./dense-literal.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { numberLiteral } from "./number-literal.ts";
import { sparseText } from "./sparse-literal.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";
import { whyNoArrayElement } from "./type-rules.ts";

/** An element as the array stores it: `255` of eight bits is -1. */
const storedInteger = (value: bigint, element: Type): bigint =>
  element.kind === "integer" && element.signedness !== "unsigned" ? BigInt.asIntN(element.width, value) : value;

/** Attributes with elements: `array<…>`, `dense<…>`, `sparse<…>` and `dense_resource<…>`. */
export abstract class ElementsGrammar extends AliasGrammar {
  /** The attribute that the number token at `index` stands for. */
  protected numberOf(index: number, negative: boolean, type: Type): Attribute {
    const value = numberLiteral(this.textOf(index), negative, type);
    return "error" in value ? this.#invalid(index, value.error) : value;
  }
  #invalid(index: number, what: string): never {
    return this.abort(textDiagnostics.at("invalid-literal", this.locationAt(index), { what }));
  }

  /** `array<i64: 1, 2>`. */
  protected readonly denseArray = this.RULE("denseArray", (): Attribute => {
    const values: (number | bigint)[] = [];
    this.CONSUME(t.Array);
    this.CONSUME(t.Less);
    const element = this.SUBRULE(this.type);
    this.ACTION(() => {
      const mistake = whyNoArrayElement(element);
      if (mistake !== undefined) this.failAt(this.next - 1, mistake);
    });
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

  protected readonly dense = this.RULE("dense", (): Attribute => {
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

  protected readonly denseResource = this.RULE("denseResource", (): Attribute => {
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

  /** `sparse<[[0, 1]], [2.0]>`: the places of elements and the elements; the others are zero. */
  protected readonly sparse = this.RULE("sparse", (): Attribute => {
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
}
