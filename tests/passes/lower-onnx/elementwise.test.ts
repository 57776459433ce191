import { describe, expect, test } from "vitest";
import type { ElementType } from "../../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { f32, float, i64, int, node, text } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";

const tensor = (type: ElementType, shape: readonly number[], ...values: readonly (number | bigint)[]): HostTensor =>
  tensorFromNumbers(type, shape, values);
const edges = f32([11], 0, -0, 1, -1, 0.5, -2.5, 3.5, Infinity, -Infinity, NaN, 1e-30);
const moderate = f32([2, 5], 0.25, -0.5, 0.75, 0.99, -0.99, 0, 1, -1, 0.1, -0.3);
type Attributes = Parameters<typeof node>[3];

const unary = (opType: string, x: HostTensor, attributes: Attributes = {}): OperatorCase & { relative: number } => ({
  name: `${opType} of ${x.elementType}${Object.keys(attributes!).length > 0 ? ` with ${Object.keys(attributes!)}` : ""}`,
  nodes: [node(opType, "x", "y", attributes)],
  inputs: { x },
  relative: 2e-6,
});
const binary = (opType: string, a: HostTensor, b: HostTensor, attributes: Attributes = {}): OperatorCase => ({
  name: `${opType} of ${a.elementType} [${a.shape}] and ${b.elementType} [${b.shape}]${Object.keys(attributes!).length > 0 ? ` with ${Object.keys(attributes!)}` : ""}`,
  nodes: [node(opType, "a b", "y", attributes)],
  inputs: { a, b },
});

describe("functions of one operand, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    ...["Abs", "Neg", "Sign", "Ceil", "Floor", "Round", "Sqrt", "Reciprocal", "Exp", "Relu", "Sigmoid", "Softsign", "Tanh", "Erf", "IsNaN", "HardSwish"].map((opType) => unary(opType, edges)), // prettier-ignore
    ...["Acos", "Asin", "Atan", "Atanh", "Sin", "Cos", "Tan", "Sinh", "Cosh", "Asinh", "Softplus", "Mish"].map((opType) => unary(opType, moderate)), // prettier-ignore
    unary("Acosh", f32([3], 1, 1.5, 20)),
    unary("Log", f32([4], 1, 0, 0.5, 1e10)),
    unary("Gelu", moderate),
    unary("Gelu", moderate, { approximate: text("tanh") }),
    unary("Elu", edges, { alpha: float(0.5) }),
    unary("Celu", edges, { alpha: float(2) }),
    unary("Selu", edges),
    unary("LeakyRelu", edges, { alpha: float(0.1) }),
    unary("ThresholdedRelu", edges, { alpha: float(0.75) }),
    unary("HardSigmoid", edges, { alpha: float(0.3), beta: float(0.4) }),
    unary("Shrink", edges, { lambd: float(0.75), bias: float(0.25) }),
    unary("Shrink", tensor("i32", [5], -3, -1, 0, 1, 3), { lambd: float(1.5), bias: float(0.5) }),
    unary("IsInf", edges),
    unary("IsInf", edges, { detect_negative: int(0) }),
    unary("IsInf", edges, { detect_positive: int(0) }),
    unary("Abs", tensor("i64", [3], -5, 5, 0)),
    unary("Neg", tensor("i32", [3], -5, 5, 0)),
    unary("Sign", tensor("i8", [3], -5, 5, 0)),
    unary("Sign", tensor("ui8", [3], 250, 5, 0)),
    unary("Not", tensor("i1", [2], 0, 1)),
    unary("BitwiseNot", tensor("ui8", [3], 0, 1, 200)),
    unary("BitwiseNot", tensor("i32", [3], 0, 1, -200)),
    unary("Softmax", f32([2, 3], 1000, 1001, 999, -1, 0, 1)),
    unary("Softmax", moderate, { axis: int(0) }),
    unary("LogSoftmax", f32([2, 3], 1000, 1001, 999, -1, 0, 100)),
    unary("Hardmax", f32([2, 4], 1, 3, 3, 2, 5, 5, 5, 5)),
    unary("Hardmax", f32([2, 4], 1, 3, 3, 2, 5, 5, 5, 5), { axis: int(0) }),
  ]);
});

