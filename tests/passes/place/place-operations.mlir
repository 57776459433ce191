// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(place-operations)' %s

#id = affine_map<(d0) -> (d0)>

// Doubles are for the host; what does not touch them stays on the device.
// CHECK-LABEL: func.func @main(
// CHECK: arith.addf {{.*}} : f32
// CHECK: linalg.generic {{.*}} attrs = {weft.device = "host", weft.device_reason = "WGSL has no f64"}
// CHECK: arith.mulf {{.*}} : f64
// CHECK-NOT: weft.device
func.func @main(%a: memref<1048576xf32>, %b: memref<1048576xf64>, %x: memref<1048576xf32> {weft.output}, %y: memref<1048576xf64> {weft.output}, %z: memref<1048576xf32> {weft.output}) attributes {weft.entry_point} {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : memref<1048576xf32>) outs(%x : memref<1048576xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%b : memref<1048576xf64>) outs(%y : memref<1048576xf64>) {
  ^bb0(%in: f64, %out: f64):
    %0 = arith.mulf %in, %in : f64
    linalg.yield %0 : f64
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : memref<1048576xf32>) outs(%z : memref<1048576xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.subf %in, %in : f32
    linalg.yield %0 : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>

// A small operation between two that are for the host goes there too: two transfers cost more than its eight additions.
// CHECK-LABEL: func.func @main(
// CHECK: weft.device_reason = "WGSL has no f64"
// CHECK: weft.device_reason = "cheaper on the host, between parts that have to be there"
// CHECK: arith.addf {{.*}} : f32
// CHECK: weft.device_reason = "WGSL has no f64"
func.func @main(%a: memref<8xf64>, %y: memref<8xf64> {weft.output}) attributes {weft.entry_point} {
  %t = memref.alloc() : memref<8xf32>
  %u = memref.alloc() : memref<8xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : memref<8xf64>) outs(%t : memref<8xf32>) {
  ^bb0(%in: f64, %out: f32):
    %0 = arith.truncf %in : f64 to f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%t : memref<8xf32>) outs(%u : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%u : memref<8xf32>) outs(%y : memref<8xf64>) {
  ^bb0(%in: f32, %out: f64):
    %0 = arith.extf %in : f32 to f64
    linalg.yield %0 : f64
  }
  return
}

// -----

// A long computation between them stays on the device: the transfers cost less.
#l = affine_map<(m, n, k) -> (m, k)>
#r = affine_map<(m, n, k) -> (k, n)>
#o = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @main(
// CHECK: weft.device_reason = "WGSL has no f64"
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}], iterator_types = ["parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : memref<512x512xf32>, memref<512x512xf32>) outs(%{{.*}} : memref<512x512xf32>) {
// CHECK: weft.device_reason = "WGSL has no f64"
func.func @main(%a: memref<512x512xf64>, %y: memref<512x512xf64> {weft.output}) attributes {weft.entry_point} {
  %t = memref.alloc() : memref<512x512xf32>
  %u = memref.alloc() : memref<512x512xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : memref<512x512xf64>) outs(%t : memref<512x512xf32>) {
  ^bb0(%in: f64, %out: f32):
    %0 = arith.truncf %in : f64 to f32
    linalg.yield %0 : f32
  }
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%u : memref<512x512xf32>)
  linalg.generic {indexing_maps = [#l, #r, #o], iterator_types = ["parallel", "parallel", "reduction"]} ins(%t, %t : memref<512x512xf32>, memref<512x512xf32>) outs(%u : memref<512x512xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%u : memref<512x512xf32>) outs(%y : memref<512x512xf64>) {
  ^bb0(%in: f32, %out: f64):
    %0 = arith.extf %in : f32 to f64
    linalg.yield %0 : f64
  }
  return
}
