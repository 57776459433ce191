// Tensors: shapes, slices, regions.

func.func @a(%i: index) {
  // expected-error @+1 {{incorrect number of dynamic sizes, has 1, expected 0}}
  %0 = tensor.empty(%i) : tensor<2xf32>
  return
}

// -----

func.func @a(%t: tensor<2x?xf32>) {
  // expected-error @+1 {{operand type 'tensor<2x?xf32>' and result type 'tensor<3x?xf32>' are cast incompatible}}
  %0 = tensor.cast %t : tensor<2x?xf32> to tensor<3x?xf32>
  return
}

// -----

func.func @a(%t: tensor<2x?xf32>) {
  // expected-error @+1 {{operand type 'tensor<2x?xf32>' and result type 'tensor<2x?xf16>' are cast incompatible}}
  %0 = tensor.cast %t : tensor<2x?xf32> to tensor<2x?xf16>
  return
}

// -----

func.func @a(%t: tensor<f32>, %i: index) {
  // expected-error @+1 {{operand #0 must be non-0-ranked or unranked tensor, but got 'tensor<f32>'}}
  %0 = tensor.dim %t, %i : tensor<f32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %i: index) {
  // expected-error @+1 {{incorrect number of indices for extract_element}}
  %0 = tensor.extract %t[%i, %i] : tensor<2xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %i: index) {
  // expected-error @+1 {{failed to verify that result type matches element type of tensor}}
  %0 = "tensor.extract"(%t, %i) : (tensor<2xf32>, index) -> f16
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %i: index, %f: f16) {
  // expected-error @+1 {{failed to verify that scalar type matches element type of dest}}
  %0 = "tensor.insert"(%f, %t, %i) : (f16, tensor<2xf32>, index) -> tensor<2xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{incorrect number of indices}}
  %0 = tensor.insert %f into %t[] : tensor<2xf32>
  return
}

// -----

func.func @a(%f: f32) {
  // expected-error @+1 {{number of operands and types do not match: got 1 operands and 2 types}}
  %0 = tensor.from_elements %f : tensor<2xf32>
  return
}

// -----

func.func @a(%f: f32) {
  // expected-error @+1 {{must be statically shaped tensor of any type values, but got 'tensor<?xf32>'}}
  %0 = tensor.from_elements %f : tensor<?xf32>
  return
}

// -----

func.func @a(%f: f32) {
  // expected-error @+1 {{failed to verify that operand types match result element type}}
  %0 = "tensor.from_elements"(%f) : (f32) -> tensor<1xf16>
  return
}

// -----

func.func @a(%f: f32) {
  // expected-error @+1 {{incorrect number of dynamic sizes, has 0, expected 1}}
  %0 = tensor.splat %f : tensor<?xf32>
  return
}

// -----

func.func @a(%f: f32) {
  // expected-error @+1 {{failed to verify that operand type matches element type of result}}
  %0 = "tensor.splat"(%f) : (f32) -> tensor<1xf16>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{body must be terminated with a `yield` operation of the tensor element type}}
  %0 = tensor.generate %n { ^bb0(%i: index): %f = arith.constant 1.0 : f16 tensor.yield %f : f16 } : tensor<?xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{must have one body argument per input dimension}}
  %0 = tensor.generate %n { ^bb0(%i: index, %j: index): %f = arith.constant 1.0 : f32 tensor.yield %f : f32 } : tensor<?xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{all body arguments must be index}}
  %0 = tensor.generate %n { ^bb0(%i: i32): %f = arith.constant 1.0 : f32 tensor.yield %f : f32 } : tensor<?xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{incorrect number of dynamic sizes, has 2, expected 1}}
  %0 = tensor.generate %n, %n { ^bb0(%i: index): %f = arith.constant 1.0 : f32 tensor.yield %f : f32 } : tensor<?xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{expects parent op 'func.func'}}
  %0 = tensor.generate %n { ^bb0(%i: index): func.return } : tensor<?xf32>
  return
}

// -----