describe("functions of two and more operands, as in ONNX Runtime", () => {
  const signed = [7, -7, 7, -7, 6, 0];
  const divisors = [3, 3, -3, -3, 2, 5];
  const fractions = [5.3, -5.3, 5.3, -5.3, 6, -0.5];
  testAgainstOnnxRuntime([
    ...["Add", "Sub", "Mul", "Div"].flatMap((opType) => [
      binary(opType, f32([2, 1, 3], 1, -2, 3, 4, 5, -6), f32([2, 1], 2, -4)),
      binary(opType, tensor("i32", [6], ...signed), tensor("i32", [6], ...divisors)),
      binary(opType, tensor("i64", [2], 2n ** 40n, -(2n ** 40n)), tensor("i64", [], 3)),
    ]),
    binary("Div", f32([3], 1, -1, 0), f32([], 0)),
    ...(["i32", "i64", "i8"] as const).map((type) => binary("Mod", tensor(type, [6], ...signed), tensor(type, [6], ...divisors))), // prettier-ignore
    binary("Mod", tensor("ui8", [3], 200, 7, 5), tensor("ui8", [3], 7, 200, 5)),
    binary("Mod", tensor("i32", [6], ...signed), tensor("i32", [6], ...divisors), { fmod: int(1) }),
    binary("Mod", f32([6], ...fractions), f32([6], ...divisors), { fmod: int(1) }),
    binary("Pow", f32([6], 2, -2, 4, 0, 2, 1), f32([6], 3, 3, 0.5, 0, -1, NaN)),
    binary("Pow", f32([3], 2, -2, 3), tensor("i32", [3], 3, 3, -1)),
    binary("Pow", tensor("i32", [4], 2, -3, 7, 1), tensor("i32", [4], 10, 3, 0, 5)),
    binary("Pow", tensor("i64", [3], 3, -3, 10), tensor("i64", [3], 30, 3, 12)),
    binary("Pow", tensor("i32", [3], 2, 9, 5), f32([3], 0.5, 0.5, 2)),
    binary("BitShift", tensor("ui8", [4], 1, 255, 16, 3), tensor("ui8", [4], 3, 1, 7, 0), { direction: text("LEFT") }),
    binary("BitShift", tensor("ui8", [4], 128, 255, 16, 3), tensor("ui8", [4], 3, 1, 7, 0), { direction: text("RIGHT") }), // prettier-ignore
    binary("BitwiseAnd", tensor("i32", [2], -2, 12), tensor("i32", [], 10)),
    binary("BitwiseXor", tensor("ui8", [2], 200, 12), tensor("ui8", [2], 10, 255)),
    ...["And", "Or", "Xor"].map((opType) => binary(opType, tensor("i1", [2, 1], 0, 1), tensor("i1", [2], 0, 1))),
    ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"].flatMap((opType) => [
      binary(opType, edges, f32([], 0.5)),
      binary(opType, tensor("i64", [3], 2n ** 60n, 2n ** 60n + 1n, -1), tensor("i64", [], 2n ** 60n)),
    ]),
    binary("Equal", tensor("ui8", [2], 200, 1), tensor("ui8", [2], 200, 0)),
    binary("Less", tensor("ui8", [2], 200, 1), tensor("ui8", [2], 100, 2)),
    binary("PRelu", f32([2, 3], -1, 2, -3, 4, -5, 6), f32([3], 0.1, 0.2, 0.3)),
    {
      name: "Where broadcasts",
      nodes: [node("Where", "c a b", "y")],
      inputs: { c: tensor("i1", [2, 1], 0, 1), a: f32([3], 1, 2, 3), b: f32([], 9) },
    },
    ...["Max", "Min", "Sum", "Mean"].map((opType): OperatorCase => ({
      name: `${opType} of three`,
      nodes: [node(opType, "a b c", "y")],
      inputs: { a: f32([2, 1], 1, -5), b: f32([3], 2, 0, -9), c: f32([], 0.5) },
    })),
    {
      name: "Max with NaN",
      nodes: [node("Max", "a b", "y")],
      inputs: { a: f32([3], NaN, 1, 2), b: f32([3], 1, NaN, 3) },
    },
    {
      name: "Clip on both sides",
      nodes: [node("Clip", "x a b", "y")],
      inputs: { x: edges, a: f32([], -0.75), b: f32([], 0.75) },
    },
    { name: "Clip from above", nodes: [node("Clip", "x _ b", "y")], inputs: { x: moderate, b: f32([], 0.75) } },
    {
      name: "Clip with crossed bounds",
      nodes: [node("Clip", "x a b", "y")],
      inputs: { x: f32([3], 0, 1, 2), a: f32([], 5), b: f32([], 1) },
    },
    {
      name: "Clip of integers",
      nodes: [node("Clip", "x a", "y")],
      inputs: { x: tensor("i64", [3], -5, 0, 5), a: i64([], -1) },
    },
  ]);

  test("exponents without a sign", () => {
    const power = binary("Pow", tensor("i64", [3], 3, 1, -2), tensor("ui8", [3], 20, 200, 3));
    checkCase(power, [{ shape: [3], values: [3486784401n, 1n, -8n] }]);
  });
  test("shapes that do not broadcast and types that differ are errors of the model", () => {
    const shapes = binary("Add", f32([2], 1, 2), f32([3], 1, 2, 3));
    expect(refusalOf(() => runUnknown(shapes))).toMatch(/^onnx\/invalid: .*shapes \[2\] and \[3\] do not broadcast/);
    const types = binary("Add", f32([2], 1, 2), tensor("i32", [2], 1, 2));
    expect(refusalOf(() => runUnknown(types))).toMatch(/^onnx\/invalid: .*differ in type: f32 and i32/);
  });
});

