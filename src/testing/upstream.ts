import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The release of MLIR that the text is held against; Debian's package `mlir-22-tools` has its programs. */
export const upstreamRelease = 22;

/** Full path of a program of upstream's, such as `mlir-opt`. @throws Error that says what to install. */
export function upstreamTool(name: string): string {
  const numbered = `${name}-${upstreamRelease}`;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), `/usr/lib/llvm-${upstreamRelease}/bin`];
  for (const folder of folders)
    for (const file of [numbered, name]) {
      const path = join(folder, file);
      if (folder !== "" && existsSync(path) && (file === numbered || folder.includes(`llvm-${upstreamRelease}`)))
        return path;
    }
  throw new Error(`${numbered} is missing: apt-get install mlir-${upstreamRelease}-tools`);
}

/** What became of one text in upstream's `mlir-opt`. */
export type UpstreamResult =
  | { readonly kind: "printed"; readonly text: string }
  /** Its first error. */
  | { readonly kind: "refused"; readonly message: string };

/** The first error in what one of upstream's tools wrote, or else its first line. */
export function firstError(text: string): string {
  const lines = text.split("\n");
  return (lines.find((line) => line.includes("error:")) ?? lines[0] ?? "").trim().slice(0, 400);
}

const separator = "// -----\n";

/**
 * What `mlir-opt OPTIONS` prints for each text. Many texts go to one process, as chunks of one file; where one of them is
 * refused, the others are asked again without it.
 */
export function upstreamPrints(texts: readonly string[], options: readonly string[]): readonly UpstreamResult[] {
  if (texts.length === 0) return [];
  const run = spawnSync(
    upstreamTool("mlir-opt"),
    ["--allow-unregistered-dialect", "--split-input-file", ...options, "-"],
    { input: texts.map((text) => (text.endsWith("\n") ? text : `${text}\n`)).join(separator), maxBuffer: 2 ** 30 },
  );
  const printed = run.stdout.toString("utf8").split(new RegExp(`^${separator}`, "m"));
  if (run.status === 0 && printed.length === texts.length)
    return printed.map((text) => ({ kind: "printed", text: text.replace(/\n\n$/, "\n") }));
  if (texts.length === 1) {
    const message = firstError(run.stderr.toString("utf8"));
    return [{ kind: "refused", message: message || `ended with ${run.signal ?? run.status}` }];
  }
  const half = texts.length >> 1;
  return [...upstreamPrints(texts.slice(0, half), options), ...upstreamPrints(texts.slice(half), options)];
}
