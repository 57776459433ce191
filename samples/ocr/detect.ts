import { CompileError } from "../../src/support/diagnostic.ts";
import { unknownLocation } from "../../src/support/location.ts";
import { connectedComponents, type Grid } from "./components.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import type { PictureShape, Tensor } from "./engine.ts";
import {
  cornersOf,
  grow,
  inReadingDirection,
  minimumAreaRectangle,
  type Point,
  type Quadrilateral,
  type RotatedRectangle,
} from "./geometry.ts";
import { type Normalisation, type Picture, resize, toTensor } from "./image.ts";

/** A place where the detector found a line of text. */
export interface TextBox {
  /** In the picture's pixels; clockwise from the corner where the text starts, if it is the right way up. */
  readonly corners: Quadrilateral;
  /** The detector's mean probability inside the box, 0 to 1. */
  readonly score: number;
}

// PaddleOCR's settings for this detector: its DetResizeForTest and DBPostProcess, and the mean and deviation of ImageNet.
const longestSide = 960;
const sideMultiple = 32;
const textThreshold = 0.3;
const boxThreshold = 0.6;
const smallestSide = 3;
// PaddleOCR's default is 1.5. That cuts Latin letters so tightly that the recogniser loses most spaces between words.
const unclipRatio = 2;
const normalisation: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** The detector's input shape for a picture: at most 960 pixels a side, each side a multiple of 32, about the same proportions. */
export function detectorInputShape({ width, height }: Picture): PictureShape {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const side = (length: number): number =>
    Math.max(sideMultiple, Math.round((length * scale) / sideMultiple) * sideMultiple);
  return [1, 3, side(height), side(width)];
}

/** How much of an input of this shape a picture takes, from the top left corner: all of it where the shape is the picture's own. */
function coveredBy(
  picture: Picture,
  [, , height, width]: PictureShape,
): { readonly width: number; readonly height: number } {
  const [, , ownHeight, ownWidth] = detectorInputShape(picture);
  const scale = Math.min(1, width / ownWidth, height / ownHeight);
  return { width: Math.max(1, Math.round(ownWidth * scale)), height: Math.max(1, Math.round(ownHeight * scale)) };
}

/** The detector's input for a picture. It need not be made for the picture's shape: the picture is then made smaller, or padded. */
export function detectorInput(picture: Picture, shape = detectorInputShape(picture)): Tensor {
  const { width, height } = coveredBy(picture, shape);
  return toTensor(resize(picture, width, height), normalisation, shape[3], shape[2]);
}

/** The lines of text in a picture, in reading order, from the detector's probability map (1 x 1 x height x width) for `shape`. */
export function textBoxes(
  output: Tensor | undefined,
  picture: Picture,
  shape = detectorInputShape(picture),
): readonly TextBox[] {
  const map = probabilityMap(output, shape);
  const covered = coveredBy(picture, shape);
  const scaleX = picture.width / covered.width;
  const scaleY = picture.height / covered.height;
  const toPicture = ({ x, y }: Point): Point => ({ x: x * scaleX, y: y * scaleY });
  const boxes: TextBox[] = [];
  for (const component of connectedComponents(map, textThreshold)) {
    const core = minimumAreaRectangle(component);
    if (!core || Math.min(core.width, core.height) < smallestSide) continue;
    const score = meanInside(map, core);
    if (score < boxThreshold) continue;
    const [a, b, c, d] = cornersOf(inReadingDirection(unclip(core)));
    boxes.push({ corners: [toPicture(a), toPicture(b), toPicture(c), toPicture(d)], score });
  }
  return inReadingOrder(boxes);
}

function probabilityMap(output: Tensor | undefined, [, , height, width]: PictureShape): Grid {
  const expected = [1, 1, height, width];
  if (output?.shape.join() !== expected.join()) {
    const found = output ? output.shape.join("x") : "none";
    const values = { network: "detector", found, expected: expected.join("x") };
    throw new CompileError([ocrDiagnostics.at("wrong-output", unknownLocation, values)]);
  }
  return { width, height, data: output.data };
}

/**
 * The whole line from its core: the detector is trained to mark text shrunk by area * ratio / perimeter, so the sides go out by as
 * much again (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", section 3.6).
 */
function unclip(core: RotatedRectangle): RotatedRectangle {
  const { width, height } = core;
  return grow(core, (width * height * unclipRatio) / (2 * (width + height)));
}

/** The mean over the cells whose centres lie in the rectangle. */
function meanInside({ width, height, data }: Grid, rectangle: RotatedRectangle): number {
  const corners = cornersOf(rectangle);
  const { centre, axis } = rectangle;
  const left = Math.max(0, Math.floor(Math.min(...corners.map(({ x }) => x)) - 0.5));
  const right = Math.min(width - 1, Math.ceil(Math.max(...corners.map(({ x }) => x))));
  const top = Math.max(0, Math.floor(Math.min(...corners.map(({ y }) => y)) - 0.5));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(...corners.map(({ y }) => y))));
  // The rectangle's sides run through centres of cells, which rounding must not push out.
  const halfWidth = rectangle.width / 2 + 1e-6;
  const halfHeight = rectangle.height / 2 + 1e-6;
  let sum = 0;
  let count = 0;
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5 - centre.y;
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - centre.x;
      if (Math.abs(x * axis.x + y * axis.y) > halfWidth || Math.abs(y * axis.x - x * axis.y) > halfHeight) continue;
      sum += data[row * width + column]!;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** From top to bottom; boxes whose centres lie within half a line's height of the first one in their row, from left to right. */
export function inReadingOrder<B extends { readonly corners: Quadrilateral }>(boxes: readonly B[]): readonly B[] {
  const measured = boxes.map((box) => {
    const [a, , c, d] = box.corners;
    return { box, x: (a.x + c.x) / 2, y: (a.y + c.y) / 2, halfHeight: Math.hypot(d.x - a.x, d.y - a.y) / 2 };
  });
  measured.sort((first, second) => first.y - second.y);
  const rows: (typeof measured)[] = [];
  for (const entry of measured) {
    const row = rows.at(-1);
    if (row && entry.y - row[0]!.y < row[0]!.halfHeight) row.push(entry);
    else rows.push([entry]);
  }
  return rows.flatMap((row) => row.sort((first, second) => first.x - second.x).map(({ box }) => box));
}
