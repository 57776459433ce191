import { CompileError } from "../../src/support/diagnostic.ts";
import { unknownLocation } from "../../src/support/location.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import type { PictureShape, Tensor } from "./engine.ts";
import type { Picture } from "./image.ts";
import { lineHeight, lineTensor, lineWidth } from "./line.ts";

/** A line of text as the recogniser read it. */
export interface Reading {
  readonly text: string;
  /** The mean probability of its characters, 0 to 1; 0 when there is none. */
  readonly score: number;
}

const widthMultiple = 32;
const smallestWidth = 320;
/** Lines longer than this are squeezed: it holds more than 100 characters, and bounds the memory a strange picture can ask for. */
const largestWidth = 2560;

/**
 * One input shape for all of a picture's lines, wide enough for the longest: a network compiled for static shapes is then compiled
 * once, and the shorter lines are padded.
 */
export function recogniserInputShape(lines: readonly Picture[]): PictureShape {
  const longest = lines.reduce((width, line) => Math.max(width, lineWidth(line)), smallestWidth);
  const width = Math.min(largestWidth, Math.ceil(longest / widthMultiple) * widthMultiple);
  return [1, 3, lineHeight, width];
}

/** The recogniser's input for one line. */
export const recogniserInput = (line: Picture, shape: PictureShape): Tensor => lineTensor(line, shape[3]);

/** The text of one line, from the recogniser's output (1 x steps x classes: the probabilities of each class at each step). */
export function readOutput(output: Tensor | undefined, alphabet: readonly string[]): Reading {
  const [batch, steps, classes] = output?.shape ?? [];
  if (!output || output.shape.length !== 3 || batch !== 1 || steps === undefined || classes !== alphabet.length) {
    const found = output ? output.shape.join("x") : "none";
    const values = { network: "recogniser", found, expected: `1xNx${alphabet.length}` };
    throw new CompileError([ocrDiagnostics.at("wrong-output", unknownLocation, values)]);
  }
  return decodeGreedily(output.data, steps, alphabet);
}

/**
 * Greedy CTC decoding (Graves et al. 2006, best path): the likeliest class of each step, repeats merged, blanks (class 0) dropped.
 * `probabilities` holds one row of `alphabet.length` numbers for each step.
 */
export function decodeGreedily(probabilities: Float32Array, steps: number, alphabet: readonly string[]): Reading {
  const classes = alphabet.length;
  let text = "";
  let sum = 0;
  let count = 0;
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    let best = 0;
    const row = step * classes;
    for (let index = 1; index < classes; index++) {
      if (probabilities[row + index]! > probabilities[row + best]!) best = index;
    }
    if (best !== 0 && best !== previous) {
      text += alphabet[best]!;
      sum += probabilities[row + best]!;
      count++;
    }
    previous = best;
  }
  return { text, score: count === 0 ? 0 : sum / count };
}
