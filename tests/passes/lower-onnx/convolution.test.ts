import { describe, expect, test } from "vitest";
import { floats, int, ints, node, text } from "../../frontends/onnx/support/model-writer.ts";
import {
  microsoft,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { bytes, mixed, tensor } from "./support/values.ts";

type Attributes = Parameters<typeof node>[3];

const conv = (
  name: string,
  x: readonly number[],
  w: readonly number[],
  attributes: Attributes = {},
  bias?: readonly number[],
  operator = "Conv",
): OperatorCase => ({
  name,
  nodes: [node(operator, bias ? "x w b" : "x w", "y", attributes)],
  inputs: { x: mixed(x), w: mixed(w, 1, 1), ...(bias ? { b: mixed(bias, 1, 2) } : {}) },
});

describe("Conv, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    conv("3×3 with bias and padding", [2, 3, 7, 6], [4, 3, 3, 3], { pads: ints(1, 1, 1, 1) }, [4]),
    conv("uneven strides, pads and dilations", [1, 2, 11, 9], [3, 2, 3, 2], {
      strides: ints(2, 3),
      pads: ints(2, 0, 1, 3),
      dilations: ints(2, 1),
    }),
    conv("1×1 with stride", [1, 5, 6, 7], [4, 5, 1, 1], { strides: ints(2, 3) }, [4]),
    conv("depthwise", [2, 4, 6, 6], [4, 1, 3, 3], { group: int(4), pads: ints(1, 1, 1, 1) }, [4]),
    conv("depthwise with two channels each", [1, 3, 6, 5], [6, 1, 3, 3], { group: int(3) }, [6]),
    conv("groups", [2, 6, 5, 5], [4, 3, 3, 3], { group: int(2), pads: ints(1, 0, 1, 0) }, [4]),
    conv("one axis", [2, 3, 10], [4, 3, 3], { pads: ints(1, 1), strides: ints(2) }, [4]),
    conv("three axes", [1, 2, 4, 5, 6], [3, 2, 2, 3, 2], { pads: ints(0, 1, 1, 1, 1, 0) }),
    conv("SAME_UPPER", [1, 2, 7, 8], [3, 2, 3, 4], { auto_pad: text("SAME_UPPER"), strides: ints(2, 3) }),
    conv("SAME_LOWER", [1, 2, 7, 8], [3, 2, 3, 4], { auto_pad: text("SAME_LOWER"), strides: ints(2, 3) }),
    conv("VALID", [1, 2, 7, 8], [3, 2, 3, 4], { auto_pad: text("VALID"), strides: ints(2, 3) }),
    { ...conv("an empty batch", [0, 2, 5, 5], [3, 2, 3, 3]) },
  ]);

  test("weights that do not fit the channels are refused", () => {
    const refusal = refusalOf(() => runUnknown(conv("", [1, 3, 5, 5], [4, 2, 3, 3])));
    expect(refusal).toContain("onnx/invalid");
    expect(refusal).toContain("3 channels");
  });
  test("a window wider than the operand is refused", () => {
    expect(refusalOf(() => runUnknown(conv("", [1, 2, 2, 5], [4, 2, 3, 3])))).toContain(
      "wider than the padded operand",
    );
  });
});

describe("ConvTranspose, as in ONNX Runtime", () => {
  const transposed = (
    name: string,
    x: readonly number[],
    w: readonly number[],
    attributes: Attributes = {},
    bias?: readonly number[],
  ) => conv(name, x, w, attributes, bias, "ConvTranspose");
  const cases = [
    transposed("stride 1", [1, 2, 4, 5], [2, 3, 3, 3], {}, [3]),
    transposed("2×2 with stride 2", [2, 3, 4, 5], [3, 4, 2, 2], { strides: ints(2, 2) }, [4]),
    transposed("4×4 with stride 2 and pads", [1, 3, 4, 5], [3, 2, 4, 4], {
      strides: ints(2, 2),
      pads: ints(1, 1, 1, 1),
    }),
    transposed("3×3 with stride 2 and output padding", [1, 3, 4, 5], [3, 2, 3, 3], {
      strides: ints(2, 2),
      pads: ints(1, 1, 1, 1),
      output_padding: ints(1, 1),
    }),
    transposed("stride above the kernel", [1, 2, 3, 4], [2, 3, 2, 1], { strides: ints(3, 4) }, [3]),
    transposed("dilation without stride", [1, 2, 5, 6], [2, 2, 3, 2], {
      dilations: ints(2, 3),
      pads: ints(1, 0, 2, 1),
    }),
    transposed("dilation with stride", [1, 2, 5, 6], [2, 2, 3, 2], { dilations: ints(2, 3), strides: ints(2, 2) }),
    transposed(
      "groups",
      [1, 4, 4, 3],
      [4, 2, 3, 3],
      { group: int(2), strides: ints(2, 1), pads: ints(1, 1, 0, 1) },
      [4],
    ),
    transposed("depthwise", [1, 3, 4, 4], [3, 1, 4, 4], { group: int(3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) }),
    transposed("one axis", [2, 3, 7], [3, 2, 5], { strides: ints(3), pads: ints(2, 1) }),
    transposed("three axes", [1, 2, 3, 2, 3], [2, 2, 2, 3, 2], { strides: ints(2, 1, 2) }),
    transposed("pads beyond the first elements", [1, 1, 5, 5], [1, 1, 3, 3], {
      strides: ints(1, 1),
      pads: ints(3, 3, 1, 1),
    }),
    transposed("output shape", [1, 2, 3, 3], [2, 2, 3, 3], {
      strides: ints(3, 2),
      output_shape: ints(10, 8),
      output_padding: ints(1, 1),
    }),
    transposed("output shape with SAME_UPPER", [1, 2, 3, 3], [2, 2, 4, 4], {
      strides: ints(2, 2),
      output_shape: ints(7, 7),
      auto_pad: text("SAME_UPPER"),
    }),
    transposed("SAME_UPPER", [1, 2, 3, 4], [2, 2, 3, 3], { strides: ints(2, 2), auto_pad: text("SAME_UPPER") }),
    transposed("SAME_LOWER", [1, 2, 3, 4], [2, 2, 3, 3], { strides: ints(2, 2), auto_pad: text("SAME_LOWER") }),
  ];
  testAgainstOnnxRuntime(cases);
  testAgainstOnnxRuntime(
    cases.slice(0, 9).map(({ name, nodes, inputs }) => {
      const { w, ...rest } = inputs!;
      return { name: `${name}, constant weights`, nodes, inputs: rest, constants: { w: w! } };
    }),
  );
});

