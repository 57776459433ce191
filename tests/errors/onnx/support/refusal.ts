import { loadOnnxModelFromBytes } from "../../../../src/frontends/onnx/load.ts";
import { CompileError, type Diagnostic } from "../../../../src/support/diagnostic.ts";
import { describeLocation } from "../../../../src/support/location.ts";

/** What a refused input says; fails if it is accepted, or refused by anything but a diagnostic. */
export function refusal(run: () => unknown): readonly Diagnostic[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
  throw new Error("the input was accepted");
}

export const refusalOf = (bytes: Uint8Array, folder?: string): readonly Diagnostic[] =>
  refusal(() => loadOnnxModelFromBytes(bytes, { file: "bad.onnx", folder }));

/** `code @ place` of every diagnostic. */
export const codesAndPlaces = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ code, location }) => `${code} @ ${describeLocation(location)}`);
