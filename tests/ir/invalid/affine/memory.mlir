// One subscript for each dimension.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{affine map num results must equal memref rank}}
  %0 = affine.load %mm[%n] : memref<4x8xf32>
  return
}

// -----

// The element is what is read.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{result type must match element type of memref}}
  %0 = "affine.load"(%m, %n) <{map = affine_map<(d0) -> (d0)>}> : (memref<?xf32>, index) -> i32
  return
}

// -----

// Each input of the map has a value.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expects as many subscripts as affine map inputs}}
  %0 = "affine.load"(%m) <{map = affine_map<(d0) -> (d0)>}> : (memref<?xf32>) -> f32
  return
}

// -----

// A map is needed.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{op requires attribute 'map'}}
  %0 = "affine.load"(%m, %n) : (memref<?xf32>, index) -> f32
  return
}

// -----

// The element is what is written.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{value to store must have the same type as memref element type}}
  "affine.store"(%n, %m, %n) <{map = affine_map<(d0) -> (d0)>}> : (index, memref<?xf32>, index) -> ()
  return
}

// -----

// Only memrefs are read.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.memref, but found 'tensor<4xf32>'}}
  %0 = affine.load %t[%n] : tensor<4xf32>
  return
}

// -----

// Vectors have the elements of the memref.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{requires memref and vector types of the same elemental type}}
  %0 = affine.vector_load %m[%n] : memref<?xf32>, vector<4xi32>
  return
}

// -----

// Also those that are written.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{affine map num results must equal memref rank}}
  affine.vector_store %v, %m[%n, %n] : memref<?xf32>, vector<4xf32>
  return
}

// -----

// Levels of locality are four.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{attribute 'localityHint' failed to satisfy constraint: 32-bit signless integer attribute whose minimum value is 0 whose maximum value is 3}}
  affine.prefetch %m[%n], read, locality<4>, data : memref<?xf32>
  return
}

// -----

// Read or write.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{rw specifier has to be 'read' or 'write'}}
  affine.prefetch %m[%n], swap, locality<3>, data : memref<?xf32>
  return
}

// -----

// Data or instructions.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{cache type has to be 'data' or 'instr'}}
  affine.prefetch %m[%n], write, locality<3>, text : memref<?xf32>
  return
}

// -----

// One subscript for each dimension of what is fetched.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{affine.prefetch affine map num results must equal memref rank}}
  affine.prefetch %mm[%n], read, locality<1>, data : memref<4x8xf32>
  return
}

// -----

// Both strides or none.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected two stride related operands}}
  affine.dma_start %m[%n], %m[%n], %m[%n], %n, %n : memref<?xf32>, memref<?xf32>, memref<?xf32>
  return
}

// -----

// A type for each memref.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected three types}}
  affine.dma_start %m[%n], %m[%n], %m[%n], %n : memref<?xf32>, memref<?xf32>
  return
}

// -----

// Transfers go to memrefs.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected DMA destination to be of memref type}}
  affine.dma_start %m[%n], %t[%n], %m[%n], %n : memref<?xf32>, tensor<4xf32>, memref<?xf32>
  return
}

// -----

// And are waited for by a memref.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{expected tag to be of memref type}}
  affine.dma_wait %t[%n], %n : tensor<4xf32>
  return
}
