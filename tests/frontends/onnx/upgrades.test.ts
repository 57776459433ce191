import { describe, expect, test } from "vitest";
import { newestOpset } from "../../../src/frontends/onnx/graph.ts";
import { loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import { serializeModel } from "../../../src/frontends/onnx/serialize.ts";
import { upgrades } from "../../../src/frontends/onnx/upgrades/upgrade.ts";
import { node } from "./support/model-writer.ts";
import { runInOnnxRuntime } from "./support/onnxruntime.ts";
import { buildCase, ramp } from "./support/upgrade-cases/case.ts";
import { elementwiseCases } from "./support/upgrade-cases/elementwise.ts";
import { normalizationCases } from "./support/upgrade-cases/normalization.ts";
import { samplingCases } from "./support/upgrade-cases/sampling.ts";
import { shapesCases } from "./support/upgrade-cases/shapes.ts";

const cases = [...elementwiseCases, ...shapesCases, ...normalizationCases, ...samplingCases];

describe("upgraded models mean the same", () => {
  test.each(cases)("$name", async (example) => {
    const original = buildCase(example);
    const model = loadOnnxModelFromBytes(original, { file: "old.onnx", folder: undefined });
    for (const { domain, version } of model.graph.nodes) if (domain === "") expect(version).toBe(newestOpset);
    const inputs = example.inputs ?? {};
    const outputs = example.outputs ?? ["y"];
    const actual = await runInOnnxRuntime(serializeModel(model), inputs);
    const reference = example.expected === undefined ? await runInOnnxRuntime(original, inputs) : undefined;
    for (const [index, name] of outputs.entries()) {
      const [shape, values] = example.expected?.[index] ?? [reference![name]!.shape, reference![name]!.values];
      expect(actual[name]!.shape).toEqual([...shape]);
      const numbers = actual[name]!.values.map(Number);
      expect(numbers).toHaveLength(values.length);
      for (const [at, expected] of values.entries()) expect(numbers[at]).toBeCloseTo(Number(expected), 5);
    }
  });
});

test("Split into equal parts counts the outputs that nobody wants", () => {
  // ONNX Runtime crashes on outputs that are left out.
  const bytes = buildCase({
    name: "",
    opset: 13,
    nodes: [node("Split", "x", "a b _")],
    inputs: { x: ramp(6) },
    outputs: ["a", "b"],
  });
  const [split] = loadOnnxModelFromBytes(bytes, { file: "old.onnx", folder: undefined }).graph.nodes;
  expect(split!.attributes.get("num_outputs")).toEqual({ kind: "int", value: 3n });
});

test("every entry of the table is exercised by a model above", () => {
  const written = (opType: string, low: number, high: number) =>
    cases.some(
      ({ opset, nodes }) => opset > low && opset <= high && nodes.some((candidate) => candidate.opType === opType),
    );
  const missing: string[] = [];
  for (const { opType, through } of upgrades) {
    const below = upgrades
      .filter((other) => other.opType === opType && other.through < through)
      .map((other) => other.through);
    // The entry also sees what older entries produce.
    if (!written(opType, 0, through)) missing.push(`${opType} through ${through} (above ${Math.max(0, ...below)})`);
  }
  // Their only change is a dropped attribute, as of Relu above.
  const onlyDropped =
    /^(Abs|Ceil|Elu|Exp|Floor|HardSigmoid|InstanceNormalization|LeakyRelu|Log|Max|Mean|Min|Neg|Reciprocal|Sigmoid|Sqrt|Sum|Tanh|BatchNormalization|Sub|Mul|Div|Clip) through 5 /;
  expect(missing.filter((entry) => !onlyDropped.test(entry))).toEqual([]);
});
