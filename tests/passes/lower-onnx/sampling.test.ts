import { describe, expect, test } from "vitest";
import { type HostTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { f32, i64, int, node, text } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";

const spread = (shape: readonly number[], magnitude: number, seed = 0): HostTensor =>
  f32(
    shape,
    ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) =>
      Math.fround(Math.sin(index * 1.7 + 0.3 + seed) * magnitude),
    ),
  );

describe("GridSample and AffineGrid, as in ONNX Runtime", () => {
  const modes = ["nearest", "linear", "cubic"];
  testAgainstOnnxRuntime([
    ...modes.flatMap((mode) =>
      ["zeros", "border", "reflection"].flatMap((padding) =>
        [0, 1].map((align) => ({
          name: `an image, ${mode}, ${padding}, ${align ? "corners" : "edges"}`,
          opset: 20,
          nodes: [
            node("GridSample", "x g", "y", {
              mode: text(mode),
              padding_mode: text(padding),
              align_corners: int(align),
            }),
          ],
          // Positions far outside among them.
          inputs: { x: spread([2, 2, 4, 5], 3), g: spread([2, 3, 4, 2], 2.5, 1) },
          relative: 1e-4,
        })),
      ),
    ),
    ...["nearest", "linear"].map((mode) => ({
      name: `a volume, ${mode}`,
      opset: 20,
      nodes: [node("GridSample", "x g", "y", { mode: text(mode), padding_mode: text("border") })],
      inputs: { x: spread([1, 2, 3, 4, 5], 3), g: spread([1, 2, 3, 2, 3], 1.5, 1) },
      relative: 1e-4,
    })),
    ...[0, 1].flatMap((align): OperatorCase[] => [
      {
        name: `AffineGrid of an image, ${align ? "corners" : "edges"}`,
        opset: 20,
        nodes: [node("AffineGrid", "t s", "y", { align_corners: int(align) })],
        inputs: { t: spread([2, 2, 3], 1) },
        constants: { s: i64([4], 2, 3, 4, 5) },
      },
      {
        name: `AffineGrid of a volume, ${align ? "corners" : "edges"}`,
        opset: 20,
        nodes: [node("AffineGrid", "t s", "y", { align_corners: int(align) })],
        inputs: { t: spread([1, 3, 4], 1) },
        constants: { s: i64([5], 1, 3, 2, 3, 4) },
      },
    ]),
  ]);

  test("positions that are no numbers read nothing outside of the image", () => {
    const sample = (padding: string): OperatorCase => ({
      name: "",
      opset: 20,
      nodes: [node("GridSample", "x g", "y", { mode: text("nearest"), padding_mode: text(padding) })],
      inputs: { x: f32([1, 1, 2, 2], 1, 2, 3, 4), g: f32([1, 1, 2, 2], NaN, 0, Infinity, -Infinity) },
    });
    checkCase(sample("zeros"), [{ shape: [1, 1, 1, 2], values: [0, 0] }]);
    expect(runUnknown(sample("border"))[0]!.data).toEqual(new Float32Array([1, 2]));
    expect(runUnknown(sample("reflection"))[0]!.shape).toEqual([1, 1, 1, 2]);
  });
});

describe("losses, as in ONNX Runtime", () => {
  const labels = tensorFromNumbers("i64", [2, 3], [0, 3, 2, 1, 1, 3]);
  const operands = { x: spread([2, 4, 3], 2), l: labels };
  const weights = f32([4], 0.5, 1, 2, 0.25);
  testAgainstOnnxRuntime([
    ...["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"].flatMap((opType) =>
      ["none", "mean", "sum"].flatMap((reduction): OperatorCase[] => [
        {
          name: `${opType}, ${reduction}`,
          nodes: [node(opType, "x l", "y", { reduction: text(reduction) })],
          inputs: operands,
        },
        {
          name: `${opType}, ${reduction}, weights, some labels ignored`,
          nodes: [node(opType, "x l w", "y", { reduction: text(reduction), ignore_index: int(3) })],
          inputs: { ...operands, w: weights },
        },
      ]),
    ),
    {
      name: "SoftmaxCrossEntropyLoss with logarithms",
      nodes: [node("SoftmaxCrossEntropyLoss", "x l", "y p")],
      inputs: { x: spread([3, 4], 2), l: tensorFromNumbers("i64", [3], [0, 3, 2]) },
      outputs: ["y", "p"],
    },
  ]);
  test("an ignored label may be no class", () => {
    checkCase(
      {
        name: "",
        nodes: [node("NegativeLogLikelihoodLoss", "x l", "y", { reduction: text("mean"), ignore_index: int(-100) })],
        inputs: { x: f32([2, 2], -1, -2, -3, -4), l: tensorFromNumbers("i64", [2], [1, -100]) },
      },
      [{ shape: [], values: [2] }],
    );
  });
  test("labels of another shape are an error of the model", () => {
    const wrong: OperatorCase = {
      name: "",
      nodes: [node("NegativeLogLikelihoodLoss", "x l", "y")],
      inputs: { x: f32([2, 2], 0, 0, 0, 0), l: tensorFromNumbers("i64", [3], [0, 0, 0]) },
    };
    expect(refusalOf(() => runUnknown(wrong))).toMatch(/^onnx\/invalid: .*targets of shape \[3\]/);
  });
});

describe("NonMaxSuppression, as in ONNX Runtime", () => {
  const boxes = f32([2, 5, 4], 0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 1, 11, 0, 10, 0, 100, 1, 101, ...Array.from({ length: 20 }, (_, index) => index % 4)); // prettier-ignore
  const scores = f32([2, 2, 5], 0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.3, 0.8, 0.1, 0.8, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 1, 0, 1, 0); // prettier-ignore
  const suppress = (
    name: string,
    more: Partial<OperatorCase> & { centred?: boolean },
  ): OperatorCase & { onlyKnown: true } => ({
    onlyKnown: true,
    name,
    nodes: [node("NonMaxSuppression", "b s n o t", "y", { center_point_box: int(Number(more.centred ?? false)) })],
    inputs: { b: boxes, s: scores },
    constants: { n: i64([1], 3), o: f32([1], 0.5), t: f32([1], 0.2), ...more.constants },
  });
  testAgainstOnnxRuntime([
    suppress("corners", {}),
    suppress("centres", { centred: true }),
    suppress("few of each class", { constants: { n: i64([1], 1) } }),
    suppress("high scores", { constants: { t: f32([1], 0.7) } }),
  ]);
});
