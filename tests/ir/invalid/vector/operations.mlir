// Vectors: shapes, masks, transfers, contractions.

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{dimension mismatch (4 vs. 5)}}
  %0 = vector.broadcast %v : vector<4xf32> to vector<2x5xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{source rank higher than destination rank}}
  %0 = vector.broadcast %v : vector<2x4xf32> to vector<4xf32>
  return
}

// -----

func.func @a(%v: f16) {
  // expected-error @+1 {{failed to verify that source operand and result have same element type}}
  %0 = vector.broadcast %v : f16 to vector<4xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{source/result bitwidth of the minor 1-D vectors must be equal}}
  %0 = vector.bitcast %v : vector<4xf32> to vector<4xf16>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{failed to verify that all of {source, result} have same rank}}
  %0 = vector.bitcast %v : vector<4xf32> to vector<1x4xi32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{dimension size mismatch at: 0}}
  %0 = vector.bitcast %v : vector<2x4xf32> to vector<4x4xi16>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{has different number of elements at source (4) and result (5)}}
  %0 = vector.shape_cast %v : vector<4xf32> to vector<5xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{has different source and result element types}}
  %0 = vector.shape_cast %v : vector<4xf32> to vector<4xf16>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{dimension size mismatch at: 0}}
  %0 = vector.transpose %v, [0, 0] : vector<2x4xf32> to vector<4x2xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{dimension size mismatch at:}}
  %0 = vector.transpose %v, [1, 0] : vector<2x4xf32> to vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{transposition length mismatch: 1}}
  %0 = vector.transpose %v, [1] : vector<2x4xf32> to vector<4x2xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{transposition index out of range: 2}}
  %0 = vector.transpose %v, [1, 2] : vector<2x4xf32> to vector<4x2xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{vector result rank mismatch: 3}}
  %0 = vector.transpose %v, [1, 0] : vector<2x4xf32> to vector<4x2x1xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{expected position attribute #1 to be a non-negative integer smaller than the corresponding vector dimension or poison (-1)}}
  %0 = vector.extract %v[2] : vector<4xf32> from vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{expected position attribute of rank no greater than vector rank}}
  %0 = vector.extract %v[0, 0, 0] : f32 from vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>) {
  // expected-error @+1 {{expected position attribute #1 to be a non-negative integer smaller than the corresponding vector dimension or poison (-1)}}
  %0 = vector.extract %v[-2] : vector<4xf32> from vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %i: index) {
  // expected-error @+1 {{mismatch between dynamic and static positions (kDynamic marker but no corresponding dynamic position) -- this can only happen due to an incorrect fold/rewrite}}
  %0 = "vector.extract"(%v, %i) <{static_position = array<i64: 0>}> : (vector<2x4xf32>, index) -> vector<4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %f: f32) {
  // expected-error @+1 {{expected position attribute #2 to be a non-negative integer smaller than the corresponding dest vector dimension}}
  %0 = vector.insert %f, %v [0, 4] : f32 into vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %f: f32) {
  // expected-error @+1 {{expected position attribute rank to match the dest vector rank}}
  %0 = vector.insert %f, %v [0] : f32 into vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %f: vector<4xf32>) {
  // expected-error @+1 {{expected position attribute rank + source rank to match dest vector rank}}
  %0 = vector.insert %f, %v [0, 0] : vector<4xf32> into vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %f: f16) {
  // expected-error @+1 {{failed to verify that source operand and result have same element type}}
  %0 = vector.insert %f, %v [0, 0] : f16 into vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<2x4xf32>, %f: f32) {
  // expected-error @+1 {{expected position attribute of rank no greater than dest vector rank}}
  %0 = vector.insert %f, %v [0, 0, 0] : f32 into vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{expected sum(offsets, sizes) dimension 0 to be confined to [1, 5)}}
  %0 = vector.extract_strided_slice %v {offsets = [2], sizes = [3], strides = [1]} : vector<4xf32> to vector<3xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{expected offsets dimension 0 to be confined to [0, 4)}}
  %0 = vector.extract_strided_slice %v {offsets = [4], sizes = [1], strides = [1]} : vector<4xf32> to vector<1xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{expected strides to be confined to [1, 2)}}
  %0 = vector.extract_strided_slice %v {offsets = [2], sizes = [2], strides = [2]} : vector<4xf32> to vector<2xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{expected offsets, sizes and strides attributes of same size}}
  %0 = vector.extract_strided_slice %v {offsets = [2, 2], sizes = [2], strides = [1]} : vector<4xf32> to vector<2xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{expected result type to be 'vector<2xf32>'}}
  %0 = vector.extract_strided_slice %v {offsets = [2], sizes = [2], strides = [1]} : vector<4xf32> to vector<3xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<8xf32>) {
  // expected-error @+1 {{expected sum(offsets, source vector shape) dimension 0 to be confined to [1, 9)}}
  %0 = vector.insert_strided_slice %v, %w {offsets = [6], strides = [1]} : vector<4xf32> into vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<8xf32>) {
  // expected-error @+1 {{expected offsets of same size as destination vector rank}}
  %0 = vector.insert_strided_slice %v, %w {offsets = [0, 0], strides = [1]} : vector<4xf32> into vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<8xf32>) {
  // expected-error @+1 {{expected strides to be confined to [1, 2)}}
  %0 = vector.insert_strided_slice %v, %w {offsets = [0], strides = [2]} : vector<4xf32> into vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<1x4xf32>, %w: vector<8xf32>) {
  // expected-error @+1 {{expected strides of same size as source vector rank}}
  %0 = vector.insert_strided_slice %v, %w {offsets = [0], strides = [1]} : vector<1x4xf32> into vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<8xf32>) {
  // expected-error @+1 {{mask index #2 out of range}}
  %0 = vector.shuffle %v, %w [0, 12] : vector<4xf32>, vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<2x4xf32>) {
  // expected-error @+1 {{rank mismatch}}
  %0 = vector.shuffle %v, %w [0, 1] : vector<4xf32>, vector<2x4xf32>
  return
}

