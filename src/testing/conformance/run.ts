import { runOnInterpreter } from "./interpreter.ts";
import { runOnC } from "./native.ts";
import type { Outcome } from "./outcome.ts";
import type { ConformanceTest } from "./suite.ts";
import { runOnWgsl } from "./wgsl.ts";

type Runner = (
  tests: readonly ConformanceTest[],
  progress: (text: string) => void,
  options: Readonly<Record<string, unknown>>,
) => readonly Outcome[] | Promise<readonly Outcome[]>;

const runners: Readonly<Record<string, Runner>> = {
  interpreter: (tests, progress) =>
    tests.map((test, index) => {
      progress(`${index + 1} of ${tests.length}: ${test.name}`);
      return runOnInterpreter(test);
    }),
  c: runOnC,
  wgsl: runOnWgsl,
};

/** Targets that conformance tests run on. */
export const conformanceTargets: readonly string[] = Object.keys(runners);

/**
 * Runs tests on a target; outcomes are in the tests' order.
 * @param options the options of the target's backend
 */
export const runConformance = async (
  target: string,
  tests: readonly ConformanceTest[],
  progress: (text: string) => void,
  options: Readonly<Record<string, unknown>> = {},
): Promise<readonly Outcome[]> => runners[target]!(tests, progress, options);
