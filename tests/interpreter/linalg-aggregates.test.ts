import { describe, expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { codeOf, dataOf, run, tensorOf } from "./programs.ts";

const program = (body: string) => parseModule(body, { file: "program.mlir", registry });
const counted = (shape: readonly number[]) =>
  tensorOf(
    "f32",
    shape,
    Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, index) => index),
  );

describe("pack and unpack", () => {
  test("tiles are gathered, and filled up", () => {
    const module =
      program(`func.func @main(%a: tensor<3x3xf32>, %b: tensor<2x2x2x2xf32>, %p: f32) -> tensor<2x2x2x2xf32> {
      %0 = linalg.pack %a padding_value(%p : f32) inner_dims_pos = [0, 1] inner_tiles = [2, 2] into %b
        : tensor<3x3xf32> -> tensor<2x2x2x2xf32>
      return %0 : tensor<2x2x2x2xf32>
    }`);
    const [packed] = run(module, [counted([3, 3]), counted([2, 2, 2, 2]), -1]);
    // 0 1 | 2
    // 3 4 | 5
    // ----+--
    // 6 7 | 8
    expect(dataOf(packed)).toEqual([0, 1, 3, 4, 2, -1, 5, -1, 6, 7, -1, -1, 8, -1, -1, -1]);
  });

  test("outer dimensions are permuted, and tile sizes may come with the operands", () => {
    const module =
      program(`func.func @main(%a: tensor<4x3xf32>, %b: tensor<3x?x?xf32>, %n: index) -> tensor<3x?x?xf32> {
      %0 = linalg.pack %a outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [%n] into %b
        : tensor<4x3xf32> -> tensor<3x?x?xf32>
      return %0 : tensor<3x?x?xf32>
    }`);
    const [packed] = run(module, [counted([4, 3]), counted([3, 2, 2]), 2]);
    expect(dataOf(packed)).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  });

  test("unpack is the reverse, without what was filled up", () => {
    const module = program(`func.func @main(%a: tensor<5x3xf32>, %b: tensor<3x3x2xf32>, %p: f32) -> tensor<5x3xf32> {
      %0 = linalg.pack %a padding_value(%p : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [2] into %b
        : tensor<5x3xf32> -> tensor<3x3x2xf32>
      %e = tensor.empty() : tensor<5x3xf32>
      %1 = linalg.unpack %0 outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [2] into %e
        : tensor<3x3x2xf32> -> tensor<5x3xf32>
      return %1 : tensor<5x3xf32>
    }`);
    const input = counted([5, 3]);
    expect(dataOf(run(module, [input, counted([3, 3, 2]), 0])[0])).toEqual([...input.data]);
  });

  test("a tile that is not whole and has nothing to be filled up with is an error", () => {
    const module = program(`func.func @main(%a: tensor<?xf32>, %b: tensor<?x2xf32>) -> tensor<?x2xf32> {
      %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [2] into %b : tensor<?xf32> -> tensor<?x2xf32>
      return %0 : tensor<?x2xf32>
    }`);
    expect(codeOf(() => run(module, [counted([3]), counted([2, 2])]))).toBe("interpreter/out-of-bounds");
  });
});

describe("softmax", () => {
  test.each([0, 1])("along dimension %i", (dimension) => {
    const module = program(`func.func @main(%a: tensor<2x3xf64>) -> tensor<2x3xf64> {
      %e = tensor.empty() : tensor<2x3xf64>
      %0 = linalg.softmax dimension(${dimension}) ins(%a : tensor<2x3xf64>) outs(%e : tensor<2x3xf64>) -> tensor<2x3xf64>
      return %0 : tensor<2x3xf64>
    }`);
    const values = [1, -2, 3, 0.5, 700, 699];
    const along = (at: number): readonly number[] =>
      values.filter((_, other) =>
        dimension === 0 ? other % 3 === at % 3 : Math.trunc(other / 3) === Math.trunc(at / 3),
      );
    const result = dataOf(run(module, [tensorOf("f64", [2, 3], values)])[0]) as readonly number[];
    values.forEach((value, at) =>
      expect(result[at]).toBeCloseTo(1 / along(at).reduce((sum, other) => sum + Math.exp(other - value), 0), 12),
    );
  });
});
