import type { Registry } from "../ir/registry.ts";
import type { Analysis } from "./analysis.ts";
import { describeDefinition } from "./hover.ts";
import { definitionOf } from "./text-index.ts";

/** One thing that may be written at a place. */
export interface Completion {
  readonly label: string;
  readonly kind: "operation" | "value" | "symbol" | "attribute-alias" | "type-alias";
  /** Shown beside the label. */
  readonly detail: string;
  /** Markdown, shown on demand. */
  readonly documentation?: string;
  /** Offset where the text that it replaces begins. */
  readonly start: number;
}

/** What may be written at an offset, judged by the characters before it; `text` may be newer than the analysis. */
export function completionsAt(
  text: string,
  offset: number,
  analysis: Analysis,
  registry: Registry,
): readonly Completion[] {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  if (isInComment(line)) return [];
  const word = /[%@#!]?"?[\w$.#-]*$/.exec(line)![0];
  const start = offset - word.length;
  switch (word[0]) {
    case "%":
      return valuesAt(analysis, offset, start);
    case "@":
      return analysis.symbols.map(({ name, operation }) => ({
        label: /^[A-Za-z_][\w$.]*$/.test(name) ? `@${name}` : `@${JSON.stringify(name)}`,
        kind: "symbol",
        detail: operation.op.name,
        start,
      }));
    case "#":
    case "!":
      return aliases(analysis, word[0] === "#" ? "attribute-alias" : "type-alias", start);
    default:
      return isOperationPlace(line.slice(0, line.length - word.length)) ? operations(registry, word, start) : [];
  }
}

const isInComment = (line: string): boolean => line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").includes("//");
/** An operation begins a line, or follows the names of its results. */
const isOperationPlace = (before: string): boolean =>
  /^\s*(?:%[\w$.:#-]+\s*(?:,\s*%[\w$.:#-]+\s*)*=\s*)?$/.test(before);

/** Operation names; quoted ones while the generic form is being written. */
function operations(registry: Registry, word: string, start: number): readonly Completion[] {
  const isQuoted = word.startsWith('"');
  return [...registry.dialects.values()].flatMap((dialect) =>
    dialect.operations.map((definition) => ({
      label: isQuoted ? `"${definition.name}"` : definition.name,
      kind: "operation" as const,
      detail: definition.summary,
      documentation: describeDefinition(definition),
      start,
    })),
  );
}

/** The values that are defined before the offset, in a region around it. */
function valuesAt({ index, text }: Analysis, offset: number, start: number): readonly Completion[] {
  const around = new Set(index.operationsAround(offset));
  const completions = new Map<string, Completion>();
  for (const value of index.values) {
    const place = definitionOf(value)?.range;
    if (place === undefined || place.start >= start) continue;
    // Defined in an operation that has ended, unless as one of its results.
    const holder = index.operationsAround(place.start).find(({ op }) => !op.results.includes(value.id));
    if (holder !== undefined && !around.has(holder)) continue;
    const label = text.slice(place.start, place.end).replace(/:\d+$/, "");
    completions.set(label, { label, kind: "value", detail: value.type.text, start });
  }
  return [...completions.values()];
}

function aliases(
  { names, text }: Analysis,
  kind: "attribute-alias" | "type-alias",
  start: number,
): readonly Completion[] {
  return names
    .filter((name) => name.kind === kind && name.isDefinition)
    .map(({ range }) => {
      const end = text.indexOf("\n", range.end);
      const definition = text.slice(range.end, end < 0 ? text.length : end).replace(/^\s*=\s*/, "");
      return { label: text.slice(range.start, range.end), kind, detail: definition.slice(0, 100), start };
    });
}