func.func @a(%n: index) {
  // expected-error @+1 {{expects parent op to be one of 'tensor.generate, tensor.pad'}}
  tensor.yield %n : index
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected type to be 'tensor<4x4xf32>' or a rank-reduced version. (size mismatch)}}
  %0 = tensor.extract_slice %t[0, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x5xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected element type to be 'f32'}}
  %0 = tensor.extract_slice %t[0, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf16>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected rank to be smaller or equal to the other rank.}}
  %0 = tensor.extract_slice %t[0, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4x1xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected 2 offset values, got 1}}
  %0 = tensor.extract_slice %t[0] [4] [1] : tensor<8x8xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected mixed offsets rank to match mixed sizes rank (2 vs 1) so the rank of the result type is well-formed.}}
  %0 = tensor.extract_slice %t[0, 0] [4] [1, 1] : tensor<8x8xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{slice along dimension 0 runs out-of-bounds: 10 >= 8}}
  %0 = tensor.extract_slice %t[7, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{offset 0 is out-of-bounds: 9 >= 8}}
  %0 = tensor.extract_slice %t[9, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected offsets to be non-negative, but got -1}}
  %0 = tensor.extract_slice %t[-1, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected sizes to be non-negative, but got -4}}
  %0 = tensor.extract_slice %t[0, 0] [-4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8x8xf32>, %n: index) {
  // expected-error @+1 {{expected the number of 'offsets' to match the number of dynamic entries in 'static_offsets' (1 vs 0)}}
  %0 = "tensor.extract_slice"(%t, %n) <{operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_offsets = array<i64: 0, 0>, static_sizes = array<i64: 4, 4>, static_strides = array<i64: 1, 1>}> : (tensor<8x8xf32>, index) -> tensor<4x4xf32>
  return
}

// -----

func.func @a(%s: tensor<4xf32>, %t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected type to be 'tensor<4x4xf32>' or a rank-reduced version. (size mismatch)}}
  %0 = tensor.insert_slice %s into %t[0, 0] [4, 4] [1, 1] : tensor<4xf32> into tensor<8x8xf32>
  return
}

// -----

func.func @a(%s: tensor<4x5xf32>, %t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected type to be 'tensor<4x4xf32>' or a rank-reduced version. (size mismatch)}}
  %0 = tensor.insert_slice %s into %t[0, 0] [4, 4] [1, 1] : tensor<4x5xf32> into tensor<8x8xf32>
  return
}

// -----

func.func @a(%s: tensor<4x4xf16>, %t: tensor<8x8xf32>) {
  // expected-error @+1 {{expected element type to be 'f32'}}
  %0 = tensor.insert_slice %s into %t[0, 0] [4, 4] [1, 1] : tensor<4x4xf16> into tensor<8x8xf32>
  return
}

// -----

