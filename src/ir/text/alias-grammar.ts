import { type Attribute, dialectAttribute } from "../attributes.ts";
import type { Type } from "../types.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { depthOf } from "./nesting-depth.ts";
import { BodyGrammar } from "./body-grammar.ts";
import { attributeText } from "./print-attribute.ts";
import { ParseFailure } from "./token-parser.ts";
import { kindOf } from "./tokens.ts";

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
  state: "unread" | "reading" | "broken" | AliasTarget;
}

/** Levels that an attribute or type may have when its aliases are written out. */
const deepestAlias = 1000;

/** An alias's name without its sigil, in quotes. */
const idOf = (name: string): string => `'${name.slice(1)}'`;

/** Aliases, and the attributes and types of dialects, which are kept as text but for the aliases in it. */
export abstract class AliasGrammar extends BodyGrammar {
  #aliases = new Map<string, AliasDefinition>();
  /** The tokens of the whole file. */
  #file = this.table;

  protected override load(source: string, file: string, firstLine = 1): void {
    super.load(source, file, firstLine);
    this.#aliases = new Map();
    this.#file = this.table;
    this.#findAliases();
  }

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
      const what = kind === kindOf.TypeName ? "type" : "attribute";
      if (name.includes("."))
        this.report(
          textDiagnostics.at("syntax", this.locationAt(index), {
            what: `${what} names with a '.' are reserved for dialect-defined names`,
          }),
        );
      else if (this.#aliases.has(name))
        this.report(textDiagnostics.at("redefined-alias", this.locationAt(index), { kind: what, name: idOf(name) }));
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
    else if (definition.state === "broken") this.skipOperation(this.next - 2);
    else {
      if (definition.state === "unread") this.#read(definition, name);
      this.next = definition.end;
    }
  }

  /** Reads a definition, from its first token. When it breaks off, it is not read again. */
  #read(definition: AliasDefinition, name: string): AliasTarget {
    definition.state = "reading";
    try {
      const target = this.nested(() => this.#target(name));
      if (depthOf("type" in target ? target.type : target.attribute) > deepestAlias)
        this.abort(textDiagnostics.at("nesting-limit", this.locationAt(definition.start), { limit: deepestAlias }));
      definition.state = target;
      definition.end = this.next;
      return target;
    } finally {
      if (definition.state === "reading") definition.state = "broken";
    }
  }

  /** Reads what stands after `#name =` or `!name =`. */
  #target(name: string): AliasTarget {
    return name.startsWith("!") ? { type: this.SUBRULE(this.type) } : { attribute: this.SUBRULE(this.attribute) };
  }

  #resolve(index: number, name: string): AliasTarget {
    const definition = this.#aliases.get(name);
    if (definition === undefined)
      return this.abort(textDiagnostics.at("unknown-alias", this.locationAt(index), { name: idOf(name) }));
    if (definition.state === "reading")
      return this.abort(textDiagnostics.at("cyclic-alias", this.locationAt(index), { name }));
    if (definition.state === "broken") throw new ParseFailure(undefined);
    if (definition.state !== "unread") return definition.state;
    // The definition may be asked for in the middle of a body, whose tokens are a table of their own.
    return this.inTable(this.#file, () => {
      this.next = definition.start;
      return this.#read(definition, name);
    });
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
    return this.limitedType(this.dialectTypeOf(this.dialectText(index)));
  }

  protected override namedAttribute(index: number): Attribute {
    const text = this.textOf(index);
    if (!/[.<]/.test(text)) {
      const target = this.#resolve(index, text);
      return "attribute" in target ? target.attribute : this.failAt(index, `'${text}' is not an attribute`);
    }
    const [, dialect, body] = /^#([^.<]*)\.?(.*)$/s.exec(this.dialectText(index))!;
    return dialectAttribute(dialect!, body!);
  }

  /** Writes out the aliases in the body of a dialect's attribute or type. */
  protected override expand(index: number, text: string): string {
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
}
