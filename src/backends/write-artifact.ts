import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CompileError } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { type Artifact, type FileContent, manifestFile } from "./artifact.ts";
import { backendDiagnostics } from "./diagnostics.ts";

/** Whether a folder may be replaced: there is none, it is empty, or its manifest says that Weft wrote it. */
function isReplaceable(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    if (readdirSync(folder).length === 0) return true;
    const manifest: unknown = JSON.parse(readFileSync(join(folder, manifestFile), "utf8"));
    return (
      typeof manifest === "object" && manifest !== null && "format" in manifest && manifest.format === "weft-artifact"
    );
  } catch {
    return false;
  }
}

function writeContent(path: string, content: FileContent): void {
  if (typeof content === "string" || content instanceof Uint8Array) return writeFileSync(path, content);
  const file = openSync(path, "w");
  try {
    for (const piece of content)
      for (let written = 0; written < piece.length;) written += writeSync(file, piece, written, piece.length - written);
  } finally {
    closeSync(file);
  }
}

/** Writes an artifact's files into a folder that exists; for callers that manage folders themselves. */
export function writeArtifactFiles(artifact: Artifact, folder: string): void {
  for (const [name, content] of artifact.files) writeContent(join(folder, name), content);
}

/**
 * Writes an artifact as a folder. The files are written to a temporary folder beside the target, which then takes the
 * target's name, so that a reader never sees half of it. An older artifact of Weft is replaced.
 * @throws CompileError `backend/foreign-folder` when the folder holds something else, `backend/write-failed`
 */
export function writeArtifact(artifact: Artifact, folder: string): void {
  const target = resolve(folder);
  if (!isReplaceable(target))
    throw new CompileError([backendDiagnostics.at("foreign-folder", unknownLocation, { folder })]);
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(target), { recursive: true });
    temporary = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    const fresh = join(temporary, "new");
    mkdirSync(fresh);
    writeArtifactFiles(artifact, fresh);
    const replaces = existsSync(target);
    if (replaces) renameSync(target, join(temporary, "old"));
    try {
      renameSync(fresh, target);
    } catch (error) {
      if (replaces) renameSync(join(temporary, "old"), target);
      throw error;
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([backendDiagnostics.at("write-failed", unknownLocation, { folder, cause })]);
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}
