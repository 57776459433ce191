import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "../../src/support/diagnostic.ts";
import { describeLocation } from "../../src/support/location.ts";
import type { Compilation } from "./engine.ts";
import type { OcrResult } from "./pipeline.ts";

/** The colours that a report uses; each wraps a text in the codes of the terminal, or returns it as it is. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** One cell of a table: what it says, how it is aligned, and how it is coloured. */
interface Cell {
  readonly text: string;
  readonly align: "left" | "right";
  readonly colour: (text: string) => string;
}

const plain = (text: string): string => text;
const left = (text: string, colour: Cell["colour"] = plain): Cell => ({ text, align: "left", colour });
const right = (text: string, colour: Cell["colour"] = plain): Cell => ({ text, align: "right", colour });

/** Rows as indented lines with their columns aligned. */
function table(rows: readonly (readonly Cell[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach(({ text }, column) => (widths[column] = Math.max(widths[column] ?? 0, text.length)));
  const line = (row: readonly Cell[]): string =>
    row
      .map(({ text, align, colour }, column) => {
        const padding = " ".repeat(widths[column]! - text.length);
        return align === "left" ? colour(text) + padding : padding + colour(text);
      })
      .join("   ");
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join("\n");
}

const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;

/** The lines of text that were found, with their scores. */
export function reportLines({ lines }: OcrResult, colours: Colours): string {
  if (lines.length === 0) return "  no text was found";
  const scoreColour = (score: number): Cell["colour"] =>
    score >= 0.9 ? colours.green : score >= 0.7 ? colours.yellow : colours.red;
  return table([
    [right("line", colours.dim), right("score", colours.dim), left("text", colours.dim)],
    ...lines.map(({ text, score, upsideDown }, index) => [
      right(`${index + 1}`, colours.dim),
      right(score.toFixed(3), scoreColour(score)),
      left(text, colours.bold),
      left(upsideDown ? "(was upside down)" : "", colours.dim),
    ]),
  ]);
}

/** The time of each stage, split into the network and the work around it. */
export function reportStages({ stages }: OcrResult, colours: Colours): string {
  const network = stages.reduce((sum, stage) => sum + stage.networkMilliseconds, 0);
  const around = stages.reduce((sum, stage) => sum + stage.aroundMilliseconds, 0);
  const heading = ["stage", "runs", "network", "around it", "together"];
  const times = (inside: number, outside: number): readonly Cell[] =>
    [inside, outside, inside + outside].map((milliseconds) => right(duration(milliseconds)));
  return table([
    heading.map((text, column) => (column === 0 ? left(text, colours.dim) : right(text, colours.dim))),
    ...stages.map((stage) => [
      left(stage.network, colours.cyan),
      right(`${stage.runs}`),
      ...times(stage.networkMilliseconds, stage.aroundMilliseconds),
    ]),
    [left("all"), right(""), ...times(network, around)],
  ]);
}

/** How long it took to make each network ready for its shape. */
export function reportCompilations(compilations: readonly Compilation[], colours: Colours): string {
  const total = compilations.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return table([
    [left("network", colours.dim), left("input", colours.dim), right("compile time", colours.dim)],
    ...compilations.map(({ network, inputShape, milliseconds }) => [
      left(network, colours.cyan),
      left(inputShape.join("x")),
      right(duration(milliseconds)),
    ]),
    [left("all"), left(""), right(duration(total))],
  ]);
}

/** A diagnostic as lines for the terminal: what, where, and the cure. */
export function reportDiagnostic({ code, message, location, help }: Diagnostic, colours: Colours): string {
  const lines = [`${colours.red(`error[${code}]`)}: ${printable(message)}`];
  if (location.kind !== "unknown") lines.push(`  at ${printable(describeLocation(location))}`);
  if (help !== undefined) lines.push(`  help: ${help}`);
  return lines.join("\n");
}

/** The text without anything that would steer the terminal: file names and what a file holds come from strangers. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
