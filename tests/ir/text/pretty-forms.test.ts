import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";

/** Operations as `mlir-opt` prints them, one line each where they have one; `$` stands for the function they are in. */
const forms: Readonly<Record<string, readonly string[]>> = {
  arith: [
    "%c1 = arith.constant 1 : index",
    "%c-1_i32 = arith.constant -1 : i32",
    "%true = arith.constant true",
    "%cst = arith.constant 1.500000e+00 : f32",
    "%cst = arith.constant dense<[1, 2]> : tensor<2xi32>",
    "%cst = arith.constant dense<0.000000e+00> : vector<4xf32>",
    "%0 = arith.addf %arg0, %arg0 : f32",
    "%0 = arith.addf %arg0, %arg0 fastmath<nnan,ninf> : f32",
    "%0 = arith.addi %arg1, %arg1 overflow<nsw> : i32",
    "%0 = arith.addi %arg1, %arg1 {tag = 1 : i64} : i32",
    "%0 = arith.cmpi slt, %arg1, %arg1 : i32",
    "%0 = arith.cmpf oeq, %arg0, %arg0 fastmath<fast> : f32",
    "%0 = arith.select %arg2, %arg0, %arg0 : f32",
    "%0 = arith.select %arg8, %arg3, %arg3 : tensor<4xi1>, tensor<4xf32>",
    "%0 = arith.extsi %arg1 : i32 to i64",
    "%0 = arith.negf %arg0 : f32",
    "%0 = arith.index_cast %arg4 : index to i32",
    "%sum, %overflow = arith.addui_extended %arg1, %arg1 : i32, i1",
    "%low, %high = arith.mulsi_extended %arg1, %arg1 : i32",
  ],
  math: [
    "%0 = math.exp %arg0 : f32",
    "%0 = math.fma %arg0, %arg0, %arg0 : f32",
    "%0 = math.fpowi %arg0, %arg1 : f32, i32",
  ],
  tensor: [
    "%0 = tensor.empty() : tensor<4xf32>",
    "%0 = tensor.empty(%arg4) : tensor<?xf32>",
    "%extracted = tensor.extract %arg3[%arg4] : tensor<4xf32>",
    "%inserted = tensor.insert %arg0 into %arg3[%arg4] : tensor<4xf32>",
    "%extracted_slice = tensor.extract_slice %arg3[%arg4] [2] [1] : tensor<4xf32> to tensor<2xf32>",
    "%extracted_slice = tensor.extract_slice %arg5[0, 1] [1, 2] [1, 1] : tensor<2x4xf32> to tensor<2xf32>",
    "%inserted_slice = tensor.insert_slice %arg3 into %arg5[0, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<2x4xf32>",
    "%collapsed = tensor.collapse_shape %arg5 [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>",
    "%expanded = tensor.expand_shape %arg3 [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>",
    "%from_elements = tensor.from_elements %arg0, %arg0 : tensor<2xf32>",
    "%splat = tensor.splat %arg0 : tensor<2x3xf32>",
    "%concat = tensor.concat dim(0) %arg3, %arg3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>",
    "%dim = tensor.dim %arg3, %arg4 : tensor<4xf32>",
    "%cast = tensor.cast %arg3 : tensor<4xf32> to tensor<?xf32>",
    "%padded = tensor.pad %arg3 low[1] high[%arg4] {\n^bb0(%arg9: index):\n  tensor.yield %arg0 : f32\n} : tensor<4xf32> to tensor<?xf32>",
    "%generated = tensor.generate  {\n^bb0(%arg9: index):\n  tensor.yield %arg0 : f32\n} : tensor<4xf32>",
  ],
  memref: [
    "%alloc = memref.alloc() : memref<4xf32>",
    "%alloc = memref.alloc(%arg4) {alignment = 64 : i64} : memref<?xf32>",
    "%alloca = memref.alloca() : memref<4xf32, 1>",
    "%0 = memref.load %arg6[%arg4, %arg4] : memref<4x8xf32>",
    "memref.store %arg0, %arg6[%arg4, %arg4] : memref<4x8xf32>",
    "%subview = memref.subview %arg6[0, %arg4] [2, 2] [1, 1] : memref<4x8xf32> to memref<2x2xf32, strided<[8, 1], offset: ?>>",
    "%reinterpret_cast = memref.reinterpret_cast %arg6 to offset: [0], sizes: [32], strides: [1] : memref<4x8xf32> to memref<32xf32>",
    "%collapse_shape = memref.collapse_shape %arg6 [[0, 1]] : memref<4x8xf32> into memref<32xf32>",
    "%expand_shape = memref.expand_shape %arg6 [[0], [1, 2]] output_shape [4, 2, 4] : memref<4x8xf32> into memref<4x2x4xf32>",
    "memref.copy %arg6, %arg6 : memref<4x8xf32> to memref<4x8xf32>",
    "memref.dealloc %arg6 : memref<4x8xf32>",
  ],
  vector: [
    "%0 = vector.broadcast %arg0 : f32 to vector<4xf32>",
    "%0 = vector.load %arg6[%arg4, %arg4] : memref<4x8xf32>, vector<8xf32>",
    "vector.store %arg7, %arg6[%arg4, %arg4] : memref<4x8xf32>, vector<8xf32>",
    "%0 = vector.fma %arg7, %arg7, %arg7 : vector<8xf32>",
    "%0 = vector.reduction <add>, %arg7 : vector<8xf32> into f32",
    "%0 = vector.reduction <maximumf>, %arg7, %arg0 : vector<8xf32> into f32",
    "%0 = vector.extract %arg7[3] : f32 from vector<8xf32>",
    "%0 = vector.extract %arg7[%arg4] : f32 from vector<8xf32>",
    "%0 = vector.insert %arg0, %arg7 [3] : f32 into vector<8xf32>",
    "%0 = vector.shuffle %arg7, %arg7 [0, 8, 1, 9] : vector<8xf32>, vector<8xf32>",
    "%0 = vector.create_mask %arg4 : vector<8xi1>",
    "%0 = vector.constant_mask [3] : vector<8xi1>",
    "%0 = vector.step : vector<8xindex>",
  ],
  scf: [
    "scf.for %arg9 = %arg4 to %arg4 step %arg4 {\n}",
    "scf.for %arg9 = %arg1 to %arg1 step %arg1  : i32 {\n}",
    "%0 = scf.for %arg9 = %arg4 to %arg4 step %arg4 iter_args(%arg10 = %arg0) -> (f32) {\n  scf.yield %arg10 : f32\n}",
    "scf.if %arg2 {\n}",
    "scf.if %arg2 {\n} else {\n  %0 = arith.addf %arg0, %arg0 : f32\n} {tag}",
    "%0:2 = scf.if %arg2 -> (f32, i32) {\n  scf.yield %arg0, %arg1 : f32, i32\n} else {\n  scf.yield %arg0, %arg1 : f32, i32\n}",
    "%0 = scf.while (%arg9 = %arg0) : (f32) -> f32 {\n  scf.condition(%arg2) %arg9 : f32\n} do {\n^bb0(%arg9: f32):\n  scf.yield %arg9 : f32\n}",
    "scf.parallel (%arg9) = (%arg4) to (%arg4) step (%arg4) {\n  scf.reduce \n}",
    "%0 = scf.parallel (%arg9) = (%arg4) to (%arg4) step (%arg4) init (%arg0) -> f32 {\n  scf.reduce(%arg0 : f32) {\n  ^bb0(%arg10: f32, %arg11: f32):\n    scf.reduce.return %arg10 : f32\n  }\n}",
  ],
  linalg: [
    "%0 = linalg.fill ins(%arg0 : f32) outs(%arg3 : tensor<4xf32>) -> tensor<4xf32>",
    "linalg.fill ins(%arg0 : f32) outs(%arg6 : memref<4x8xf32>)",
    "%0 = linalg.copy ins(%arg3 : tensor<4xf32>) outs(%arg3 : tensor<4xf32>) -> tensor<4xf32>",
    '%0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg3 : tensor<4xf32>) outs(%arg3 : tensor<4xf32>) attrs =  {tag} {\n^bb0(%in: f32, %out: f32):\n  linalg.yield %in : f32\n} -> tensor<4xf32>',
  ],
  weft: [
    "%0 = weft.kernel ins(%arg3 : tensor<4xf32>) outs(%arg3 : tensor<4xf32>) attributes {weft.schedule = {tile = 4 : i64}} {\n  weft.yield %arg3 : tensor<4xf32>\n} -> tensor<4xf32>",
  ],
};

