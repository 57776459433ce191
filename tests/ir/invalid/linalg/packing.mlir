func.func @padding_beyond_need(%a: tensor<9xf32>, %b: tensor<3x8xf32>, %p: f32) -> tensor<3x8xf32> {
  // expected-error @+1 {{expected 'tensor<2x8xf32>' for the packed domain value, got 'tensor<3x8xf32>'}}
  %0 = linalg.pack %a padding_value(%p : f32) inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<9xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

func.func @partial_tile(%a: tensor<9xf32>, %b: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @+1 {{invalid tile factor or output size provided. Only full tiles are supported when padding_value is not set}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<9xf32> -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @padding_type(%a: tensor<9xf32>, %b: tensor<2x8xf32>, %p: f16) -> tensor<2x8xf32> {
  // expected-error @+1 {{expected padding_value has 'f32' but got: 'f16'}}
  %0 = linalg.pack %a padding_value(%p : f16) inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<9xf32> -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @other_tile(%a: tensor<16xf32>, %b: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @+1 {{mismatch in inner tile sizes specified and shaped of tiled dimension in the packed type}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [4] into %b : tensor<16xf32> -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @known_tile(%a: tensor<16xf32>, %b: tensor<?x8xf32>, %n: index) -> tensor<?x8xf32> {
  // expected-error @+1 {{mismatch in inner tile sizes specified and shaped of tiled dimension in the packed type}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [%n] into %b : tensor<16xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @empty_tile(%a: tensor<16xf32>, %b: tensor<2x0xf32>) -> tensor<2x0xf32> {
  // expected-error @+1 {{invalid zero tile factor}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [0] into %b : tensor<16xf32> -> tensor<2x0xf32>
  return %0 : tensor<2x0xf32>
}

// -----

func.func @position_beyond(%a: tensor<16xf32>, %b: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @+1 {{invalid inner_dims_pos vector}}
  %0 = linalg.pack %a inner_dims_pos = [1] inner_tiles = [8] into %b : tensor<16xf32> -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @position_twice(%a: tensor<16x16xf32>, %b: tensor<2x16x8x8xf32>) -> tensor<2x16x8x8xf32> {
  // expected-error @+1 {{invalid inner_dims_pos vector}}
  %0 = linalg.pack %a inner_dims_pos = [0, 0] inner_tiles = [8, 8] into %b : tensor<16x16xf32> -> tensor<2x16x8x8xf32>
  return %0 : tensor<2x16x8x8xf32>
}

// -----

func.func @partial_permutation(%a: tensor<16x3xf32>, %b: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  // expected-error @+1 {{outer_dims_perm must be a permutation or empty}}
  %0 = linalg.pack %a outer_dims_perm = [0] inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<16x3xf32> -> tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

// -----

func.func @permutation_twice(%a: tensor<16x3xf32>, %b: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  // expected-error @+1 {{invalid outer_dims_perm vector}}
  %0 = linalg.pack %a outer_dims_perm = [1, 1] inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<16x3xf32> -> tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

// -----

func.func @tiles_and_positions(%a: tensor<16x3xf32>, %b: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  // expected-error @+1 {{tiling factors must equal the number of dimensions to tile}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [8, 1] into %b : tensor<16x3xf32> -> tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

// -----

func.func @packed_rank(%a: tensor<16x3xf32>, %b: tensor<2x3x8x1xf32>) -> tensor<2x3x8x1xf32> {
  // expected-error @+1 {{packed rank != (unpacked rank + num tiling factors), got 4 != 3}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<16x3xf32> -> tensor<2x3x8x1xf32>
  return %0 : tensor<2x3x8x1xf32>
}

// -----

func.func @unpacked_into_more(%a: tensor<2x3x8xf32>, %b: tensor<17x3xf32>) -> tensor<17x3xf32> {
  // expected-error @+1 {{expected 'tensor<3x3x8xf32>' for the packed domain value, got 'tensor<2x3x8xf32>'}}
  %0 = linalg.unpack %a inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<2x3x8xf32> -> tensor<17x3xf32>
  return %0 : tensor<17x3xf32>
}
