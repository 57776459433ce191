import { describe, expect, test } from "vitest";
import { float, int, ints, node } from "../../frontends/onnx/support/model-writer.ts";
import {
  microsoft,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { mixed, positive } from "./support/values.ts";

const domain = { domain: "com.microsoft" };
const channels = { s: mixed([3], 1, 1), b: mixed([3], 1, 2), m: mixed([3], 1, 3), v: positive([3]) };

describe("normalizations, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    {
      name: "BatchNormalization with statistics at run time",
      nodes: [node("BatchNormalization", "x s b m v", "y", { epsilon: float(0.01) })],
      inputs: { x: mixed([2, 3, 4, 5], 2), ...channels },
    },
    {
      name: "BatchNormalization with known statistics",
      nodes: [node("BatchNormalization", "x s b m v", "y")],
      inputs: { x: mixed([2, 3, 4], 2) },
      constants: channels,
    },
    {
      name: "BatchNormalization of a matrix",
      nodes: [node("BatchNormalization", "x s b m v", "y")],
      inputs: { x: mixed([4, 3], 2) },
      constants: channels,
    },
    {
      name: "InstanceNormalization",
      nodes: [node("InstanceNormalization", "x s b", "y", { epsilon: float(0.001) })],
      inputs: { x: mixed([2, 3, 4, 5], 2), s: channels.s, b: channels.b },
    },
    {
      name: "GroupNormalization",
      nodes: [node("GroupNormalization", "x s b", "y", { num_groups: int(2) })],
      inputs: { x: mixed([2, 6, 4, 3], 2), s: mixed([6], 1, 1), b: mixed([6], 1, 2) },
    },
    {
      name: "LayerNormalization with all results",
      nodes: [node("LayerNormalization", "x s b", "y mean inverse", { axis: int(-2) })],
      inputs: { x: mixed([2, 3, 4, 5], 2), s: mixed([4, 5], 1, 1), b: mixed([4, 5], 1, 2) },
      outputs: ["y", "mean", "inverse"],
    },
    {
      name: "LayerNormalization with a broadcast scale and no bias",
      nodes: [node("LayerNormalization", "x s", "y", { axis: int(1), epsilon: float(0.1) })],
      inputs: { x: mixed([2, 3, 5], 2), s: mixed([3, 5], 1, 1) },
    },
    {
      name: "RMSNormalization",
      opset: 23,
      nodes: [node("RMSNormalization", "x s", "y", { axis: int(-1) })],
      inputs: { x: mixed([2, 3, 5], 2), s: mixed([5], 1, 1) },
    },
    {
      name: "LpNormalization, p = 1",
      nodes: [node("LpNormalization", "x", "y", { axis: int(1), p: int(1) })],
      inputs: { x: mixed([2, 3, 5], 2) },
    },
    {
      name: "LpNormalization, p = 2",
      nodes: [node("LpNormalization", "x", "y")],
      inputs: { x: mixed([2, 3, 5], 2) },
    },
    {
      name: "MeanVarianceNormalization over other axes",
      nodes: [node("MeanVarianceNormalization", "x", "y", { axes: ints(0, 2, 3) })],
      inputs: { x: mixed([2, 3, 4, 5], 2) },
    },
    {
      name: "LRN with an odd size",
      nodes: [node("LRN", "x", "y", { size: int(3), alpha: float(0.5), beta: float(0.75), bias: float(2) })],
      inputs: { x: mixed([2, 5, 3, 3], 2) },
    },
    {
      name: "SkipLayerNormalization",
      domains: microsoft,
      nodes: [node("SkipLayerNormalization", "x z g b c", "y _ _ sum", { epsilon: float(1e-5) }, domain)],
      inputs: {
        x: mixed([2, 3, 8]),
        z: mixed([2, 3, 8], 1, 1),
        g: mixed([8], 1, 2),
        b: mixed([8], 1, 3),
        c: mixed([8], 1, 4),
      },
      outputs: ["y", "sum"],
      types: { y: ["f32", [2, 3, 8]], sum: ["f32", [2, 3, 8]] },
    },
    {
      name: "SkipSimplifiedLayerNormalization",
      domains: microsoft,
      nodes: [node("SkipSimplifiedLayerNormalization", "x z g", "y", { epsilon: float(1e-5) }, domain)],
      inputs: { x: mixed([2, 3, 8]), z: mixed([2, 3, 8], 1, 1), g: mixed([8], 1, 2) },
      types: { y: ["f32", [2, 3, 8]] },
    },
    {
      name: "SimplifiedLayerNormalization",
      nodes: [node("SimplifiedLayerNormalization", "x g", "y", { axis: int(-1) })],
      inputs: { x: mixed([2, 3, 8]), g: mixed([8], 1, 2) },
      types: { y: ["f32", [2, 3, 8]] },
    },
  ]);

  test("parameters of another number of channels are refused", () => {
    const example: OperatorCase = {
      name: "",
      nodes: [node("InstanceNormalization", "x s b", "y")],
      inputs: { x: mixed([2, 3, 4]), s: mixed([2]), b: mixed([3]) },
    };
    expect(refusalOf(() => runUnknown(example))).toContain("not one number for each of 3 channels");
  });
});