describe("ConvInteger, as in ONNX Runtime", () => {
  const x = bytes("ui8", [1, 2, 5, 6]);
  testAgainstOnnxRuntime([
    {
      name: "without zero points",
      nodes: [node("ConvInteger", "x w", "y")],
      inputs: { x, w: bytes("ui8", [3, 2, 3, 3], 1) },
    },
    {
      name: "with zero points and padding, which stands for zero",
      nodes: [node("ConvInteger", "x w a b", "y", { pads: ints(1, 1, 1, 1) })],
      inputs: { x, w: bytes("ui8", [3, 2, 3, 3], 1), a: tensor("ui8", [], 120), b: tensor("ui8", [], 9) },
    },
    {
      name: "groups",
      nodes: [node("ConvInteger", "x w a b", "y", { group: int(2) })],
      inputs: { x, w: bytes("ui8", [4, 1, 3, 3], 1), a: tensor("ui8", [], 3), b: tensor("ui8", [], 250) },
    },
  ]);
});

describe("DeformConv, as in ONNX Runtime", () => {
  const deform = (
    name: string,
    sizes: { x: readonly number[]; w: readonly number[]; o: readonly number[]; m?: readonly number[] },
    attributes: Attributes = {},
  ): OperatorCase => ({
    name,
    opset: 19,
    nodes: [node("DeformConv", sizes.m ? "x w o b m" : "x w o", "y", attributes)],
    inputs: {
      x: mixed(sizes.x),
      w: mixed(sizes.w, 1, 1),
      o: mixed(sizes.o, 1.7, 2),
      ...(sizes.m ? { b: mixed([sizes.w[0]!], 1, 3), m: mixed(sizes.m, 1, 4) } : {}),
    },
  });
  testAgainstOnnxRuntime([
    deform("offsets of both signs", { x: [1, 2, 5, 6], w: [3, 2, 3, 3], o: [1, 18, 5, 6] }, { pads: ints(1, 1, 1, 1) }),
    deform(
      "mask, bias, groups, strides and dilations",
      { x: [2, 4, 7, 7], w: [4, 2, 2, 2], o: [2, 16, 3, 3], m: [2, 8, 3, 3] },
      { group: int(2), offset_group: int(2), strides: ints(2, 2), dilations: ints(2, 2) },
    ),
  ]);
});

describe("FusedConv, as in ONNX Runtime", () => {
  const fused = (name: string, attributes: Attributes, withSum = false): OperatorCase => ({
    name,
    domains: microsoft,
    nodes: [node("FusedConv", withSum ? "x w b z" : "x w b", "y", attributes, { domain: "com.microsoft" })],
    inputs: {
      x: mixed([1, 2, 5, 5]),
      w: mixed([3, 2, 3, 3], 1, 1),
      b: mixed([3], 1, 2),
      ...(withSum ? { z: mixed([1, 3, 3, 3], 1, 3) } : {}),
    },
    types: { y: ["f32", [1, 3, 3, 3]] },
  });
  testAgainstOnnxRuntime([
    fused("Relu", { activation: text("Relu") }),
    fused("LeakyRelu", { activation: text("LeakyRelu"), activation_params: floats(0.3) }),
    fused("Clip", { activation: text("Clip"), activation_params: floats(-0.5, 0.75) }),
    fused("HardSigmoid", { activation: text("HardSigmoid"), activation_params: floats(0.3, 0.4) }),
    fused("a sum before the activation", { activation: text("Relu") }, true),
  ]);
});
