import { describe, expect, test } from "vitest";
import { type CorpusCheck, MlirCorpus } from "../../src/testing/mlir-corpus.ts";
import { sharedFolder } from "../support/shared-data.ts";

/** The least share of upstream's files that must come out right, by what is done with them. */
const wanted: readonly (readonly [CorpusCheck, number])[] = [
  ["generic", 0.995],
  ["pretty", 0.97],
  ["print", 0.97],
];

// The files with every failure and its reason are for people; `npx vitest run tests/corpus -u` writes them.
describe("upstream MLIR's own files", () => {
  test.each(wanted)(
    "%s",
    async (kind, share) => {
      const outcomes = new MlirCorpus(sharedFolder).check(kind);
      const failures = outcomes.filter(({ reason }) => reason !== undefined);
      const list = failures.map(({ file, reason }) => `${file}\n  ${reason}\n`).toSorted();
      expect(outcomes.length).toBeGreaterThan(6000);
      expect(1 - failures.length / outcomes.length).toBeGreaterThanOrEqual(share);
      await expect(list.join("")).toMatchFileSnapshot(`differences-${kind}.txt`);
    },
    600_000,
  );
});
