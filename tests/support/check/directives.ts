/** What a line of a test file asks of the output. */
export type DirectiveKind = "plain" | "next" | "same" | "not" | "dag" | "label" | "empty" | "count";

export interface Directive {
  readonly kind: DirectiveKind;
  readonly pattern: Pattern;
  /** How often a `count` directive must match, else 1. */
  readonly count: number;
  /** One-based line in the test file. */
  readonly line: number;
}

/** A piece of a pattern: text, a regular expression, or a variable that is defined or used. */
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string }
  | { readonly kind: "definition"; readonly name: string; readonly source: string }
  | { readonly kind: "use"; readonly name: string };

/** What is looked for in the output. */
export interface Pattern {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

const suffixes: Readonly<Record<string, DirectiveKind>> = {
  "": "plain",
  "-NEXT": "next",
  "-SAME": "same",
  "-NOT": "not",
  "-DAG": "dag",
  "-LABEL": "label",
  "-EMPTY": "empty",
};

/** The directives of a test file for these prefixes, such as `CHECK`, in order. */
export function directivesOf(text: string, prefixes: readonly string[]): readonly Directive[] {
  const found: Directive[] = [];
  const expression = new RegExp(`(?:^|[^\\w-])(?:${prefixes.join("|")})(-[A-Z]+(?:-\\d+)?)?:(.*)$`);
  text.split("\n").forEach((line, index) => {
    const match = /\/\//.test(line) ? expression.exec(line) : null;
    if (match === null) return;
    const suffix = match[1] ?? "";
    const count = /^-COUNT-(\d+)$/.exec(suffix);
    const kind = count ? "count" : suffixes[suffix];
    if (kind === undefined) throw new Error(`line ${index + 1}: unknown directive ${match[0]!.trim()}`);
    found.push({ kind, count: count ? Number(count[1]) : 1, pattern: patternOf(match[2]!.trim()), line: index + 1 });
  });
  return found;
}

function patternOf(text: string): Pattern {
  const pieces: Piece[] = [];
  const special = /\{\{(.*?)\}\}(?!\})|\[\[(\$?\w+)(?::((?:[^\]]|\](?!\]))*\]?))?\]\]/g;
  let copied = 0;
  for (const match of text.matchAll(special)) {
    if (match.index > copied) pieces.push({ kind: "text", text: text.slice(copied, match.index) });
    const [whole, expression, name, definition] = match;
    if (expression !== undefined) pieces.push({ kind: "expression", source: expression });
    else if (definition === undefined) pieces.push({ kind: "use", name: name! });
    else pieces.push({ kind: "definition", name: name!, source: definition });
    copied = match.index + whole.length;
  }
  if (copied < text.length) pieces.push({ kind: "text", text: text.slice(copied) });
  return { text, pieces };
}

const escaped = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (character) => `\\${character}`).replaceAll(/[ \t]+/g, "[ \\t]+");

/** The pattern as a regular expression under these variables; undefined where it uses one that has no value. */
export function expressionOf(pattern: Pattern, variables: ReadonlyMap<string, string>): RegExp | undefined {
  const defined = new Set<string>();
  let source = "";
  for (const piece of pattern.pieces) {
    if (piece.kind === "text") source += escaped(piece.text);
    else if (piece.kind === "expression") source += `(?:${piece.source})`;
    else if (piece.kind === "definition") {
      source += `(?<${groupOf(piece.name)}>${piece.source})`;
      defined.add(piece.name);
    } else if (defined.has(piece.name)) source += `\\k<${groupOf(piece.name)}>`;
    else {
      const value = variables.get(piece.name);
      if (value === undefined) return undefined;
      source += escaped(value);
    }
  }
  return new RegExp(source, "g");
}

const groupOf = (name: string): string => name.replace("$", "global_");

/** The variables that a match gave values. */
export const definitionsOf = (pattern: Pattern, match: RegExpExecArray): readonly (readonly [string, string])[] =>
  pattern.pieces.flatMap((piece) =>
    piece.kind === "definition" ? [[piece.name, match.groups![groupOf(piece.name)]!] as const] : [],
  );
