import { f32, float, int, node } from "../model-writer.ts";
import { mixed, ramp, type UpgradeCase } from "./case.ts";

/** Old forms of normalizing, matrix and recurrent operators. */
export const normalizationCases: readonly UpgradeCase[] = [
  ...["Softmax", "LogSoftmax", "Hardmax"].flatMap((opType): UpgradeCase[] => [
    {
      name: `${opType}-1 has the default axis 1`,
      opset: 9,
      nodes: [node(opType, "x", "y")],
      inputs: { x: mixed(2, 3, 4) },
    },
    {
      name: `${opType}-11 flattens behind its axis`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axis: int(-2) })],
      inputs: { x: mixed(2, 3, 4) },
    },
    {
      name: `${opType}-11 flattens behind its axis of a value of unknown rank`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axis: int(0) })],
      inputs: { x: mixed(2, 3) },
      openRanks: true,
    },
    {
      name: `${opType}-12 along the last axis`,
      opset: 12,
      nodes: [node(opType, "x", "y", { axis: int(2) })],
      inputs: { x: mixed(2, 3, 4) },
    },
  ]),
  {
    name: "Softmax-11 of an empty tensor",
    opset: 11,
    nodes: [node("Softmax", "x", "y")],
    inputs: { x: mixed(2, 0, 4) },
    openRanks: true,
    expected: [[[2, 0, 4], []]],
  },
  ...[6, 7, 9].map((opset): UpgradeCase => ({
    name: `BatchNormalization-${opset} in test mode`,
    opset,
    nodes: [
      node("BatchNormalization", "x s b m v", "y", {
        epsilon: float(0.5),
        ...(opset === 6 ? { is_test: int(1) } : {}),
      }),
    ],
    inputs: { x: f32([1, 2, 2], 1, 2, 3, 4) },
    constants: { s: f32([2], 1, 2), b: f32([2], 0, 1), m: f32([2], 1, 3), v: f32([2], 3.5, 0.5) },
    // (x - m) / sqrt(v + 0.5) * s + b with sqrt(4) and sqrt(1).
    expected: [
      [
        [1, 2, 2],
        [0, 0.5, 1, 3],
      ],
    ],
  })),
  {
    name: "BatchNormalization-7 without spatial",
    opset: 7,
    nodes: [node("BatchNormalization", "x s b m v", "y", { epsilon: float(0.5), spatial: int(0) })],
    inputs: { x: f32([2, 1, 2], 1, 2, 3, 4) },
    constants: { s: f32([1, 2], 1, 2), b: f32([1, 2], 0, 1), m: f32([1, 2], 1, 2), v: f32([1, 2], 3.5, 0.5) },
    expected: [
      [
        [2, 1, 2],
        [0, 1, 1, 5],
      ],
    ],
  },
  {
    name: "BatchNormalization-9 in training mode",
    opset: 9,
    nodes: [node("BatchNormalization", "x s b m v", "y nm nv", { epsilon: float(0), momentum: float(0.5) })],
    inputs: { x: f32([2, 1, 2], 1, 3, 1, 3) },
    constants: { s: f32([1], 1), b: f32([1], 0), m: f32([1], 0), v: f32([1], 3) },
    outputs: ["y", "nm", "nv"],
    // The batch has mean 2 and variance 1.
    expected: [
      [
        [2, 1, 2],
        [-1, 1, -1, 1],
      ],
      [[1], [1]],
      [[1], [2]],
    ],
  },
  {
    name: "GroupNormalization-18 has a scale for each group",
    opset: 18,
    nodes: [node("GroupNormalization", "x s b", "y", { num_groups: int(2), epsilon: float(0) })],
    inputs: { x: f32([1, 4, 1], 1, 3, 5, 9), s: f32([2], 10, 100), b: f32([2], 0.5, 0.25) },
    // Each group has two elements, normalized to -1 and 1.
    expected: [
      [
        [1, 4, 1],
        [-9.5, 10.5, -99.75, 100.25],
      ],
    ],
  },
  {
    name: "Gemm-6 broadcasts on demand",
    opset: 6,
    nodes: [node("Gemm", "a b c", "y", { broadcast: int(1), transB: int(1) })],
    inputs: { a: ramp(2, 2), b: ramp(3, 2), c: ramp(3) },
    expected: [
      [
        [2, 3],
        [6, 13, 20, 12, 27, 42],
      ],
    ],
  },
  ...(["RNN", "GRU", "LSTM"] as const).map((opType): UpgradeCase => {
    const gates = { RNN: 1, GRU: 3, LSTM: 4 }[opType];
    return {
      name: `${opType}-7`,
      opset: 7,
      nodes: [node(opType, "x w r", "y last", { hidden_size: int(2) })],
      inputs: { x: mixed(3, 1, 2) },
      constants: { w: mixed(1, gates * 2, 2), r: mixed(1, gates * 2, 2) },
      outputs: ["y", "last"],
    };
  }),
  ...(["RNN", "GRU", "LSTM"] as const).map((opType): UpgradeCase => {
    const gates = { RNN: 1, GRU: 3, LSTM: 4 }[opType];
    return {
      name: `${opType}-6 has output_sequence`,
      opset: 6,
      nodes: [node(opType, "x w r", "y", { hidden_size: int(1), output_sequence: int(1) })],
      inputs: { x: f32([1, 1, 1], 0) },
      constants: { w: mixed(1, gates, 1), r: mixed(1, gates, 1) },
      // No input and no state: the new state stays 0.
      expected: [[[1, 1, 1, 1], [0]]],
    };
  }),
];
