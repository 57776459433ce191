import type { AnyOpDefinition } from "../define.ts";

/** Whose types a directive means: those of one declared name, of all operands, or of all results. */
export type TypeSource =
  | { readonly kind: "operands" }
  | { readonly kind: "results" }
  | { readonly kind: "operand" | "result"; readonly name: string };

/** One part of a declarative format; `space` says whether a blank is printed before it. */
export type FormatElement =
  | { readonly kind: "literal"; readonly text: string; readonly space: boolean }
  | { readonly kind: "blank" }
  | { readonly kind: "operand"; readonly name: string; readonly space: boolean }
  | { readonly kind: "attribute"; readonly name: string; readonly space: boolean }
  | { readonly kind: "region"; readonly index: number; readonly space: boolean }
  | { readonly kind: "operands" | "successors"; readonly space: boolean }
  | { readonly kind: "type"; readonly of: TypeSource; readonly space: boolean }
  | {
      readonly kind: "functional-type";
      readonly inputs: TypeSource;
      readonly results: TypeSource;
      readonly space: boolean;
    }
  | { readonly kind: "attribute-dictionary" }
  /** `custom<DynamicIndexList>($operand, $attribute)`: `[%a, 4]`. */
  | { readonly kind: "index-list"; readonly operand: string; readonly attribute: string; readonly space: boolean }
  | {
      readonly kind: "optional";
      readonly elements: readonly FormatElement[];
      readonly otherwise: readonly FormatElement[];
      /** The element whose presence decides. */
      readonly anchor: FormatElement;
    };

/** A format in parts, and the attributes that it mentions, which an attribute dictionary leaves out. */
export interface AssemblyFormat {
  readonly elements: readonly FormatElement[];
  readonly attributes: ReadonlySet<string>;
}

const formats = new WeakMap<AnyOpDefinition, AssemblyFormat>();

/** The parts of an operation's declarative format. @throws Error when the declaration is wrong. */
export function assemblyFormat(definition: AnyOpDefinition, text: string): AssemblyFormat {
  let format = formats.get(definition);
  if (format === undefined) formats.set(definition, (format = new FormatReader(definition, text).read()));
  return format;
}