func.func @a(%s: tensor<4x4xf32>, %t: tensor<8x8xf32>) {
  // expected-error @+1 {{slice along dimension 0 runs out-of-bounds: 9 >= 8}}
  %0 = tensor.insert_slice %s into %t[6, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x8xf32>
  return
}

// -----

func.func @a(%t: tensor<8xf32>) {
  // expected-error @+1 {{expected dimension 0 of collapsed type to be static value of 6}}
  %0 = tensor.expand_shape %t [[0, 1]] output_shape [2, 3] : tensor<8xf32> into tensor<2x3xf32>
  return
}

// -----

func.func @a(%t: tensor<8xf32>) {
  // expected-error @+1 {{expected dimension 0 of collapsed type to be static value of 10}}
  %0 = tensor.expand_shape %t [[0, 1]] output_shape [2, 4] : tensor<8xf32> into tensor<2x5xf32>
  return
}

// -----

func.func @a(%t: tensor<8xf32>) {
  // expected-error @+1 {{expected collapsed rank (1) to equal the number of reassociation maps (2).}}
  %0 = tensor.expand_shape %t [[0], [1]] output_shape [2, 4] : tensor<8xf32> into tensor<2x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8xf32>) {
  // expected-error @+1 {{expected reassociation map #0 to be valid and contiguous.}}
  %0 = tensor.expand_shape %t [[1, 0]] output_shape [2, 4] : tensor<8xf32> into tensor<2x4xf32>
  return
}

// -----

func.func @a(%t: tensor<8xf32>) {
  // expected-error @+1 {{expected number of static shape dims to be equal to the output rank (2) but found 1 inputs instead}}
  %0 = tensor.expand_shape %t [[0, 1]] output_shape [2] : tensor<8xf32> into tensor<2x4xf32>
  return
}

// -----

func.func @a(%t: tensor<?xf32>) {
  // expected-error @+1 {{expected dimension 0 of collapsed type to be static value of 8}}
  %0 = tensor.expand_shape %t [[0, 1]] output_shape [2, 4] : tensor<?xf32> into tensor<2x4xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>) {
  // expected-error @+1 {{expected dimension 0 of collapsed type to be static value of 8}}
  %0 = tensor.collapse_shape %t [[0, 1]] : tensor<2x4xf32> into tensor<9xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>) {
  // expected-error @+1 {{expected collapsed rank (1) to equal the number of reassociation maps (2).}}
  %0 = tensor.collapse_shape %t [[0], [1]] : tensor<2x4xf32> into tensor<8xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>) {
  // expected-error @+1 {{expected collapsed type to be 'tensor<8xf32>', but got 'tensor<8xf16>'}}
  %0 = tensor.collapse_shape %t [[0, 1]] : tensor<2x4xf32> into tensor<8xf16>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>, %s: tensor<2xi32>) {
  // expected-error @+1 {{source and destination tensor should have the same number of elements}}
  %0 = tensor.reshape %t(%s) : (tensor<2x4xf32>, tensor<2xi32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>, %s: tensor<2xi32>) {
  // expected-error @+1 {{length of shape operand differs from the result's tensor rank}}
  %0 = tensor.reshape %t(%s) : (tensor<2x4xf32>, tensor<2xi32>) -> tensor<8xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>, %s: tensor<?xi32>) {
  // expected-error @+1 {{cannot use shape operand with dynamic length to reshape to statically-ranked tensor type}}
  %0 = tensor.reshape %t(%s) : (tensor<2x4xf32>, tensor<?xi32>) -> tensor<8xf32>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>, %s: tensor<1xi32>) {
  // expected-error @+1 {{element types of source and destination tensor types should be the same}}
  %0 = tensor.reshape %t(%s) : (tensor<2x4xf32>, tensor<1xi32>) -> tensor<8xf16>
  return
}

// -----

func.func @a(%t: tensor<2x4xf32>, %s: tensor<1xf32>) {
  // expected-error @+1 {{operand #1 must be 1D tensor of signless integer or index values, but got 'tensor<1xf32>'}}
  %0 = tensor.reshape %t(%s) : (tensor<2x4xf32>, tensor<1xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f32) {
  // expected-error @+1 {{specified type 'tensor<5xf32>' does not match the inferred type 'tensor<4xf32>'}}
  %0 = tensor.pad %t low[1] high[1] { ^bb0(%i: index): tensor.yield %f : f32 } : tensor<2xf32> to tensor<5xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f16) {
  // expected-error @+1 {{expected yield type to match shape element type}}
  %0 = tensor.pad %t low[1] high[1] { ^bb0(%i: index): tensor.yield %f : f16 } : tensor<2xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f32) {
  // expected-error @+1 {{expected block argument 1 to be an index}}
  %0 = tensor.pad %t low[1] high[1] { ^bb0(%i: i32): tensor.yield %f : f32 } : tensor<2xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f32) {
  // expected-error @+1 {{expected the block to have 1 arguments}}
  %0 = tensor.pad %t low[1] high[1] { ^bb0(%i: index, %j: index): tensor.yield %f : f32 } : tensor<2xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f32) {
  // expected-error @+1 {{failed to infer expectedType from sourceType 'tensor<2xf32>', specified resultType is 'tensor<4xf32>'}}
  %0 = tensor.pad %t low[1, 1] high[1] { ^bb0(%i: index): tensor.yield %f : f32 } : tensor<2xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %f: f32) {
  // expected-error @+1 {{failed to infer expectedType from sourceType 'tensor<2xf32>', specified resultType is 'tensor<4xf32>'}}
  %0 = tensor.pad %t low[1] high[1, 2] { ^bb0(%i: index): tensor.yield %f : f32 } : tensor<2xf32> to tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{concatenation dim must be less than the tensor rank}}
  %0 = tensor.concat dim(1) %t, %t : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{result type 'tensor<5xf32>'does not match inferred shape 'tensor<4xf32>' static sizes}}
  %0 = tensor.concat dim(0) %t, %t : (tensor<2xf32>, tensor<2xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{requires at least one input}}
  %0 = tensor.concat dim(0) : () -> tensor<5xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %s: tensor<2x1xf32>) {
  // expected-error @+1 {{rank of concatenated inputs must match result rank}}
  %0 = tensor.concat dim(0) %t, %s : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2x3xf32>, %s: tensor<2x1xf32>) {
  // expected-error @+1 {{static concatenation size mismatch along non-concatenated dimension 1}}
  %0 = tensor.concat dim(0) %t, %s : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>, %s: tensor<2xf16>) {
  // expected-error @+1 {{inputs and result element type must match}}
  %0 = tensor.concat dim(0) %t, %s : (tensor<2xf32>, tensor<2xf16>) -> tensor<4xf32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{operand type 'tensor<2xf32>' and result type 'tensor<2xi16>' are cast incompatible}}
  %0 = tensor.bitcast %t : tensor<2xf32> to tensor<2xi16>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{operand type 'tensor<2xf32>' and result type 'tensor<3xi32>' are cast incompatible}}
  %0 = tensor.bitcast %t : tensor<2xf32> to tensor<3xi32>
  return
}

