// RUN: weft opt %s
// RUN: weft opt %s --generic | check --check-prefix=GENERIC

#pair = affine_map<(d0)[s0] -> (d0, s0 * 2)>
#positive = affine_set<(d0)[s0] : (d0 - s0 >= 0, d0 mod 2 == 0)>

// CHECK-LABEL: func.func @maps(
// CHECK-SAME: %[[I:.*]]: index, %[[N:.*]]: index)
func.func @maps(%i: index, %n: index) -> index {
  // Expressions are simplified as they are read.
  // CHECK: affine.apply #[[SUM:map.*]](%[[I]])[%[[N]]]
  // GENERIC: #[[SUM:map.*]] = affine_map<(d0)[s0] -> (d0 * 3 + s0 + 5)>
  // GENERIC: #[[PAIR:map.*]] = affine_map<(d0)[s0] -> (d0, s0 * 2)>
  // GENERIC: "affine.apply"(%{{.*}}, %{{.*}}) <{map = #[[SUM]]}> : (index, index) -> index
  %0 = affine.apply affine_map<(a)[b] -> (2 + 4 * a - a + b + 3)>(%i)[%n]
  // CHECK: affine.min #{{.*}}(%[[I]])[%[[N]]] {note}
  // GENERIC: "affine.min"(%{{.*}}, %{{.*}}) <{map = #[[PAIR]]}> {note}
  %1 = affine.min #pair(%i)[%n] {note}
  // CHECK: affine.max #{{.*}}()[%[[N]]]
  %2 = affine.max affine_map<()[s0] -> (s0, 4)>()[%n]
  // CHECK: %{{.*}}:2 = affine.delinearize_index %[[I]] into (%[[N]], 4) : index, index
  // GENERIC: "affine.delinearize_index"(%{{.*}}, %{{.*}}) <{static_basis = array<i64: -9223372036854775808, 4>}>
  %3:2 = affine.delinearize_index %i into (%n, 4) : index, index
  // CHECK: affine.linearize_index [%{{.*}}#0, %{{.*}}#1] by (4) : index
  // GENERIC: disjoint = false, operandSegmentSizes = array<i32: 2, 0>, static_basis = array<i64: 4>
  %4 = affine.linearize_index [%3#0, %3#1] by (4) : index
  // CHECK: affine.linearize_index disjoint [%{{.*}}#0, %{{.*}}#1] by (%[[N]], 4) {note} : index
  // GENERIC: <{disjoint, operandSegmentSizes = array<i32: 2, 1>
  %5 = affine.linearize_index disjoint [%3#0, %3#1] by (%n, 4) {note} : index
  return %5 : index
}

// CHECK-LABEL: func.func @loops(
// CHECK-SAME: %[[N:.*]]: index, %[[K:.*]]: index, %[[F:.*]]: f32)
func.func @loops(%n: index, %k: index, %f: f32) -> f32 {
  // CHECK: affine.for %{{.*}} = 0 to 10 {
  // CHECK-NEXT: }
  // GENERIC: "affine.for"() <{lowerBoundMap = #{{.*}}, operandSegmentSizes = array<i32: 0, 0, 0>, step = 1 : index
  affine.for %i = 0 to 10 {
  }
  // CHECK: affine.for %{{.*}} = -3 to %[[N]] step 2 {
  // CHECK-NEXT: } {note}
  affine.for %i = max affine_map<() -> (-3)>() to affine_map<()[s0] -> (s0)>()[%n] step 2 {
    affine.yield
  } {note}
  // CHECK: %[[R:.*]] = affine.for %[[I:.*]] = 0 to 4 iter_args(%[[A:.*]] = %[[F]]) -> (f32) {
  %r = affine.for %i = 0 to 4 iter_args(%a = %f) -> (f32) {
    // CHECK: affine.for %{{.*}} = max #{{.*}}(%[[I]])[%[[N]]] to min #{{.*}}(%[[I]]) {
    affine.for %j = max #pair(%i)[%n] to min affine_map<(d0) -> (d0 + 1, 7)>(%i) {
    }
    // CHECK: affine.yield %[[A]] : f32
    affine.yield %a : f32
  }
  // Groups of a bound share their values.
  // CHECK: affine.parallel (%{{.*}}, %{{.*}}) = (0, max(%[[N]] + 1, 3)) to (%[[N]], min(symbol(%[[K]]), 8, symbol(%[[K]]) * 2)) step (1, 2) {
  // GENERIC: lowerBoundsGroups = dense<[1, 2]> : tensor<2xi32>
  // GENERIC-SAME: upperBoundsGroups = dense<[1, 3]> : tensor<2xi32>
  affine.parallel (%i, %j) = (0, max(%n + 1, 3)) to (%n, min(symbol(%k), 8, 2 * symbol(%k))) step (1, 2) {
  }
  // CHECK: affine.parallel (%{{.*}}) = (0) to (10) reduce ("addf", "maximumf") -> (f32, f32) {
  // CHECK-NEXT: affine.yield %[[F]], %[[R]] : f32, f32
  // GENERIC: reductions = [0, 4], steps = [1]
  %p:2 = affine.parallel (%i) = (0) to (10) reduce ("addf", "maximumf") -> (f32, f32) {
    affine.yield %f, %r : f32, f32
  }
  // CHECK: affine.if #{{.*}}(%[[N]])[%[[N]]] {
  // CHECK-NEXT: }
  affine.if #positive(%n)[%n] {
  }
  // CHECK: affine.if #{{.*}}(%[[N]])[%[[N]]] -> f32 {
  // CHECK-NEXT: affine.yield %[[F]] : f32
  // CHECK-NEXT: } else {
  // CHECK-NEXT: affine.yield %{{.*}}#1 : f32
  // CHECK-NEXT: } {note}
  %q = affine.if #positive(%n)[%n] -> f32 {
    affine.yield %f : f32
  } else {
    affine.yield %p#1 : f32
  } {note}
  // CHECK: affine.if #{{.*}}() {
  // GENERIC: "affine.if"() <{condition = #{{.*}}}>
  affine.if affine_set<() : ()>() {
  }
  return %q : f32
}

