import { f32, float, i64, int, ints, node, text } from "../model-writer.ts";
import { mixed, ramp, type UpgradeCase } from "./case.ts";

/** Old forms of operators that move data, and of reductions. */
export const shapesCases: readonly UpgradeCase[] = [
  {
    name: "Reshape-1 has its shape as an attribute",
    opset: 1,
    nodes: [node("Reshape", "x", "y", { shape: ints(0, -1), consumed_inputs: ints(0) })],
    inputs: { x: ramp(2, 3, 2) },
    expected: [[[2, 6], Array.from({ length: 12 }, (_, index) => index + 1)]],
  },
  {
    name: "Squeeze-11 and Unsqueeze-11 have their axes as attributes",
    opset: 11,
    nodes: [node("Unsqueeze", "x", "u", { axes: ints(0, -1) }), node("Squeeze", "u", "y", { axes: ints(-1) })],
    inputs: { x: ramp(2, 3) },
  },
  {
    name: "Squeeze-1 without axes",
    opset: 1,
    nodes: [node("Squeeze", "x", "y")],
    inputs: { x: ramp(1, 3, 1) },
    expected: [[[3], [1, 2, 3]]],
  },
  ...[
    "ReduceL1",
    "ReduceL2",
    "ReduceLogSumExp",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceProd",
    "ReduceSum",
    "ReduceSumSquare",
  ].flatMap((opType): UpgradeCase[] => [
    {
      name: `${opType}-11 has its axes as an attribute`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axes: ints(-1, 0), keepdims: int(0) })],
      inputs: { x: mixed(2, 3, 2) },
    },
    {
      name: `${opType}-13 without axes reduces all`,
      opset: 13,
      nodes: [node(opType, "x", "y")],
      inputs: { x: mixed(2, 3) },
    },
  ]),
  {
    name: "ReduceLogSum-11 has its axes as an attribute",
    opset: 11,
    nodes: [node("ReduceLogSum", "x", "y", { axes: ints(0) })],
    inputs: { x: ramp(2, 3) },
  },
  {
    name: "Split-2 into stated sizes",
    opset: 2,
    nodes: [node("Split", "x", "a b", { axis: int(1), split: ints(1, 2) })],
    inputs: { x: ramp(2, 3) },
    outputs: ["a", "b"],
    expected: [
      [
        [2, 1],
        [1, 4],
      ],
      [
        [2, 2],
        [2, 3, 5, 6],
      ],
    ],
  },
  {
    name: "Split-11 into equal parts",
    opset: 11,
    nodes: [node("Split", "x", "a b", { axis: int(-1) })],
    inputs: { x: ramp(2, 4) },
    outputs: ["a", "b"],
  },
  {
    name: "Split-13 with an input",
    opset: 13,
    nodes: [node("Split", "x s", "a b")],
    inputs: { x: ramp(3) },
    constants: { s: i64([2], 1, 2) },
    outputs: ["a", "b"],
  },
  {
    name: "Split-1 takes sizes as an input of the data's type",
    opset: 1,
    nodes: [node("Split", "x s", "a b", { axis: int(0) })],
    inputs: { x: ramp(3), s: f32([2], 1, 2) },
    outputs: ["a", "b"],
    expected: [
      [[1], [1]],
      [[2], [2, 3]],
    ],
  },
  {
    name: "Slice-1 has its bounds as attributes",
    opset: 9,
    nodes: [node("Slice", "x", "y", { starts: ints(1, -3), ends: ints(2, 9999), axes: ints(0, 1) })],
    inputs: { x: ramp(3, 4) },
  },
  {
    name: "Slice-1 without axes",
    opset: 9,
    nodes: [node("Slice", "x", "y", { starts: ints(1), ends: ints(-1) })],
    inputs: { x: ramp(4, 2) },
  },
  {
    name: "Pad-1 calls its attribute paddings",
    opset: 1,
    nodes: [node("Pad", "x", "y", { paddings: ints(0, 1, 0, 0), value: float(9) })],
    inputs: { x: ramp(1, 2) },
    expected: [
      [
        [1, 3],
        [9, 1, 2],
      ],
    ],
  },
  ...["constant", "reflect", "edge"].map((mode): UpgradeCase => ({
    name: `Pad-2 in mode ${mode} has pads and value as attributes`,
    opset: 10,
    nodes: [node("Pad", "x", "y", { mode: text(mode), pads: ints(0, 2, 1, 1), value: float(1.5) })],
    inputs: { x: ramp(2, 3) },
  })),
  {
    name: "Tile-1 repeats one axis",
    opset: 1,
    nodes: [node("Tile", "x n axis", "y")],
    inputs: { x: ramp(2, 2), n: f32([], 2), axis: f32([], 1) },
    expected: [
      [
        [2, 4],
        [1, 2, 1, 2, 3, 4, 3, 4],
      ],
    ],
  },
  {
    name: "Tile-1 repeats a constant axis a constant time",
    opset: 1,
    nodes: [node("Tile", "x n axis", "y")],
    inputs: { x: ramp(2, 2) },
    constants: { n: f32([], 2), axis: f32([], 0) },
    expected: [
      [
        [4, 2],
        [1, 2, 3, 4, 1, 2, 3, 4],
      ],
    ],
  },
  {
    name: "TopK-1 has k as an attribute",
    opset: 9,
    nodes: [node("TopK", "x", "y at", { k: int(2), axis: int(1) })],
    inputs: { x: mixed(2, 5) },
    outputs: ["y", "at"],
  },
  {
    name: "Concat-1 has a default axis",
    opset: 1,
    nodes: [node("Concat", "a b", "y")],
    inputs: { a: ramp(2, 1), b: ramp(2, 2) },
    expected: [
      [
        [2, 3],
        [1, 1, 2, 2, 3, 4],
      ],
    ],
  },
  {
    name: "Scatter-9 is ScatterElements",
    opset: 9,
    nodes: [node("Scatter", "x at u", "y", { axis: int(1) })],
    inputs: { x: ramp(2, 3), at: i64([2, 1], 2, 0), u: f32([2, 1], -1, -2) },
  },
  {
    name: "OneHot-9 has no negative indices",
    opset: 9,
    nodes: [node("OneHot", "at depth values", "y")],
    inputs: { at: i64([3], 1, -1, 3), depth: i64([], 3), values: f32([2], 0, 1) },
    expected: [
      [
        [3, 3],
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
      ],
    ],
  },
  {
    name: "OneHot-9 with constant indices",
    opset: 9,
    nodes: [node("OneHot", "at depth values", "y", { axis: int(0) })],
    inputs: { depth: i64([], 3), values: f32([2], 5, 1) },
    constants: { at: i64([2], 1, 2) },
  },
  {
    name: "DFT-17 has its axis as an attribute",
    opset: 17,
    nodes: [node("DFT", "x", "y", { axis: int(2) })],
    inputs: { x: mixed(1, 2, 4, 1) },
  },
  {
    name: "DFT-17 has the default axis 1",
    opset: 17,
    nodes: [node("DFT", "x", "y")],
    inputs: { x: mixed(1, 4, 2, 1) },
  },
];
