// RUN: weft opt --pass-pipeline='builtin.module(fold-scale-into-weights,canonicalize)' %s

#lhs = affine_map<(d0, d1, d2) -> (d0, d2)>
#rhs = affine_map<(d0, d1, d2) -> (d2, d1)>
#out = affine_map<(d0, d1, d2) -> (d0, d1)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#last = affine_map<(d0, d1) -> (d1)>

// (x·w + b)·g + s = x·(w·g) + (b·g + s): columns of w times 2 and 3, shifts 1·2 + 10 and 1·3 + 20.
// CHECK-LABEL: func.func @scaled(
// CHECK-SAME: %[[X:.*]]: tensor<2x2xf32>
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 6.000000e+00], [6.000000e+00, 1.200000e+01]]> : tensor<2x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[1.200000e+01, 2.300000e+01]> : tensor<2xf32>
// CHECK: %[[A:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[W]] :
// CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] :
// CHECK: %[[S:.*]] = arith.addf
// CHECK: arith.maximumf %[[S]]
func.func @scaled(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant 1.0 : f32
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %s = arith.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%f : tensor<2x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %t = arith.addf %o, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x2xf32>
  %h = tensor.empty() : tensor<2x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #last, #last, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %g, %s : tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>) outs(%h : tensor<2x2xf32>) {
  ^bb0(%v: f32, %gain: f32, %shift: f32, %o: f32):
    %v1 = arith.addf %v, %b : f32
    %v2 = arith.mulf %v1, %gain : f32
    %v3 = arith.addf %v2, %shift : f32
    %v4 = arith.maximumf %v3, %zero : f32
    linalg.yield %v4 : f32
  } -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// A scale along the rows of x is none of the weights' dimensions.
// CHECK-LABEL: func.func @rows(
// CHECK: arith.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]>
func.func @rows(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%f : tensor<2x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %t = arith.addf %o, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x2xf32>
  %h = tensor.empty() : tensor<2x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d0)>, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %g : tensor<2x2xf32>, tensor<2xf32>) outs(%h : tensor<2x2xf32>) {
  ^bb0(%v: f32, %gain: f32, %o: f32):
    %v2 = arith.mulf %v, %gain : f32
    linalg.yield %v2 : f32
  } -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}
