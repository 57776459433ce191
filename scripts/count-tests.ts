// Counts tests for .ci/run: `node scripts/count-tests.ts <report of vitest's JSON reporter> <vitest's exit status>`.
import { readFileSync } from "node:fs";

/** What is read of the report that vitest's JSON reporter writes. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * How many tests passed and failed. A test that was skipped or left to do counts as failed: nothing is to be left out unseen. So does
 * a file that failed without a failing test (it did not load), and a run that says it failed although no test did.
 */
export function countTests(
  report: TestReport,
  status: number,
): { readonly passed: number; readonly problems: readonly string[] } {
  const problems: string[] = [];
  let passed = 0;
  for (const file of report.testResults) {
    const open = file.assertionResults.filter((test) => test.status !== "passed");
    passed += file.assertionResults.length - open.length;
    problems.push(...open.map((test) => `${test.status}: ${file.name}: ${test.fullName}`));
    if (file.status !== "passed" && open.length === 0) problems.push(`${file.status}: ${file.name}`);
  }
  if (passed === 0 && problems.length === 0) problems.push("no test ran");
  if (status !== 0 && problems.length === 0) problems.push(`the test run ended with status ${status}`);
  return { passed, problems };
}

function readReport(path: string): TestReport {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as TestReport;
  } catch {
    // A run that was ended in the middle leaves no report.
    return { testResults: [] };
  }
}

if (import.meta.main) {
  const [path = "", status = "1"] = process.argv.slice(2);
  const { passed, problems } = countTests(readReport(path), Number(status));
  for (const problem of problems) console.error(problem);
  console.log(`${passed} ${problems.length}`);
}