// -----

func.func @a(%v: vector<1x4xf32>, %w: vector<2x5xf32>) {
  // expected-error @+1 {{dimension mismatch}}
  %0 = vector.shuffle %v, %w [0, 1] : vector<1x4xf32>, vector<2x5xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<4xf16>) {
  // expected-error @+1 {{failed to verify that second operand v2 and result have same element type}}
  %0 = "vector.shuffle"(%v, %w) <{mask = array<i64: 0, 1>}> : (vector<4xf32>, vector<4xf16>) -> vector<2xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{invalid mask length}}
  %0 = vector.shuffle %v, %v [] : vector<4xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%v: vector<5xf32>) {
  %0,
  // expected-error @+1 {{failed to verify that the trailing dimension of the source vector has an even number of elements}}
  %1 = vector.deinterleave %v : vector<5xf32> -> vector<2xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  %0,
  // expected-error @+1 {{failed to verify that the trailing dimension of the results is half the width of source trailing dimension}}
  %1 = vector.deinterleave %v : vector<4xf32> -> vector<3xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{failed to verify that type of 'result' is double the width of the inputs}}
  %0 = vector.interleave %v, %v : vector<4xf32> -> vector<6xf32>
  return
}

// -----

func.func @a(%v: f32) {
  // expected-error @+1 {{number of operands and types do not match: got 1 operands and 2 types}}
  %0 = vector.from_elements %v : vector<2xf32>
  return
}

// -----

func.func @a(%v: f16) {
  // expected-error @+1 {{failed to verify that shaped type 'dest' matches 'elements' element count and types}}
  %0 = "vector.from_elements"(%v) : (f16) -> vector<1xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{failed to verify that shaped type 'source' matches 'elements' element count and types}}
  %0:4 = "vector.to_elements"(%v) : (vector<4xf32>) -> (f32, f32, f32, i32)
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index) {
  // expected-error @+1 {{requires 1 indices}}
  %0 = vector.load %m[] : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index) {
  // expected-error @+1 {{base and result element types should match}}
  %0 = vector.load %m[%i] : memref<8xf32>, vector<4xf16>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.vector, but found 'f32'}}
  %0 = vector.load %m[%i] : memref<8xf32>, f32
  return
}

// -----

