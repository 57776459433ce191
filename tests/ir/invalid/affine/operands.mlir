// An induction variable of another loop is neither.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{operand cannot be used as a dimension id}}
    %0 = affine.load %m[%i] : memref<?xf32>
  }
  return
}

// -----

// An induction variable of an affine loop is no symbol.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    // expected-error @+1 {{operand cannot be used as a symbol}}
    %0 = affine.load %m[symbol(%i)] : memref<?xf32>
  }
  return
}

// -----

// What an affine loop carries changes.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  %r = affine.for %i = 0 to 10 iter_args(%k = %n) -> (index) {
    // expected-error @+1 {{operand cannot be used as a dimension id}}
    affine.store %f, %m[%k] : memref<?xf32>
    affine.yield %k : index
  }
  return
}

// -----

// A cast from another type is no index computation.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    %0 = arith.index_cast %i32 : i32 to index
    // expected-error @+1 {{operand cannot be used as a symbol}}
    affine.for %j = 0 to %0 {
    }
  }
  return
}

// -----

// A minimum of a dimension is none.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    %0 = affine.min affine_map<(d0) -> (d0, 3)>(%i)
    // expected-error @+1 {{operand cannot be used as a dimension id}}
    affine.store %f, %m[%0] : memref<?xf32>
  }
  return
}

// -----

// The bounds of a loop are held to the same rule.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    // expected-error @+1 {{operand cannot be used as a symbol}}
    affine.for %j = %i to 10 {
    }
  }
  return
}

// -----

// So are the inputs of a set.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{operand cannot be used as a dimension id}}
    affine.if affine_set<(d0) : (d0 >= 0)>(%i) {
    }
  }
  return
}

// -----

// And the bounds of a parallel loop.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    // expected-error @+1 {{operand cannot be used as a symbol}}
    affine.parallel (%j) = (symbol(%i)) to (10) {
    }
  }
  return
}

// -----

// An applied map keeps dimensions and symbols apart.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    // expected-error @+1 {{dimensional operand cannot be used as a symbol}}
    %0 = affine.apply affine_map<()[s0] -> (s0)>()[%i]
  }
  return
}

// -----

// Digits of a dimension are a dimension, not a symbol.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  affine.for %i = 0 to 10 {
    %0:2 = affine.delinearize_index %i into (5, 2) : index, index
    // expected-error @+1 {{operand cannot be used as a symbol}}
    affine.store %f, %mm[%i, symbol(%0#1)] : memref<4x8xf32>
  }
  return
}

// -----

// The place of a prefetch.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{valid dimension or symbol identifier}}
    affine.prefetch %m[%i], read, locality<3>, data : memref<?xf32>
  }
  return
}

// -----

// The places of a transfer.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{dst index must be a valid dimension or symbol identifier}}
    affine.dma_start %m[%n], %m[%i], %m[%n], %n : memref<?xf32>, memref<?xf32>, memref<?xf32>
  }
  return
}

// -----

// The place of a tag.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{index must be a valid dimension or symbol identifier}}
    affine.dma_wait %m[%i], %n : memref<?xf32>
  }
  return
}
