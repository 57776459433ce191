import type { Tensor } from "./engine.ts";
import type { Point, Quadrilateral } from "./geometry.ts";

/** A picture: rows from the top, three bytes (red, green, blue) a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Resizes by bilinear interpolation between pixel centres, with the border pixels repeated outwards (the sampling of OpenCV's
 * INTER_LINEAR, which the networks were trained with).
 */
export function resize(picture: Picture, width: number, height: number): Picture {
  if (width === picture.width && height === picture.height) return picture;
  return cropParallelogram(picture, rectangleOf(picture), width, height);
}

/** The four corners of the whole picture. */
const rectangleOf = ({ width, height }: Picture): Quadrilateral => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height },
];

/**
 * Cuts a parallelogram out of the picture and straightens it to `width` x `height` pixels, by bilinear interpolation; outside the
 * picture, its border pixels are repeated. Coordinates are continuous: the pixel in column i and row j covers [i, i+1) x [j, j+1).
 * The corners run top left, top right, bottom right, bottom left as seen in the result; the third follows from the others.
 */
export function cropParallelogram(picture: Picture, corners: Quadrilateral, width: number, height: number): Picture {
  const [origin, right, , down] = corners;
  const across: Point = { x: (right.x - origin.x) / width, y: (right.y - origin.y) / width };
  const along: Point = { x: (down.x - origin.x) / height, y: (down.y - origin.y) / height };
  const data = new Uint8Array(width * height * 3);
  const source = picture.data;
  for (let row = 0, to = 0; row < height; row++) {
    // Pixel centres lie at half-integer coordinates; -0.5 turns a coordinate into an index into the grid of centres.
    const startX = origin.x + along.x * (row + 0.5) + across.x * 0.5 - 0.5;
    const startY = origin.y + along.y * (row + 0.5) + across.y * 0.5 - 0.5;
    for (let column = 0; column < width; column++, to += 3) {
      const x = clamp(startX + across.x * column, 0, picture.width - 1);
      const y = clamp(startY + across.y * column, 0, picture.height - 1);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const toRight = left + 1 < picture.width ? 3 : 0;
      const toBottom = top + 1 < picture.height ? picture.width * 3 : 0;
      const from = (top * picture.width + left) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel;
        const upper = source[at]! + (source[at + toRight]! - source[at]!) * (x - left);
        const lower = source[at + toBottom]! + (source[at + toBottom + toRight]! - source[at + toBottom]!) * (x - left);
        data[to + channel] = Math.round(upper + (lower - upper) * (y - top));
      }
    }
  }
  return { width, height, data };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Turns the picture by 180 degrees. */
export function rotateHalfTurn({ width, height, data: source }: Picture): Picture {
  const data = new Uint8Array(source.length);
  for (let from = 0, to = source.length - 3; to >= 0; from += 3, to -= 3) {
    data[to] = source[from]!;
    data[to + 1] = source[from + 1]!;
    data[to + 2] = source[from + 2]!;
  }
  return { width, height, data };
}

/** What is subtracted from, and divides, a sample in 0…1; one number for each of a network's input channels. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/**
 * The picture as a network's input: float32 of shape 1 x 3 x `height` x `width`, normalised, with zeros right of the picture and below
 * it. The channels are blue, green, red, because PaddleOCR reads its pictures with OpenCV.
 */
export function toTensor(
  picture: Picture,
  { mean, deviation }: Normalisation,
  width = picture.width,
  height = picture.height,
): Tensor {
  const data = new Float32Array(3 * height * width);
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * deviation[channel]!);
    const shift = mean[channel]! / deviation[channel]!;
    for (let row = 0; row < picture.height; row++) {
      let to = (channel * height + row) * width;
      let from = row * picture.width * 3 + 2 - channel;
      for (let column = 0; column < picture.width; column++, from += 3)
        data[to++] = picture.data[from]! * scale - shift;
    }
  }
  return { shape: [1, 3, height, width], data };
}
