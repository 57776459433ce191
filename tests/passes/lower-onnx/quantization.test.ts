import { describe, expect, test } from "vitest";
import { type HostTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import type { ElementType } from "../../../src/support/numeric/element-type.ts";
import { f32, float, int, ints, node } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  microsoft,
  type OperatorCase,
  refusalOf,
  runKnown,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";

const domain = { domain: "com.microsoft" };
const numbers = (type: ElementType, shape: readonly number[], ...values: readonly number[]): HostTensor =>
  tensorFromNumbers(type, shape, values);
/** Numbers of both signs without a pattern, up to a magnitude. */
const mixed = (shape: readonly number[], magnitude = 3): HostTensor =>
  f32(shape, ...spread(shape).map((x) => Math.fround(x * magnitude)));
const bytes = (type: "i8" | "ui8", shape: readonly number[], seed = 0): HostTensor =>
  tensorFromNumbers(
    type,
    shape,
    spread(shape, seed).map((x) => Math.round(x * 127) + (type === "ui8" ? 128 : 0)),
  );
const spread = (shape: readonly number[], seed = 0): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * 1.7 + 0.3 + seed));

describe("QuantizeLinear and DequantizeLinear, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    {
      name: "by tensor, ties to even, saturation",
      nodes: [node("QuantizeLinear", "x s z", "y")],
      inputs: { x: f32([7], 0.5, 1.5, 2.5, -0.5, 1000, -1000, 3.49), s: f32([], 1), z: numbers("ui8", [], 3) },
    },
    {
      name: "by axis, to signed",
      nodes: [node("QuantizeLinear", "x s z", "y", { axis: int(-2) })],
      inputs: { x: mixed([2, 3, 4], 300), s: f32([3], 0.5, 2, 4), z: numbers("i8", [3], -7, 0, 9) },
    },
    {
      name: "by block",
      nodes: [node("QuantizeLinear", "x s z", "y", { axis: int(1), block_size: int(2) })],
      inputs: {
        x: mixed([2, 6], 100),
        s: f32([2, 3], 0.5, 2, 4, 1, 3, 0.25),
        z: numbers("ui8", [2, 3], 1, 2, 3, 4, 5, 6),
      },
    },
    {
      name: "by block, the last one short",
      nodes: [node("QuantizeLinear", "x s", "y", { axis: int(0), block_size: int(2), output_dtype: int(3) })],
      inputs: { x: mixed([3, 2], 100), s: f32([2, 2], 0.5, 2, 4, 1) },
    },
    {
      name: "back, by axis",
      nodes: [node("DequantizeLinear", "x s z", "y", { axis: int(0) })],
      inputs: { x: bytes("ui8", [3, 5]), s: f32([3], 0.5, 2, 0.125), z: numbers("ui8", [3], 7, 128, 255) },
    },
    {
      name: "back, 32 bits without zero point",
      nodes: [node("DequantizeLinear", "x s", "y")],
      inputs: { x: numbers("i32", [3], 70000, -5, 2 ** 30), s: f32([], 0.5) },
    },
    {
      name: "dynamic",
      nodes: [node("DynamicQuantizeLinear", "x", "y s z")],
      inputs: { x: mixed([3, 7], 5) },
      outputs: ["y", "s", "z"],
    },
    {
      name: "dynamic, all positive",
      nodes: [node("DynamicQuantizeLinear", "x", "y s z")],
      inputs: { x: f32([3], 1, 2, 3) },
      outputs: ["y", "s", "z"],
    },
    {
      name: "dynamic, all zero",
      nodes: [node("DynamicQuantizeLinear", "x", "y s z")],
      inputs: { x: f32([2], 0, 0) },
      outputs: ["y", "s", "z"],
    },
  ]);

  test("a scale that fits neither axis nor blocks is an error of the model", () => {
    const wrong: OperatorCase = {
      name: "",
      nodes: [node("QuantizeLinear", "x s", "y", { axis: int(1) })],
      inputs: { x: mixed([2, 3]), s: f32([2], 1, 2) },
    };
    expect(refusalOf(() => runKnown(wrong))).toMatch(/^onnx\/invalid: .*a scale of shape \[2\] does not fit axis 1/);
    expect(refusalOf(() => runUnknown(wrong))).toMatch(/^onnx\/invalid/);
  });

  // Worked out from the formulas and ONNX's table of the float 8 types.
  test("floats of 8 bits saturate as asked", () => {
    const example = (saturate: number): OperatorCase => ({
      name: "",
      nodes: [node("QuantizeLinear", "x s z", "y", { saturate: int(saturate) })],
      inputs: { x: f32([4], 1, -0.25, 4000, Infinity), s: f32([], 2), z: numbers("f8E4M3FN", [], 0) },
    });
    checkCase(example(1), [{ shape: [4], values: [0.5, -0.125, 448, 448] }]);
    checkCase(example(0), [{ shape: [4], values: [0.5, -0.125, NaN, NaN] }]);
  });

  test("precision rounds the quotient before it is rounded to an integer", () => {
    // Halves above 2048 are even.
    const example: OperatorCase = {
      name: "",
      opset: 23,
      nodes: [node("QuantizeLinear", "x s z", "y", { precision: int(10) })],
      inputs: { x: f32([1], 2049), s: f32([], 1), z: numbers("i16", [], 0) },
    };
    checkCase(example, [{ shape: [1], values: [2048] }]);
  });

  test("scales that are powers of two", () => {
    checkCase(
      {
        name: "",
        opset: 25,
        nodes: [node("DequantizeLinear", "x s", "y", { axis: int(0), output_dtype: int(1) })],
        inputs: { x: numbers("i4", [2, 2], -8, 7, 3, -1), s: numbers("f8E8M0FNU", [2], 4, 0.5) },
      },
      [{ shape: [2, 2], values: [-32, 28, 1.5, -0.5] }],
    );
  });
});

