import type { Outcome } from "./outcome.ts";
import { runInProcesses } from "./process-pool.ts";
import type { ConformanceTest } from "./suite.ts";

/** Milliseconds from a test's model to its outputs: networks with large convolutions take minutes where the adapter is software. */
const timeLimit = 600_000;

/** One test for a process that has a device. */
export interface WgslJob {
  readonly test: ConformanceTest;
  /** The WGSL backend's options. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Runs tests as compiled WGSL on Dawn's adapter, in two processes: one compiles while the other runs. Each keeps its device for many
 * tests; a test that brings its process down fails alone.
 */
export function runOnWgsl(
  tests: readonly ConformanceTest[],
  progress: (text: string) => void,
  options: Readonly<Record<string, unknown>>,
): Promise<readonly Outcome[]> {
  const jobs = tests.map((test): WgslJob => ({ test, options }));
  return runInProcesses<WgslJob, Outcome>(jobs, {
    program: new URL("./wgsl-worker.ts", import.meta.url),
    processes: 2,
    timeout: timeLimit,
    jobsPerProcess: 200,
    lost: (_, cause) => ({ kind: "failed", reason: `crash: ${cause}` }),
    begun: ({ test }, index) => progress(`${index + 1} of ${tests.length}: ${test.name}`),
  });
}
