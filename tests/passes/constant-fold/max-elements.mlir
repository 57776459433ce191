// RUN: weft opt --pass-pipeline='builtin.module(constant-fold{max-elements=3})' %s

// CHECK-LABEL: func.func @limit(
// CHECK-NOT: tensor.extract_slice %{{.*}}[0] [3]
// CHECK: tensor.extract_slice %{{.*}}[0] [4]
func.func @limit() -> (tensor<3xi32>, tensor<4xi32>) {
  %w = arith.constant dense<[1, 2, 3, 4, 5]> : tensor<5xi32>
  %a = tensor.extract_slice %w[0] [3] [1] : tensor<5xi32> to tensor<3xi32>
  %b = tensor.extract_slice %w[0] [4] [1] : tensor<5xi32> to tensor<4xi32>
  return %a, %b : tensor<3xi32>, tensor<4xi32>
}
