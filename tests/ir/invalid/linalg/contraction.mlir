#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @row_of_the_wrong_dimension(%a: tensor<2xf32>, %b: tensor<3x5xf32>, %c: tensor<2x5xf32>) -> tensor<2x5xf32> {
  // expected-error @+1 {{Invalid broadcast requested, should be (d2).}}
  %0 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m)>, #kn, #mn]
      ins(%a, %b : tensor<2xf32>, tensor<3x5xf32>) outs(%c : tensor<2x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @left_by_columns(%a: tensor<2x5xf32>, %b: tensor<3x5xf32>, %c: tensor<2x5xf32>) -> tensor<2x5xf32> {
  // expected-error @+1 {{Unexpected dim expression in map result.}}
  %0 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, n)>, #kn, #mn]
      ins(%a, %b : tensor<2x5xf32>, tensor<3x5xf32>) outs(%c : tensor<2x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

func.func @batch_not_first(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>, %c: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  // expected-error @+1 {{Invalid batch dimension expression.}}
  %0 = linalg.batch_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (m, b, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%a, %b : tensor<2x3x4xf32>, tensor<2x4x5xf32>) outs(%c : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// -----

func.func @batch_without_reduction(%a: tensor<2x3xf32>, %b: tensor<2x4x5xf32>, %c: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  // expected-error @+1 {{Invalid broadcast requested.}}
  %0 = linalg.batch_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (b, m)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%a, %b : tensor<2x3xf32>, tensor<2x4x5xf32>) outs(%c : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// -----

func.func @transposed_output(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>, %c: tensor<2x5x3xf32>) -> tensor<2x5x3xf32> {
  // expected-error @+1 {{Invalid output map result dimension.}}
  %0 = linalg.batch_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, n, m)>]
      ins(%a, %b : tensor<2x3x4xf32>, tensor<2x4x5xf32>) outs(%c : tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  return %0 : tensor<2x5x3xf32>
}

// -----

func.func @reduced_output_of_three(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>, %c: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  // expected-error @+1 {{expects 2 dims, but got (3).}}
  %0 = linalg.batch_reduce_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%a, %b : tensor<2x3x4xf32>, tensor<2x4x5xf32>) outs(%c : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// -----

func.func @contract_without_maps(%a: memref<4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{expected 'indexing_maps' attribute}}
  linalg.contract ins(%a, %a : memref<4xf32>, memref<4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_sum(%a: memref<4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{provided affine_map is not a projected permutation}}
  linalg.contract indexing_maps = [affine_map<(i) -> (i + 1)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>]
      ins(%a, %a : memref<4xf32>, memref<4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_rank(%a: memref<4x4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{ranks of shaped operand and results of corresponding affine_map differ}}
  linalg.contract indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>]
      ins(%a, %a : memref<4x4xf32>, memref<4x4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_spaces(%a: memref<4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{iteration spaces of provided affine_maps differ}}
  linalg.contract indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i, j) -> (i)>, affine_map<(i) -> ()>]
      ins(%a, %a : memref<4xf32>, memref<4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_unused(%a: memref<4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{iteration space dim at index 1 not used to access any operand}}
  linalg.contract indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> ()>]
      ins(%a, %a : memref<4xf32>, memref<4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_one_sided(%a: memref<4x3xf32>, %b: memref<4xf32>, %c: memref<f32>) {
  // expected-error @+1 {{iteration space dim at index 1 is neither a contracting dim nor of parallel iteration type}}
  linalg.contract indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> ()>]
      ins(%a, %b : memref<4x3xf32>, memref<4xf32>) outs(%c : memref<f32>)
  return
}

// -----

func.func @contract_nothing(%a: memref<4xf32>, %c: memref<4xf32>) {
  // expected-error @+1 {{'indexing_maps' do not specify a contracting dimension}}
  linalg.contract indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]
      ins(%a, %a : memref<4xf32>, memref<4xf32>) outs(%c : memref<4xf32>)
  return
}

// -----

// The body is a sum of sums.
func.func @no_product(%a: tensor<2x3xf32>, %b: tensor<3xf32>, %c: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected add/mul op in the body}}
  %0 = "linalg.matvec"(%a, %b, %c) <{operandSegmentSizes = array<i32: 2, 1>}> ({
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.addf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }) : (tensor<2x3xf32>, tensor<3xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
