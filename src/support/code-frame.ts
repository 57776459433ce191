import { escapeControls } from "./escape.ts";

/** Characters of a line that are shown around the place. */
const window = 100;

/**
 * The line of a place with a caret under its column; long lines are cut around it.
 * @param line one-based
 * @param column one-based; 0 shows no caret
 */
export function codeFrame(text: string, line: number, column: number): string | undefined {
  const content = lineOf(text, line);
  if (content === undefined) return undefined;
  const start = Math.max(0, column - 1 - window / 2);
  const shown = escapeControls(content.slice(start, start + window).replaceAll("\t", " "));
  const gutter = String(line);
  const before = `${gutter} | ${start > 0 ? "…" : ""}`;
  const frame = `  ${before}${shown}${start + window < content.length ? "…" : ""}`;
  if (column === 0) return frame;
  const caretColumn = escapeControls(content.slice(start, column - 1).replaceAll("\t", " ")).length;
  return `${frame}\n  ${" ".repeat(gutter.length)} | ${" ".repeat((start > 0 ? 1 : 0) + caretColumn)}^`;
}

/** A line without reading the text as a list of lines: it may be very long. */
function lineOf(text: string, line: number): string | undefined {
  let start = 0;
  for (let current = 1; current < line; current++) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
}
