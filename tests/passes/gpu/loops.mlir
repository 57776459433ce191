// RUN: weft opt --pass-pipeline='builtin.module(map-to-gpu)' %s

#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>
#matrix = affine_map<(d0, d1) -> (d1, d0)>

// A loop with enough work in each round stays; its body is launched with the index.
// CHECK: gpu.func @generic(%{{.*}}: memref<16x512xf32>, %{{.*}}: index, %{{.*}}: memref<512x512xf32>) kernel
// CHECK-NOT: weft.sequential
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[W:.*]]: memref<512x512xf32>, %[[Y:.*]]: memref<16x512xf32>
// CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step
// CHECK-NEXT: gpu.launch_func @kernels::@generic blocks in {{.*}} args(%[[Y]] : memref<16x512xf32>, %[[T]] : index, %[[W]]
func.func @main(%w: memref<512x512xf32>, %y: memref<16x512xf32> {weft.output}) attributes {weft.entry_point} {
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %t = %c1 to %c16 step %c1 {
    %before = arith.subi %t, %c1 : index
    %x = memref.subview %y[%before, 0] [1, 512] [1, 1] : memref<16x512xf32> to memref<512xf32, strided<[1], offset: ?>>
    %z = memref.subview %y[%t, 0] [1, 512] [1, 1] : memref<16x512xf32> to memref<512xf32, strided<[1], offset: ?>>
    linalg.generic {indexing_maps = [#column, #matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : memref<512xf32, strided<[1], offset: ?>>, memref<512x512xf32>)
      outs(%z : memref<512xf32, strided<[1], offset: ?>>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %p = arith.mulf %a, %b : f32
      %s = arith.addf %c, %p : f32
      linalg.yield %s : f32
    }
  }
  return
}
