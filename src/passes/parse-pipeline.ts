import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { nearestWord } from "../support/did-you-mean.ts";
import { fileLocation, type Location } from "../support/location.ts";
import { passDiagnostics } from "./diagnostics.ts";
import type { Anchor, AnyPass } from "./pass.ts";
import { defaultOptions, type OptionSpecs, optionText } from "./pass-options.ts";
import type { PassRegistry } from "./pass-registry.ts";
import type { Pipeline, PipelineElement } from "./pipeline.ts";

const anchors: readonly Anchor[] = ["builtin.module", "func.func"];
const isAnchor = (name: string): name is Anchor => (anchors as readonly string[]).includes(name);
/** What may be nested directly in what. */
const nesting: Readonly<Record<Anchor, readonly Anchor[]>> = { "builtin.module": ["func.func"], "func.func": [] };
/** Deeper nesting than any pipeline has; a parser that calls itself must stop somewhere. */
const maximumDepth = 16;

const suggestion = (written: string, known: Iterable<string>): string => {
  const nearest = nearestWord(written, known);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
};

/**
 * Reads upstream's pipeline syntax: `builtin.module(canonicalize,func.func(cse,fuse-elementwise{max-ops=32}))`. A list without an
 * anchor around it is run on the module.
 *
 * @throws CompileError with every unknown pass, option and misplaced pass, or the first error of syntax; locations give the column
 */
export function parsePipeline(text: string, registry: PassRegistry): Pipeline {
  const parser = new PipelineParser(text, registry);
  const parsed = parser.parse();
  if (parser.diagnostics.length > 0) throw new CompileError(parser.diagnostics);
  return parsed;
}

class PipelineParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #registry: PassRegistry;
  #position = 0;

  constructor(text: string, registry: PassRegistry) {
    this.#text = text;
    this.#registry = registry;
  }

  parse(): Pipeline {
    const elements = this.#list("builtin.module", 0);
    this.#skipSpace();
    if (this.#position < this.#text.length) this.#syntaxError("the end of the pipeline");
    const [only] = elements;
    if (elements.length === 1 && only?.kind === "nest" && only.anchor === "builtin.module") return only;
    for (const element of elements)
      if (element.kind === "nest" && element.anchor === "builtin.module")
        this.diagnostics.push(
          passDiagnostics.at("wrong-nesting", this.#at(0), { inner: "builtin.module", outer: "builtin.module" }),
        );
    return { kind: "nest", anchor: "builtin.module", elements };
  }

  #at(position: number): Location {
    const before = this.#text.slice(0, position);
    const line = before.split("\n").length;
    return fileLocation("<pipeline>", line, position - before.lastIndexOf("\n"));
  }

  #syntaxError(expected: string): never {
    const rest = this.#text.slice(this.#position);
    const found = rest === "" ? "the end of the text" : JSON.stringify(/^([A-Za-z0-9_.-]+|.)/su.exec(rest)![0]);
    throw new CompileError([
      ...this.diagnostics,
      passDiagnostics.at("syntax", this.#at(this.#position), { expected, found }),
    ]);
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#position] ?? "")) this.#position++;
  }
  #accept(token: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#position] !== token) return false;
    this.#position++;
    return true;
  }

  #list(anchor: Anchor, depth: number): PipelineElement[] {
    const elements: PipelineElement[] = [];
    this.#skipSpace();
    const end = this.#text[this.#position];
    if (end === undefined || end === ")") return elements;
    do {
      const element = this.#element(anchor, depth);
      if (element) elements.push(element);
    } while (this.#accept(","));
    return elements;
  }

  /** One pass or nested list; undefined after an error that was reported. */
  #element(anchor: Anchor, depth: number): PipelineElement | undefined {
    this.#skipSpace();
    const start = this.#position;
    const name = this.#name("a pass or an anchor");
    // `any(…)` at the top runs on whatever the input is: a module.
    if (this.#accept("("))
      return this.#nest(depth === 0 && name === "any" ? "builtin.module" : name, start, anchor, depth);
    const pass = this.#registry.find(name);
    if (!pass) {
      const hint = suggestion(name, [...this.#registry.names(), ...anchors]);
      this.diagnostics.push(passDiagnostics.at("unknown-pass", this.#at(start), { name, suggestion: hint }));
    } else if (!pass.anchors.includes(anchor)) {
      const allowed = pass.anchors.join(" and ");
      this.diagnostics.push(
        passDiagnostics.at("wrong-anchor", this.#at(start), { pass: name, anchor, anchors: allowed }),
      );
    }
    const options = this.#accept("{") ? this.#options(pass) : pass && defaultOptions(pass.options as OptionSpecs);
    return pass && { kind: "pass", pass, options: options ?? {} };
  }

  #nest(name: string, start: number, outer: Anchor, depth: number): PipelineElement | undefined {
    if (depth >= maximumDepth) this.#syntaxError(`at most ${maximumDepth} levels of nesting`);
    // A list that consists of a module's list alone is that list.
    const topmost = depth === 0 && name === "builtin.module";
    if (!isAnchor(name)) {
      const hint = suggestion(name, anchors);
      this.diagnostics.push(passDiagnostics.at("unknown-pass", this.#at(start), { name, suggestion: hint }));
    } else if (!topmost && !nesting[outer].includes(name))
      this.diagnostics.push(passDiagnostics.at("wrong-nesting", this.#at(start), { inner: name, outer }));
    const anchor = isAnchor(name) ? name : outer;
    const elements = this.#list(anchor, depth + 1);
    if (!this.#accept(")")) this.#syntaxError('"," or ")"');
    return isAnchor(name) ? { kind: "nest", anchor, elements } : undefined;
  }

  #name(expected: string): string {
    this.#skipSpace();
    const match = /^[A-Za-z0-9_.-]+/.exec(this.#text.slice(this.#position));
    if (!match) this.#syntaxError(expected);
    this.#position += match[0].length;
    return match[0];
  }

  /** Options up to the closing brace. Those of an unknown pass are skipped over. */
  #options(pass: AnyPass | undefined): Readonly<Record<string, unknown>> {
    const specs: OptionSpecs = pass?.options ?? {};
    const byText = new Map(Object.keys(specs).map((name) => [optionText(name), name]));
    const given = new Set<string>();
    const values: Record<string, unknown> = { ...defaultOptions(specs) };
    while (!this.#accept("}")) {
      const start = this.#position;
      const written = this.#name('an option or "}"');
      const text = this.#text[this.#position] === "=" ? this.#value() : "";
      if (!pass) continue;
      const name = byText.get(written);
      const place = this.#at(start);
      if (name === undefined) {
        const hint = suggestion(written, byText.keys());
        const values = { pass: pass.name, option: written, suggestion: hint };
        this.diagnostics.push(passDiagnostics.at("unknown-option", place, values));
        continue;
      }
      if (given.has(name))
        this.diagnostics.push(passDiagnostics.at("repeated-option", place, { pass: pass.name, option: written }));
      given.add(name);
      const value: unknown = specs[name]!.parse(text);
      if (value === undefined) {
        const { description } = specs[name]!;
        const details = { pass: pass.name, option: written, description, value: text };
        this.diagnostics.push(passDiagnostics.at("bad-option", place, details));
      }
      values[name] = value;
    }
    return values;
  }

  /** The text after `=`: bare up to a space or `}`, or enclosed in quotes or braces. */
  #value(): string {
    this.#position++;
    const rest = this.#text.slice(this.#position);
    const enclosed = /^(?:'([^']*)'|"([^"]*)"|\{([^{}]*)\})/.exec(rest);
    const match = enclosed ?? /^[^\s{}]*/.exec(rest)!;
    this.#position += match[0].length;
    return enclosed ? (enclosed[1] ?? enclosed[2] ?? enclosed[3] ?? "") : match[0];
  }
}
