import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedComponents } from "../../samples/ocr/components.ts";
import {
  convexHull,
  cornersOf,
  grow,
  inReadingDirection,
  minimumAreaRectangle,
  type Point,
  type RotatedRectangle,
} from "../../samples/ocr/geometry.ts";

const integerPoint = fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.integer({ min: -50, max: 50 }) });
const rectangles = fc
  .record({
    centre: integerPoint,
    angle: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    width: fc.integer({ min: 1, max: 100 }),
    height: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ centre, angle, width, height }) => ({
    centre,
    axis: { x: Math.cos(angle), y: Math.sin(angle) },
    width,
    height,
  }));

const dot = (a: Point, b: Point): number => a.x * b.x + a.y * b.y;

/** The area of the smallest rectangle around the points with a side along `direction`. */
function areaAlong(points: readonly Point[], direction: Point): number {
  const length = Math.hypot(direction.x, direction.y);
  const axis = { x: direction.x / length, y: direction.y / length };
  const u = points.map((point) => dot(point, axis));
  const v = points.map((point) => dot(point, { x: -axis.y, y: axis.x }));
  return (Math.max(...u) - Math.min(...u)) * (Math.max(...v) - Math.min(...v));
}

function holds(rectangle: RotatedRectangle, point: Point): boolean {
  const fromCentre = { x: point.x - rectangle.centre.x, y: point.y - rectangle.centre.y };
  const along = Math.abs(dot(fromCentre, rectangle.axis));
  const aside = Math.abs(dot(fromCentre, { x: -rectangle.axis.y, y: rectangle.axis.x }));
  return along <= rectangle.width / 2 + 1e-9 && aside <= rectangle.height / 2 + 1e-9;
}

const byPlace = (a: Point, b: Point): number => Math.round(a.x - b.x) || a.y - b.y;

describe("the convex hull", () => {
  test("turns the same way at every corner, and no point lies outside an edge", () => {
    fc.assert(
      fc.property(fc.array(integerPoint, { minLength: 3, maxLength: 30 }), (points) => {
        const hull = convexHull(points);
        hull.forEach((start, index) => {
          const end = hull[(index + 1) % hull.length]!;
          for (const point of points) {
            const side = (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x);
            expect(side).toBeGreaterThanOrEqual(0);
          }
          const next = hull[(index + 2) % hull.length]!;
          if (hull.length < 3) return;
          expect((end.x - start.x) * (next.y - start.y) - (end.y - start.y) * (next.x - start.x)).toBeGreaterThan(0);
        });
      }),
    );
  });
});

describe("the rectangle of least area", () => {
  test("is as small as the best over the directions of all pairs of points, and holds every point", () => {
    fc.assert(
      fc.property(fc.array(integerPoint, { minLength: 1, maxLength: 20 }), (points) => {
        const rectangle = minimumAreaRectangle(points)!;
        for (const point of points) expect(holds(rectangle, point)).toBe(true);
        const directions = points.flatMap((a) => points.map((b) => ({ x: b.x - a.x, y: b.y - a.y })));
        const areas = directions.filter(({ x, y }) => x !== 0 || y !== 0).map((axis) => areaAlong(points, axis));
        expect(rectangle.width * rectangle.height).toBeCloseTo(areas.length === 0 ? 0 : Math.min(...areas), 6);
      }),
      { numRuns: 500 },
    );
  });

  test("of a rectangle's corners is that rectangle", () => {
    fc.assert(
      fc.property(rectangles, (rectangle) => {
        const found = minimumAreaRectangle(cornersOf(rectangle))!;
        expect(found.width * found.height).toBeCloseTo(rectangle.width * rectangle.height, 6);
        expect(found.centre.x).toBeCloseTo(rectangle.centre.x, 6);
        expect(found.centre.y).toBeCloseTo(rectangle.centre.y, 6);
      }),
    );
  });

  test("needs a point, and of one point it is that point", () => {
    expect(minimumAreaRectangle([])).toBeUndefined();
    const point = { x: 3, y: 4 };
    expect(minimumAreaRectangle([point, point])).toMatchObject({ centre: point, width: 0, height: 0 });
  });
});

describe("a rotated rectangle", () => {
  test("grows by the offset on every side", () => {
    const rectangle = { centre: { x: 5, y: 5 }, axis: { x: 1, y: 0 }, width: 4, height: 2 };
    expect(cornersOf(grow(rectangle, 1))).toEqual([
      { x: 2, y: 3 },
      { x: 8, y: 3 },
      { x: 8, y: 7 },
      { x: 2, y: 7 },
    ]);
  });

  test("keeps its corners when it is put in reading direction, and then reads rightwards or, if it is high, downwards", () => {
    fc.assert(
      fc.property(rectangles, (rectangle) => {
        const reading = inReadingDirection(rectangle);
        const before = [...cornersOf(rectangle)].sort(byPlace);
        const after = [...cornersOf(reading)].sort(byPlace);
        for (const corner of before) {
          expect(Math.min(...after.map(({ x, y }) => Math.hypot(x - corner.x, y - corner.y)))).toBeLessThan(1e-6);
        }
        const rightwards = reading.axis.x >= Math.SQRT1_2 - 1e-9;
        const downwards = reading.axis.y >= Math.SQRT1_2 - 1e-9;
        if (reading.width >= 1.5 * reading.height) expect(rightwards || downwards).toBe(true);
        else expect(rightwards).toBe(true);
      }),
    );
  });
});

describe("connected components", () => {
  test("are the same as those found by merging neighbouring cells until nothing changes", () => {
    const grids = fc
      .integer({ min: 1, max: 9 })
      .chain((width) =>
        fc.array(fc.array(fc.boolean(), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 9 }),
      );
    fc.assert(
      fc.property(grids, (rows) => {
        const width = rows[0]!.length;
        const data = Float32Array.from(rows.flat(), (set) => (set ? 0.9 : 0.1));
        const found = connectedComponents({ width, height: rows.length, data }, 0.5);
        expect(found.map(boundingBox).sort()).toEqual(componentsByMerging(rows).map(boundingBox).sort());
      }),
    );
  });
});

const boundingBox = (points: readonly Point[]): string => {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].join(" ");
};

/** The centres of the cells of each component. */
function componentsByMerging(rows: readonly (readonly boolean[])[]): readonly (readonly Point[])[] {
  let groups: Point[][] = rows.flatMap((row, y) =>
    row.flatMap((set, x) => (set ? [[{ x: x + 0.5, y: y + 0.5 }]] : [])),
  );
  const touch = (a: readonly Point[], b: readonly Point[]): boolean =>
    a.some((p) => b.some((q) => Math.abs(p.x - q.x) <= 1 && Math.abs(p.y - q.y) <= 1));
  for (let merged = true; merged;) {
    merged = false;
    for (const group of groups) {
      const other = groups.find((candidate) => candidate !== group && touch(candidate, group));
      if (!other) continue;
      groups = [...groups.filter((candidate) => candidate !== group && candidate !== other), [...group, ...other]];
      merged = true;
      break;
    }
  }
  return groups;
}
