import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCheckFile } from "./support/check/check-runner.ts";
import { weftOpt } from "./support/check/weft-opt.ts";
import { repositoryRoot } from "./support/shared-data.ts";

// Every .mlir file under tests/ with RUN lines is a test: they say what is run, its CHECK lines what must come out. Those with
// expected errors have a test of their own, and those without RUN lines are read by one.
const files = globSync("tests/**/*.mlir", { cwd: repositoryRoot, exclude: ["tests/ir/invalid/**"] })
  .filter((file) => /^\s*\/\/ RUN:/m.test(readFileSync(join(repositoryRoot, file), "utf8")))
  .toSorted();

test("there are files to check", () => expect(files.length).toBeGreaterThan(0));

test.each(files)("%s", (file) => runCheckFile(join(repositoryRoot, file), weftOpt));
