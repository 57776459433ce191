import { CompileError } from "../../../src/support/diagnostic.ts";
import { unknownLocation } from "../../../src/support/location.ts";
import { ocrDiagnostics } from "../diagnostics.ts";
import type { EngineFactory } from "../engine.ts";

/** Will compile a network to C for the given shape and load it. The compiler cannot do that yet, and this says so. */
export const createWeftEngine: EngineFactory = async () => {
  const values = { engine: "weft", reason: "the compiler cannot compile these networks yet" };
  throw new CompileError([ocrDiagnostics.at("missing-engine", unknownLocation, values)]);
};