const argumentList =
  "%arg0: f32, %arg1: i32, %arg2: i1, %arg3: tensor<4xf32>, %arg4: index, %arg5: tensor<2x4xf32>, " +
  "%arg6: memref<4x8xf32>, %arg7: vector<8xf32>, %arg8: tensor<4xi1>";

/** A module with one function whose body is `lines`. */
const moduleOf = (lines: string): string =>
  `module {\n  func.func @f(${argumentList}) {\n${lines.replaceAll(/^/gm, "    ")}\n    return\n  }\n}\n`;

describe.each(Object.entries(forms))("%s", (_, lines) => {
  test.each(lines)("%s", (line) => {
    // Values with several names print as a pack.
    const printed = line.replace(/^%(\w+), %(\w+) = /, "%0:2 = ");
    const module = parseModule(moduleOf(line), { file: "test.mlir", registry, allowUnregisteredDialects: true });
    expect(printModule(module, registry, { localScope: true })).toBe(moduleOf(printed));
  });
});

test("symbols, visibility, attributes of functions, globals and resources", () => {
  const text = `module @top attributes {weft.version = 1 : i64} {
  memref.global "private" constant @weights : memref<2xf32> = dense<[1.000000e+00, 2.000000e+00]>
  memref.global "private" constant @large : memref<2xf32> = dense_resource<blob> {alignment = 64 : i64}
  memref.global @scratch : memref<4xi8> = uninitialized
  func.func private @extern(f32, tensor<?xf32>) -> (f32, i32)
  func.func @"needs quotes"(%arg0: f32 {weft.name = "x"}) -> (f32 {weft.name = "y"}) attributes {weft.entry_point} {
    %0:2 = call @pair(%arg0) : (f32) -> (f32, f32)
    %1 = memref.get_global @weights : memref<2xf32>
    return %0#1 : f32
  }
  func.func private @pair(%arg0: f32) -> (f32, f32) {
    return %arg0, %arg0 : f32, f32
  }
}

{-#
  dialect_resources: {
    builtin: {
      blob: "0x400000000000803F00000040"
    }
  }
#-}
`;
  expect(printModule(parseModule(text, { file: "test.mlir", registry }), registry)).toBe(text);
});

test("aliases stand for maps that occur, once each", () => {
  const text = `#map = affine_map<(d0) -> (d0)>
module {
  func.func private @f(memref<4xf32, affine_map<(d0) -> (d0 + 1)>>)
  "test.maps"() {maps = [#map, #map]} : () -> ()
}
`
    .replace("#map = ", "#map = affine_map<(d0) -> (d0 + 1)>\n#map1 = ")
    .replace("memref<4xf32, affine_map<(d0) -> (d0 + 1)>>", "memref<4xf32, #map>")
    .replace("[#map, #map]", "[#map1, #map1]");
  const module = parseModule(text, { file: "test.mlir", registry, allowUnregisteredDialects: true });
  expect(printModule(module, registry)).toBe(text);
});
