import { CompileError } from "../../src/support/diagnostic.ts";
import { unknownLocation } from "../../src/support/location.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import type { Tensor } from "./engine.ts";
import { lineTensor } from "./line.ts";
import type { Picture } from "./image.ts";

/** The classifier's input shape. */
export const classifierInputShape = [1, 3, 48, 192] as const;

/** PaddleOCR's threshold: a line is turned only when the classifier is this sure. */
const turnThreshold = 0.9;

/** The classifier's input for one line. */
export const classifierInput = (line: Picture): Tensor => lineTensor(line, classifierInputShape[3]);

/** Whether a line is upside down, from the classifier's output (1 x 2: the probabilities of 0 and of 180 degrees). */
export function isUpsideDown(output: Tensor | undefined): boolean {
  if (output?.shape.join() !== "1,2") {
    const values = { network: "classifier", found: output ? output.shape.join("x") : "none", expected: "1x2" };
    throw new CompileError([ocrDiagnostics.at("wrong-output", unknownLocation, values)]);
  }
  return output.data[1]! > turnThreshold;
}
