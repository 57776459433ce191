// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(map-to-gpu)' %s

#left = affine_map<(m, n, k) -> (m, k)>
#right = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// Two tiles of 64 by 16 in workgroup memory, filled before all invocations go on; sixteen results in each of them.
// CHECK: gpu.func @kernel(
// CHECK-SAME: workgroup(%[[L:.*]] : memref<1040xf32, #gpu.address_space<workgroup>>, %[[R:.*]] : memref<1040xf32, #gpu.address_space<workgroup>>)
// CHECK-SAME: known_block_size = array<i32: 256, 1, 1>
// CHECK: scf.for
// CHECK-COUNT-4: memref.store %{{.*}}, %[[L]]
// CHECK-COUNT-4: memref.store %{{.*}}, %[[R]]
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK-COUNT-4: memref.load %[[L]]
// CHECK-COUNT-4: memref.load %[[R]]
// CHECK-COUNT-16: arith.mulf
// CHECK: scf.yield
// CHECK: gpu.barrier
// CHECK-COUNT-16: memref.store
// CHECK-NOT: memref.store
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@kernel blocks in (%c4, %c1, %c1) threads in (%c256, %c1, %c1)
func.func @main(%a: memref<100x37xf32>, %b: memref<37x70xf32>, %y: memref<100x70xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  weft.kernel ins(%a, %b : memref<100x37xf32>, memref<37x70xf32>) outs(%y : memref<100x70xf32>) attributes {weft.schedule = {mapping = "tiles"}} {
    linalg.fill ins(%zero : f32) outs(%y : memref<100x70xf32>)
    linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<100x37xf32>, memref<37x70xf32>) outs(%y : memref<100x70xf32>) {
    ^bb0(%l: f32, %r: f32, %s: f32):
      %p = arith.mulf %l, %r : f32
      %q = arith.addf %s, %p : f32
      linalg.yield %q : f32
    }
    weft.yield
  }
  return
}

// -----

#matrix = affine_map<(n, m) -> (n, m)>
#row = affine_map<(n, m) -> (n)>

// A workgroup for each row: six halvings of 64 parts, then the first invocation stores.
// CHECK: gpu.func @generic(
// CHECK-SAME: workgroup(%[[S:.*]] : memref<64xf32, #gpu.address_space<workgroup>>)
// CHECK: %[[T:.*]] = gpu.thread_id x
// CHECK: scf.for %{{.*}} = %[[T]] to %{{.*}} step %c64
// CHECK: memref.store %{{.*}}, %[[S]][%[[T]]]
// CHECK-COUNT-7: gpu.barrier
// CHECK-NOT: gpu.barrier
// CHECK: arith.maximumf
// CHECK-NEXT: scf.if
// CHECK-NEXT: memref.store
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@generic blocks in (%c3, %c1, %c1) threads in (%c64, %c1, %c1)
func.func @main(%x: memref<3x300xf32>, %y: memref<3xf32> {weft.output}) attributes {weft.entry_point} {
  linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<3x300xf32>) outs(%y : memref<3xf32>) attrs = {weft.schedule = {mapping = "tree"}} {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %b, %a : f32
    linalg.yield %m : f32
  }
  return
}

// -----

#left = affine_map<(m, n, k) -> (m, k)>
#right = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// Five tiles in a grid of two by three: the sixth workgroup does the last tile again.
// CHECK: gpu.func @generic(
// CHECK: %[[NUMBER:.*]] = arith.addi %{{.*}}, %block_id_x
// CHECK: arith.minui %[[NUMBER]], %c4
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@generic blocks in (%c3, %c2, %c1) threads in (%c256, %c1, %c1)
module attributes {weft.target = {limits = {maxComputeWorkgroupsPerDimension = 3 : i64}}} {
  func.func @main(%a: memref<320x32xf32>, %b: memref<32x64xf32>, %y: memref<320x64xf32> {weft.output}) attributes {weft.entry_point} {
    linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<320x32xf32>, memref<32x64xf32>) outs(%y : memref<320x64xf32>)
      attrs = {weft.schedule = {mapping = "tiles"}} {
    ^bb0(%l: f32, %r: f32, %s: f32):
      %p = arith.mulf %l, %r : f32
      %q = arith.addf %s, %p : f32
      linalg.yield %q : f32
    }
    return
  }
}
