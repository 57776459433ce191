import { describe, expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { bufferOf, interpretFunction } from "../../src/interpreter/interpret.ts";

/** Runs a body on a buffer of 6 × 2 numbers of i64, which it may see as pairs of words, low ones first. */
function run(body: string, path: "compiled" | "walked", data: readonly bigint[]): readonly bigint[] {
  const module = parseModule(
    `func.func @main(%x: memref<6x2xi64>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c6 = arith.constant 6 : index
      %w = builtin.unrealized_conversion_cast %x : memref<6x2xi64> to memref<6x2xvector<2xi32>>
      ${body}
      return
    }`,
    { file: "elements.mlir", registry },
  );
  expect(verifyModule(module, registry)).toEqual([]);
  const x = BigInt64Array.from(data);
  interpretFunction(module, "main", [bufferOf({ elementType: "i64", shape: [6, 2], data: x })], { path });
  return [...x];
}
const numbers = Array.from({ length: 12 }, (_, index) => BigInt(index) * 0x1_0000_0003n - 5n);
const swapped = (value: bigint): bigint =>
  BigInt.asIntN(64, ((value & 0xffffffffn) << 32n) | ((value >> 32n) & 0xffffffffn));

describe.each(["compiled", "walked"] as const)("buffers of vectors, %s", (path) => {
  test("words of long integers, low ones first", () => {
    const body = `scf.for %i = %c0 to %c6 step %c1 {
      %v = memref.load %w[%i, %c1] : memref<6x2xvector<2xi32>>
      %low = vector.extract %v[0] : i32 from vector<2xi32>
      %high = vector.extract %v[1] : i32 from vector<2xi32>
      %turned = vector.from_elements %high, %low : vector<2xi32>
      memref.store %turned, %w[%i, %c1] : memref<6x2xvector<2xi32>>
    }`;
    expect(run(body, path, numbers)).toEqual(numbers.map((value, index) => (index % 2 === 1 ? swapped(value) : value)));
  });

  test("views and buffers of their own", () => {
    const body = `%own = memref.alloca() : memref<6xvector<2xi32>>
      %column = memref.subview %w[0, 1] [6, 1] [1, 1] : memref<6x2xvector<2xi32>> to memref<6xvector<2xi32>, strided<[2], offset: 1>>
      scf.for %i = %c0 to %c6 step %c1 {
        %v = vector.load %column[%i] : memref<6xvector<2xi32>, strided<[2], offset: 1>>, vector<2xi32>
        memref.store %v, %own[%i] : memref<6xvector<2xi32>>
      }
      %first = memref.subview %w[0, 0] [6, 1] [1, 1] : memref<6x2xvector<2xi32>> to memref<6xvector<2xi32>, strided<[2]>>
      memref.copy %own, %first : memref<6xvector<2xi32>> to memref<6xvector<2xi32>, strided<[2]>>`;
    expect(run(body, path, numbers)).toEqual(numbers.map((_, index) => numbers[index | 1]!));
  });
});
