// RUN: weft opt --pass-pipeline='builtin.module(func.func(hoist-loop-invariants))' %s

// CHECK-LABEL: func.func @nest(
// CHECK-SAME: %[[N:.*]]: index, %[[A:.*]]: index, %[[OUT:.*]]: memref<100xindex>
func.func @nest(%n: index, %a: index, %out: memref<100xindex>) {
  // CHECK: %[[C0:.*]] = arith.constant 0 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // What no loop changes is computed before all of them.
  // CHECK: %[[SQUARE:.*]] = arith.muli %[[A]], %[[A]] : index
  // CHECK-NEXT: scf.for %[[I:.*]] =
  scf.for %i = %c0 to %n step %c1 {
    // CHECK-NEXT: %[[ROW:.*]] = arith.muli %[[I]], %[[SQUARE]] : index
    // CHECK-NEXT: scf.for %[[J:.*]] =
    scf.for %j = %c0 to %n step %c1 {
      %0 = arith.muli %a, %a : index
      %1 = arith.muli %i, %0 : index
      // CHECK-NEXT: %[[AT:.*]] = arith.addi %[[ROW]], %[[J]] : index
      %2 = arith.addi %1, %j : index
      // CHECK-NEXT: memref.store %[[AT]], %[[OUT]][%[[AT]]]
      memref.store %2, %out[%2] : memref<100xindex>
    }
  }
  return
}

// Out of a branch on the way out of a loop, but not out of a branch alone.
// CHECK-LABEL: func.func @branches(
// CHECK: arith.addi
// CHECK-NEXT: scf.for
// CHECK-NEXT: scf.if
// CHECK-NEXT: memref.store
// CHECK: scf.if
// CHECK-NEXT: arith.muli
func.func @branches(%c: i1, %a: index, %out: memref<4xindex>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c4 step %c1 {
    scf.if %c {
      %0 = arith.addi %a, %a : index
      memref.store %0, %out[%i] : memref<4xindex>
    }
  }
  scf.if %c {
    %1 = arith.muli %a, %a : index
    memref.store %1, %out[%c0] : memref<4xindex>
  }
  return
}

// A read moves out of a loop that runs and writes nothing.
// CHECK-LABEL: func.func @reads(
// CHECK: memref.load
// CHECK-NEXT: scf.for
// CHECK: return
func.func @reads(%x: memref<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %c4 step %c1 iter_args(%s = %zero) -> (f32) {
    %0 = memref.load %x[%c0] : memref<4xf32>
    %1 = arith.addf %s, %0 : f32
    scf.yield %1 : f32
  }
  return %sum : f32
}

// It stays in one that may not run, that writes, or in a branch.
// CHECK-LABEL: func.func @reads_that_stay(
// CHECK: scf.for
// CHECK-NEXT: memref.load
// CHECK: scf.for
// CHECK-NEXT: memref.load
// CHECK: scf.for
// CHECK-NEXT: scf.if
// CHECK-NEXT: memref.load
func.func @reads_that_stay(%n: index, %c: i1, %x: memref<4xf32>, %y: memref<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %zero) -> (f32) {
    %0 = memref.load %x[%c0] : memref<4xf32>
    %1 = arith.addf %s, %0 : f32
    scf.yield %1 : f32
  }
  scf.for %i = %c0 to %c4 step %c1 {
    %0 = memref.load %x[%c0] : memref<4xf32>
    memref.store %0, %y[%i] : memref<4xf32>
  }
  %last = scf.for %i = %c0 to %c4 step %c1 iter_args(%s = %sum) -> (f32) {
    %1 = scf.if %c -> (f32) {
      %0 = memref.load %x[%c0] : memref<4xf32>
      scf.yield %0 : f32
    } else {
      scf.yield %s : f32
    }
    scf.yield %1 : f32
  }
  return %last : f32
}