func.func @a(%m: memref<8x8xf32, strided<[8, 2]>>, %i: index) {
  // expected-error @+1 {{most minor memref dim must have unit stride}}
  %0 = vector.load %m[%i, %i] : memref<8x8xf32, strided<[8, 2]>>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index) {
  // expected-error @+1 {{attribute 'alignment' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive and whose value is a power of two > 0}}
  %0 = vector.load %m[%i] {alignment = 3} : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf16>) {
  // expected-error @+1 {{base and valueToStore element type should match}}
  vector.store %v, %m[%i] : memref<8xf32>, vector<4xf16>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>) {
  // expected-error @+1 {{requires 1 indices}}
  vector.store %v, %m[] : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8x8xf32, strided<[8, 2]>>, %i: index, %v: vector<4xf32>) {
  // expected-error @+1 {{most minor memref dim must have unit stride}}
  vector.store %v, %m[%i, %i] : memref<8x8xf32, strided<[8, 2]>>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<5xi1>) {
  // expected-error @+1 {{expected result shape to match mask shape}}
  %0 = vector.maskedload %m[%i], %k, %v : memref<8xf32>, vector<5xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf16>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>) {
  // expected-error @+1 {{base and result element type should match}}
  %0 = vector.maskedload %m[%i], %k, %v : memref<8xf16>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi8>) {
  // expected-error @+1 {{operand #2 must be vector of 1-bit signless integer values, but got 'vector<4xi8>'}}
  %0 = vector.maskedload %m[%i], %k, %v : memref<8xf32>, vector<4xi8>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>) {
  // expected-error @+1 {{requires 1 indices}}
  %0 = vector.maskedload %m[], %k, %v : memref<8xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<5xi1>) {
  // expected-error @+1 {{expected valueToStore shape to match mask shape}}
  vector.maskedstore %m[%i], %k, %v : memref<8xf32>, vector<5xi1>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf16>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>) {
  // expected-error @+1 {{base and valueToStore element type should match}}
  vector.maskedstore %m[%i], %k, %v : memref<8xf16>, vector<4xi1>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<5xi1>) {
  // expected-error @+1 {{expected valueToStore dim to match mask dim}}
  vector.compressstore %m[%i], %k, %v : memref<8xf32>, vector<5xi1>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<5xi1>) {
  // expected-error @+1 {{expected result dim to match mask dim}}
  %0 = vector.expandload %m[%i], %k, %v : memref<8xf32>, vector<5xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>, %x: vector<5xi32>) {
  // expected-error @+1 {{expected result dim to match indices dim}}
  %0 = vector.gather %m[%i][%x], %k, %v : memref<8xf32>, vector<5xi32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<5xi1>, %x: vector<4xi32>) {
  // expected-error @+1 {{expected result dim to match mask dim}}
  %0 = vector.gather %m[%i][%x], %k, %v : memref<8xf32>, vector<4xi32>, vector<5xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>, %x: vector<4xf32>) {
  // expected-error @+1 {{operand #2 must be vector of integer or index values, but got 'vector<4xf32>'}}
  %0 = vector.gather %m[%i][%x], %k, %v : memref<8xf32>, vector<4xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>, %x: vector<4xi32>) {
  // expected-error @+1 {{requires 1 indices}}
  %0 = vector.gather %m[][%x], %k, %v : memref<8xf32>, vector<4xi32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf16>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>, %x: vector<4xi32>) {
  // expected-error @+1 {{base and result element type should match}}
  %0 = vector.gather %m[%i][%x], %k, %v : memref<8xf16>, vector<4xi32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %k: vector<4xi1>, %x: vector<5xi32>) {
  // expected-error @+1 {{expected valueToStore dim to match indices dim}}
  vector.scatter %m[%i][%x], %k, %v : memref<8xf32>, vector<5xi32>, vector<4xi1>, vector<4xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{must specify an operand for each result vector dimension}}
  %0 = vector.create_mask %n, %n : vector<4xi1>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{result #0 must be vector of 1-bit signless integer values, but got 'vector<4xi8>'}}
  %0 = vector.create_mask %n : vector<4xi8>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{array attr of size out of bounds of vector result dimension size}}
  %0 = vector.constant_mask [5] : vector<4xi1>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{must specify array attr of size equal vector result rank}}
  %0 = vector.constant_mask [1, 2] : vector<4xi1>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{array attr of size out of bounds of vector result dimension size}}
  %0 = vector.constant_mask [-1] : vector<4xi1>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{expected all mask dim sizes to be zeros, as a result of conjunction with zero mask dim}}
  %0 = vector.constant_mask [2, 0] : vector<4x4xi1>
  return
}

