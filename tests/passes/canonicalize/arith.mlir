// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

// CHECK-LABEL: func.func @neutral(
// CHECK-SAME: %[[X:.*]]: i32, %[[F:.*]]: f32
func.func @neutral(%x: i32, %f: f32) -> (i32, i32, i32, f32, f32, f32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %fone = arith.constant 1.0 : f32
  %fzero = arith.constant 0.0 : f32
  %a = arith.addi %zero, %x : i32
  %b = arith.muli %a, %one : i32
  %c = arith.subi %b, %b : i32
  %d = arith.mulf %fone, %f : f32
  %e = arith.subf %d, %fzero : f32
  // Not neutral: -0.0 + 0.0 is 0.0.
  // CHECK: %[[SUM:.*]] = arith.addf %[[F]], %{{.*}} : f32
  %g = arith.addf %f, %fzero : f32
  // CHECK: return %[[X]], %[[X]], %{{.*}}, %[[F]], %[[F]], %[[SUM]]
  return %a, %b, %c, %d, %e, %g : i32, i32, i32, f32, f32, f32
}

// CHECK-LABEL: func.func @folded(
func.func @folded() -> (i32, i1) {
  %a = arith.constant 40 : i32
  %b = arith.constant 2 : i32
  // CHECK-DAG: %[[SUM:.*]] = arith.constant 42 : i32
  // CHECK-DAG: %[[LESS:.*]] = arith.constant false
  // CHECK-NOT: arith.addi
  // CHECK-NOT: arith.cmpi
  %c = arith.addi %a, %b : i32
  %d = arith.cmpi slt, %c, %a : i32
  // CHECK: return %[[SUM]], %[[LESS]]
  return %c, %d : i32, i1
}

// A division by zero is the program's own affair.
// CHECK-LABEL: func.func @undefined(
func.func @undefined() -> i32 {
  %a = arith.constant 1 : i32
  %b = arith.constant 0 : i32
  // CHECK: arith.divsi
  %c = arith.divsi %a, %b : i32
  return %c : i32
}

// CHECK-LABEL: func.func @order(
// CHECK-SAME: %[[X:.*]]: i32
func.func @order(%x: i32) -> (i32, i32, i1) {
  %c5 = arith.constant 5 : i32
  %c7 = arith.constant 7 : i32
  // CHECK-DAG: %[[C5:.*]] = arith.constant 5 : i32
  // CHECK-DAG: %[[C12:.*]] = arith.constant 12 : i32
  // CHECK: %[[M:.*]] = arith.muli %[[X]], %[[C5]] : i32
  %a = arith.muli %c5, %x : i32
  // CHECK: %[[S:.*]] = arith.addi %[[X]], %[[C12]] : i32
  %b = arith.addi %c5, %x : i32
  %c = arith.addi %b, %c7 : i32
  // CHECK: %[[L:.*]] = arith.cmpi sgt, %[[X]], %[[C5]] : i32
  %d = arith.cmpi slt, %c5, %x : i32
  // CHECK: return %[[M]], %[[S]], %[[L]]
  return %a, %c, %d : i32, i32, i1
}

// CHECK-LABEL: func.func @casts(
// CHECK-SAME: %[[X:.*]]: i8, %[[F:.*]]: f16, %[[I:.*]]: i64
func.func @casts(%x: i8, %f: f16, %i: i64) -> (i32, i8, f16, i64) {
  %a = arith.extsi %x : i8 to i16
  // CHECK: %[[WIDE:.*]] = arith.extsi %[[X]] : i8 to i32
  %b = arith.extsi %a : i16 to i32
  %c = arith.trunci %b : i32 to i8
  %d = arith.extf %f : f16 to f32
  %e = arith.truncf %d : f32 to f16
  %g = arith.index_cast %i : i64 to index
  %h = arith.index_cast %g : index to i64
  // CHECK: return %[[WIDE]], %[[X]], %[[F]], %[[I]]
  return %b, %c, %e, %h : i32, i8, f16, i64
}

// CHECK-LABEL: func.func @selects(
// CHECK-SAME: %[[C:.*]]: i1, %[[A:.*]]: f32, %[[B:.*]]: f32
func.func @selects(%c: i1, %a: f32, %b: f32) -> (f32, i1, f32) {
  %true = arith.constant true
  %false = arith.constant false
  %same = arith.select %c, %a, %a : f32
  %itself = arith.select %c, %true, %false : i1
  %not = arith.xori %c, %true : i1
  // CHECK: %[[S:.*]] = arith.select %[[C]], %[[B]], %[[A]] : f32
  %swapped = arith.select %not, %a, %b : f32
  // CHECK: return %[[A]], %[[C]], %[[S]]
  return %same, %itself, %swapped : f32, i1, f32
}

// NaN is not equal to itself, so float comparisons and differences stay.
// CHECK-LABEL: func.func @nan(
func.func @nan(%x: f32) -> (f32, i1) {
  // CHECK: arith.subf
  %a = arith.subf %x, %x : f32
  // CHECK: arith.cmpf
  %b = arith.cmpf oeq, %x, %x : f32
  return %a, %b : f32, i1
}

// CHECK-LABEL: func.func @halves(
// CHECK-SAME: %[[X:.*]]: f32
func.func @halves(%x: f32) -> (f32, f32) {
  %four = arith.constant 4.0 : f32
  %three = arith.constant 3.0 : f32
  // CHECK-DAG: %[[QUARTER:.*]] = arith.constant 2.500000e-01 : f32
  // CHECK: %[[A:.*]] = arith.mulf %[[X]], %[[QUARTER]] : f32
  %a = arith.divf %x, %four : f32
  // CHECK: %[[B:.*]] = arith.divf %[[X]], %{{.*}} : f32
  %b = arith.divf %x, %three : f32
  // CHECK: return %[[A]], %[[B]]
  return %a, %b : f32, f32
}
