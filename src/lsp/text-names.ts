import type { TextRange } from "../ir/text/parse-observer.ts";

/** A symbol or alias where it stands in a text. */
export interface TextName {
  readonly kind: "symbol" | "attribute-alias" | "type-alias";
  /** Without its mark and quotes. */
  readonly name: string;
  readonly range: TextRange;
  /** The symbol before `::`, for a reference into a nested symbol table. */
  readonly within: TextName | undefined;
  /** Whether an alias is defined here. */
  readonly isDefinition: boolean;
}

const kinds = { "@": "symbol", "#": "attribute-alias", "!": "type-alias" } as const;
// Comments and strings come first, so that nothing inside them is taken for a name.
const pattern = /\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|@"((?:[^"\\\n]|\\.)*)"|([@#!])([A-Za-z_$][\w$.-]*)/g;

/** The symbols and aliases that a text names, in order. Found without parsing, so also in a text with errors. */
export function namesIn(text: string): readonly TextName[] {
  const names: TextName[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, quoted, mark, plain] = match;
    if (quoted === undefined && mark === undefined) continue;
    const range = { start: match.index, end: match.index + whole.length };
    const previous = names.at(-1);
    const isNested =
      previous?.kind === "symbol" && text.slice(previous.range.end, range.start) === "::" ? previous : undefined;
    const kind = kinds[(mark ?? "@") as keyof typeof kinds];
    names.push({
      kind,
      name: quoted ?? plain!,
      range,
      within: isNested,
      isDefinition:
        kind !== "symbol" && isLineStart(text, range.start) && /^\s*=/.test(text.slice(range.end, range.end + 100)),
    });
  }
  return names;
}
const isLineStart = (text: string, offset: number): boolean =>
  text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";
