// RUN: weft opt --pass-pipeline='builtin.module(func.func(cse))' %s

#id = affine_map<(d0) -> (d0)>

// CHECK-LABEL: func.func @scopes(
// CHECK-SAME: %[[C:.*]]: i1, %[[A:.*]]: i32, %[[B:.*]]: i32
func.func @scopes(%c: i1, %a: i32, %b: i32) -> (i32, i32) {
  // CHECK-NEXT: %[[S:.*]] = arith.addi %[[A]], %[[B]] : i32
  %0 = arith.addi %a, %b : i32
  // CHECK-NEXT: scf.if
  %1 = scf.if %c -> (i32) {
    // What comes before holds inside.
    // CHECK-NEXT: %[[M:.*]] = arith.muli %[[S]], %[[S]] : i32
    %2 = arith.addi %a, %b : i32
    %3 = arith.muli %0, %2 : i32
    // CHECK-NEXT: scf.yield %[[M]]
    scf.yield %3 : i32
  } else {
    // What one branch computed does not hold in the other.
    // CHECK: %[[N:.*]] = arith.muli %[[S]], %[[S]] : i32
    // CHECK-NEXT: scf.yield %[[N]]
    %4 = arith.muli %0, %0 : i32
    scf.yield %4 : i32
  }
  // CHECK: %[[O:.*]] = arith.muli %[[S]], %[[S]] : i32
  %5 = arith.muli %0, %0 : i32
  // CHECK-NEXT: return %{{.*}}, %[[O]]
  return %1, %5 : i32, i32
}

// Equal structured operations on destinations of their own are one.
// CHECK-LABEL: func.func @regions(
// CHECK: %[[R:.*]] = linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return %[[R]], %[[R]]
func.func @regions(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e0 = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e0 : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e1 : tensor<4xf32>) {
  ^bb0(%b: f32, %p: f32):
    %t = arith.addf %b, %b : f32
    linalg.yield %t : f32
  } -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @different(
// CHECK-COUNT-2: linalg.generic
func.func @different(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%b: f32, %p: f32):
    %t = arith.mulf %b, %b : f32
    linalg.yield %t : f32
  } -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Reads of memory may differ.
// CHECK-LABEL: func.func @memory(
// CHECK-COUNT-2: memref.load
func.func @memory(%m: memref<4xf32>, %i: index) -> (f32, f32) {
  %0 = memref.load %m[%i] : memref<4xf32>
  memref.store %0, %m[%i] : memref<4xf32>
  %1 = memref.load %m[%i] : memref<4xf32>
  return %0, %1 : f32, f32
}

// 0.0 and -0.0 are different constants.
// CHECK-LABEL: func.func @zeros(
// CHECK-DAG: arith.constant 0.000000e+00 : f32
// CHECK-DAG: arith.constant -0.000000e+00 : f32
func.func @zeros() -> (f32, f32) {
  %0 = arith.constant 0.0 : f32
  %1 = arith.constant -0.0 : f32
  return %0, %1 : f32, f32
}
