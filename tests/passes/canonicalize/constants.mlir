// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

// Constants are kept once, at the start of their function.
// CHECK-LABEL: func.func @once(
// CHECK-NEXT: %[[C:.*]] = arith.constant 3 : index
// CHECK-NEXT: scf.for
func.func @once(%n: index, %t: tensor<8xf32>) -> tensor<8xf32> {
  %c3 = arith.constant 3 : index
  %0 = scf.for %i = %c3 to %n step %c3 iter_args(%acc = %t) -> (tensor<8xf32>) {
    // CHECK-NOT: arith.constant
    %again = arith.constant 3 : index
    %x = tensor.extract %acc[%again] : tensor<8xf32>
    %1 = tensor.insert %x into %acc[%i] : tensor<8xf32>
    scf.yield %1 : tensor<8xf32>
  }
  // CHECK: return
  return %0 : tensor<8xf32>
}

// CHECK-LABEL: func.func @other(
// CHECK-NEXT: arith.constant 3 : index
func.func @other() -> index {
  %c3 = arith.constant 3 : index
  return %c3 : index
}
