import type { Assembly, CustomDirective, FormatAssembly } from "../assembly.ts";
import type { AnyOpDefinition } from "../define.ts";
import {
  type Anchor,
  type AssemblyFormat,
  type FormatElement,
  type OptionalElement,
  type TypeSource,
  type Variable,
  variableNamed,
} from "./assembly-format.ts";
import { dynamicIndexList } from "./dynamic-index-list.ts";

/** Directives that every dialect may name. */
const sharedDirectives: Readonly<Record<string, CustomDirective>> = { DynamicIndexList: dynamicIndexList };

const tokenPattern = /`(?:[^`]*)`|"(?:[^"]*)"|\$\w+|[A-Za-z][\w-]*|[()<>,?^:|]|\s+/gy;

interface SequenceItem {
  readonly element: FormatElement;
  readonly isAnchor: boolean;
}

const formats = new WeakMap<AnyOpDefinition, AssemblyFormat>();

/** The parts of an operation's declarative format. @throws Error when the declaration is wrong. */
export function assemblyFormat(
  definition: AnyOpDefinition,
  assembly: Assembly & (string | FormatAssembly),
): AssemblyFormat {
  let format = formats.get(definition);
  if (format === undefined) {
    const whole = typeof assembly === "string" ? { format: assembly } : assembly;
    formats.set(definition, (format = new FormatReader(definition, whole).read()));
  }
  return format;
}

/** Reads the notation of a declarative format: upstream's `assemblyFormat`. */
class FormatReader {
  readonly #definition: AnyOpDefinition;
  readonly #assembly: FormatAssembly;
  readonly #tokens: readonly string[];
  readonly #attributes = new Set<string>();
  readonly #segments = new Set(["operandSegmentSizes", "resultSegmentSizes"]);
  #hasPropertyDictionary = false;
  #position = 0;
  // Upstream decides about blanks from the format alone, not from what is printed.
  #space = true;
  #afterPunctuation = false;

  constructor(definition: AnyOpDefinition, assembly: FormatAssembly) {
    this.#definition = definition;
    this.#assembly = assembly;
    const { format } = assembly;
    this.#tokens = [...format.matchAll(tokenPattern)].map(([token]) => token).filter((token) => token.trim() !== "");
    if (format.replaceAll(tokenPattern, "") !== "") this.#fail("cannot be read");
  }

  /** @throws Error when the format is wrong. */
  read(): AssemblyFormat {
    const elements = this.#sequence().map(({ element }) => element);
    if (this.#position < this.#tokens.length) this.#fail(`unexpected ${this.#tokens[this.#position]}`);
    const { operands, results } = this.#definition;
    return {
      definition: this.#definition,
      assembly: this.#assembly,
      elements,
      attributes: new Set([...this.#attributes, ...(this.#assembly.directiveAttributes ?? [])]),
      segments: this.#segments,
      hasPropertyDictionary: this.#hasPropertyDictionary,
      names: [...Object.keys(operands), ...Object.keys(results)],
      specs: [...Object.values(operands), ...Object.values(results)],
      operandCount: Object.keys(operands).length,
    };
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
  #take(): string {
    return this.#tokens[this.#position++] ?? this.#fail("ends too early");
  }
  /** `(a)`, `(a, b)`, …. */
  #parenthesized<T>(item: () => T): readonly T[] {
    this.#expect("(");
    if (this.#accept(")")) return [];
    const items = [item()];
    while (this.#accept(",")) items.push(item());
    this.#expect(")");
    return items;
  }

  #sequence(): readonly SequenceItem[] {
    const items: SequenceItem[] = [];
    for (let token = this.#tokens[this.#position]; token !== undefined; token = this.#tokens[this.#position]) {
      if (token === ")" || token === "|") break;
      const element = this.#element();
      items.push({ element, isAnchor: this.#accept("^") });
    }
    return items;
  }

  #element(): FormatElement {
    const token = this.#take();
    if (token.startsWith("`")) return this.#literal(token.slice(1, -1));
    if (token.startsWith("$")) return this.#variable(token.slice(1), false);
    switch (token) {
      case "(":
        return this.#optional();
      case "attr-dict":
      case "attr-dict-with-keyword":
        this.#afterPunctuation = false;
        return { kind: "attribute-dictionary", withKeyword: token !== "attr-dict" };
      case "prop-dict":
        this.#afterPunctuation = false;
        this.#hasPropertyDictionary = true;
        return { kind: "property-dictionary" };
      case "operands":
      case "successors":
      case "regions":
        // One list does not tell what belongs to which name.
        if (token === "operands") this.#segments.delete("operandSegmentSizes");
        return { kind: token, space: this.#spaceBefore() };
      case "qualified":
        return this.#qualified();
      case "type": {
        const space = this.#spaceBefore();
        const [of] = this.#parenthesized(() => this.#typeSource());
        return { kind: "type", of: of!, space };
      }
      case "functional-type": {
        const space = this.#spaceBefore();
        const [inputs, results] = this.#parenthesized(() => this.#typeSource());
        return { kind: "functional-type", inputs: inputs!, results: results!, space };
      }
      case "custom":
        return this.#directive();
      case "oilist":
        return this.#clauses();
      default:
        return this.#fail(`unknown directive ${token}`);
    }
  }

  // --- blanks --------------------------------------------------------------------------------------------------------------------

  #literal(text: string): FormatElement {
    if (text === "\\n") return { kind: "newline" };
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

  // --- variables -----------------------------------------------------------------------------------------------------------------

  #variable(name: string, isQualified: boolean): FormatElement {
    const variable = variableNamed(this.#definition, name);
    switch (variable.kind) {
      case "attribute": {
        this.#attributes.add(name);
        const spec = this.#definition.attributes[name]!;
        const isUnit = spec.codec.description === "unit attribute";
        return { ...variable, spec, isUnit, isQualified, space: isUnit ? false : this.#spaceBefore() };
      }
      case "result":
        return this.#fail(`$${name} is a result`);
      default:
        return { ...variable, space: this.#spaceBefore() };
    }
  }

  #qualified(): FormatElement {
    this.#expect("(");
    const token = this.#take();
    const element = token.startsWith("$") ? this.#variable(token.slice(1), true) : (this.#position--, this.#element());
    this.#expect(")");
    return element;
  }

  #typeSource(): TypeSource {
    const token = this.#take();
    if (token === "results") this.#segments.delete("resultSegmentSizes");
    if (token === "operands" || token === "results") return { kind: token };
    if (token === "type" || token === "qualified") return this.#parenthesized(() => this.#typeSource())[0]!;
    const { operands, results } = this.#definition;
    const name = token.slice(1);
    const slot = [...Object.keys(operands), ...Object.keys(results)].indexOf(name);
    const spec = operands[name] ?? results[name];
    return spec === undefined ? this.#fail(`unknown value ${token}`) : { kind: "slot", slot, arity: spec.arity };
  }

  #directive(): FormatElement {
    const space = this.#spaceBefore();
    this.#expect("<");
    const name = this.#take();
    this.#expect(">");
    const directive =
      this.#assembly.custom?.[name] ?? sharedDirectives[name] ?? this.#fail(`unknown directive custom<${name}>`);
    return { kind: "directive", directive, names: this.#parenthesized(() => this.#argument()), space };
  }
  #argument(): string {
    const token = this.#take();
    if (token.startsWith('"')) return token.slice(1, -1);
    if (token === "type" || token === "ref" || token === "qualified")
      return this.#parenthesized(() => this.#argument())[0]!;
    const name = token.slice(1);
    if (token.startsWith("$") && variableNamed(this.#definition, name).kind === "attribute") this.#attributes.add(name);
    return token.startsWith("$") ? name : token;
  }

  // --- groups --------------------------------------------------------------------------------------------------------------------

  #optional(): FormatElement {
    const items = this.#sequence();
    this.#expect(")");
    const otherwise: FormatElement[] = [];
    if (this.#accept(":")) {
      this.#expect("(");
      otherwise.push(...this.#sequence().map(({ element }) => element));
      this.#expect(")");
    }
    this.#expect("?");
    const anchor = items.find(({ isAnchor }) => isAnchor)?.element;
    if (anchor === undefined) return this.#fail("an optional group needs an anchor");
    const elements = items.map(({ element }) => element);
    return {
      kind: "optional",
      elements,
      first: this.#firstOf(elements),
      otherwise,
      anchors: this.#anchorsOf(anchor),
    };
  }

  #firstOf(elements: readonly FormatElement[]): FormatElement {
    const isBlank = ({ kind, ...rest }: FormatElement): boolean =>
      kind === "blank" || kind === "newline" || (kind === "literal" && "text" in rest && rest.text === "");
    return elements.find((element) => !isBlank(element)) ?? this.#fail("a group needs something that it begins with");
  }

  /** Each clause is printed when any of its variables is there. */
  #clauses(): FormatElement {
    this.#expect("(");
    const clauses: OptionalElement[] = [];
    do {
      const elements = this.#sequence().map(({ element }) => element);
      if (elements[0]?.kind !== "literal") this.#fail("a clause of oilist begins with a literal");
      const anchors = elements.flatMap((element) => (element.kind === "literal" ? [] : this.#anchorsOf(element)));
      clauses.push({ kind: "optional", elements, first: this.#firstOf(elements), otherwise: [], anchors });
    } while (this.#accept("|"));
    this.#expect(")");
    return { kind: "clauses", clauses };
  }

  #anchorsOf(element: FormatElement): readonly Anchor[] {
    switch (element.kind) {
      case "operand":
      case "attribute":
      case "region":
      case "successor":
        return [element];
      case "operands":
        return [{ kind: "operands" }];
      case "type":
        return [element.of];
      case "functional-type":
        return [element.inputs, element.results];
      case "directive":
        return element.names.flatMap((name): readonly Variable[] => {
          const isDeclared = /^\w+$/.test(name) && this.#isDeclared(name);
          return isDeclared ? [variableNamed(this.#definition, name)] : [];
        });
      default:
        return [{ kind: "always" }];
    }
  }
  #isDeclared(name: string): boolean {
    const { operands, results, attributes, regions = [], variadicRegion, successors = {} } = this.#definition;
    const named = [operands, results, attributes, successors].some((record) => Object.hasOwn(record, name));
    return named || regions.includes(name) || name === variadicRegion;
  }
}
