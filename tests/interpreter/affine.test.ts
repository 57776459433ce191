import { expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import { bufferOf, type RuntimeValue } from "../../src/interpreter/values.ts";
import type { CompileError } from "../../src/support/diagnostic.ts";

/** Runs `@f` of a text. */
function run(text: string, values: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const module = parseModule(text, { file: "test.mlir", registry });
  expect(verifyModule(module, registry)).toEqual([]);
  return interpretFunction(module, "f", values);
}

test("maps of values: floor and ceiling division and the remainder are those of mathematics, of negative numbers as well", () => {
  const text = `func.func @f(%i: index, %n: index) -> (index, index, index, index) {
    %0 = affine.apply affine_map<(d0)[s0] -> (d0 * 3 - s0)>(%i)[%n]
    %1 = affine.min affine_map<(d0)[s0] -> (d0 floordiv 4, s0)>(%i)[%n]
    %2 = affine.max affine_map<(d0)[s0] -> (d0 ceildiv 4, -s0)>(%i)[%n]
    %3 = affine.apply affine_map<(d0) -> (d0 mod 4)>(%i)
    return %0, %1, %2, %3 : index, index, index, index
  }`;
  expect(run(text, [-7, 5])).toEqual([-26, -2, -1, 1]);
  expect(run(text, [7, 1])).toEqual([20, 1, 2, 3]);
});

test("a division by a symbol that is zero is an error", () => {
  const text = `func.func @f(%n: index) -> index {
    %0 = affine.apply affine_map<()[s0] -> (5 mod s0)>()[%n]
    return %0 : index
  }`;
  expect(run(text, [3])).toEqual([2]);
  try {
    run(text, [0]);
    expect.unreachable();
  } catch (error) {
    expect((error as CompileError).diagnostics[0]!.code).toBe("interpreter/division-by-zero");
  }
});

test("loops with minima and maxima as bounds, loads and stores: the sum of a band of a matrix", () => {
  const text = `func.func @f(%m: memref<4x4xf32>) -> f32 {
    %zero = arith.constant 0.0 : f32
    %sum = affine.for %i = 0 to 4 iter_args(%outer = %zero) -> (f32) {
      %row = affine.for %j = max affine_map<(d0) -> (d0 - 1, 0)>(%i) to min affine_map<(d0) -> (d0 + 2, 4)>(%i)
          iter_args(%inner = %outer) -> (f32) {
        %x = affine.load %m[%i, %j] : memref<4x4xf32>
        %y = arith.addf %inner, %x : f32
        affine.yield %y : f32
      }
      affine.yield %row : f32
    }
    return %sum : f32
  }`;
  const data = Float32Array.from({ length: 16 }, (_, index) => 2 ** index);
  // The band has the diagonal and what is next to it.
  const band = [0, 1, 4, 5, 6, 9, 10, 11, 14, 15].reduce((sum, index) => sum + 2 ** index, 0);
  expect(run(text, [bufferOf({ elementType: "f32", shape: [4, 4], data })])).toEqual([band]);
});

test("conditions and parallel loops: an upper triangle is filled, every second row", () => {
  const text = `#upper = affine_set<(d0, d1) : (d1 - d0 >= 0)>
  func.func @f(%m: memref<4x4xi32>) {
    affine.parallel (%i, %j) = (0, 0) to (4, 4) step (2, 1) {
      %v = affine.if #upper(%i, %j) -> i32 {
        %one = arith.constant 1 : i32
        affine.yield %one : i32
      } else {
        %two = arith.constant 2 : i32
        affine.yield %two : i32
      }
      affine.store %v, %m[%i, %j] : memref<4x4xi32>
    }
    return
  }`;
  const data = new Int32Array(16);
  run(text, [bufferOf({ elementType: "i32", shape: [4, 4], data })]);
  expect([...data]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 1, 1, 0, 0, 0, 0]);
});

test("digits of an index in a mixed basis, and back", () => {
  const text = `func.func @f(%i: index, %n: index) -> (index, index, index, index) {
    %0:3 = affine.delinearize_index %i into (%n, 5) : index, index, index
    %1 = affine.linearize_index disjoint [%0#0, %0#1, %0#2] by (%n, 5) : index
    return %0#0, %0#1, %0#2, %1 : index, index, index, index
  }`;
  expect(run(text, [67, 3])).toEqual([4, 1, 2, 67]);
});

test("an unsigned loop takes a negative bound for a great one", () => {
  const loop = (unsigned: string): string => `func.func @f(%lower: i8, %upper: i8, %step: i8) -> i32 {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %trips = scf.for ${unsigned} %i = %lower to %upper step %step iter_args(%n = %zero) -> (i32) : i8 {
      %m = arith.addi %n, %one : i32
      scf.yield %m : i32
    }
    return %trips : i32
  }`;
  expect(run(loop("unsigned"), [100, -56, 50])).toEqual([2]);
  expect(run(loop(""), [100, -56, 50])).toEqual([0]);
  expect(run(loop("unsigned"), [-56, 100, 50])).toEqual([0]);
});

test("a switch runs the region of its case, and the default otherwise; a region may be run by itself", () => {
  const text = `func.func @f(%i: index) -> i32 {
    %0 = scf.index_switch %i -> i32
    case 2 {
      %a = arith.constant 20 : i32
      scf.yield %a : i32
    }
    case -5 {
      %a = scf.execute_region -> i32 {
        %b = arith.constant 50 : i32
        scf.yield %b : i32
      }
      scf.yield %a : i32
    }
    default {
      %a = arith.constant 0 : i32
      scf.yield %a : i32
    }
    return %0 : i32
  }`;
  expect([2, -5, 7].map((value) => run(text, [value])[0])).toEqual([20, 50, 0]);
});
