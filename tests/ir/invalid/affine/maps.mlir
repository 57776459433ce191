// A map of several results has no single value.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{mapping must produce one value}}
  %0 = "affine.apply"(%n) <{map = affine_map<(d0) -> (d0, d0)>}> : (index) -> index
  return
}

// -----

// Each input has an operand.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{operand count and affine map dimension and symbol count must match}}
  %0 = "affine.apply"(%n) <{map = affine_map<(d0)[s0] -> (d0 + s0)>}> : (index) -> index
  return
}

// -----

// Dimensions and symbols are written apart.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{dimension or symbol index mismatch}}
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 + s0)>(%n, %n)
  return
}

// -----

// A minimum has as many operands as its map has inputs.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{operand count and affine map dimension and symbol count must match}}
  %0 = affine.min affine_map<(d0) -> (d0, 4)>(%n, %n)
  return
}

// -----

// A maximum is one of something.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{affine map expect at least one result}}
  %0 = affine.max affine_map<(d0) -> ()>(%n)
  return
}

// -----

// Something else than a map.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{invalid kind of attribute specified}}
  %0 = affine.apply affine_set<(d0) : (d0 >= 0)>(%n)
  return
}

// -----

// A product of two dimensions.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{non-affine expression: at least one of the multiply operands has to be either a constant or symbolic}}
  %0 = affine.load %m[%n * %n] : memref<?xf32>
  return
}

// -----

// A remainder by a dimension.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{non-affine expression: right operand of mod has to be either a constant or symbolic}}
  %0 = affine.load %m[3 mod %n] : memref<?xf32>
  return
}

// -----

// A division by a dimension.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{non-affine expression: right operand of floordiv has to be either a constant or symbolic}}
  %0 = affine.load %m[%n floordiv (%n + 1)] : memref<?xf32>
  return
}

// -----

// A division, rounded up, by a dimension.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{non-affine expression: right operand of ceildiv has to be either a constant or symbolic}}
  %0 = affine.load %m[%n ceildiv %n] : memref<?xf32>
  return
}

// -----

// Fewer digits than there are.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{should return an index for each basis element and up to one extra index}}
  %0 = affine.delinearize_index %n into (2, 3) : index
  return
}

// -----

// A digit without values.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{no basis element may be statically non-positive}}
  %0:2 = affine.delinearize_index %n into (0, 3) : index, index
  return
}

// -----

// Digits without sizes.
func.func @f(%m: memref<?xf32>, %mm: memref<4x8xf32>, %n: index, %i32: i32, %f: f32, %t: tensor<4xf32>, %c: i1, %v: vector<4xf32>) {
  // expected-error @+1 {{should be passed a basis element for each index except possibly the first}}
  %0 = affine.linearize_index [%n, %n, %n] by (3) : index
  return
}
