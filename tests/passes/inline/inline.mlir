// RUN: weft opt --pass-pipeline='builtin.module(inline,dce)' %s

// CHECK-NOT: @square
func.func private @square(%x: f32) -> f32 {
  %0 = arith.mulf %x, %x : f32
  return %0 : f32
}
// CHECK-NOT: @fourth
func.func private @fourth(%x: f32) -> f32 {
  %0 = func.call @square(%x) : (f32) -> f32
  %1 = func.call @square(%0) : (f32) -> f32
  return %1 : f32
}

// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: %[[A:.*]] = arith.mulf %[[X]], %[[X]] : f32
// CHECK-NEXT: %[[B:.*]] = arith.mulf %[[A]], %[[A]] : f32
// CHECK-NEXT: return %[[B]]
func.func @main(%x: f32) -> f32 {
  %0 = func.call @fourth(%x) : (f32) -> f32
  return %0 : f32
}

// A function that calls itself stays a function.
// CHECK-LABEL: func.func private @forever(
// CHECK: call @forever
func.func private @forever(%x: f32) -> f32 {
  %0 = func.call @forever(%x) : (f32) -> f32
  return %0 : f32
}
// CHECK-LABEL: func.func @recursive(
// CHECK: call @forever
func.func @recursive(%x: f32) -> f32 {
  %0 = func.call @forever(%x) : (f32) -> f32
  return %0 : f32
}
