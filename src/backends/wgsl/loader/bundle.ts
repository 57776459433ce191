import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { FileContent } from "../../artifact.ts";

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

let files: ReadonlyMap<string, FileContent> | undefined;

/**
 * The files of an artifact for WebGPU that are the same for every model: the loader as one module, its types, and a page that runs
 * the model.
 */
export function loaderFiles(): ReadonlyMap<string, FileContent> {
  return (files ??= new Map([
    ["weft-webgpu.js", bundledLoader()],
    ["weft-webgpu.d.ts", readFileSync(pathOf("weft-webgpu.d.ts"), "utf8")],
    ["index.html", readFileSync(pathOf("../page/index.html"), "utf8")],
  ]));
}

function bundledLoader(): string {
  // Loaded here, since most commands of the compiler need it not.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [pathOf("index.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    banner: { js: "// Runs models that Weft compiled for WebGPU. Types: weft-webgpu.d.ts." },
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}
