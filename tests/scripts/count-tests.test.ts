import { describe, expect, test } from "vitest";
import { countTests, type TestReport } from "../../scripts/count-tests.ts";

const file = (status: string, ...statuses: readonly string[]): TestReport["testResults"][number] => ({
  name: "a.test.ts",
  status,
  assertionResults: statuses.map((each, index) => ({ fullName: `test ${index}`, status: each })),
});
const counts = (status: number, ...testResults: TestReport["testResults"]): readonly [number, number] => {
  const { passed, problems } = countTests({ testResults }, status);
  return [passed, problems.length];
};

describe("counting tests", () => {
  test("adds up what passed and what failed", () => {
    expect(counts(0, file("passed", "passed", "passed"), file("passed", "passed"))).toEqual([3, 0]);
    expect(counts(1, file("failed", "passed", "failed"), file("passed", "passed"))).toEqual([2, 1]);
  });

  test("a test that did not run counts as failed", () => {
    expect(counts(0, file("passed", "passed", "pending", "todo", "skipped"))).toEqual([1, 3]);
  });

  test("so does a file that did not load, and a run without tests or that ended badly", () => {
    expect(counts(1, file("failed"), file("passed", "passed"))).toEqual([1, 1]);
    expect(counts(0)).toEqual([0, 1]);
    expect(counts(137)).toEqual([0, 1]);
    expect(counts(1, file("passed", "passed"))).toEqual([1, 1]);
  });
});