describe("quantized products, as in ONNX Runtime", () => {
  const convolution = { xs: f32([], 0.02), ws: f32([], 0.03), ys: f32([], 0.9), yz: numbers("ui8", [], 120) };
  const parameters = "x xs xz w ws wz ys yz";
  testAgainstOnnxRuntime([
    {
      name: "QLinearConv, everything an input",
      nodes: [node("QLinearConv", parameters, "y", { pads: ints(1, 0, 1, 1), strides: ints(2, 1) })],
      inputs: {
        x: bytes("ui8", [2, 3, 5, 6]),
        xz: numbers("ui8", [], 113),
        w: bytes("ui8", [4, 3, 3, 2], 1),
        wz: numbers("ui8", [], 131),
        ...convolution,
      },
    },
    {
      name: "QLinearConv, constant weights by channel, groups and bias",
      nodes: [node("QLinearConv", `${parameters} b`, "y", { pads: ints(1, 1, 1, 1), group: int(2) })],
      inputs: { x: bytes("ui8", [1, 4, 5, 5]) },
      constants: {
        ...convolution,
        xz: numbers("ui8", [], 100),
        w: bytes("i8", [6, 2, 3, 3], 2),
        ws: f32([6], 0.01, 0.02, 0.03, 0.04, 0.05, 0.06),
        wz: numbers("i8", [6], 0, 0, 0, 0, 0, 0),
        b: numbers("i32", [6], 100, -2000, 30, 4, 5000, -6),
      },
    },
    {
      name: "QLinearConv, channels last",
      domains: microsoft,
      nodes: [node("QLinearConv", parameters, "y", { channels_last: int(1) }, domain)],
      inputs: { x: bytes("ui8", [1, 5, 5, 3]) },
      constants: {
        ...convolution,
        xz: numbers("ui8", [], 100),
        w: bytes("i8", [2, 3, 3, 3], 2),
        wz: numbers("i8", [], 0),
      },
    },
    {
      name: "QLinearMatMul, stacked",
      nodes: [node("QLinearMatMul", "a as az b bs bz ys yz", "y")],
      inputs: { a: bytes("ui8", [2, 3, 4]), b: bytes("ui8", [4, 5], 3) },
      constants: {
        as: f32([], 0.02),
        az: numbers("ui8", [], 113),
        bs: f32([], 0.03),
        bz: numbers("ui8", [], 99),
        ys: f32([], 0.05),
        yz: numbers("ui8", [], 128),
      },
    },
    {
      name: "QLinearMatMul, constant right operand by column",
      nodes: [node("QLinearMatMul", "a as az b bs bz ys yz", "y")],
      inputs: { a: bytes("ui8", [3, 4]) },
      constants: {
        as: f32([], 0.02),
        az: numbers("ui8", [], 113),
        b: bytes("i8", [4, 3], 5),
        bs: f32([3], 0.03, 0.01, 0.05),
        bz: numbers("i8", [3], 3, 0, -9),
        ys: f32([], 0.05),
        yz: numbers("ui8", [], 128),
      },
    },
    {
      name: "QGemm to 8 bits",
      domains: microsoft,
      nodes: [node("QGemm", "a as az b bs bz c ys yz", "y", { transB: int(1), alpha: float(0.5) }, domain)],
      inputs: { a: bytes("ui8", [3, 4]) },
      constants: {
        as: f32([], 0.02),
        az: numbers("ui8", [], 113),
        b: bytes("i8", [5, 4], 5),
        bs: f32([], 0.03),
        bz: numbers("i8", [], 0),
        c: numbers("i32", [5], 500, -300, 20, 0, 7),
        ys: f32([], 0.05),
        yz: numbers("ui8", [], 128),
      },
    },
    {
      name: "QGemm to float",
      domains: microsoft,
      nodes: [node("QGemm", "a as az b bs bz", "y", { transA: int(1) }, domain)],
      inputs: { a: bytes("ui8", [4, 3]), b: bytes("ui8", [4, 2], 4) },
      constants: {
        as: f32([], 0.02),
        az: numbers("ui8", [], 113),
        bs: f32([], 0.03),
        bz: numbers("ui8", [], 7),
      },
    },
    {
      name: "MatMulIntegerToFloat",
      domains: microsoft,
      nodes: [node("MatMulIntegerToFloat", "a b as bs az bz c", "y", {}, domain)],
      inputs: { a: bytes("ui8", [2, 3, 4]) },
      constants: {
        b: bytes("i8", [4, 2], 5),
        as: f32([], 0.02),
        bs: f32([2], 0.03, 0.5),
        az: numbers("ui8", [], 113),
        bz: numbers("i8", [2], 1, -5),
        c: f32([2], 1, -2),
      },
    },
    {
      name: "DynamicQuantizeMatMul",
      domains: microsoft,
      nodes: [node("DynamicQuantizeMatMul", "a b bs bz c", "y", {}, domain)],
      inputs: { a: mixed([3, 4]) },
      constants: { b: bytes("ui8", [4, 2], 5), bs: f32([], 0.03), bz: numbers("ui8", [], 128), c: f32([2], 1, -2) },
    },
    ...[
      { bits: 4, zeros: true, bias: true },
      { bits: 4, zeros: false, bias: false },
      { bits: 8, zeros: false, bias: true },
    ].map(({ bits, zeros, bias }): OperatorCase & { relative: number } => ({
      name: `MatMulNBits of ${bits} bits${zeros ? ", zero points" : ""}${bias ? ", bias" : ""}`,
      domains: microsoft,
      nodes: [
        node(
          "MatMulNBits",
          `a b s ${zeros ? "z" : "_"} _ ${bias ? "c" : ""}`,
          "y",
          { K: int(40), N: int(3), bits: int(bits), block_size: int(16) },
          domain,
        ),
      ],
      inputs: { a: mixed([2, 40]) },
      constants: {
        b: bytes("ui8", [3, 3, 2 * bits], 5),
        s: f32([9], ...spread([9]).map((x) => Math.fround(1 + x / 2))),
        ...(zeros ? { z: bytes("ui8", [6], 2) } : {}),
        ...(bias ? { c: f32([3], 1, -2, 3) } : {}),
      },
      // ONNX Runtime quantizes the left operand to 8 bits where it has a kernel for that.
      relative: 1e-3,
    })),
  ]);
});

