// What a page downloads to run the OCR classifier on WebGPU, with ONNX Runtime Web and with Weft: node benchmarks/download-size.ts
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { compileModule, modelNameOf } from "../src/backends/compile-model.ts";
import { bytesText, table } from "../src/cli/table.ts";
import { packageFile } from "../tests/support/shared-data.ts";
import { importModel, textClassifier } from "./real-models.ts";

/** One file that a page loads. */
interface Download {
  readonly who: string;
  readonly what: string;
  readonly raw: number;
  readonly gzip: number;
}

const download = (who: string, what: string, content: Uint8Array): Download => ({
  who,
  what,
  raw: content.length,
  gzip: gzipSync(content, { level: 9 }).length,
});

const total = (downloads: readonly Download[], size: "raw" | "gzip"): number =>
  downloads.reduce((bytes, download) => bytes + download[size], 0);

/** The files behind `import "onnxruntime-web/webgpu"` and behind the smaller build for browsers with JSPI, and the model. */
function onnxRuntimeWeb(): readonly Download[] {
  const builds = [
    ["onnxruntime-web", ["ort.webgpu.bundle.min.mjs", "ort-wasm-simd-threaded.asyncify.wasm"]],
    ["onnxruntime-web, JSPI", ["ort.jspi.bundle.min.mjs", "ort-wasm-simd-threaded.jspi.wasm"]],
  ] as const;
  return builds.flatMap(([who, files]) => [
    ...files.map((file) => download(who, file, readFileSync(packageFile("onnxruntime-web", "dist", file)))),
    download(who, "the model", readFileSync(textClassifier.path)),
  ]);
}

/** Every file of the artifact that its page loads to run the model. */
function weft(): readonly Download[] {
  const modelName = modelNameOf(textClassifier.path);
  const { artifact } = compileModule(importModel(textClassifier), { target: "wgsl", modelName });
  const contents = [...artifact.files].map(([name, content]) => {
    const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
    return [name, bytes] as const;
  });
  const shaders = contents.filter(([name]) => name.endsWith(".wgsl"));
  const others = contents.filter(([name]) => !/\.(wgsl|html|d\.ts)$/.test(name));
  const compressed = shaders.map(([name, bytes]) => download("weft", name, bytes));
  return [
    ...others.map(([name, bytes]) => download("weft", name, bytes)),
    { who: "weft", what: `${shaders.length} shaders`, raw: total(compressed, "raw"), gzip: total(compressed, "gzip") },
  ];
}

const downloads = [...weft(), ...onnxRuntimeWeb()];
const rows = [...Map.groupBy(downloads, ({ who }) => who)].flatMap(([who, files]) => [
  ...files.map(({ what, raw, gzip }) => [who, what, bytesText(raw), bytesText(gzip)]),
  [who, "together", bytesText(total(files, "raw")), bytesText(total(files, "gzip"))],
]);
process.stdout.write(`${table(["runtime", "file", "raw", "gzip"], rows)}\n`);
