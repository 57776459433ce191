// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

#row = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func.func @copies(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
func.func @copies(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NOT: linalg.generic
  %e = tensor.empty() : tensor<2x3xf32>
  %0 = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<2x3xf32>
  // CHECK: return %[[X]]
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @inputs(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[Y:.*]]: tensor<2x3xf32>
func.func @inputs(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<2x3xf32>)
  %0 = linalg.generic {indexing_maps = [#row, #row, #row, #row], iterator_types = ["parallel", "parallel"]} ins(%x, %y, %x : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// What is overwritten whole need not be what it was.
// CHECK-LABEL: func.func @overwritten(
func.func @overwritten(%x: tensor<2x3xf32>, %v: f32) -> tensor<2x3xf32> {
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<2x3xf32>
  // CHECK: linalg.fill ins(%{{.*}} : f32) outs(%[[E]] : tensor<2x3xf32>)
  %0 = linalg.fill ins(%v : f32) outs(%x : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
