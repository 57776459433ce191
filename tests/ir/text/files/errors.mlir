// RUN: not weft opt %s

// CHECK: error[text/unexpected-token]: expected SSA value, found ':'
// CHECK-NEXT: errors.mlir:10:25
// CHECK-NOT: unknown-value
// CHECK: error[text/value-type]: use of value '%x' expects different type than prior uses: 'f32' vs 'i32'
// CHECK: prior use here
func.func @f(%x: i32) -> i32 {
  // The sum is missing, so its use below is no error of its own.
  %sum = arith.addi %x, : i32
  %other = arith.negf %x : f32
  return %sum : i32
}
