// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(map-to-gpu)' %s

#left = affine_map<(m, n, k) -> (m, k)>
#right = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>
#point = affine_map<(m, n) -> (m, n)>
#bias = affine_map<(m, n) -> (n)>

// Two rows in registers: one load of the right matrix and two of the left for two products; the bias is loaded once; results are
// stored once.
// CHECK: gpu.func @kernel(%[[A:.*]]: memref<8x32xf32>, %[[B:.*]]: memref<32x64xf32>, %[[C:.*]]: memref<64xf32>, %[[Y:.*]]: memref<8x64xf32>)
// CHECK: %[[CST:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: scf.for {{.*}} iter_args(%[[P:.*]] = %[[CST]], %[[Q:.*]] = %[[CST]]) -> (f32, f32)
// CHECK-COUNT-3: memref.load
// CHECK-NOT: memref.load
// CHECK: scf.yield
// CHECK: memref.load %[[C]]
// CHECK-NOT: memref.load
// CHECK-COUNT-2: memref.store
// CHECK-NOT: memref.store
// CHECK: gpu.return
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@kernel blocks in (%c4, %c1, %c1) threads in (%c64, %c1, %c1)
func.func @main(%a: memref<8x32xf32>, %b: memref<32x64xf32>, %c: memref<64xf32>, %y: memref<8x64xf32> {weft.output}) attributes {weft.entry_point} {
  %t = memref.alloc() : memref<8x64xf32>
  %zero = arith.constant 0.0 : f32
  weft.kernel ins(%a, %b, %c : memref<8x32xf32>, memref<32x64xf32>, memref<64xf32>) outs(%y : memref<8x64xf32>) attributes {
    weft.schedule = {mapping = "blocked", lane_loop = 1 : i64, factors = array<i64: 2, 1, 1>, workgroup = array<i64: 64, 1, 1>}
  } {
    linalg.fill ins(%zero : f32) outs(%t : memref<8x64xf32>)
    linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<8x32xf32>, memref<32x64xf32>) outs(%t : memref<8x64xf32>) {
    ^bb0(%l: f32, %r: f32, %s: f32):
      %p = arith.mulf %l, %r : f32
      %q = arith.addf %s, %p : f32
      linalg.yield %q : f32
    }
    linalg.generic {indexing_maps = [#point, #bias, #point], iterator_types = ["parallel", "parallel"]}
      ins(%t, %c : memref<8x64xf32>, memref<64xf32>) outs(%y : memref<8x64xf32>) {
    ^bb0(%l: f32, %r: f32, %s: f32):
      %q = arith.addf %l, %r : f32
      linalg.yield %q : f32
    }
    weft.yield
  }
  return
}

// -----

// Seven elements in blocks of three, far apart: the last is guarded, its load clamped.
// CHECK: gpu.func @generic(%[[X:.*]]: memref<7xf32>, %[[Y:.*]]: memref<7xf32>)
// CHECK: %[[T:.*]] = gpu.thread_id x
// CHECK: arith.cmpi ult, %[[T]], %c3
// CHECK: %[[THIRD:.*]] = arith.addi %[[T]], %c6
// CHECK-NEXT: %[[CLAMPED:.*]] = arith.minui %[[THIRD]], %c6
// CHECK-NEXT: %[[INSIDE:.*]] = arith.cmpi ult, %[[THIRD]], %c7
// CHECK: memref.load %[[X]][%[[T]]]
// CHECK: %[[SECOND:.*]] = arith.addi %[[T]], %c3
// CHECK: memref.load %[[X]][%[[SECOND]]]
// CHECK: memref.load %[[X]][%[[CLAMPED]]]
// CHECK: memref.store %{{.*}}, %[[Y]][%[[T]]]
// CHECK: memref.store %{{.*}}, %[[Y]][%[[SECOND]]]
// CHECK: scf.if %[[INSIDE]]
// CHECK-NEXT: memref.store %{{.*}}, %[[Y]][%[[CLAMPED]]]
// CHECK-LABEL: func.func @main(
func.func @main(%x: memref<7xf32>, %y: memref<7xf32> {weft.output}) attributes {weft.entry_point} {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x : memref<7xf32>) outs(%y : memref<7xf32>)
    attrs = {weft.schedule = {mapping = "blocked", lane_loop = 0 : i64, factors = array<i64: 3>, spread = array<i64: 0>}} {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}
