import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CompileError, type Diagnostic, throwOnErrors } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { hoistConstants } from "./constants.ts";
import { decodeModel } from "./decode-model.ts";
import { onnxDiagnostics, quote } from "./diagnostics.ts";
import { inlineFunctions } from "./functions.ts";
import type { OnnxModel } from "./graph.ts";
import { type ModelSource, readModel } from "./protobuf/read-model.ts";
import { tensorContext } from "./tensor.ts";
import { upgradeModel } from "./upgrades/upgrade.ts";
import { validateModel } from "./validate.ts";

/** Protobuf's own limit: lengths are 31-bit numbers. */
const largestFile = 2 ** 31 - 1;

/**
 * Loads the model in an .onnx file: reads, validates, inlines its functions and upgrades its operators.
 * @throws CompileError with everything that is wrong with the model
 */
export function loadOnnxModel(path: string): OnnxModel {
  return loadOnnxModelFromBytes(readFile(path), { file: path, folder: dirname(path) });
}

/** {@link loadOnnxModel} for a model in memory. The tensors may be views of `bytes`, which must not change any more. */
export function loadOnnxModelFromBytes(bytes: Uint8Array, source: ModelSource): OnnxModel {
  const diagnostics: Diagnostic[] = [];
  const context = tensorContext(source.file, source.folder);
  const decoded = decodeModel(readModel(bytes, source), context, diagnostics);
  const validated = validateModel(decoded, diagnostics);
  throwOnErrors(diagnostics);
  const inlined = inlineFunctions(validated);
  return upgradeModel({ ...inlined, graph: hoistConstants(inlined.graph, source.file) });
}

function readFile(path: string): Uint8Array {
  const location = fileLocation(path);
  let size: number;
  try {
    const facts = statSync(path);
    if (!facts.isFile()) throw new Error(`${quote(path)} is not a file`);
    size = facts.size;
    if (size <= largestFile) return readFileSync(path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([onnxDiagnostics.at("file-unreadable", location, { cause })]);
  }
  throw new CompileError([onnxDiagnostics.at("file-too-large", location, { size, limit: largestFile })]);
}