describe("quantized arithmetic, as in ONNX Runtime", () => {
  const binary = {
    as: f32([], 0.02),
    az: numbers("ui8", [], 113),
    bs: f32([], 0.03),
    bz: numbers("ui8", [], 99),
    cs: f32([], 0.05),
    cz: numbers("ui8", [], 20),
  };
  const unary = { xs: f32([], 0.05), xz: numbers("ui8", [], 113), ys: f32([], 0.04), yz: numbers("ui8", [], 99) };
  // Half-way cases may fall either way, as ONNX Runtime multiplies by rounded reciprocals.
  const nearly = { relative: 0, absolute: 1, domains: microsoft };
  testAgainstOnnxRuntime([
    ...["QLinearAdd", "QLinearMul"].map((name): OperatorCase => ({
      ...nearly,
      name,
      nodes: [node(name, "a as az b bs bz cs cz", "y", {}, domain)],
      inputs: { a: bytes("ui8", [2, 3, 4]), b: bytes("ui8", [3, 1], 3) },
      constants: binary,
    })),
    {
      ...nearly,
      name: "QLinearLeakyRelu",
      nodes: [node("QLinearLeakyRelu", "x xs xz ys yz", "y", { alpha: float(0.3) }, domain)],
      inputs: { x: bytes("ui8", [3, 9]) },
      constants: unary,
    },
    {
      ...nearly,
      name: "QLinearSigmoid",
      nodes: [node("QLinearSigmoid", "x xs xz ys yz", "y", {}, domain)],
      inputs: { x: bytes("ui8", [3, 9]) },
      constants: { ...unary, ys: f32([], 1 / 256), yz: numbers("ui8", [], 0) },
    },
    {
      ...nearly,
      name: "QLinearWhere",
      nodes: [node("QLinearWhere", "c x xs xz y ys yz zs zz", "z", {}, domain)],
      inputs: { c: numbers("i1", [3, 1], 1, 0, 1), x: bytes("ui8", [3, 4]), y: bytes("ui8", [4], 2) },
      constants: { ...unary, zs: f32([], 0.06), zz: numbers("ui8", [], 90) },
      outputs: ["z"],
    },
    {
      ...nearly,
      name: "QLinearConcat",
      nodes: [node("QLinearConcat", "ys yz x xs xz w ws wz", "y", { axis: int(1) }, domain)],
      inputs: { x: bytes("ui8", [3, 4]), w: bytes("ui8", [3, 2], 2) },
      constants: { ...unary, ws: f32([], 0.06), wz: numbers("ui8", [], 90) },
    },
    ...[0, 1].map((last): OperatorCase => ({
      ...nearly,
      name: `QLinearGlobalAveragePool, channels ${last ? "last" : "second"}`,
      nodes: [node("QLinearGlobalAveragePool", "x xs xz ys yz", "y", { channels_last: int(last) }, domain)],
      inputs: { x: bytes("ui8", [2, 3, 4, 5]) },
      constants: unary,
    })),
    ...[0, 1].map((last): OperatorCase => ({
      ...nearly,
      name: `QLinearAveragePool, channels ${last ? "last" : "second"}`,
      nodes: [
        node(
          "QLinearAveragePool",
          "x xs xz ys yz",
          "y",
          { channels_last: int(last), kernel_shape: ints(2, 3), pads: ints(1, 1, 0, 0), strides: ints(1, 2) },
          domain,
        ),
      ],
      inputs: { x: bytes("ui8", [2, 4, 5, 4]) },
      constants: unary,
    })),
    ...[
      { opset: 13, axis: 1 },
      { opset: 12, axis: 1 },
    ].map(({ opset, axis }): OperatorCase => ({
      ...nearly,
      name: `QLinearSoftmax of opset ${opset}`,
      nodes: [node("QLinearSoftmax", "x xs xz ys yz", "y", { axis: int(axis), opset: int(opset) }, domain)],
      inputs: { x: bytes("ui8", [2, 3, 5]) },
      constants: { ...unary, ys: f32([], 1 / 256), yz: numbers("ui8", [], 0) },
    })),
  ]);

  test("QLinearReduceMean, which ONNX Runtime declares without a kernel", () => {
    checkCase(
      {
        name: "",
        domains: microsoft,
        nodes: [node("QLinearReduceMean", "x xs xz ys yz", "y", { axes: ints(-1), keepdims: int(0) }, domain)],
        inputs: { x: numbers("ui8", [2, 3], 10, 20, 30, 0, 0, 6) },
        constants: {
          xs: f32([], 0.5),
          xz: numbers("ui8", [], 10),
          ys: f32([], 0.25),
          yz: numbers("ui8", [], 100),
        },
      },
      // Means of (x − 10)/2 are 5 and −4, at 1/4 a step.
      [{ shape: [2], values: [120, 84] }],
    );
  });
});
