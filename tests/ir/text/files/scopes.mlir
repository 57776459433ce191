// RUN: weft opt %s
// RUN: weft opt %s --generic | check --check-prefix=GENERIC

// Names start again in every function of the pretty form; in the generic form they are unique, later functions first.

// CHECK-LABEL: func.func @first
// CHECK-SAME: (%[[X:arg[0-9]+]]: i32)
// CHECK-NEXT: %[[C:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[SUM:.*]] = arith.addi %[[X]], %[[C]] : i32
// CHECK-NEXT: return %[[SUM]]
// GENERIC: "func.func"
// GENERIC-SAME: sym_name = "first"
// GENERIC-NEXT: ^bb0(%arg1: i32):
// GENERIC-NEXT: %0 = "arith.constant"() <{value = 1 : i32}> : () -> i32
func.func @first(%x: i32) -> i32 {
  %one = arith.constant 1 : i32
  %sum = arith.addi %x, %one : i32
  return %sum : i32
}

// CHECK-LABEL: func.func @second
// CHECK-SAME: (%arg0: i32)
// CHECK-NOT: arith.constant
// CHECK: return %arg0
// GENERIC: sym_name = "second"
// GENERIC-NEXT: ^bb0(%arg0: i32):
func.func @second(%x: i32) -> i32 {
  return %x : i32
}
