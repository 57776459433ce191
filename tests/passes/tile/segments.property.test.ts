import fc from "fast-check";
import { expect, test } from "vitest";
import { remainders } from "../../../src/passes/schedule/schedule.ts";
import { segmentsOf } from "../../../src/passes/tile/segments.ts";

test("tiles cover every iteration, once unless they may overlap, and none is larger than asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(...remainders),
      fc.constantFrom(1, 4, 8, 16),
      (extent, size, remainder, lanes) => {
        const wanted = remainder === "overlap" ? Math.ceil(size / lanes) * lanes : size;
        const seen: number[] = Array.from({ length: extent }, () => 0);
        for (const segment of segmentsOf(extent, wanted, remainder, lanes)) {
          expect(segment.size).toBeLessThanOrEqual(wanted);
          for (let tile = 0; tile < segment.count; tile++)
            for (let at = 0; at < segment.size; at++) seen[segment.start + tile * segment.size + at]!++;
        }
        expect(seen.length).toBe(extent);
        for (const times of seen) expect(times).toBeGreaterThanOrEqual(1);
        if (remainder !== "overlap") for (const times of seen) expect(times).toBe(1);
      },
    ),
  );
});

test("a balanced split differs by one at most", () => {
  expect(segmentsOf(20, 8, "balance")).toEqual([
    { start: 0, count: 2, size: 7 },
    { start: 14, count: 1, size: 6 },
  ]);
  expect(segmentsOf(16, 8, "balance")).toEqual([{ start: 0, count: 2, size: 8 }]);
});

test("an overlapping remainder is made of whole vectors and ends with the loop", () => {
  expect(segmentsOf(100, 48, "overlap", 16)).toEqual([
    { start: 0, count: 2, size: 48 },
    { start: 84, count: 1, size: 16 },
  ]);
  expect(segmentsOf(12, 16, "overlap", 16)).toEqual([{ start: 0, count: 1, size: 12 }]);
});
