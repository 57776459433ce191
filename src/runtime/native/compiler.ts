import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Artifact, Manifest } from "../../backends/artifact.ts";
import { manifestFile } from "../../backends/artifact.ts";
import { writeArtifactFiles } from "../../backends/write-artifact.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { contentHash } from "../../support/hash.ts";
import { unknownLocation } from "../../support/location.ts";
import { nativeDiagnostics } from "./diagnostics.ts";

/** How generated C is compiled. */
export interface CompilerOptions {
  /** The compiler's command; `$CC`, else `gcc`. */
  readonly compiler?: string;
  /** Flags in place of {@link defaultFlags}. */
  readonly flags?: readonly string[];
  /** Folder for shared libraries, kept between runs: what was compiled before is not compiled again. */
  readonly cacheDir?: string;
}

/**
 * `-ffp-contract=fast` lets a product and a sum become one fused multiply-add; `-fno-math-errno` and `-fno-trapping-math`
 * give up errno and floating-point traps, which nothing here looks at. Values are otherwise IEEE's: no `-ffast-math`.
 */
export const floatFlags: readonly string[] = ["-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"];
export const defaultFlags: readonly string[] = ["-O3", "-march=native", ...floatFlags];

/** Language and threading flags that an artifact needs whatever else it is compiled with. */
export function languageFlags(manifest: Manifest): readonly string[] {
  const flags = manifest.options["cDialect"] === "c99" ? ["-std=c99"] : ["-std=gnu11", "-Wno-psabi"];
  return Number(manifest.options["threads"] ?? 1) > 1 ? [...flags, "-fopenmp"] : flags;
}

export const compilerCommand = (options: CompilerOptions): string => options.compiler ?? process.env["CC"] ?? "gcc";

/** Runs a compiler. @throws CompileError `native/no-compiler`, `native/compile-failed` with the compiler's own words */
export async function runCompiler(
  compiler: string,
  commandArguments: readonly string[],
  folder: string,
  what: string,
): Promise<void> {
  const child = spawn(compiler, commandArguments, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (data: Buffer) => {
    if (output.length < 4000) output += data.toString();
  });
  const status = await new Promise<number | string>((settle, fail) => {
    child.on("error", (error) => {
      const values = { compiler, cause: error.message };
      fail(new CompileError([nativeDiagnostics.at("no-compiler", unknownLocation, values)]));
    });
    child.on("close", (code, signal) => settle(code ?? signal ?? "?"));
  });
  if (status === 0) return;
  const values = { compiler, what, status: typeof status === "number" ? `status ${status}` : status };
  throw new CompileError([
    nativeDiagnostics.at("compile-failed", unknownLocation, { ...values, output: output.slice(0, 4000).trim() }),
  ]);
}

/** What identifies a compiled library: every file of the artifact and how it was compiled. */
function artifactKey(artifact: Artifact, command: readonly string[]): string {
  const parts: string[] = [...command, artifact.manifest.weightsHash];
  for (const [name, content] of artifact.files) {
    const pieces =
      typeof content === "string" ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
    // The manifest tells the weights apart: a library loads one set of them, so other weights need another library.
    if (name !== artifact.manifest.weightsFile) parts.push(name, ...pieces.map(contentHash));
  }
  return contentHash(Buffer.from(parts.join("\0")));
}

/** An artifact's folder, read back. The weights stay on the disk. */
export function readArtifact(folder: string): Artifact {
  const manifest = JSON.parse(readFileSync(join(folder, manifestFile), "utf8")) as Manifest;
  const names = [...manifest.sources, `${manifest.prefix}.h`, `${manifest.prefix}.weights.bin`];
  const present = names.filter((name) => name !== manifest.weightsFile && existsSync(join(folder, name)));
  return { manifest, files: new Map(present.map((name) => [name, readFileSync(join(folder, name))])) };
}

/**
 * Compiles an artifact (or the folder of one) to a shared library.
 * @returns the library's path: in `cacheDir` when given, else in a fresh temporary folder
 * @throws CompileError when there is no compiler or it fails
 */
export async function buildSharedLibrary(from: Artifact | string, options: CompilerOptions = {}): Promise<string> {
  const artifact = typeof from === "string" ? readArtifact(from) : from;
  const compiler = compilerCommand(options);
  const flags = [...languageFlags(artifact.manifest), ...(options.flags ?? defaultFlags), "-fPIC", "-shared"];
  const { prefix, sources } = artifact.manifest;
  const folder = options.cacheDir === undefined ? mkdtempSync(join(tmpdir(), "weft-")) : resolve(options.cacheDir);
  mkdirSync(folder, { recursive: true });
  const library = join(folder, `${prefix}-${artifactKey(artifact, [compiler, ...flags])}.so`);
  if (existsSync(library)) return library;
  const work = mkdtempSync(join(tmpdir(), "weft-build-"));
  try {
    writeArtifactFiles(artifact, work);
    const unfinished = join(folder, `.${randomUUID()}.so`);
    await runCompiler(compiler, [...flags, "-o", unfinished, ...sources, "-lm"], work, prefix);
    renameSync(unfinished, library);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return library;
}
