import { expect, test } from "vitest";
import { collapsedType, expandedType } from "../../../src/ir/analysis/memref-layout.ts";
import { f32, memRefType } from "../../../src/ir/types.ts";

// What mlir-opt asks of `memref.expand_shape` and `memref.collapse_shape`: strides that say nothing count as none.
test("reshapes of a buffer whose strides say nothing have no strides", () => {
  const flat = memRefType([4], f32, { kind: "strided", strides: [1], offset: 0 });
  expect(expandedType(flat, [[0, 1]], [2, 2])?.text).toBe("memref<2x2xf32>");
  expect(collapsedType(flat, [[0]])?.text).toBe("memref<4xf32>");
});

test("reshapes of a buffer that begins elsewhere keep where it begins", () => {
  const flat = memRefType([4], f32, { kind: "strided", strides: [1], offset: 4 });
  expect(expandedType(flat, [[0, 1]], [2, 2])?.text).toBe("memref<2x2xf32, strided<[2, 1], offset: 4>>");
});
