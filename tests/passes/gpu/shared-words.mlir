// RUN: weft opt --pass-pipeline='builtin.module(map-to-gpu)' %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#rows = affine_map<(d0, d1) -> (d0)>

// Two rows have elements in one word: members are mapped one by one.
// CHECK: gpu.func
// CHECK: gpu.func
// CHECK: func.func @main
func.func @main(%x: memref<4x7xf16>, %y: memref<4x7xf16> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f16
  %sum = memref.alloc() : memref<4xf16>
  weft.kernel ins(%x : memref<4x7xf16>) outs(%y : memref<4x7xf16>) attributes {weft.rows = 1 : i64} {
    linalg.fill ins(%zero : f16) outs(%sum : memref<4xf16>)
    linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%x : memref<4x7xf16>) outs(%sum : memref<4xf16>) {
    ^bb0(%in: f16, %out: f16):
      %s = arith.addf %out, %in : f16
      linalg.yield %s : f16
    }
    linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : memref<4x7xf16>, memref<4xf16>) outs(%y : memref<4x7xf16>) {
    ^bb0(%in: f16, %total: f16, %out: f16):
      %q = arith.divf %in, %total : f16
      linalg.yield %q : f16
    }
    weft.yield
  }
  return
}