// -----

func.func @a(%t: tensor<2xf32>) {
  // expected-error @+1 {{result #0 must be tensor of signless integer or unsigned integer or signed integer or floating-point values, but got 'tensor<2xindex>'}}
  %0 = tensor.bitcast %t : tensor<2xf32> to tensor<2xindex>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{gather_dims must be non-empty}}
  %0 = tensor.gather %t[%i] gather_dims([]) : (tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<1x4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{gather_dims value must be smaller than source rank}}
  %0 = tensor.gather %t[%i] gather_dims([3]) : (tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<1x4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{gather_dims value must be non-negative}}
  %0 = tensor.gather %t[%i] gather_dims([-1]) : (tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<1x4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x2xindex>) {
  // expected-error @+1 {{gather_dims values must be strictly increasing}}
  %0 = tensor.gather %t[%i] gather_dims([1, 0]) : (tensor<4x5x6xf32>, tensor<1x2xindex>) -> tensor<1x4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x2xindex>) {
  // expected-error @+1 {{gather_dims length must match the size of last dimension of indices}}
  %0 = tensor.gather %t[%i] gather_dims([0]) : (tensor<4x5x6xf32>, tensor<1x2xindex>) -> tensor<1x4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{result type mismatch: expected 'tensor<1x1x5x6xf32>' or its rank-reduced variant 'tensor<1x5x6xf32>' (got: 'tensor<2x5x6xf32>')}}
  %0 = tensor.gather %t[%i] gather_dims([0]) : (tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<2x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %s: tensor<2x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{source type mismatch: expected 'tensor<1x1x5x6xf32>' or its rank-reduced variant 'tensor<1x5x6xf32>' (got: 'tensor<2x5x6xf32>')}}
  %0 = tensor.scatter %s into %t[%i] scatter_dims([0]) unique : (tensor<2x5x6xf32>, tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5x6xf32>, %s: tensor<1x5x6xf32>, %i: tensor<1x1xindex>) {
  // expected-error @+1 {{requires 'unique' attribute to be set}}
  %0 = tensor.scatter %s into %t[%i] scatter_dims([0]) : (tensor<1x5x6xf32>, tensor<4x5x6xf32>, tensor<1x1xindex>) -> tensor<4x5x6xf32>
  return
}

// -----

func.func @a(%t: tensor<4x5xf32>, %s: tensor<1x5xf32>) {
  // expected-error @+1 {{expected InParallelOpInterface parent, got:}}
  tensor.parallel_insert_slice %s into %t[0, 0] [1, 5] [1, 1] : tensor<1x5xf32> into tensor<4x5xf32>
  return
}
