// A loop over nothing.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{needs at least one tuple element for lowerBound, upperBound and step}}
  "scf.parallel"() <{operandSegmentSizes = array<i32: 0, 0, 0, 0>}> ({
    scf.reduce
  }) : () -> ()
  return
}

// -----

// An induction variable for each bound.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects the same number of induction variables: 2 as bound and step values: 1}}
  "scf.parallel"(%n, %n, %n) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%a: index, %b: index):
    scf.reduce
  }) : (index, index, index) -> ()
  return
}

// -----

// They are indices.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects arguments for the induction variable to be of index type}}
  "scf.parallel"(%n, %n, %n) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%a: i32):
    scf.reduce
  }) : (index, index, index) -> ()
  return
}

// -----

// A reduction for each result.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects number of results: 1 to be the same as number of reductions: 0}}
  %0 = scf.parallel (%i) = (%n) to (%n) step (%n) init (%f) -> f32 {
    scf.reduce
  }
  return
}

// -----

// What is reduced is what comes out.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  %0 = scf.parallel (%i) = (%n) to (%n) step (%n) init (%f) -> f32 {
    // expected-error @+1 {{expects type of 0-th reduction operand: 'index' to be the same as the 0-th result type: 'f32'}}
    scf.reduce(%i : index) {
    ^bb0(%a: index, %b: index):
      scf.reduce.return %a : index
    }
  }
  return
}

// -----

// Two values become one.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  %0 = scf.parallel (%i) = (%n) to (%n) step (%n) init (%f) -> f32 {
    // expected-error @+1 {{expected two block arguments with type 'f32' in the 0-th reduction region}}
    scf.reduce(%f : f32) {
    ^bb0(%a: f32):
      scf.reduce.return %a : f32
    }
  }
  return
}

// -----

// Of the same type.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  %0 = scf.parallel (%i) = (%n) to (%n) step (%n) init (%f) -> f32 {
    scf.reduce(%f : f32) {
    ^bb0(%a: f32, %b: f32):
      // expected-error @+1 {{must have type 'f32' (the type of the reduction inputs)}}
      scf.reduce.return %n : index
    }
  }
  return
}

// -----

// Which a return gives.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  %0 = scf.parallel (%i) = (%n) to (%n) step (%n) init (%f) -> f32 {
    // expected-error @+1 {{reduction bodies must be terminated with an 'scf.reduce.return' op}}
    scf.reduce(%f : f32) {
    ^bb0(%a: f32, %b: f32):
      "test.end"() : () -> ()
    }
  }
  return
}

// -----

// The return stands in a reduction.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  "test.region"() ({
    // expected-error @+1 {{expects parent op 'scf.reduce'}}
    scf.reduce.return %f : f32
  }) : () -> ()
  return
}

// -----

// The reduction in a parallel loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  "test.region"() ({
    // expected-error @+1 {{expects parent op 'scf.parallel'}}
    scf.reduce
  }) : () -> ()
  return
}

// -----

// A result for each shared output.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{produces 0 results, but has only 1 outputs}}
  "scf.forall"(%t) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 4>}> ({
  ^bb0(%i: index, %o: tensor<4xf32>):
    scf.forall.in_parallel {
    }
  }) : (tensor<4xf32>) -> ()
  return
}

// -----

// An argument for each loop and output.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region expects 1 arguments}}
  %0 = "scf.forall"(%t) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 4>}> ({
  ^bb0(%i: index):
    scf.forall.in_parallel {
    }
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// Those of loops are indices.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects 0-th block argument to be an index}}
  %0 = "scf.forall"(%t) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 4>}> ({
  ^bb0(%i: i32, %o: tensor<4xf32>):
    scf.forall.in_parallel {
    }
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// Those of outputs are like them.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{type mismatch between 0-th output and corresponding block argument}}
  %0 = "scf.forall"(%t) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 4>}> ({
  ^bb0(%i: index, %o: tensor<5xf32>):
    scf.forall.in_parallel {
    }
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// So are the results.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected type of operand #0 ('tensor<4xf32>') to match type of corresponding result ('tensor<5xf32>')}}
  %0 = "scf.forall"(%t) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 4>}> ({
  ^bb0(%i: index, %o: tensor<4xf32>):
    scf.forall.in_parallel {
    }
  }) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

// An upper bound for each loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected 2 upper bound values, got 1}}
  scf.forall (%i, %j) in (%n) {
  }
  return
}

// -----

// A step for each loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected 2 step values, got 1}}
  scf.forall (%i, %j) = (0, 0) to (%n, 4) step (1) {
  }
  return
}

// -----

// A mapping for each loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{mapping attribute size must match op rank}}
  scf.forall (%i, %j) in (%n, %n) {
  } {mapping = [#gpu.thread<x>]}
  return
}

// -----

// To a device.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{attribute 'mapping' failed to satisfy constraint: Device Mapping array attribute}}
  scf.forall (%i) in (%n) {
  } {mapping = [1]}
  return
}

// -----

// Only tensors are shared.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{ranked tensor of any type values, but got 'f32'}}
  %0 = scf.forall (%i) in (%n) shared_outs(%o = %f) -> (f32) {
    scf.forall.in_parallel {
    }
  }
  return
}

// -----

// What runs in parallel at the end puts something into tensors.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.forall (%i) in (%n) {
    // expected-error @+1 {{expected only ParallelCombiningOpInterface ops}}
    scf.forall.in_parallel {
      "test.op"() : () -> ()
    }
  }
  return
}

// -----

// It ends a forall.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  "test.region"() ({
    // expected-error @+1 {{expects parent op 'scf.forall'}}
    scf.forall.in_parallel {
    }
  }) : () -> ()
  return
}