// -----

func.func @a(%v: vector<4xi32>) {
  // expected-error @+1 {{operand #0 must be vector of floating-point values, but got 'vector<4xi32>'}}
  %0 = vector.fma %v, %v, %v : vector<4xi32>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{unsupported reduction type ''f32'' for kind 'and'}}
  %0 = vector.reduction <and>, %v : vector<4xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4x4xf32>) {
  // expected-error @+1 {{unsupported reduction rank: 2}}
  %0 = vector.reduction <add>, %v : vector<4x4xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{failed to verify that source operand and result have same element type}}
  %0 = vector.reduction <add>, %v : vector<4xf32> into f16
  return
}

// -----

func.func @a(%v: vector<4xi32>) {
  // expected-error @+1 {{unsupported reduction type ''i32'' for kind 'minnumf'}}
  %0 = vector.reduction <minnumf>, %v : vector<4xi32> into i32
  return
}

// -----

func.func @a(%v: vector<4x8xf32>, %c: vector<4xf32>) {
  // expected-error @+1 {{destination type 'vector<4xf32>' is incompatible with source type 'vector<4x8xf32>'}}
  %0 = vector.multi_reduction <add>, %v, %c [0] : vector<4x8xf32> to vector<4xf32>
  return
}

// -----

func.func @a(%v: vector<4x8xf32>, %c: vector<4xf16>) {
  // expected-error @+1 {{failed to verify that source operand and result have same element type}}
  %0 = vector.multi_reduction <add>, %v, %c [1] : vector<4x8xf32> to vector<4xf16>
  return
}

// -----

func.func @a(%v: vector<4x8xf32>, %c: vector<4xf32>) {
  // expected-error @+1 {{reduction dimension 2 has to be less than 2}}
  %0:2 = vector.scan <add>, %v, %c {inclusive = true, reduction_dim = 2 : i64} : vector<4x8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%v: vector<4x8xf32>, %c: vector<8xf32>) {
  // expected-error @+1 {{incompatible input/initial value shapes}}
  %0:2 = vector.scan <add>, %v, %c {inclusive = true, reduction_dim = 1 : i64} : vector<4x8xf32>, vector<8xf32>
  return
}

// -----

func.func @a(%v: vector<4x8xf32>, %c: vector<2xf32>) {
  // expected-error @+1 {{incompatible input/initial value shapes}}
  %0:2 = vector.scan <and>, %v, %c {inclusive = true, reduction_dim = 0 : i64} : vector<4x8xf32>, vector<2xf32>
  return
}

// -----

func.func @a(%v: f32) {
  // expected-error @+1 {{result #0 must be vector of index values of ranks 1, but got 'vector<4xi32>'}}
  %0 = vector.step : vector<4xi32>
  return
}

// -----

func.func @a(%v: f32, %w: vector<2xf32>) {
  // expected-error @+1 {{expected vector type for operand #1}}
  %0 = vector.outerproduct %v, %w : f32, vector<2xf32>
  return
}

// -----

func.func @a(%v: vector<2xf32>, %w: vector<3xf16>) {
  // expected-error @+1 {{failed to verify that rhs operand and result have same element type}}
  %0 = vector.outerproduct %v, %w : vector<2xf32>, vector<3xf16>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires 1 indices}}
  %0 = vector.transfer_read %m[], %f : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires two types}}
  %0 = vector.transfer_read %m[%i], %f : memref<8xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires vector type}}
  %0 = vector.transfer_read %m[%i], %f : memref<8xf32>, f32
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{expected a custom permutation_map when rank(source) != rank(destination)}}
  %0 = vector.transfer_read %m[%i], %f : memref<8xf32>, vector<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{expects the in_bounds attr of same rank as permutation_map results: affine_map<(d0) -> (d0)> vs inBounds of size: 2}}
  %0 = vector.transfer_read %m[%i], %f {in_bounds = [true, false]} : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires a permutation_map with input dims of the same rank as the source type}}
  %0 = vector.transfer_read %m[%i], %f {permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires a projected permutation_map (at most one dim or the zero constant can appear in each result)}}
  %0 = vector.transfer_read %m[%i], %f {permutation_map = affine_map<(d0) -> (d0 + 1)>} : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{requires a permutation_map that is a permutation (found one dim used more than once)}}
  %0 = vector.transfer_read %m[%i, %i], %f {permutation_map = affine_map<(d0, d1) -> (d0, d0)>} : memref<8x8xf32>, vector<4x4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>) {
  // expected-error @+1 {{requires 1 indices}}
  vector.transfer_write %v, %m[%i, %i] : vector<4xf32>, memref<8xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>, %i: index, %v: vector<4xf32>) {
  // expected-error @+1 {{should not have broadcast dimensions}}
  vector.transfer_write %v, %m[%i] {permutation_map = affine_map<(d0) -> (0)>} : vector<4xf32>, memref<8xf32>
  return
}

