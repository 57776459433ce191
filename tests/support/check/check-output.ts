import { definitionsOf, type Directive, directivesOf, expressionOf } from "./directives.ts";

/** Thrown when the output is not as the file says; the message shows where. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Checks a tool's output against the directives of a test file, as LLVM's FileCheck does: CHECK, -NEXT, -SAME, -NOT, -DAG, -LABEL,
 * -EMPTY, -COUNT-n, `{{regular expressions}}` and `[[VARIABLE:expression]]`. Runs of blanks match each other.
 * @throws CheckFailure
 */
export function checkOutput(output: string, testFile: string, prefixes: readonly string[] = ["CHECK"]): void {
  const directives = directivesOf(testFile, prefixes);
  if (directives.length === 0) throw new CheckFailure(`no ${prefixes.join(" or ")} line in the test file`);
  new Checker(output).run(directives);
}

class Checker {
  readonly #output: string;
  readonly #variables = new Map<string, string>();
  /** End of the last match. */
  #position = 0;
  /** Where the present block ends: at the next label. */
  #limit: number;
  #pendingNots: Directive[] = [];

  constructor(output: string) {
    this.#output = output;
    this.#limit = output.length;
  }

  run(directives: readonly Directive[]): void {
    const labels = this.#labels(directives);
    let label = 0;
    this.#limit = labels[0]?.start ?? this.#output.length;
    for (let index = 0; index < directives.length; index++) {
      const directive = directives[index]!;
      if (directive.kind === "label") {
        const span = labels[label++]!;
        this.#checkNots(span.start);
        this.#position = span.end;
        this.#limit = labels[label]?.start ?? this.#output.length;
      } else if (directive.kind === "dag") {
        let end = index;
        while (directives[end + 1]?.kind === "dag") end++;
        this.#dags(directives.slice(index, end + 1));
        index = end;
      } else this.#directive(directive);
    }
    this.#checkNots(this.#limit);
  }

  /** Labels are found first, each after the one before; they divide the output. */
  #labels(directives: readonly Directive[]): readonly Span[] {
    let position = 0;
    return directives
      .filter(({ kind }) => kind === "label")
      .map((directive) => {
        const match = this.#search(directive, position, this.#output.length);
        if (match === undefined) return this.#fail(directive, "label not found", position);
        position = match.end;
        return match;
      });
  }

  #directive(directive: Directive): void {
    switch (directive.kind) {
      case "not":
        this.#pendingNots.push(directive);
        return;
      case "next":
      case "empty":
        return this.#nextLine(directive);
      case "same":
        return this.#sameLine(directive);
      default:
        for (let count = 0; count < directive.count; count++) this.#plain(directive);
    }
  }

  #plain(directive: Directive): void {
    const match = this.#search(directive, this.#position, this.#limit);
    if (match === undefined) return this.#fail(directive, "not found", this.#position);
    this.#checkNots(match.start);
    this.#position = match.end;
  }

  #lineEnd(position: number): number {
    const end = this.#output.indexOf("\n", position);
    return end < 0 ? this.#output.length : end;
  }

  #nextLine(directive: Directive): void {
    const start = Math.min(this.#lineEnd(this.#position) + 1, this.#output.length);
    const end = this.#lineEnd(start);
    if (directive.kind === "empty") {
      if (this.#output.slice(start, end).trim() !== "") this.#fail(directive, "the next line is not empty", start);
      this.#position = start;
      return;
    }
    const match = this.#search(directive, start, end);
    if (match === undefined) return this.#fail(directive, "not on the next line", start);
    this.#checkNots(match.start);
    this.#position = match.end;
  }

  #sameLine(directive: Directive): void {
    const match = this.#search(directive, this.#position, this.#lineEnd(this.#position));
    if (match === undefined) return this.#fail(directive, "not on the same line", this.#position);
    this.#checkNots(match.start);
    this.#position = match.end;
  }

  /** Each of a group may come anywhere after the last match, in any order, but not over another. */
  #dags(group: readonly Directive[]): void {
    const start = this.#position;
    const taken: Span[] = [];
    for (const directive of group) {
      let from = start;
      for (;;) {
        const match = this.#search(directive, from, this.#limit);
        if (match === undefined) return this.#fail(directive, "not found", start);
        const overlapped = taken.find((span) => match.start < span.end && span.start < match.end);
        if (overlapped === undefined) {
          taken.push(match);
          break;
        }
        from = overlapped.end;
      }
    }
    this.#checkNots(Math.min(...taken.map((span) => span.start)));
    this.#position = Math.max(...taken.map((span) => span.end));
  }

  #checkNots(end: number): void {
    for (const directive of this.#pendingNots) {
      const match = this.#search(directive, this.#position, end);
      if (match !== undefined) this.#fail(directive, "found what must not be there", match.start);
    }
    this.#pendingNots = [];
  }

  /** Looks for the pattern between two places; variables it defines get their values. */
  #search(directive: Directive, from: number, to: number): Span | undefined {
    const expression = expressionOf(directive.pattern, this.#variables);
    if (expression === undefined) return this.#fail(directive, "uses a variable that has no value", from);
    expression.lastIndex = from;
    const match = expression.exec(this.#output.slice(0, Math.max(from, to)));
    if (match === null) return undefined;
    if (directive.kind !== "not")
      for (const [name, value] of definitionsOf(directive.pattern, match)) this.#variables.set(name, value);
    return { start: match.index, end: match.index + match[0].length };
  }

  #fail(directive: Directive, what: string, position: number): never {
    const before = this.#output.slice(0, position).split("\n").length;
    const lines = this.#output.split("\n").slice(Math.max(0, before - 2), before + 12);
    const values = [...this.#variables].map(([name, value]) => `  ${name} = ${value}`).join("\n");
    throw new CheckFailure(
      `line ${directive.line}: ${directive.pattern.text}\n  ${what}; looked from line ${before} of the output:\n` +
        `${lines.map((line) => `  | ${line}`).join("\n")}${values === "" ? "" : `\nvariables:\n${values}`}`,
    );
  }
}
