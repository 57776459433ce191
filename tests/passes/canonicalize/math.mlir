// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

// CHECK-LABEL: func.func @powers(
// CHECK-SAME: %[[X:.*]]: f32, %[[V:.*]]: vector<4xf32>
func.func @powers(%x: f32, %v: vector<4xf32>) -> (f32, vector<4xf32>, f32) {
  %two = arith.constant 2.0 : f32
  %twos = arith.constant dense<2.0> : vector<4xf32>
  %half = arith.constant 0.5 : f32
  // CHECK: %[[SQUARE:.*]] = arith.mulf %[[X]], %[[X]] : f32
  %a = math.powf %x, %two : f32
  // CHECK: %[[SQUARES:.*]] = arith.mulf %[[V]], %[[V]] : vector<4xf32>
  %b = math.powf %v, %twos : vector<4xf32>
  // Not a square root, which is NaN for -inf.
  // CHECK: %[[ROOT:.*]] = math.powf %[[X]], %{{.*}} : f32
  %c = math.powf %x, %half : f32
  // CHECK: return %[[SQUARE]], %[[SQUARES]], %[[ROOT]]
  return %a, %b, %c : f32, vector<4xf32>, f32
}
