import { entryPointOf } from "../../ir/analysis/entry-point.ts";
import { importOnnx } from "../../frontends/onnx/import.ts";
import { ModuleReader } from "../../ir/module.ts";
import { evaluateGraph } from "../../passes/lower-onnx/evaluate-graph.ts";
import { type Outcome, outcomeOfError, outcomeOfValues } from "./outcome.ts";
import { type ConformanceTest, loadCase } from "./suite.ts";

/** Runs a test on the reference interpreter. */
export function runOnInterpreter(test: ConformanceTest): Outcome {
  try {
    const { model, choices, inputs, expected } = loadCase(test);
    const module = importOnnx(model, choices);
    const reader = new ModuleReader(module);
    const entry = entryPointOf(reader)!;
    return outcomeOfValues(evaluateGraph(module, entry, inputs), expected, test.tolerance);
  } catch (error) {
    return outcomeOfError(error);
  }
}
