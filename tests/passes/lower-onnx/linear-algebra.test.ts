import { describe, expect, test } from "vitest";
import { float, int, node, text } from "../../frontends/onnx/support/model-writer.ts";
import {
  microsoft,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { bytes, mixed, tensor } from "./support/values.ts";

const domain = { domain: "com.microsoft" };
const product = (a: readonly number[], b: readonly number[]): OperatorCase => ({
  name: `[${a}] · [${b}]`,
  nodes: [node("MatMul", "a b", "y")],
  inputs: { a: mixed(a), b: mixed(b, 1, 1) },
});

describe("MatMul, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    product([3, 4], [4, 5]),
    product([4], [4]),
    product([4], [4, 5]),
    product([3, 4], [4]),
    product([2, 3, 4], [4]),
    product([4], [2, 4, 5]),
    product([2, 1, 3, 4], [5, 4, 2]),
    product([3, 0], [0, 2]),
    {
      name: "integers",
      nodes: [node("MatMul", "a b", "y")],
      inputs: { a: tensor("i32", [2, 2], 1, -2, 3, 4), b: tensor("i32", [2, 2], 5, 6, -7, 8) },
    },
  ]);
  test("depths that differ are refused", () => {
    expect(refusalOf(() => runUnknown(product([2, 3], [1, 4])))).toContain("do not multiply");
  });
});

describe("Gemm and FusedMatMul, as in ONNX Runtime", () => {
  const gemm = (name: string, a: number[], b: number[], c: number[] | undefined, attributes = {}): OperatorCase => ({
    name,
    nodes: [node("Gemm", c ? "a b c" : "a b", "y", attributes)],
    inputs: { a: mixed(a), b: mixed(b, 1, 1), ...(c ? { c: mixed(c, 1, 2) } : {}) },
  });
  const fused = (name: string, a: number[], b: number[], attributes: object): OperatorCase => ({
    name,
    domains: microsoft,
    nodes: [node("FusedMatMul", "a b", "y", { ...attributes }, domain)],
    inputs: { a: mixed(a), b: mixed(b, 1, 1) },
  });
  testAgainstOnnxRuntime([
    gemm("plain", [3, 4], [4, 5], undefined),
    gemm("bias by column", [3, 4], [4, 5], [5], { alpha: float(0.5), beta: float(2) }),
    gemm("bias by row, both transposed", [4, 3], [5, 4], [3, 1], { transA: int(1), transB: int(1) }),
    gemm("a scalar bias", [3, 4], [4, 5], [], {}),
    gemm("beta 0", [3, 4], [4, 5], [3, 5], { beta: float(0) }),
    fused("transposed", [2, 4, 3], [2, 5, 4], { transA: int(1), transB: int(1), alpha: float(0.25) }),
    fused("batch inside", [3, 2, 4], [4, 2, 5], { transBatchA: int(1), transBatchB: int(1) }),
    fused("batch inside, transposed", [4, 2, 3], [2, 4, 5], { transBatchA: int(1), transA: int(1) }),
  ]);
});

describe("integer products, as in ONNX Runtime", () => {
  const [a, b] = [bytes("ui8", [3, 4]), bytes("ui8", [4, 2], 1)];
  testAgainstOnnxRuntime([
    { name: "MatMulInteger", nodes: [node("MatMulInteger", "a b", "y")], inputs: { a, b } },
    {
      name: "MatMulInteger with zero points",
      nodes: [node("MatMulInteger", "a b p q", "y")],
      inputs: { a, b, p: tensor("ui8", [], 100), q: tensor("ui8", [2], 7, 250) },
    },
    {
      name: "QLinearMatMul",
      nodes: [node("QLinearMatMul", "a as az b bs bz ys yz", "y")],
      inputs: { a, b },
      constants: {
        as: tensor("f32", [], 0.02),
        az: tensor("ui8", [], 100),
        bs: tensor("f32", [], 0.03),
        bz: tensor("ui8", [], 20),
        ys: tensor("f32", [], 0.4),
        yz: tensor("ui8", [], 128),
      },
    },
  ]);
});

