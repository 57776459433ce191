// Without a block there is no loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region #0 ('region') failed to verify constraint: region with 1 blocks}}
  "scf.for"(%n, %n, %n) ({
  }) : (index, index, index) -> ()
  return
}

// -----

// Bounds and step are of one type.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{all of {lowerBound, upperBound, step} have same type}}
  "scf.for"(%n, %n, %i32) ({
  ^bb0(%i: index):
    scf.yield
  }) : (index, index, i32) -> ()
  return
}

// -----

// The induction variable has it too.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected induction variable to be same type as bounds and step}}
  "scf.for"(%n, %n, %n) ({
  ^bb0(%i: i32):
    scf.yield
  }) : (index, index, index) -> ()
  return
}

// -----

// It is called something inside.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{different number of inits and region iter_args: 1 != 0}}
  %0 = "scf.for"(%n, %n, %n, %f) ({
  ^bb0(%i: index):
    scf.yield %f : f32
  }) : (index, index, index, f32) -> f32
  return
}

// -----

// And goes on as it was.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{0-th region iter_arg and 0-th yielded value have different type: 'f32' != 'index'}}
  %0 = scf.for %i = %n to %n step %n iter_args(%a = %f) -> (f32) {
    scf.yield %i : index
  }
  return
}

// -----

// Nothing is yielded that is not carried.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{different number of region iter_args and yielded values: 0 != 1}}
  scf.for %i = %n to %n step %n {
    scf.yield %i : index
  }
  return
}

// -----

// A type for each carried value.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{mismatch in number of loop-carried values and defined values}}
  %0 = scf.for %i = %n to %n step %n iter_args(%a = %f, %b = %f) -> (f32) {
    scf.yield %a : f32
  }
  return
}

// -----

// A loop ends in a yield.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+2 {{expects regions to end with 'scf.yield', found 'test.end'}}
  // expected-note @+1 {{in custom textual format, the absence of terminator implies 'scf.yield'}}
  "scf.for"(%n, %n, %n) ({
  ^bb0(%i: index):
    "test.end"() : () -> ()
  }) : (index, index, index) -> ()
  return
}

// -----

// Bounds of floats.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{operand #0 must be signless integer or index, but got 'f32'}}
  "scf.for"(%f, %n, %n) ({
  ^bb0(%i: f32):
    scf.yield
  }) : (f32, index, index) -> ()
  return
}

// -----

// The first region of a while decides.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects the 'before' region to terminate with 'scf.condition'}}
  "scf.while"() ({
    // expected-note @+1 {{terminator here}}
    scf.yield
  }, {
    scf.yield
  }) : () -> ()
  return
}

// -----

// The second goes back.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects the 'after' region to terminate with 'scf.yield'}}
  "scf.while"() ({
    scf.condition(%c)
  }, {
    // expected-note @+1 {{terminator here}}
    scf.condition(%c)
  }) : () -> ()
  return
}

// -----

// What the condition hands on comes out.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region branch point has 2 operands, but region successor needs 1 inputs}}
  %0 = scf.while (%a = %f) : (f32) -> f32 {
    // expected-note @+1 {{region branch point}}
    scf.condition(%c) %a, %a : f32, f32
  } do {
  ^bb0(%b: f32):
    scf.yield %b : f32
  }
  return
}

// -----

// And goes into the second region.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{from Operation scf.condition to Region #1: region branch point has 1 operands, but region successor needs 2 inputs}}
  %0 = scf.while (%a = %f) : (f32) -> f32 {
    // expected-note @+1 {{region branch point}}
    scf.condition(%c) %a : f32
  } do {
  ^bb0(%b: f32, %d: f32):
    scf.yield %b : f32
  }
  return
}

// -----

// Which gives the first one new values.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{from Operation scf.yield to Region #0: region branch point has 0 operands, but region successor needs 1 inputs}}
  %0 = scf.while (%a = %f) : (f32) -> f32 {
    scf.condition(%c) %a : f32
  } do {
  ^bb0(%b: f32):
    // expected-note @+1 {{region branch point}}
    scf.yield
  }
  return
}

// -----

// Types of what the first region begins with.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected as many input types as operands (expected 1 got 2)}}
  scf.while (%a = %f) : (f32, f32) -> () {
    scf.condition(%c)
  } do {
    scf.yield
  }
  return
}

// -----

// A condition stands in a while.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  "test.region"() ({
    // expected-error @+1 {{expects parent op 'scf.while'}}
    scf.condition(%c)
  }) : () -> ()
  return
}
