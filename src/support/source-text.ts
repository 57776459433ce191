import { escapeControls } from "./escape.ts";
import { lineStartsOf } from "./line-starts.ts";

/** Characters of a line that are shown around a place. */
const shownCharacters = 160;

/** A text whose lines are asked for by number, many times. */
export class SourceText {
  readonly #text: string;
  readonly #firstLine: number;
  #starts: Uint32Array | undefined;

  /** @param firstLine the number of its first line, in the file that it is a part of */
  constructor(text: string, firstLine = 1) {
    this.#text = text;
    this.#firstLine = firstLine;
  }

  /**
   * The line of a place with a caret under its column, as compilers show it; long lines are cut around the place.
   * @param line one-based
   * @param column one-based; 0 shows no caret
   */
  frame(line: number, column: number): string | undefined {
    const [first, last] = this.#range(line - this.#firstLine) ?? [];
    if (first === undefined || last === undefined) return undefined;
    const begin = Math.max(first, first + column - 1 - shownCharacters / 2);
    const end = Math.min(last, begin + shownCharacters);
    const before = begin > first ? "…" : "";
    const shown = before + visible(this.#text.slice(begin, end)) + (end < last ? "…" : "");
    if (column === 0) return shown;
    const indent = before.length + visible(this.#text.slice(begin, first + column - 1)).length;
    return `${shown}\n${" ".repeat(indent)}^`;
  }

  /** Where a line begins and ends, without the end of line. */
  #range(index: number): readonly [number, number] | undefined {
    const starts = (this.#starts ??= lineStartsOf(this.#text));
    if (index < 0 || index >= starts.length) return undefined;
    const start = starts[index]!;
    const next = starts[index + 1];
    const end = next === undefined ? this.#text.length : next - 1;
    return [start, end > start && this.#text[end - 1] === "\r" ? end - 1 : end];
  }
}

const visible = (text: string): string => escapeControls(text.replaceAll("\t", " "));