describe("Einsum, as in ONNX Runtime", () => {
  const einsum = (equation: string, ...shapes: readonly (readonly number[])[]): OperatorCase => ({
    name: `${equation} of ${shapes.map((shape) => `[${shape}]`).join(" ")}`,
    nodes: [node("Einsum", shapes.map((_, index) => `x${index}`).join(" "), "y", { equation: text(equation) })],
    inputs: Object.fromEntries(shapes.map((shape, index) => [`x${index}`, mixed(shape, 1, index)])),
  });
  testAgainstOnnxRuntime([
    einsum("ij,jk->ik", [3, 4], [4, 5]),
    einsum("ij->ji", [3, 4]),
    einsum("ij", [3, 4]),
    einsum("ba", [3, 4]),
    einsum("ii->i", [4, 4]),
    einsum("ii", [4, 4]),
    einsum("ij->", [3, 4]),
    einsum("i,j->ij", [3], [4]),
    einsum("bij,bjk", [2, 3, 4], [2, 4, 5]),
    einsum("...ij,...jk->...ik", [2, 3, 4], [2, 4, 5]),
    einsum("...ij,...jk", [1, 2, 3, 4], [5, 2, 4, 2]),
    einsum("i...->...", [3, 4, 2]),
    einsum("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]),
    einsum("ab,cd,ef->ace", [2, 3], [2, 2], [3, 2]),
    einsum("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
    einsum(" i j , k j -> i k ", [2, 3], [4, 3]),
  ]);
  test.each([
    ["ij->ik", "no operand has"],
    ["ij,jk->ik", "2 terms for 1 operands"],
    ["i...j...->i", "more than one ellipsis"],
    ["i1->i", "characters other than"],
    ["ij->ii", "repeats a dimension"],
  ])("%s is refused", (equation, problem) => {
    expect(refusalOf(() => runUnknown(einsum(equation, [3, 3])))).toContain(problem);
  });
});

describe("Det, as in ONNX Runtime", () => {
  const det = (shape: readonly number[], magnitude = 1): OperatorCase => ({
    name: `[${shape}]`,
    nodes: [node("Det", "x", "y")],
    inputs: { x: mixed(shape, magnitude) },
  });
  testAgainstOnnxRuntime([
    det([1, 1]),
    det([2, 2, 2]),
    det([3, 3, 3]),
    { ...det([2, 3, 4, 4]), relative: 1e-4 },
    { ...det([6, 6], 2), relative: 1e-3 },
    {
      name: "a zero pivot",
      nodes: [node("Det", "x", "y")],
      inputs: { x: tensor("f32", [4, 4], 0, 2, 0, 0, 3, 0, 0, 0, 0, 0, 0, 5, 0, 0, 7, 0) },
    },
    {
      name: "a singular matrix",
      nodes: [node("Det", "x", "y")],
      inputs: { x: tensor("f32", [4, 4], 1, 2, 3, 4, 0, 0, 0, 0, 1, 1, 1, 1, 2, 0, 1, 0) },
    },
  ]);
});

describe("activations of com.microsoft, as in ONNX Runtime", () => {
  const activation = (operator: string, operands: string, attributes = {}): OperatorCase => ({
    name: `${operator} of ${operands}`,
    domains: microsoft,
    nodes: [node(operator, operands, "y", attributes, domain)],
    inputs: Object.fromEntries(operands.split(" ").map((name, index) => [name, mixed(index ? [4] : [3, 4], 2, index)])),
    types: { y: ["f32", [3, 4]] },
  });
  testAgainstOnnxRuntime([
    activation("Gelu", "x"),
    activation("BiasGelu", "x b"),
    activation("FastGelu", "x"),
    activation("FastGelu", "x b"),
    activation("QuickGelu", "x", { alpha: float(1.3) }),
  ]);
});
