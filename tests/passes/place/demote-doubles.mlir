// RUN: weft opt --pass-pipeline='builtin.module(demote-doubles)' %s

#id = affine_map<(d0) -> (d0)>

// CHECK: func.func @main(%arg0: tensor<2xf32> {weft.element = "f32", weft.name = "x"}, %arg1: tensor<2xf32>) -> (tensor<2xf32> {weft.element = "f32", weft.name = "y"})
// CHECK: arith.constant dense<[1.500000e+00, 0x7F800000]> : tensor<2xf32>
// CHECK-NOT: f64
// CHECK-NOT: extf
// CHECK: arith.addf {{.*}} : f32
func.func @main(%x: tensor<2xf64> {weft.element = "f64", weft.name = "x"}, %w: tensor<2xf32>) -> (tensor<2xf64> {weft.element = "f64", weft.name = "y"}) {
  %c = arith.constant dense<[1.5, 1.0e300]> : tensor<2xf64>
  %e = tensor.empty() : tensor<2xf64>
  %r = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %w, %c : tensor<2xf64>, tensor<2xf32>, tensor<2xf64>) outs(%e : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f32, %d: f64, %out: f64):
    %0 = arith.extf %b : f32 to f64
    %1 = arith.addf %a, %0 : f64
    %2 = arith.mulf %1, %d : f64
    linalg.yield %2 : f64
  } -> tensor<2xf64>
  return %r : tensor<2xf64>
}
