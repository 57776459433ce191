import { type Diagnostic } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { textDiagnostics } from "./diagnostics.ts";

/** What separates the parts of a file that are read one by one, as `mlir-opt --split-input-file` has it. */
export const defaultSplitMarker = "// -----";

/** A part of a file: a text of its own, with errors that carry the lines of the whole file. */
export interface InputChunk {
  readonly text: string;
  /** One-based line of the file at which the text begins. */
  readonly firstLine: number;
}

/** Characters of the marker that a near miss may lack. */
const markerTail = 2;

/**
 * Splits a file at a marker, wherever it stands on a line. What is before a marker at the very beginning is no part, and a marker
 * at the very end begins none.
 */
export function splitInput(text: string, marker: string = defaultSplitMarker): readonly InputChunk[] {
  if (marker === "") return [{ text, firstLine: 1 }];
  const chunks: InputChunk[] = [];
  const lines = new LineCounter(text);
  let start = 0;
  for (let found = text.indexOf(marker); found >= 0; found = text.indexOf(marker, found + marker.length)) {
    const next = found + marker.length;
    if (next === text.length) break;
    if (found > 0) chunks.push({ text: text.slice(start, found), firstLine: lines.at(start) });
    start = next;
  }
  chunks.push({ text: text.slice(start), firstLine: lines.at(start) });
  return chunks;
}

/** A warning for each place that looks like a marker but is none, as upstream has it: the marker without its last characters. */
export function nearSplitMarkers(text: string, file: string, marker: string = defaultSplitMarker): Diagnostic[] {
  const prefix = marker.slice(0, -markerTail);
  if (prefix === "") return [];
  const found: Diagnostic[] = [];
  const lines = new LineCounter(text);
  for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + prefix.length)) {
    if (text.startsWith(marker, at)) continue;
    const line = lines.at(at);
    const column = at - text.lastIndexOf("\n", at) + prefix.length;
    found.push(textDiagnostics.at("near-split-marker", fileLocation(file, line, column), { marker }));
  }
  return found;
}

/** Lines of ascending offsets, counted in one walk. */
class LineCounter {
  readonly #text: string;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    for (
      let newline = this.#text.indexOf("\n", this.#counted);
      newline >= 0 && newline < offset;
      newline = this.#text.indexOf("\n", newline + 1)
    ) {
      this.#line++;
      this.#counted = newline + 1;
    }
    return this.#line;
  }
}
