import { CompileError } from "../../../support/diagnostic.ts";
import { fileLocation } from "../../../support/location.ts";
import { onnxDiagnostics } from "../diagnostics.ts";
import { type ModelProto, ModelProtoSchema } from "./onnx_pb.ts";
import { readMessage } from "./wire.ts";

/** The newest IR version of onnx.proto. */
const newestIrVersion = 14;

/** Where a model came from. */
export interface ModelSource {
  /** The file's name, for messages. */
  readonly file: string;
  /** The folder that its external data is in; undefined refuses external data. */
  readonly folder: string | undefined;
}

/**
 * Decodes an .onnx file. Tensor bytes stay views of `bytes`.
 * @throws CompileError for anything but a well-formed model of a known IR version.
 */
export function readModel(bytes: Uint8Array, source: ModelSource): ModelProto {
  const { file } = source;
  const model = readMessage(ModelProtoSchema, bytes, file);
  const location = fileLocation(file);
  if (model.irVersion === 0n && model.graph === undefined) {
    throw new CompileError([onnxDiagnostics.at("not-a-model", location, { missing: "ir_version and graph" })]);
  }
  if (model.irVersion < 1n || model.irVersion > BigInt(newestIrVersion)) {
    const values = { found: model.irVersion, newest: newestIrVersion };
    throw new CompileError([onnxDiagnostics.at("ir-version", location, values)]);
  }
  if (model.graph === undefined) throw new CompileError([onnxDiagnostics.at("graph-missing", location, {})]);
  return model;
}
