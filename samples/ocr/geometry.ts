/** A point in a picture: x to the right, y downwards, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Four corners, clockwise as seen on the screen. */
export type Quadrilateral = readonly [Point, Point, Point, Point];

/** A rectangle at any angle: `axis` is the unit vector along `width`; `height` is measured at a right angle, clockwise from it. */
export interface RotatedRectangle {
  readonly centre: Point;
  readonly axis: Point;
  readonly width: number;
  readonly height: number;
}

/** Twice the signed area of the triangle a, b, c; positive when it runs clockwise on the screen. */
const cross = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** The distance between two points. */
export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

/** The corners of the convex hull, clockwise on the screen, without points on its edges (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points]
    .sort((a, b) => a.x - b.x || a.y - b.y)
    .filter((point, index, all) => point.x !== all[index - 1]?.x || point.y !== all[index - 1]?.y);
  const upper = halfHull(sorted);
  const lower = halfHull(sorted.reverse());
  const hull = [...upper.slice(0, -1), ...lower.slice(0, -1)];
  return hull.length > 0 ? hull : sorted.slice(0, 1);
}

function halfHull(sorted: readonly Point[]): Point[] {
  const chain: Point[] = [];
  for (const point of sorted) {
    while (chain.length >= 2 && cross(chain[chain.length - 2]!, chain[chain.length - 1]!, point) <= 0) chain.pop();
    chain.push(point);
  }
  return chain;
}

/**
 * The rectangle of least area that holds all points. One side of it lies on an edge of the convex hull (Freeman and Shapira 1975), so
 * it is found by turning calipers once around the hull. `undefined` when there is no point.
 */
export function minimumAreaRectangle(points: readonly Point[]): RotatedRectangle | undefined {
  const hull = convexHull(points);
  const only = hull[0];
  if (!only) return undefined;
  if (hull.length === 1) return { centre: only, axis: { x: 1, y: 0 }, width: 0, height: 0 };
  let best: RotatedRectangle | undefined;
  for (const rectangle of edgeRectangles(hull)) {
    if (!best || rectangle.width * rectangle.height < best.width * best.height) best = rectangle;
  }
  return best;
}

/** For each edge of the hull, the smallest rectangle with a side on that edge. */
function* edgeRectangles(hull: readonly Point[]): Generator<RotatedRectangle> {
  const corner = (index: number): Point => hull[index % hull.length]!;
  // The calipers: the corners farthest along the edge, farthest inside from it, and farthest back along it. All only move forwards.
  let ahead = 1;
  let inside = 1;
  let behind = 1;
  for (let edge = 0; edge < hull.length; edge++) {
    const start = corner(edge);
    const length = distance(start, corner(edge + 1));
    const axis: Point = { x: (corner(edge + 1).x - start.x) / length, y: (corner(edge + 1).y - start.y) / length };
    const along = (index: number): number =>
      (corner(index).x - start.x) * axis.x + (corner(index).y - start.y) * axis.y;
    const depth = (index: number): number =>
      (corner(index).y - start.y) * axis.x - (corner(index).x - start.x) * axis.y;
    const advance = (from: number, measure: (index: number) => number): number => {
      let index = from;
      while (index < edge + hull.length && measure(index + 1) >= measure(index)) index++;
      return index;
    };
    ahead = advance(Math.max(ahead, edge + 1), along);
    inside = advance(Math.max(inside, ahead), depth);
    behind = advance(Math.max(behind, inside), (index) => -along(index));
    const [low, high, height] = [along(behind), along(ahead), depth(inside)];
    const middle = (low + high) / 2;
    yield {
      centre: {
        x: start.x + axis.x * middle - (axis.y * height) / 2,
        y: start.y + axis.y * middle + (axis.x * height) / 2,
      },
      axis,
      width: high - low,
      height,
    };
  }
}

/** The rectangle with every side moved outwards by `offset`. */
export const grow = (rectangle: RotatedRectangle, offset: number): RotatedRectangle => ({
  ...rectangle,
  width: rectangle.width + 2 * offset,
  height: rectangle.height + 2 * offset,
});

/** The corners, clockwise, starting with the one from which `axis` runs along the first side. */
export function cornersOf({ centre, axis, width, height }: RotatedRectangle): Quadrilateral {
  const corner = (u: number, v: number): Point => ({
    x: centre.x + axis.x * u * width - axis.y * v * height,
    y: centre.y + axis.y * u * width + axis.x * v * height,
  });
  return [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
}

/**
 * The same rectangle, described so that text in it reads along `axis`: the direction nearest to rightwards, unless the rectangle is
 * at least half as high again as it is wide: then the text is taken to run downwards, as PaddleOCR takes it.
 */
export function inReadingDirection(rectangle: RotatedRectangle): RotatedRectangle {
  let upright = rectangle;
  let turned = rectangle;
  for (let quarter = 1; quarter < 4; quarter++) {
    turned = quarterTurn(turned);
    if (turned.axis.x > upright.axis.x) upright = turned;
  }
  return upright.height >= 1.5 * upright.width ? quarterTurn(upright) : upright;
}

/** The same rectangle with its axis turned clockwise by 90 degrees. */
const quarterTurn = ({ centre, axis, width, height }: RotatedRectangle): RotatedRectangle => ({
  centre,
  axis: { x: -axis.y, y: axis.x },
  width: height,
  height: width,
});
