import fc from "fast-check";
import { expect, test } from "vitest";
import { assignOffsets, lowerBound } from "../../../src/passes/plan-memory/assign-offsets.ts";

const lifetimes = fc.array(
  fc
    .record({ bytes: fc.nat({ max: 5000 }), start: fc.nat({ max: 60 }), length: fc.nat({ max: 20 }) })
    .map(({ bytes, start, length }) => ({ bytes, start, end: start + length })),
  { maxLength: 40 },
);

test("buffers that are live together do not overlap, and no plan is below the lower bound", () => {
  fc.assert(
    fc.property(lifetimes, (buffers) => {
      const { offsets, arenaBytes, lowerBoundBytes } = assignOffsets(buffers, 64);
      expect(offsets.length).toBe(buffers.length);
      // The bound once more, moment by moment.
      let most = 0;
      for (let moment = 0; moment <= 80; moment++) {
        const live = buffers.filter(({ start, end }) => start <= moment && moment <= end);
        most = Math.max(
          most,
          live.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 64) * 64, 0),
        );
      }
      expect(lowerBoundBytes).toBe(most);
      expect(lowerBound(buffers, 64)).toBe(most);
      expect(arenaBytes).toBeGreaterThanOrEqual(most);
      buffers.forEach((left, i) => {
        expect(offsets[i]! % 64).toBe(0);
        expect(offsets[i]! + left.bytes).toBeLessThanOrEqual(arenaBytes);
        buffers.slice(i + 1).forEach((right, j) => {
          const together = left.start <= right.end && right.start <= left.end;
          const [a, b] = [offsets[i]!, offsets[i + 1 + j]!];
          const apart = a + left.bytes <= b || b + right.bytes <= a;
          expect(!together || apart || left.bytes === 0 || right.bytes === 0).toBe(true);
        });
      });
    }),
    { numRuns: 60 },
  );
});

test("a chain of layers needs the two largest neighbours", () => {
  const sizes = [100, 400, 300, 800, 50, 700, 640].map((count) => count * 64);
  const { arenaBytes, lowerBoundBytes } = assignOffsets(
    sizes.map((bytes, index) => ({ bytes, start: index, end: index + 1 })),
    64,
  );
  expect(lowerBoundBytes).toBe(1340 * 64);
  expect(arenaBytes).toBe(1340 * 64);
});

test("plans of networks with skips stay within a tenth of the lower bound", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 64 }), fc.nat({ max: 9 })), { minLength: 20, maxLength: 120 }),
      (layers) => {
        // A layer's output is read by the next layer, and by one a few layers on.
        const buffers = layers.map(([size, skip], index) => ({
          bytes: size * 1024,
          start: index,
          end: index + 1 + (skip > 6 ? skip : 0),
        }));
        const { arenaBytes, lowerBoundBytes } = assignOffsets(buffers, 64);
        expect(arenaBytes).toBeLessThanOrEqual(1.1 * lowerBoundBytes);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

test("no buffers need no memory", () => {
  expect(assignOffsets([], 64)).toEqual({ offsets: [], arenaBytes: 0, lowerBoundBytes: 0 });
});
