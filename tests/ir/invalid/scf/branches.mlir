// A value needs both branches.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{must have an else block if defining values}}
  %0 = scf.if %c -> (f32) {
    scf.yield %f : f32
  }
  return
}

// -----

// And each gives it.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+2 {{from Operation scf.yield to parent: region branch point has 0 operands, but region successor needs 1 inputs}}
  // expected-note @+1 {{region branch point}}
  %0 = scf.if %c -> (f32) {
    scf.yield %f : f32
  } else {
  }
  return
}

// -----

// Branches get no values.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region #0 should have no arguments}}
  "scf.if"(%c) ({
  ^bb0(%a: f32):
    scf.yield
  }, {
  }) : (i1) -> ()
  return
}

// -----

// A branch has a block.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region #0 ('thenRegion') failed to verify constraint: region with 1 blocks}}
  "scf.if"(%c) ({
  }, {
  }) : (i1) -> ()
  return
}

// -----

// A branch ends in a yield.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+2 {{expects regions to end with 'scf.yield', found 'test.end'}}
  // expected-note @+1 {{in custom textual format, the absence of terminator implies 'scf.yield'}}
  "scf.if"(%c) ({
    "test.end"() : () -> ()
  }, {
  }) : (i1) -> ()
  return
}

// -----

// A yield stands in what has values.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  "test.region"() ({
    // expected-error @+1 {{expects parent op to be one of 'scf.execute_region, scf.for, scf.if, scf.index_switch, scf.while'}}
    scf.yield
  }) : () -> ()
  return
}

// -----

// A case is there once.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{has duplicate case value: 3}}
  scf.index_switch %n
  case 3 {
    scf.yield
  }
  case 3 {
    scf.yield
  }
  default {
  }
  return
}

// -----

// Each case gives the value.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected each region to return 1 values, but case region #0 returns 0}}
  %0 = scf.index_switch %n -> f32
  case 3 {
    // expected-note @+1 {{see yield operation here}}
    scf.yield
  }
  default {
    scf.yield %f : f32
  }
  return
}

// -----

// Of the type that it has.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected result #0 of each region to be 'f32'}}
  %0 = scf.index_switch %n -> f32
  case 3 {
    // expected-note @+1 {{case region #0 returns 'index' here}}
    scf.yield %n : index
  }
  default {
    scf.yield %f : f32
  }
  return
}

// -----

// As many cases as numbers.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{has 1 case regions but 2 case values}}
  "scf.index_switch"(%n) <{cases = array<i64: 1, 2>}> ({
    scf.yield
  }, {
    scf.yield
  }) : (index) -> ()
  return
}

// -----

// There is a default.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.index_switch %n
  case 3 {
    scf.yield
  }
  // expected-error @+1 {{expected 'default'}}
  return
}

// -----

// Cases are numbers.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.index_switch %n
  // expected-error @+1 {{expected integer value}}
  case %n {
  }
  return
}

// -----

// A region to execute has a block.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region needs to have at least one block}}
  "scf.execute_region"() ({
  }) : () -> ()
  return
}

// -----

// Which gets no values.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region cannot have any arguments}}
  "scf.execute_region"() ({
  ^bb0(%a: f32):
    scf.yield
  }) : () -> ()
  return
}

// -----

// And gives those that come out.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{region branch point has 1 operands, but region successor needs 0 inputs}}
  scf.execute_region {
    // expected-note @+1 {{region branch point}}
    scf.yield %f : f32
  }
  return
}