describe("conversions, as in ONNX Runtime", () => {
  const to = { f32: 1, ui8: 2, i8: 3, i32: 6, i64: 7, i1: 9, f64: 11 } as const;
  const cast = (x: HostTensor, target: keyof typeof to): OperatorCase => ({
    name: `${x.elementType} to ${target}`,
    nodes: [node("Cast", "x", "y", { to: int(to[target]) })],
    inputs: { x },
  });
  testAgainstOnnxRuntime([
    ...(["ui8", "i8", "i32", "i64", "i1", "f64"] as const).map((target) => cast(f32([5], 0, 1.75, -1.75, 100, 0.25), target)), // prettier-ignore
    cast(tensor("i64", [4], 300, -1, 2n ** 40n + 5n, 128), "i8"),
    cast(tensor("i64", [4], 300, -1, 2n ** 40n + 5n, 128), "ui8"),
    cast(tensor("i64", [2], 2n ** 53n + 1n, -1), "f64"),
    cast(tensor("i64", [2], 2n ** 24n + 1n, -1), "f32"),
    cast(tensor("ui8", [2], 200, 1), "f32"),
    cast(tensor("ui8", [2], 200, 1), "i8"),
    cast(tensor("i1", [2], 0, 1), "f32"),
    cast(tensor("f64", [3], 1e300, 1e-300, 1 / 3), "f32"),
  ]);
  // From ONNX's table of Cast to the float 8 types.
  test.each([
    ["f8E4M3FN", 17, 1, [0, 448, -448, 448, NaN, 0.4375]],
    ["f8E4M3FN", 17, 0, [0, NaN, NaN, NaN, NaN, 0.4375]],
    ["f8E4M3FNUZ", 18, 1, [0, 240, -240, 240, NaN, 0.4375]],
    ["f8E4M3FNUZ", 18, 0, [0, NaN, NaN, NaN, NaN, 0.4375]],
    ["f8E5M2", 19, 1, [0, 57344, -57344, 57344, NaN, 0.4375]],
    ["f8E5M2", 19, 0, [0, Infinity, -Infinity, Infinity, NaN, 0.4375]],
    ["f8E5M2FNUZ", 20, 1, [0, 57344, -57344, 57344, NaN, 0.4375]],
    ["f8E5M2FNUZ", 20, 0, [0, NaN, NaN, NaN, NaN, 0.4375]],
  ] as const)("to %s, data type %i, saturate %i", (_, target, saturate, values) => {
    const example: OperatorCase = {
      name: "",
      nodes: [node("Cast", "x", "y", { to: int(target), saturate: int(saturate) })],
      inputs: { x: f32([6], 0, Infinity, -Infinity, 1e9, NaN, 0.44) },
    };
    checkCase(example, [{ shape: [6], values }]);
  });
  test.each([
    ["up", 1, [-Infinity, 1, 4, 2 ** 127, 2 ** -127]],
    ["down", 1, [-Infinity, 1, 2, 2 ** 127, 2 ** -127]],
    ["nearest", 1, [-Infinity, 1, 4, 2 ** 127, 2 ** -127]],
    ["nearest", 0, [-Infinity, 1, 4, NaN, NaN]],
  ] as const)("to powers of two, %s, saturate %i", (mode, saturate, [, ...values]) => {
    const example: OperatorCase = {
      name: "",
      opset: 24,
      nodes: [node("Cast", "x", "y", { to: int(24), round_mode: text(mode), saturate: int(saturate) })],
      inputs: { x: f32([5], NaN, 1, 3, Infinity, 1e-40) },
    };
    checkCase(example, [{ shape: [5], values: [NaN, ...values] }]);
  });
});
