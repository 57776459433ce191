// RUN: weft opt --pass-pipeline='builtin.module(dce)' %s

// CHECK-NOT: @unused
// CHECK-NOT: @only_from_unused
func.func private @unused(%x: f32) -> f32 {
  %0 = func.call @only_from_unused(%x) : (f32) -> f32
  return %0 : f32
}
func.func private @only_from_unused(%x: f32) -> f32 {
  return %x : f32
}
memref.global "private" constant @unused_weights : memref<2xf32> = dense<1.0>
// CHECK: memref.global "private" constant @weights
memref.global "private" constant @weights : memref<2xf32> = dense<2.0>
// CHECK: func.func private @used
func.func private @used(%x: f32) -> f32 {
  return %x : f32
}

// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: f32, %[[I:.*]]: index, %[[M:.*]]: memref<2xf32>
func.func @main(%x: f32, %i: index, %m: memref<2xf32>) -> f32 {
  // CHECK-NEXT: %[[G:.*]] = memref.get_global @weights
  %g = memref.get_global @weights : memref<2xf32>
  %a = arith.addf %x, %x : f32
  %b = arith.mulf %a, %a : f32
  %dead = scf.for %j = %i to %i step %i iter_args(%acc = %b) -> (f32) {
    %c = arith.addf %acc, %x : f32
    scf.yield %c : f32
  }
  // Calls and stores may matter.
  // CHECK-NEXT: call @used
  %called = func.call @used(%x) : (f32) -> f32
  // CHECK-NEXT: memref.store %[[X]], %[[M]]
  memref.store %x, %m[%i] : memref<2xf32>
  // CHECK-NEXT: %[[L:.*]] = memref.load %[[G]]
  %l = memref.load %g[%i] : memref<2xf32>
  // CHECK-NEXT: return %[[L]]
  return %l : f32
}
