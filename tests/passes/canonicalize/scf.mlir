// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

// CHECK-LABEL: func.func @known(
// CHECK-SAME: %[[A:.*]]: f32, %[[B:.*]]: f32
func.func @known(%a: f32, %b: f32) -> f32 {
  %true = arith.constant true
  // CHECK-NOT: scf.if
  %0 = scf.if %true -> (f32) {
    // CHECK: %[[S:.*]] = arith.addf %[[A]], %[[B]] : f32
    %sum = arith.addf %a, %b : f32
    scf.yield %sum : f32
  } else {
    scf.yield %b : f32
  }
  // CHECK: return %[[S]]
  return %0 : f32
}

// CHECK-LABEL: func.func @choice(
// CHECK-SAME: %[[C:.*]]: i1, %[[A:.*]]: f32, %[[B:.*]]: f32
func.func @choice(%c: i1, %a: f32, %b: f32) -> f32 {
  // CHECK-NEXT: %[[S:.*]] = arith.select %[[C]], %[[A]], %[[B]] : f32
  %0 = scf.if %c -> (f32) {
    scf.yield %a : f32
  } else {
    scf.yield %b : f32
  }
  // CHECK-NEXT: return %[[S]]
  return %0 : f32
}

// CHECK-LABEL: func.func @trips(
// CHECK-SAME: %[[T:.*]]: tensor<4xf32>, %[[X:.*]]: f32
func.func @trips(%t: tensor<4xf32>, %x: f32) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK-NOT: scf.for
  %none = scf.for %i = %c1 to %c1 step %c1 iter_args(%acc = %t) -> (tensor<4xf32>) {
    %1 = tensor.insert %x into %acc[%i] : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  }
  // CHECK: %[[ONE:.*]] = tensor.insert %[[X]] into %[[T]]
  %one = scf.for %i = %c0 to %c1 step %c1 iter_args(%acc = %t) -> (tensor<4xf32>) {
    %1 = tensor.insert %x into %acc[%i] : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  }
  // CHECK: return %[[T]], %[[ONE]]
  return %none, %one : tensor<4xf32>, tensor<4xf32>
}

// A value that a loop only hands on is the value it began with.
// CHECK-LABEL: func.func @carried(
// CHECK-SAME: %[[N:.*]]: index, %[[A:.*]]: f32, %[[B:.*]]: f32
func.func @carried(%n: index, %a: f32, %b: f32) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: %[[R:.*]] = scf.for {{.*}} iter_args(%[[ACC:.*]] = %[[A]]) -> (f32)
  %0:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (f32, f32) {
    // CHECK: arith.addf %[[ACC]], %[[B]] : f32
    %s = arith.addf %x, %y : f32
    scf.yield %s, %y : f32, f32
  }
  // CHECK: return %[[R]], %[[B]]
  return %0#0, %0#1 : f32, f32
}