const tokenPattern = /`([^`]*)`|\$(\w+)|([A-Za-z][\w-]*)|([()<>,?^:])|\s+/gy;

class FormatReader {
  readonly #definition: AnyOpDefinition;
  readonly #tokens: readonly string[];
  readonly #attributes = new Set<string>();
  #position = 0;
  // Upstream decides about blanks from the format alone, not from what is printed.
  #space = true;
  #afterPunctuation = false;

  constructor(definition: AnyOpDefinition, text: string) {
    this.#definition = definition;
    this.#tokens = [...text.matchAll(tokenPattern)].map(([token]) => token).filter((token) => token.trim() !== "");
    if (text.replaceAll(tokenPattern, "") !== "")
      throw new Error(`${definition.name}: cannot read its assembly format`);
  }

  read(): AssemblyFormat {
    const elements = this.#sequence();
    if (this.#position < this.#tokens.length) this.#fail(`unexpected ${this.#tokens[this.#position]}`);
    return { elements: elements.map(({ element }) => element), attributes: this.#attributes };
  }

  #fail(what: string): never {
    throw new Error(`${this.#definition.name}: assembly format: ${what}`);
  }
  #accept(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }
  #expect(token: string): void {
    if (!this.#accept(token)) this.#fail(`expected ${token}, found ${this.#tokens[this.#position]}`);
  }

  #sequence(): { readonly element: FormatElement; readonly isAnchor: boolean }[] {
    const elements: { element: FormatElement; isAnchor: boolean }[] = [];
    while (this.#position < this.#tokens.length && this.#tokens[this.#position] !== ")") {
      const element = this.#element();
      elements.push({ element, isAnchor: this.#accept("^") });
    }
    return elements;
  }

  #element(): FormatElement {
    const token = this.#tokens[this.#position++]!;
    if (token.startsWith("`")) return this.#literal(token.slice(1, -1));
    if (token.startsWith("$")) return this.#variable(token.slice(1));
    switch (token) {
      case "(":
        return this.#optional();
      case "attr-dict":
        this.#afterPunctuation = false;
        return { kind: "attribute-dictionary" };
      case "operands":
      case "successors":
        return { kind: token, space: this.#spaceBefore() };
      case "type": {
        const space = this.#spaceBefore();
        this.#expect("(");
        const of = this.#typeSource();
        this.#expect(")");
        return { kind: "type", of, space };
      }
      case "functional-type": {
        const space = this.#spaceBefore();
        this.#expect("(");
        const inputs = this.#typeSource();
        this.#expect(",");
        const results = this.#typeSource();
        this.#expect(")");
        return { kind: "functional-type", inputs, results, space };
      }
      case "custom":
        return this.#custom();
      default:
        return this.#fail(`unknown directive ${token}`);
    }
  }

  #literal(text: string): FormatElement {
    if (text.trim() === "") {
      this.#space = false;
      this.#afterPunctuation = text === "";
      return text === "" ? { kind: "literal", text: "", space: false } : { kind: "blank" };
    }
    const space = this.#space && this.#spaceBeforeLiteral(text);
    this.#space = text.length !== 1 || !"<({[".includes(text);
    this.#afterPunctuation = !/^[_A-Za-z]/.test(text);
    return { kind: "literal", text, space };
  }
  #spaceBeforeLiteral(text: string): boolean {
    if (text.length !== 1 && text !== "->") return true;
    return this.#afterPunctuation ? !">)}],".includes(text) : !"<>(){}[],".includes(text);
  }
  #spaceBefore(): boolean {
    const space = this.#space || !this.#afterPunctuation;
    this.#space = true;
    this.#afterPunctuation = false;
    return space;
  }

  #variable(name: string): FormatElement {
    const { operands, attributes, regions } = this.#definition;
    const isUnit = attributes[name]?.codec.description === "unit attribute";
    if (name in attributes) {
      this.#attributes.add(name);
      // A unit attribute is written by its group's presence.
      return { kind: "attribute", name, space: isUnit ? false : this.#spaceBefore() };
    }
    const space = this.#spaceBefore();
    if (name in operands) return { kind: "operand", name, space };
    const index = regions?.indexOf(name) ?? -1;
    return index >= 0 ? { kind: "region", index, space } : this.#fail(`unknown variable $${name}`);
  }

  #typeSource(): TypeSource {
    const token = this.#tokens[this.#position++]!;
    if (token === "operands" || token === "results") return { kind: token };
    const name = token.slice(1);
    if (name in this.#definition.operands) return { kind: "operand", name };
    return name in this.#definition.results ? { kind: "result", name } : this.#fail(`unknown value ${token}`);
  }

  #custom(): FormatElement {
    const space = this.#spaceBefore();
    this.#expect("<");
    this.#expect("DynamicIndexList");
    this.#expect(">");
    this.#expect("(");
    const operand = this.#tokens[this.#position++]!.slice(1);
    this.#expect(",");
    const attribute = this.#tokens[this.#position++]!.slice(1);
    this.#expect(")");
    this.#attributes.add(attribute);
    return { kind: "index-list", operand, attribute, space };
  }

  #optional(): FormatElement {
    const elements = this.#sequence();
    this.#expect(")");
    const otherwise: FormatElement[] = [];
    if (this.#accept(":")) {
      this.#expect("(");
      otherwise.push(...this.#sequence().map(({ element }) => element));
      this.#expect(")");
    }
    this.#expect("?");
    const anchor = elements.find(({ isAnchor }) => isAnchor)?.element;
    if (anchor === undefined) return this.#fail("an optional group needs an anchor");
    return { kind: "optional", elements: elements.map(({ element }) => element), otherwise, anchor };
  }
}
