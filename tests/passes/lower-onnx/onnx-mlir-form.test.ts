import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { lowerOnnx } from "../../../src/passes/lower-onnx/lower-onnx.ts";

const parse = (text: string) => {
  const module = parseModule(text, { file: "model.mlir", registry, allowUnregisteredDialects: true });
  expect(verifyModule(module, registry)).toEqual([]);
  return module;
};
const lowered = (text: string): string => printModule(lowerOnnx(parse(text)), registry, {});

// The second form of each is onnx-mlir's: absent operands are of type none, integers are si64, lists are arrays.
test.each([
  [
    "Conv without bias",
    `func.func @main(%x: tensor<1x2x5x5xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x3x3xf32> {
      %y = "onnx.Conv"(%x, %w) {group = 2 : i64, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x2x5x5xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x3x3xf32>
      return %y : tensor<1x4x3x3xf32>
    }`,
    `func.func @main(%x: tensor<1x2x5x5xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x3x3xf32> {
      %none = "onnx.NoValue"() {value} : () -> none
      %y = "onnx.Conv"(%x, %w, %none) {group = 2 : si64, strides = [2, 2], pads = [1, 1, 1, 1]} : (tensor<1x2x5x5xf32>, tensor<4x1x3x3xf32>, none) -> tensor<1x4x3x3xf32>
      return %y : tensor<1x4x3x3xf32>
    }`,
  ],
  [
    "Clip with the upper bound alone",
    `func.func @main(%x: tensor<4xf32>, %top: tensor<f32>) -> tensor<4xf32> {
      %y = "onnx.Clip"(%x, %top) <{operandSegmentSizes = array<i32: 1, 0, 1>}> : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }`,
    `func.func @main(%x: tensor<4xf32>, %top: tensor<f32>) -> tensor<4xf32> {
      %none = "onnx.NoValue"() {value} : () -> none
      %y = "onnx.Clip"(%x, %none, %top) : (tensor<4xf32>, none, tensor<f32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }`,
  ],
  [
    "Cast",
    `func.func @main(%x: tensor<4xf32>) -> tensor<4xi32> {
      %y = "onnx.Cast"(%x) {to = 6 : i64} : (tensor<4xf32>) -> tensor<4xi32>
      return %y : tensor<4xi32>
    }`,
    `func.func @main(%x: tensor<4xf32>) -> tensor<4xi32> {
      %y = "onnx.Cast"(%x) {to = i32} : (tensor<4xf32>) -> tensor<4xi32>
      return %y : tensor<4xi32>
    }`,
  ],
  [
    "Reshape to a constant shape",
    `func.func @main(%x: tensor<4x3xf32>) -> tensor<2x6xf32> {
      %shape = arith.constant dense<[2, 6]> : tensor<2xi64>
      %y = "onnx.Reshape"(%x, %shape) : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<2x6xf32>
      return %y : tensor<2x6xf32>
    }`,
    `func.func @main(%x: tensor<4x3xf32>) -> tensor<2x6xf32> {
      %shape = "onnx.Constant"() {value = dense<[2, 6]> : tensor<2xi64>} : () -> tensor<2xi64>
      %y = "onnx.Reshape"(%x, %shape) {allowzero = 0 : si64} : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<2x6xf32>
      return %y : tensor<2x6xf32>
    }`,
  ],
])("%s is lowered alike from both forms", (_, ours, theirs) => {
  expect(lowered(theirs)).toBe(lowered(ours));
});

test("the encoding stays as it was written", () => {
  const text = `"builtin.module"() ({
  %0 = "onnx.NoValue"() {value} : () -> none
  %1:2 = "test.source"() : () -> (tensor<1x2x5x5xf32>, tensor<4x1x3x3xf32>)
  %2 = "onnx.Conv"(%1#0, %1#1, %0) {group = 2 : si64, pads = [1, 1, 1, 1], strides = [2, 2]} : (tensor<1x2x5x5xf32>, tensor<4x1x3x3xf32>, none) -> tensor<1x4x3x3xf32>
}) : () -> ()
`;
  expect(printModule(parse(text), registry, { generic: true })).toBe(text);
});

test("a required operand cannot be none", () => {
  const text = `%0 = "onnx.NoValue"() {value} : () -> none
    %1 = "onnx.Relu"(%0) : (none) -> tensor<4xf32>`;
  const module = parseModule(text, { file: "model.mlir", registry });
  expect(verifyModule(module, registry).map(({ message }) => message)).toEqual([
    expect.stringContaining("'onnx.Relu' op operand #0 must be"),
  ]);
});
