import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conformanceTargets, runConformance } from "../../src/testing/conformance/run.ts";
import { findTests } from "../../src/testing/conformance/suite.ts";
import { sharedFolder } from "../support/shared-data.ts";

const tests = findTests(join(sharedFolder, "onnx-backend-tests"));
/** Of 1,332; a change that loses some must say so here. Outcomes of the others are honest refusals, never failures. */
const leastPassed: Readonly<Record<string, number>> = { interpreter: 1200, c: 1000, wgsl: 1190 };
/** Of those that pass on a target with a device, how many run there with no part on the host. */
const leastOnDevice: Readonly<Record<string, number>> = { wgsl: 1100 };

describe("ONNX's backend tests", () => {
  test("are all there", () => expect(tests).toHaveLength(1332));

  test.each(conformanceTargets)("pass or are refused on %s", async (target) => {
    const outcomes = await runConformance(target, tests, () => {});
    const failed = tests.flatMap((one, index) => {
      const outcome = outcomes[index]!;
      return outcome.kind === "failed" ? [`${one.name}: ${outcome.reason}`] : [];
    });
    expect(failed).toEqual([]);
    const passed = outcomes.filter((outcome) => outcome.kind === "passed").length;
    const onDevice = outcomes.filter((outcome) => outcome.kind === "passed" && outcome.placement === "device").length;
    process.stderr.write(`${target}: ${passed} of ${tests.length} passed, ${onDevice} all on a device\n`);
    expect(passed).toBeGreaterThanOrEqual(leastPassed[target]!);
    expect(onDevice).toBeGreaterThanOrEqual(leastOnDevice[target] ?? 0);
  });
});
