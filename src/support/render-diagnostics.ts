import picocolors from "picocolors";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { describeLocation, type Location } from "./location.ts";
import { codeFrame } from "./code-frame.ts";
import { escapeControls } from "./escape.ts";

/** How diagnostics are printed. */
export interface RenderOptions {
  /** Texts of files by name, for code frames. */
  readonly sources?: ReadonlyMap<string, string>;
  readonly color?: boolean;
}

type Paint = (text: string) => string;
const plain: Paint = (text) => text;

/** Diagnostics as a terminal shows them: code, message, place with a code frame, notes and cure. Hostile text is escaped. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const colors = picocolors.createColors(options.color ?? false);
  const paints: Readonly<Record<Severity, Paint>> = { error: colors.red, warning: colors.yellow, note: colors.cyan };
  return diagnostics
    .map((diagnostic) => renderOne(diagnostic, paints[diagnostic.severity], options.sources, colors.dim ?? plain))
    .join("\n");
}

function renderOne(
  { severity, code, message, location, notes, help }: Diagnostic,
  paint: Paint,
  sources: ReadonlyMap<string, string> | undefined,
  dim: Paint,
): string {
  const lines = [`${paint(`${severity}[${code}]`)}: ${escapeControls(message)}`];
  if (location.kind !== "unknown") lines.push(dim(`  --> ${escapeControls(describeLocation(location))}`));
  const frame = frameOf(location, sources);
  if (frame !== undefined) lines.push(frame);
  for (const note of notes) {
    const place = note.location.kind === "unknown" ? "" : ` (${escapeControls(describeLocation(note.location))})`;
    lines.push(`  note: ${escapeControls(note.message)}${place}`);
  }
  if (help !== undefined) lines.push(`  help: ${escapeControls(help)}`);
  return lines.join("\n");
}

function frameOf(location: Location, sources: ReadonlyMap<string, string> | undefined): string | undefined {
  if (location.kind === "name") return frameOf(location.child, sources);
  if (location.kind !== "file" || location.line === 0) return undefined;
  const text = sources?.get(location.file);
  return text === undefined ? undefined : codeFrame(text, location.line, location.column);
}
