// RUN: weft opt --pass-pipeline='builtin.module(map-to-gpu)' %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#rows = affine_map<(d0, d1) -> (d0)>
#one = affine_map<(d0) -> (d0)>

// A row in an invocation: numbers of the row are values, and e^x with its sum is one walk through the row.
// CHECK: gpu.func @kernel(%[[X:.*]]: memref<4x6xf32>, %[[Y:.*]]: memref<4x6xf32>) kernel
// CHECK-NOT: memref.alloc
// CHECK: %[[MAX:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (f32) {
// CHECK: arith.maximumf
// CHECK: %[[SUM:.*]] = scf.for {{.*}} -> (f32) {
// CHECK: arith.subf %{{.*}}, %[[MAX]]
// CHECK: %[[E:.*]] = math.exp
// CHECK: memref.store %[[E]], %[[Y]]
// CHECK: arith.addf %{{.*}}, %[[E]]
// CHECK: scf.for
// CHECK: arith.divf %{{.*}}, %[[SUM]]
// CHECK: gpu.return
func.func @main(%x: memref<4x6xf32>, %y: memref<4x6xf32> {weft.output}) attributes {weft.entry_point} {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %max = memref.alloc() : memref<4xf32>
  %sum = memref.alloc() : memref<4xf32>
  weft.kernel ins(%x : memref<4x6xf32>) outs(%y : memref<4x6xf32>) attributes {weft.rows = 1 : i64} {
    linalg.fill ins(%low : f32) outs(%max : memref<4xf32>)
    linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%x : memref<4x6xf32>) outs(%max : memref<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %m = arith.maximumf %out, %in : f32
      linalg.yield %m : f32
    }
    linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %max : memref<4x6xf32>, memref<4xf32>) outs(%y : memref<4x6xf32>) {
    ^bb0(%in: f32, %top: f32, %out: f32):
      %d = arith.subf %in, %top : f32
      %e = math.exp %d : f32
      linalg.yield %e : f32
    }
    linalg.fill ins(%zero : f32) outs(%sum : memref<4xf32>)
    linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%y : memref<4x6xf32>) outs(%sum : memref<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = arith.addf %out, %in : f32
      linalg.yield %s : f32
    }
    linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%y, %sum : memref<4x6xf32>, memref<4xf32>) outs(%y : memref<4x6xf32>) {
    ^bb0(%in: f32, %total: f32, %out: f32):
      %q = arith.divf %in, %total : f32
      linalg.yield %q : f32
    }
    weft.yield
  }
  return
}
