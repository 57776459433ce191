import { join } from "node:path";
import { expect, test } from "vitest";
import { compileModule } from "../../src/backends/compile-model.ts";
import { importOnnx } from "../../src/frontends/onnx/import.ts";
import { runEntry } from "../../src/interpreter/entry.ts";
import type { Module } from "../../src/ir/module.ts";
import { outcomeOfError, outcomeOfValues } from "../../src/testing/conformance/outcome.ts";
import { type ConformanceCase, findTests, inputTensors, loadCase } from "../../src/testing/conformance/suite.ts";
import { sharedFolder } from "../support/shared-data.ts";

/** Networks take minutes here; they run as WGSL elsewhere. */
const tests = findTests(join(sharedFolder, "onnx-backend-tests")).filter(({ category }) => category !== "real");

/** What the kernels and launches of a program give, or why they do not. */
function problem(module: Module, given: ConformanceCase, invocationOrder: "ascending" | "descending") {
  const outputs = runEntry(module, inputTensors(given), { invocationOrder, stepLimit: 200_000_000 });
  const actual = given.model.graph.outputs.map(({ name }) => ({ kind: "tensor", tensor: outputs.get(name)! }) as const);
  const outcome = outcomeOfValues(actual, given.expected, given.test.tolerance);
  return outcome.kind === "passed" ? [] : [`${given.test.name}, ${invocationOrder}: ${outcome.reason}`];
}

// No invocation may depend on what another one does between the same barriers: a device runs them in any order.
test("kernels give what ONNX's tests expect, whatever the order of their invocations", () => {
  const problems: string[] = [];
  let run = 0;
  for (const each of tests) {
    try {
      const given = loadCase(each);
      const { module } = compileModule(importOnnx(given.model, given.choices), { target: "wgsl" });
      problems.push(...problem(module, given, "ascending"), ...problem(module, given, "descending"));
      run++;
    } catch (error) {
      const outcome = outcomeOfError(error);
      if (outcome.kind === "failed") problems.push(`${each.name}: ${outcome.reason}`);
    }
  }
  expect(problems).toEqual([]);
  expect(run).toBeGreaterThan(1150);
});
