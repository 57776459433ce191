import type { Tensor } from "./engine.ts";
import { distance, type Quadrilateral } from "./geometry.ts";
import { cropParallelogram, type Normalisation, type Picture, resize, toTensor } from "./image.ts";

/** The height at which the classifier and the recogniser read a line. */
export const lineHeight = 48;

const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Cuts one line of text out of the picture and straightens it, at about its size in the picture. */
export function cutLine(picture: Picture, corners: Quadrilateral): Picture {
  const [a, b, , d] = corners;
  // A line is never wider than the picture's diagonal, so the size is bounded.
  return cropParallelogram(
    picture,
    corners,
    Math.max(1, Math.round(distance(a, b))),
    Math.max(1, Math.round(distance(a, d))),
  );
}

/** How wide a line is at the height of 48, in pixels. */
export const lineWidth = ({ width, height }: Picture): number => Math.ceil((lineHeight * width) / height);

/** A line as input of shape 1 x 3 x 48 x `width`: scaled to the height of 48, squeezed if it is too wide, else padded with zeros. */
export const lineTensor = (line: Picture, width: number): Tensor =>
  toTensor(resize(line, Math.min(width, lineWidth(line)), lineHeight), normalisation, width);
