import { describe, expect, test } from "vitest";
import { float, int, ints, node, text } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { bytes, mixed, tensor } from "./support/values.ts";

type Attributes = Parameters<typeof node>[3];

const pool = (operator: string, name: string, x: readonly number[], attributes: Attributes): OperatorCase => ({
  name,
  opset: 22,
  nodes: [node(operator, "x", "y", attributes)],
  inputs: { x: mixed(x, 3) },
});

const windows: readonly (readonly [string, readonly number[], NonNullable<Attributes>])[] = [
  [
    "3×3 with stride 2 and padding",
    [2, 3, 9, 8],
    { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) },
  ],
  ["dilations", [1, 2, 9, 9], { kernel_shape: ints(3, 2), dilations: ints(2, 3) }],
  ["sizes rounded up", [1, 2, 7, 8], { kernel_shape: ints(3, 3), strides: ints(2, 2), ceil_mode: int(1) }],
  [
    "sizes rounded up with padding: no window starts beyond the operand",
    [1, 2, 6, 5],
    { kernel_shape: ints(2, 2), strides: ints(3, 3), pads: ints(0, 1, 1, 1), ceil_mode: int(1) },
  ],
  ["one axis", [2, 3, 11], { kernel_shape: ints(4), strides: ints(3), pads: ints(1, 2) }],
  ["three axes", [1, 2, 5, 4, 6], { kernel_shape: ints(2, 3, 2), strides: ints(2, 1, 2) }],
  ["SAME_UPPER", [1, 2, 7, 8], { kernel_shape: ints(3, 2), strides: ints(2, 3), auto_pad: text("SAME_UPPER") }],
  ["SAME_LOWER", [1, 2, 7, 8], { kernel_shape: ints(3, 2), strides: ints(2, 3), auto_pad: text("SAME_LOWER") }],
  ["VALID", [1, 2, 7, 8], { kernel_shape: ints(3, 2), strides: ints(2, 3), auto_pad: text("VALID") }],
];

describe("MaxPool, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime(windows.map(([name, x, attributes]) => pool("MaxPool", name, x, attributes)));
  testAgainstOnnxRuntime(
    [
      ...windows.map(([name, x, attributes]) => ({ ...pool("MaxPool", `${name}, with indices`, x, attributes) })),
      pool("MaxPool", "indices in column-major order", [2, 2, 4, 5], {
        kernel_shape: ints(2, 2),
        storage_order: int(1),
      }),
    ].map((example) => ({
      ...example,
      nodes: [{ ...example.nodes[0]!, output: ["y", "at"] }],
      outputs: ["y", "at"],
    })),
  );
  testAgainstOnnxRuntime(
    (["i8", "ui8"] as const).map((type) => ({
      name: type,
      opset: 22,
      nodes: [node("MaxPool", "x", "y", { kernel_shape: ints(2, 2), pads: ints(1, 0, 0, 1) })],
      inputs: { x: bytes(type, [1, 2, 4, 5]) },
    })),
  );
  test("a kernel of the wrong rank is refused", () => {
    const example = pool("MaxPool", "", [1, 1, 4, 4], { kernel_shape: ints(2) });
    expect(refusalOf(() => runUnknown(example))).toContain("does not fit 2 spatial axes");
  });
});

describe("AveragePool, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime(
    windows.flatMap(([name, x, attributes]) =>
      [0, 1].map((counted) =>
        pool("AveragePool", `${name}, padding ${counted ? "counted" : "left out"}`, x, {
          ...attributes,
          count_include_pad: int(counted),
        }),
      ),
    ),
  );
});

describe("LpPool, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime(
    windows.flatMap(([name, x, attributes]) =>
      [1, 2, 3].map((p) => pool("LpPool", `${name}, p = ${p}`, x, { ...attributes, p: int(p) })),
    ),
  );
});

describe("global pooling, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    pool("GlobalAveragePool", "mean", [2, 3, 4, 5], {}),
    pool("GlobalMaxPool", "maximum of one axis", [2, 3, 7], {}),
    { ...pool("GlobalLpPool", "p = 3", [2, 3, 4, 2, 3], { p: int(3) }), opset: 21 },
    { ...pool("GlobalLpPool", "p = 1", [2, 3, 4, 2], { p: int(1) }), opset: 21 },
  ]);
});

describe("MaxUnpool, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    {
      name: "positions of a 2×2 pooling",
      nodes: [node("MaxUnpool", "x at", "y", { kernel_shape: ints(2, 2), strides: ints(2, 2) })],
      inputs: { x: mixed([1, 2, 2, 2]), at: tensor("i64", [1, 2, 2, 2], 0, 3, 9, 14, 16, 19, 25, 30) },
    },
  ]);
});

describe("regions of interest, as in ONNX Runtime", () => {
  const regions = tensor("f32", [3, 4], 0.4, 0.2, 5.1, 6.3, -2, 1, 2.5, 9, 3, 3, 3.2, 3.1);
  const align = (name: string, attributes: Attributes): OperatorCase => ({
    name,
    opset: 16,
    nodes: [node("RoiAlign", "x r i", "y", attributes)],
    inputs: { x: mixed([2, 3, 7, 6], 2), r: regions, i: tensor("i64", [3], 1, 0, 1) },
  });
  testAgainstOnnxRuntime([
    align("RoiAlign, fixed samples", { output_height: int(3), output_width: int(2), sampling_ratio: int(2) }),
    align("RoiAlign, as many samples as needed", {
      output_height: int(2),
      output_width: int(3),
      spatial_scale: float(0.75),
    }),
    align("RoiAlign, maximum", {
      output_height: int(2),
      output_width: int(2),
      sampling_ratio: int(3),
      mode: text("max"),
    }),
    align("RoiAlign, without the half pixel", {
      output_height: int(2),
      output_width: int(2),
      coordinate_transformation_mode: text("output_half_pixel"),
    }),
    {
      name: "MaxRoiPool",
      nodes: [node("MaxRoiPool", "x r", "y", { pooled_shape: ints(3, 2), spatial_scale: float(0.5) })],
      inputs: {
        x: mixed([2, 3, 7, 6], 2),
        r: tensor("f32", [3, 5], 1, 0, 0, 9, 11, 0, 3, 2, 7, 20, 1, 6, 6, 6, 6),
      },
    },
  ]);
});

test("an average of nothing but padding is left to the caller, a maximum of nothing is the lowest", () => {
  const example: OperatorCase = {
    name: "padding as wide as the window",
    opset: 22,
    nodes: [node("MaxPool", "x", "y", { kernel_shape: ints(2), pads: ints(2, 0) })],
    inputs: { x: tensor("i8", [1, 1, 2], 5, 7) },
  };
  checkCase(example, [{ shape: [1, 1, 3], values: [-128, 5, 7] }]);
});
