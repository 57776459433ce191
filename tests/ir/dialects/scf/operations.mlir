// RUN: weft opt %s
// RUN: weft opt %s --generic | check --check-prefix=GENERIC

// CHECK-LABEL: func.func @loops(
// CHECK-SAME: %[[N:.*]]: index, %[[I:.*]]: i32, %[[F:.*]]: f32, %[[C:.*]]: i1)
func.func @loops(%n: index, %i: i32, %f: f32, %c: i1) -> f32 {
  // CHECK: scf.for unsigned %{{.*}} = %[[N]] to %[[N]] step %[[N]] {
  // GENERIC: "scf.for"(%{{.*}}, %{{.*}}, %{{.*}}) <{unsignedCmp}>
  scf.for unsigned %k = %n to %n step %n {
  }
  // CHECK: scf.for %{{.*}} = %[[I]] to %[[I]] step %[[I]] iter_args(%[[A:.*]] = %[[F]]) -> (f32)  : i32 {
  // CHECK-NEXT: scf.yield %[[A]] : f32
  // CHECK-NEXT: } {note}
  %0 = scf.for %k = %i to %i step %i iter_args(%a = %f) -> (f32) : i32 {
    scf.yield %a : f32
  } {note}
  // CHECK: scf.while : () -> () {
  // CHECK: scf.condition(%[[C]])
  // CHECK: } do {
  // CHECK-NEXT: scf.yield
  scf.while : () -> () {
    scf.condition(%c)
  } do {
    scf.yield
  }
  // CHECK: scf.parallel (%{{.*}}) = (%[[N]]) to (%[[N]]) step (%[[N]]) init (%[[F]], %[[F]]) -> (f32, f32) {
  // CHECK-NEXT: scf.reduce(%[[F]], %[[F]] : f32, f32) {
  // CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: scf.reduce.return %[[X]] : f32
  // CHECK-NEXT: }, {
  // GENERIC: "scf.reduce.return"(%{{.*}}) : (f32) -> ()
  %1:2 = scf.parallel (%k) = (%n) to (%n) step (%n) init (%f, %f) -> (f32, f32) {
    scf.reduce(%f, %f : f32, f32) {
    ^bb0(%x: f32, %y: f32):
      scf.reduce.return %x : f32
    }, {
    ^bb0(%x: f32, %y: f32):
      scf.reduce.return %y : f32
    }
  }
  return %1#0 : f32
}

// CHECK-LABEL: func.func @forall(
// CHECK-SAME: %[[N:.*]]: index, %[[T:.*]]: tensor<4xf32>)
func.func @forall(%n: index, %t: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: scf.forall (%{{.*}}, %{{.*}}) in (%[[N]], 4) {
  // CHECK-NEXT: }
  // GENERIC: "scf.forall"(%{{.*}}) <{operandSegmentSizes = array<i32: 0, 1, 0, 0>, staticLowerBound = array<i64: 0, 0>, staticStep = array<i64: 1, 1>, staticUpperBound = array<i64: -9223372036854775808, 4>}>
  // GENERIC: "scf.forall.in_parallel"() ({
  scf.forall (%i, %j) in (%n, 4) {
  }
  // CHECK: scf.forall (%{{.*}}) = (%[[N]]) to (8) step (2) {
  // CHECK-NEXT: } {mapping = [#gpu.thread<x>]}
  scf.forall (%i) = (%n) to (8) step (2) {
  } {mapping = [#gpu.thread<x>]}
  // CHECK: scf.forall (%[[I:.*]]) in (4) shared_outs(%[[O:.*]] = %[[T]]) -> (tensor<4xf32>) {
  // CHECK: scf.forall.in_parallel {
  // CHECK-NEXT: tensor.parallel_insert_slice %{{.*}} into %[[O]][%[[I]]] [1] [1] : tensor<1xf32> into tensor<4xf32>
  %0 = scf.forall (%i) in (4) shared_outs(%o = %t) -> (tensor<4xf32>) {
    %1 = tensor.extract_slice %o[%i] [1] [1] : tensor<4xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1 into %o[%i] [1] [1] : tensor<1xf32> into tensor<4xf32>
    }
  }
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @branches(
// CHECK-SAME: %[[N:.*]]: index, %[[F:.*]]: f32, %[[C:.*]]: i1)
func.func @branches(%n: index, %f: f32, %c: i1) -> f32 {
  // CHECK: scf.if %[[C]] {
  // CHECK-NEXT: } else {
  // CHECK-NEXT: } {note}
  scf.if %c {
  } else {
  } {note}
  // CHECK: scf.execute_region no_inline {
  // CHECK: cf.br ^bb1
  // CHECK: } {note}
  // GENERIC: "scf.execute_region"() <{no_inline}>
  scf.execute_region no_inline {
    cf.br ^bb1
  ^bb1:
    scf.yield
  } {note}
  // CHECK: scf.execute_region -> f32 {
  // CHECK-NEXT: scf.yield %[[F]] : f32
  %0 = scf.execute_region -> f32 {
    scf.yield %f : f32
  }
  // CHECK: scf.index_switch %[[N]] {note} -> f32
  // CHECK-NEXT: case 1 {
  // CHECK-NEXT: scf.yield %{{.*}} : f32
  // CHECK-NEXT: }
  // CHECK-NEXT: case -2 {
  // CHECK: default {
  // CHECK-NEXT: scf.yield %[[F]] : f32
  // GENERIC: "scf.index_switch"(%{{.*}}) <{cases = array<i64: 1, -2>}>
  %1 = scf.index_switch %n {note} -> f32
  case 1 {
    scf.yield %0 : f32
  }
  case -2 {
    scf.yield %f : f32
  }
  default {
    scf.yield %f : f32
  }
  // CHECK: scf.index_switch %[[N]]
  // CHECK-NEXT: case 7 {
  // CHECK-NEXT: scf.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: default {
  // CHECK-NEXT: }
  scf.index_switch %n
  case 7 {
    scf.yield
  }
  default {
  }
  return %1 : f32
}
