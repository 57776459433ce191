// RUN: not weft opt %s

// CHECK: errors.mlir:10:25: error: expected SSA value, found ':' [text/unexpected-token]
// CHECK-NOT: note:
// CHECK-NOT: unknown-value
// CHECK: errors.mlir:11:23: error: use of value '%x' expects different type than prior uses: 'f32' vs 'i32' [text/value-type]
// CHECK: prior use here
func.func @f(%x: i32) -> i32 {
  // The sum is missing, so its use below is no error of its own.
  %sum = arith.addi %x, : i32
  %other = arith.negf %x : f32
  return %sum : i32
}
