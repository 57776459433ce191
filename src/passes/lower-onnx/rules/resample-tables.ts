/** How one axis is resampled: every output position is a weighted sum of the same number of input positions. */
export interface AxisTable {
  /** Input positions, `taps` for each output position; within bounds. */
  readonly positions: readonly (readonly number[])[];
  /** Their weights; for nearest sampling one weight is 1 and there is one tap. */
  readonly weights: readonly (readonly number[])[];
  /** Output positions whose source lies outside the input (`tf_crop_and_resize` only). */
  readonly outside: readonly boolean[];
}

export interface AxisSettings {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly scale: number;
  /** Start and end of the region of interest, in units of the input's size. */
  readonly region: readonly [number, number];
  readonly coordinateMode: string;
}

/** Weights of the neighbours of a source coordinate by its distance (0, 1] from the neighbour on its left. */
export type Kernel = (ratio: number, scale: number) => readonly number[];

/** The input coordinate of an output position; undefined for an unknown mode. ONNX's Resize, attribute `coordinate_transformation_mode`. */
function sourceCoordinate(y: number, settings: AxisSettings): number | undefined {
  const { inputSize, outputSize, scale, region } = settings;
  // ONNX distinguishes the exact width (scale times size) from the output's rounded one.
  const width = scale * inputSize;
  switch (settings.coordinateMode) {
    case "align_corners":
      return width === 1 ? 0 : (y * (inputSize - 1)) / (width - 1);
    case "asymmetric":
      return y / scale;
    case "tf_crop_and_resize": {
      const extent = (region[1] - region[0]) * (inputSize - 1);
      return (width === 1 ? extent / 2 : (y * extent) / (width - 1)) + region[0] * (inputSize - 1);
    }
    case "pytorch_half_pixel":
      return width === 1 ? -0.5 : (y + 0.5) / scale - 0.5;
    case "half_pixel":
      return (y + 0.5) / scale - 0.5;
    case "half_pixel_symmetric":
      return (inputSize / 2) * (1 - outputSize / width) + (y + 0.5) / scale - 0.5;
    default:
      return undefined;
  }
}

/** The table of an axis; undefined for an unknown coordinate mode. */
export function axisTable(settings: AxisSettings, kernel: Kernel, excludeOutside: boolean): AxisTable | undefined {
  const { inputSize, outputSize, scale } = settings;
  const positions: number[][] = [];
  const weights: number[][] = [];
  const outside: boolean[] = [];
  for (let y = 0; y < outputSize; y++) {
    const x = sourceCoordinate(y, settings);
    if (x === undefined) return undefined;
    outside.push(settings.coordinateMode === "tf_crop_and_resize" && (x < 0 || x > inputSize - 1));
    const ratio = Number.isInteger(x) ? 1 : x - Math.floor(x);
    let row = kernel(ratio, scale);
    const first = firstNeighbour(x, row.length);
    const neighbours = row.map((_, tap) => first + tap);
    if (excludeOutside)
      row = normalized(row.map((weight, tap) => (isInside(neighbours[tap]!, inputSize) ? weight : 0)));
    positions.push(neighbours.map((position) => Math.min(Math.max(position, 0), inputSize - 1)));
    weights.push([...row]);
  }
  return { positions, weights, outside };
}

const isInside = (position: number, size: number): boolean => position >= 0 && position < size;
function normalized(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / (sum === 0 ? 1 : sum));
}

/** The first of the `count` integers nearest to x, smaller ones preferred. */
function firstNeighbour(x: number, count: number): number {
  const floor = Math.floor(x);
  const fraction = x - floor;
  if (count % 2 === 0) return floor - count / 2 + (fraction === 0 ? 0 : 1);
  return floor - (count - 1) / 2 + (fraction <= 0.5 ? 0 : 1);
}

/** Kernel of nearest sampling; undefined for an unknown rounding. */
export function nearestKernel(mode: string): Kernel | undefined {
  const takesRight: Readonly<Record<string, (ratio: number) => boolean>> = {
    round_prefer_floor: (ratio) => ratio > 0.5,
    round_prefer_ceil: (ratio) => ratio >= 0.5,
    floor: () => false,
    ceil: () => true,
  };
  const right = takesRight[mode];
  // A ratio of 1 is an exact hit on the right neighbour, whatever the rounding.
  return right && ((ratio) => (ratio === 1 || right(ratio) ? [0, 1] : [1, 0]));
}

/** Linear interpolation; with `antialias`, a triangle widened by the scale when the axis shrinks. */
export function linearKernel(antialias: boolean): Kernel {
  if (!antialias) return (ratio) => [1 - ratio, ratio];
  return (ratio, fullScale) => {
    const scale = Math.min(fullScale, 1);
    const start = Math.floor(-1 / scale) + 1;
    const taps = Array.from({ length: 2 - 2 * start }, (_, tap) => (start + tap - ratio) * scale);
    return normalized(taps.map((distance) => Math.min(Math.max(1 - Math.abs(distance), 0), 1)));
  };
}

/** Keys' cubic convolution with coefficient `a`; with `antialias`, widened by the scale when the axis shrinks. */
export function cubicKernel(a: number, antialias: boolean): Kernel {
  const weight = (distance: number): number => {
    const x = Math.abs(distance);
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  };
  if (!antialias) return (ratio) => [ratio + 1, ratio, 1 - ratio, 2 - ratio].map(weight);
  return (ratio, fullScale) => {
    const scale = Math.min(fullScale, 1);
    const start = Math.floor(-2 / scale) + 1;
    return normalized(Array.from({ length: 2 - 2 * start }, (_, tap) => weight(scale * (start + tap - ratio))));
  };
}
