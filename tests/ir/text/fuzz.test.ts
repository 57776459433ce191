import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkText } from "../../../src/testing/fuzz/check-text.ts";
import { mutate } from "../../../src/testing/fuzz/mutate.ts";
import { Random } from "../../../src/testing/fuzz/random.ts";
import { sharedFolder } from "../../support/shared-data.ts";

const sources = ["generic", "pretty"].flatMap((form) => {
  const folder = join(sharedFolder, "mlir-corpus", form);
  return readdirSync(folder)
    .filter((_, index) => index % 29 === 0)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .filter((text) => text.length < 8000);
});

test("500 damaged texts end in a module or in errors (scripts/fuzz-text.ts does more)", () => {
  // The run's seed, so that a failure can be repeated.
  const random = new Random(Number(process.env["FC_SEED"]));
  const defects: string[] = [];
  for (let count = 0; count < 500; count++) {
    const text = mutate(random.pick(sources), random, sources);
    const outcome = checkText(text);
    if (outcome.kind === "defect") defects.push(`${outcome.what}\n${text.slice(0, 4000)}`);
  }
  expect(defects).toEqual([]);
});

test("the same seed gives the same texts", () => {
  const texts = (seed: number): readonly string[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => mutate(random.pick(sources), random, sources));
  };
  expect(texts(7)).toEqual(texts(7));
  expect(texts(7)).not.toEqual(texts(8));
});