// -----

func.func @a(%v: vector<4xf32>, %c: f32) {
  // expected-error @+1 {{expected an indexing map for each vector operand}}
  %0 = vector.contract {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["reduction"], kind = #vector.kind<add>} %v, %v, %c : vector<4xf32>, vector<4xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4xf32>, %c: f32) {
  // expected-error @+1 {{unexpected iterator_type (foo)}}
  %0 = vector.contract {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["foo"], kind = #vector.kind<add>} %v, %v, %c : vector<4xf32>, vector<4xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4xf32>, %c: f32) {
  // expected-error @+1 {{expected indexing map 0 to have 1 number of inputs}}
  %0 = vector.contract {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"], kind = #vector.kind<add>} %v, %v, %c : vector<4xf32>, vector<4xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4xf32>, %w: vector<5xf32>, %c: f32) {
  // expected-error @+1 {{invalid contracting dimension map}}
  %0 = vector.contract {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"], kind = #vector.kind<add>} %v, %w, %c : vector<4xf32>, vector<5xf32> into f32
  return
}

// -----

func.func @a(%v: vector<4xf32>, %c: f32) {
  // expected-error @+1 {{expected at least one contracting dimension pair}}
  %0 = vector.contract {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["parallel"], kind = #vector.kind<add>} %v, %v, %c : vector<4xf32>, vector<4xf32> into f32
  return
}

// -----

func.func @a(%k: vector<4xi1>, %v: vector<8xf32>) {
  // expected-error @+1 {{expects a 'vector<8xi1>' mask for the maskable operation}}
  %0 = vector.mask %k { vector.reduction <add>, %v : vector<8xf32> into f32 } : vector<4xi1> -> f32
  return
}

// -----

func.func @a(%k: vector<8xi1>, %v: vector<8xf32>) {
  // expected-error @+1 {{expects result type to match maskable operation result type}}
  %0 = vector.mask %k { vector.reduction <add>, %v : vector<8xf32> into f32 } : vector<8xi1> -> f16
  return
}

// -----

func.func @a(%k: vector<8xi1>, %v: vector<8xf32>) {
  // expected-error @+1 {{expects a MaskableOpInterface within the mask region}}
  %0 = vector.mask %k { arith.addf %v, %v : vector<8xf32> } : vector<8xi1> -> vector<8xf32>
  return
}

// -----

func.func @a(%k: vector<8xi1>, %v: vector<8xf32>) {
  // expected-error @+1 {{expects only one operation to mask}}
  %0 = vector.mask %k { %1 = vector.reduction <add>, %v : vector<8xf32> into f32 %2 = vector.reduction <add>, %v : vector<8xf32> into f32 vector.yield %1 : f32 } : vector<8xi1> -> f32
  return
}

// -----

func.func @a(%m: memref<4x4xf32>) {
  // expected-error @+1 {{expects concatenated result and operand shapes to be equal: 'memref<vector<4x5xf32>>'}}
  %0 = vector.type_cast %m : memref<4x4xf32> to memref<vector<4x5xf32>>
  return
}

// -----

func.func @a(%m: memref<4x4xf32>) {
  // expected-error @+1 {{expects result in same memory space}}
  %0 = vector.type_cast %m : memref<4x4xf32> to memref<vector<4x4xf32>, 3>
  return
}

// -----

func.func @a(%v: vector<4xf32>) {
  // expected-error @+1 {{failed to verify that `source` or `punctuation` are not set when printing strings}}
  vector.print %v : vector<4xf32> str "x"
  return
}
