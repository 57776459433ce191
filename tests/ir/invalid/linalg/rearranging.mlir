func.func @not_a_permutation(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{permutation is not valid}}
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>) permutation = [1, 1]
  return %0 : tensor<3x2xf32>
}

// -----

func.func @short_permutation(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{size of permutation 1 does not match the argument rank 2}}
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>) permutation = [0]
  return %0 : tensor<3x2xf32>
}

// -----

func.func @ranks(%a: tensor<2x3xf32>, %b: tensor<3x2x1xf32>) -> tensor<3x2x1xf32> {
  // expected-error @+1 {{input rank 2 does not match init rank 3}}
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2x1xf32>) permutation = [1, 0]
  return %0 : tensor<3x2x1xf32>
}

// -----

func.func @transposed_sizes(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{dim(result, 0) = 2 doesn't match dim(input, permutation[0]) = 3}}
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<2x3xf32>) permutation = [1, 0]
  return %0 : tensor<2x3xf32>
}

// -----

func.func @too_few_added(%a: tensor<2xf32>, %b: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // expected-error @+1 {{input rank plus added dimensions does not match init rank. input rank: 1, dimensions size: 1, init rank: 3}}
  %0 = linalg.broadcast ins(%a : tensor<2xf32>) outs(%b : tensor<2x3x4xf32>) dimensions = [1]
  return %0 : tensor<2x3x4xf32>
}

// -----

func.func @added_beyond(%a: tensor<2xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{dimension 0 is out of range. expected range: [0, 1], got: 2}}
  %0 = linalg.broadcast ins(%a : tensor<2xf32>) outs(%b : tensor<2x3xf32>) dimensions = [2]
  return %0 : tensor<2x3xf32>
}

// -----

func.func @kept_sizes(%a: tensor<2xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{input dim 0 should match init dim 1. input: 2, init: 3}}
  %0 = linalg.broadcast ins(%a : tensor<2xf32>) outs(%b : tensor<2x3xf32>) dimensions = [0]
  return %0 : tensor<2x3xf32>
}

// -----

func.func @unsorted(%a: tensor<2x3x4xf32>, %b: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{attribute 'dimensions' failed to satisfy constraint: i64 dense array attribute should be in increasing order}}
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<2x3x4xf32>) outs(%b : tensor<3xf32>) dimensions = [2, 0]
  return %0 : tensor<3xf32>
}

// -----

func.func @reduced_beyond(%a: tensor<2x3xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{dimensions for reduction should be in the range [0, 1].}}
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<2x3xf32>) outs(%b : tensor<2xf32>) dimensions = [2]
  return %0 : tensor<2xf32>
}

// -----

func.func @reduced_rank(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{number of dimensions after reduction 1 doesn't match the init rank 2}}
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<2x3xf32>) outs(%b : tensor<2x3xf32>) dimensions = [1]
  return %0 : tensor<2x3xf32>
}

// -----

func.func @reduced_sizes(%a: tensor<2x3xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{init dimensions [2] doesn't match input dimensions after reduction [3]}}
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<2x3xf32>) outs(%b : tensor<2xf32>) dimensions = [0]
  return %0 : tensor<2xf32>
}

// -----

func.func @reduced_unlike(%a: tensor<2x3xf32>, %c: tensor<2x4xf32>, %b: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // expected-error @+1 {{expects all inputs to have the same shapes. Shape at input-index 1 is not equal to the shape at input-index 0.}}
  %0:2 = linalg.reduce ins(%a, %c : tensor<2x3xf32>, tensor<2x4xf32>) outs(%b, %b : tensor<2xf32>, tensor<2xf32>) dimensions = [1]
    (%w: f32, %x: f32, %y: f32, %z: f32) {
      linalg.yield %w, %x : f32, f32
    }
  return %0#0, %0#1 : tensor<2xf32>, tensor<2xf32>
}

// -----

func.func @combiner_type(%a: tensor<2x3xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{input element type 'f32' does not match corresponding block argument type 'f64'}}
  %0 = linalg.reduce ins(%a : tensor<2x3xf32>) outs(%b : tensor<2xf32>) dimensions = [1]
    (%x: f64, %y: f32) {
      linalg.yield %y : f32
    }
  return %0 : tensor<2xf32>
}

// -----

func.func @combiner_arguments(%a: tensor<2x3xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{mismatching number of operands and block arguments}}
  %0 = linalg.reduce ins(%a : tensor<2x3xf32>) outs(%b : tensor<2xf32>) dimensions = [1]
    (%x: f32) {
      linalg.yield %x : f32
    }
  return %0 : tensor<2xf32>
}

// -----

func.func @mapped_shapes(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{expected shape of input (2, 3) to match shape of output (3, 2)}}
  %0 = linalg.map { math.exp } ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>)
  return %0 : tensor<3x2xf32>
}

// -----

func.func @mapper_arity(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expects number of operands to match the arity of mapper, but got: 2 and 1}}
  %0 = linalg.map ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
    (%x: f32) {
      linalg.yield %x : f32
    }
  return %0 : tensor<2x3xf32>
}

// -----

func.func @mapper_type(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected element type of input 'f32' to match bbArg type 'f64'}}
  %0 = linalg.map ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
    (%x: f64, %y: f32) {
      linalg.yield %y : f32
    }
  return %0 : tensor<2x3xf32>
}
