import { f32, float, floats, graphAttribute, i64, int, ints, node, text, value } from "../model-writer.ts";
import { mixed, ramp, type UpgradeCase } from "./case.ts";

/** Old forms of pooling, sampling and control flow. */
export const samplingCases: readonly UpgradeCase[] = [
  {
    name: "LpPool-1 has a float order",
    opset: 1,
    nodes: [node("LpPool", "x", "y", { p: float(2), kernel_shape: ints(2) })],
    inputs: { x: f32([1, 1, 3], 3, 4, 3) },
    expected: [
      [
        [1, 1, 2],
        [5, 5],
      ],
    ],
  },
  {
    name: "GlobalLpPool-1 has a float order",
    opset: 1,
    nodes: [node("GlobalLpPool", "x", "y", { p: float(1) })],
    inputs: { x: f32([1, 1, 3], 3, -4, 3) },
    expected: [[[1, 1, 1], [10]]],
  },
  ...["avg", "max"].map((mode): UpgradeCase => ({
    name: `RoiAlign-10 in mode ${mode} does not shift by half a pixel`,
    opset: 10,
    nodes: [
      node("RoiAlign", "x rois at", "y", {
        mode: text(mode),
        output_height: int(2),
        output_width: int(2),
        sampling_ratio: int(2),
      }),
    ],
    inputs: { x: mixed(1, 1, 6, 6), rois: f32([1, 4], 0.5, 1, 4, 5), at: i64([1], 0) },
  })),
  {
    name: "Upsample-1 scales height and width",
    opset: 1,
    nodes: [node("Upsample", "x", "y", { height_scale: float(2), width_scale: float(1), mode: text("nearest") })],
    inputs: { x: ramp(1, 1, 2, 2) },
    expected: [
      [
        [1, 1, 4, 2],
        [1, 2, 1, 2, 3, 4, 3, 4],
      ],
    ],
  },
  ...["nearest", "linear"].flatMap((mode): UpgradeCase[] => [
    {
      name: `Upsample-7 in mode ${mode}`,
      opset: 7,
      nodes: [node("Upsample", "x", "y", { scales: floats(1, 1, 2, 3), mode: text(mode) })],
      inputs: { x: mixed(1, 1, 2, 3) },
    },
    {
      name: `Upsample-9 in mode ${mode}, by a fraction`,
      opset: 9,
      nodes: [node("Upsample", "x s", "y", { mode: text(mode) })],
      inputs: { x: mixed(1, 1, 4, 3) },
      constants: { s: f32([4], 1, 1, 1.5, 2) },
    },
    ...(
      [
        ["grows", [1, 1, 1.7, 2.5]],
        ["shrinks", [1, 1, 0.6, 0.4]],
        ["shrinks one axis and grows another", [1, 1, 0.6, 1.7]],
      ] as const
    ).flatMap(([what, scales]): UpgradeCase[] => [
      {
        name: `Resize-10 in mode ${mode} ${what}`,
        opset: 10,
        nodes: [node("Resize", "x s", "y", { mode: text(mode) })],
        inputs: { x: mixed(1, 1, 5, 7) },
        constants: { s: f32([4], ...scales) },
      },
      {
        name: `Resize-10 in mode ${mode} ${what}, scales computed`,
        opset: 10,
        nodes: [node("Resize", "x s", "y", { mode: text(mode) })],
        inputs: { x: mixed(1, 1, 5, 7), s: f32([4], ...scales) },
      },
    ]),
  ]),
  {
    name: "Resize-11 has empty tensors for absent inputs",
    opset: 11,
    nodes: [node("Resize", "x roi scales sizes", "y", { mode: text("nearest") })],
    inputs: { x: mixed(1, 1, 4, 3) },
    constants: { roi: f32([0]), scales: f32([0]), sizes: i64([4], 1, 1, 6, 2) },
  },
  ...["bilinear", "bicubic", "nearest"].map((mode): UpgradeCase => ({
    name: `GridSample-16 calls its mode ${mode}`,
    opset: 16,
    nodes: [node("GridSample", "x grid", "y", { mode: text(mode) })],
    inputs: { x: mixed(1, 1, 4, 4), grid: f32([1, 1, 2, 2], 0.1, -0.3, 0.7, 0.45) },
  })),
  {
    name: "GridSample-16 is bilinear by default",
    opset: 16,
    nodes: [node("GridSample", "x grid", "y")],
    inputs: { x: mixed(1, 1, 4, 4), grid: f32([1, 1, 2, 2], 0.1, -0.3, 0.7, 0.45) },
  },
  {
    name: "Scan-8 runs once for each sample",
    opset: 8,
    nodes: [
      node("Scan", "_ initial x", "final y", {
        num_scan_inputs: int(1),
        directions: ints(1),
        body: graphAttribute({
          name: "sum",
          input: [value("state", "f32", [1]), value("element", "f32", [1])],
          output: [value("next", "f32", [1]), value("out", "f32", [1])],
          node: [node("Add", "state element", "next"), node("Identity", "next", "out")],
        }),
      }),
    ],
    inputs: { initial: f32([2, 1], 0, 100), x: f32([2, 3, 1], 1, 2, 3, 4, 5, 6) },
    outputs: ["final", "y"],
    // Backwards: the sums of 3, 2, 1 and of 6, 5, 4; outputs are in order of iteration.
    expected: [
      [
        [2, 1],
        [6, 115],
      ],
      [
        [2, 3, 1],
        [3, 5, 6, 106, 111, 115],
      ],
    ],
  },
];