// CHECK-LABEL: func.func @memory(
// CHECK-SAME: %[[M:.*]]: memref<8x8xf32>, %[[T:.*]]: memref<1xi32>, %[[N:.*]]: index, %[[F:.*]]: f32)
func.func @memory(%m: memref<8x8xf32>, %t: memref<1xi32>, %n: index, %f: f32) {
  affine.for %i = 0 to 8 {
    affine.for %j = 0 to 8 {
      // CHECK: affine.load %[[M]][%[[I:.*]] + %[[J:.*]] * 3, symbol(%[[N]]) floordiv 2] {note} : memref<8x8xf32>
      %0 = affine.load %m[%i + 3 * %j, symbol(%n) floordiv 2] {note} : memref<8x8xf32>
      // What would not be read as it is has the generic form: the second value is the first one's.
      // CHECK: "affine.load"(%[[M]], %[[I]], %[[I]])
      %1 = "affine.load"(%m, %i, %i) <{map = affine_map<(d0, d1) -> (d0, d1)>}> : (memref<8x8xf32>, index, index) -> f32
      // CHECK: affine.store %{{.*}}, %[[M]][%[[J]] mod 4, -%[[I]] + 7] : memref<8x8xf32>
      affine.store %0, %m[%j mod 4, 7 - %i] : memref<8x8xf32>
      // CHECK: %[[V:.*]] = affine.vector_load %[[M]][%[[I]], 0] : memref<8x8xf32>, vector<4xf32>
      %v = affine.vector_load %m[%i, 0] : memref<8x8xf32>, vector<4xf32>
      // CHECK: affine.vector_store %[[V]], %[[M]][%[[I]], 4] : memref<8x8xf32>, vector<4xf32>
      affine.vector_store %v, %m[%i, 4] : memref<8x8xf32>, vector<4xf32>
      // CHECK: affine.prefetch %[[M]][%[[I]], %[[J]] + 1], write, locality<2>, instr : memref<8x8xf32>
      // GENERIC: <{isDataCache = false, isWrite = true, localityHint = 2 : i32, map = #{{.*}}}>
      affine.prefetch %m[%i, %j + 1], write, locality<2>, instr : memref<8x8xf32>
      // CHECK: affine.dma_start %[[M]][%[[I]], 0], %[[M]][0, %[[J]]], %[[T]][0], %[[N]], %[[N]], %[[N]] : memref<8x8xf32>, memref<8x8xf32>, memref<1xi32>
      // GENERIC: "affine.dma_start"({{.*}}) {dst_map = #{{.*}}, src_map = #{{.*}}, tag_map = #{{.*}}}
      affine.dma_start %m[%i, 0], %m[0, %j], %t[0], %n, %n, %n : memref<8x8xf32>, memref<8x8xf32>, memref<1xi32>
      // CHECK: affine.dma_wait %[[T]][0], %[[N]] : memref<1xi32>
      affine.dma_wait %t[0], %n : memref<1xi32>
    }
  }
  return
}
