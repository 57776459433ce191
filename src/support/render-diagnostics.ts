import picocolors from "picocolors";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { describeLocation, type Location } from "./location.ts";
import { SourceText } from "./source-text.ts";

/** How diagnostics are printed. */
export interface RenderOptions {
  /** Texts of files by name, to show lines of. */
  readonly sources?: ReadonlyMap<string, string | SourceText>;
  readonly color?: boolean;
}

/**
 * Diagnostics as compilers print them, so that editors and scripts find the places: `file:line:column: error: message [code]`, the
 * line with a caret under the column, notes likewise, and the cure. Hostile text is escaped.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const renderer = new Renderer(options);
  return diagnostics.map((diagnostic) => renderer.render(diagnostic)).join("\n");
}

class Renderer {
  readonly #sources: Map<string, SourceText>;
  readonly #colors: ReturnType<typeof picocolors.createColors>;

  constructor({ sources = new Map(), color = false }: RenderOptions) {
    const texts = [...sources].map(([file, text]) => [file, text instanceof SourceText ? text : new SourceText(text)]);
    this.#sources = new Map(texts as [string, SourceText][]);
    this.#colors = picocolors.createColors(color);
  }

  render({ severity, code, message, location, notes, help }: Diagnostic): string {
    const lines = [this.#line(severity, `${message} [${code}]`, location)];
    const frame = this.#frame(location);
    if (frame !== undefined) lines.push(frame);
    for (const note of notes) {
      lines.push(this.#line("note", note.message, note.location));
      const noteFrame = this.#frame(note.location);
      if (noteFrame !== undefined) lines.push(noteFrame);
    }
    if (help !== undefined) lines.push(`  help: ${escapeControls(help)}`);
    return lines.join("\n");
  }

  #line(severity: Severity, text: string, location: Location): string {
    const { bold, red, yellow, cyan } = this.#colors;
    const paint = { error: red, warning: yellow, note: cyan }[severity];
    const place = location.kind === "unknown" ? "" : `${bold(escapeControls(describeLocation(location)))}: `;
    return `${place}${paint(`${severity}:`)} ${escapeControls(text)}`;
  }

  #frame(location: Location): string | undefined {
    if (location.kind === "name") return this.#frame(location.child);
    if (location.kind !== "file" || location.line === 0) return undefined;
    return this.#sources.get(location.file)?.frame(location.line, location.column);
  }
}
