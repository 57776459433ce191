func.func @fill_with_wide(%s: f64, %t: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected fill value type ('f64') to match output element type ('f32')}}
  %0 = linalg.fill ins(%s : f64) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @fill_with_tensor(%s: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected op with scalar input}}
  %0 = linalg.fill ins(%s : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @depths(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>, %c: tensor<2x5xf32>) -> tensor<2x5xf32> {
  // expected-error @+1 {{inferred input/output operand #1 has shape's dimension #0 to be 3, but found 4}}
  %0 = linalg.matmul ins(%a, %b : tensor<2x3xf32>, tensor<4x5xf32>) outs(%c : tensor<2x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

func.func @vector_times_matrix(%a: tensor<3xf32>, %b: tensor<3x5xf32>, %c: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected operand #0 rank (1) to match the result rank of indexing_map (2)}}
  %0 = linalg.matmul ins(%a, %b : tensor<3xf32>, tensor<3x5xf32>) outs(%c : tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

func.func @window_beyond_image(%i: tensor<1x6x6x3xf32>, %f: tensor<3x3x3x8xf32>, %o: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  // expected-error @+1 {{inferred input/output operand #0 has shape's dimension #1 to be greater than or equal to 9, but found 6}}
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<2> : tensor<2xi64>}
      ins(%i, %f : tensor<1x6x6x3xf32>, tensor<3x3x3x8xf32>) outs(%o : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}

// -----

func.func @three_strides(%i: tensor<1x6x6x3xf32>, %f: tensor<3x3x3x8xf32>, %o: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  // expected-error @+1 {{attribute 'strides' failed to satisfy constraint: 64-bit signless int elements attribute of shape [2]}}
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<3xi64>} ins(%i, %f : tensor<1x6x6x3xf32>, tensor<3x3x3x8xf32>) outs(%o : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}

// -----

func.func @narrow_dilations(%i: memref<1x6x3xf32>, %w: memref<3xf32>, %o: memref<1x4x3xf32>) {
  // expected-error @+1 {{attribute 'dilations' failed to satisfy constraint: 64-bit signless int elements attribute of shape [1]}}
  linalg.pooling_nwc_max {dilations = dense<1> : tensor<1xi32>} ins(%i, %w : memref<1x6x3xf32>, memref<3xf32>) outs(%o : memref<1x4x3xf32>)
  return
}

// -----

func.func @three_inputs(%a: memref<4xf32>) {
  linalg.add ins(%a, %a, %a : memref<4xf32>, memref<4xf32>, memref<4xf32>) outs(%a : memref<4xf32>)
  // expected-error @+1 {{[parseNamedStructuredOpRegion] ods-gen generated region expects 3 args, got 4}}
  return
}

// -----

func.func @exponential_of_integers(%a: memref<4xi32>) {
  // expected-error @+1 {{unsupported non numeric type}}
  linalg.exp ins(%a : memref<4xi32>) outs(%a : memref<4xi32>)
  return
}

// -----

func.func @sum_of_unlike(%a: memref<4xi32>, %b: memref<4xf32>) {
  // expected-error @+1 {{Cannot build binary Linalg operation: expects allComplex, allFloatingPoint, or allInteger, got 'i32' and 'f32'}}
  linalg.add ins(%a, %b : memref<4xi32>, memref<4xf32>) outs(%a : memref<4xi32>)
  return
}

// -----

func.func @difference_of_booleans(%a: memref<4xi1>) {
  // expected-error @+1 {{unsupported operation: sub with bools}}
  linalg.sub ins(%a, %a : memref<4xi1>, memref<4xi1>) outs(%a : memref<4xi1>)
  return
}

// -----

func.func @unsigned_maximum_of_floats(%i: memref<1x6x3xf32>, %w: memref<3xf32>, %o: memref<1x4x3xf32>) {
  // expected-error @+1 {{unsupported operation: unsigned max not on uint}}
  linalg.pooling_nwc_max_unsigned ins(%i, %w : memref<1x6x3xf32>, memref<3xf32>) outs(%o : memref<1x4x3xf32>)
  return
}

// -----

func.func @cast(%a: memref<4xi8>, %b: memref<4xi32>) {
  // expected-error @+1 {{attribute 'cast' failed to satisfy constraint}}
  linalg.copy {cast = "signed"} ins(%a : memref<4xi8>) outs(%b : memref<4xi32>)
  return
}

// -----

func.func @elementwise_shapes(%a: tensor<4xf32>, %b: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{inferred input/output operand #1 has shape's dimension #0 to be 4, but found 5}}
  %0 = linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(%a : tensor<4xf32>) outs(%b : tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

func.func @no_result(%s: f32, %t: tensor<4xf32>) {
  // expected-error @+1 {{expected the number of tensor results (0) to be equal to the number of output tensors (1)}}
  linalg.fill ins(%s : f32) outs(%t : tensor<4xf32>)
  return
}

// -----

func.func @no_stride(%i: memref<1x?x3xf32>, %f: memref<?x3x2xf32>, %o: memref<1x?x2xf32>) {
  // expected-error @+1 {{unexpected loop dimension for convolution op}}
  linalg.conv_1d_nwc_wcf {strides = dense<0> : tensor<1xi64>} ins(%i, %f : memref<1x?x3xf32>, memref<?x3x2xf32>) outs(%o : memref<1x?x2xf32>)
  return
}

// -----

func.func @no_dilation(%i: memref<1x?x3xf32>, %f: memref<?xf32>, %o: memref<1x?x3xf32>) {
  // expected-error @+1 {{unexpected loop dimension for convolution op}}
  linalg.pooling_nwc_sum {dilations = dense<0> : tensor<1xi64>} ins(%i, %f : memref<1x?x3xf32>, memref<?xf32>) outs(%o : memref<1x?x3xf32>)
  return
}

// -----

func.func @operands_and_types(%t: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{number of operands and types do not match: got 2 operands and 1 types}}
  %0 = linalg.exp ins(%t : tensor<4xf32>) outs(%t, %t : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @scalar_output(%s: f32) {
  // expected-error @+1 {{operand #1 must be variadic of shaped of any type values, but got 'f32'}}
  linalg.fill ins(%s : f32) outs(%s : f32)
  return
}

// -----

func.func @other_attributes_as_maps(%t: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{element of indexing_maps array is not an affine_map}}
  %0 = linalg.matmul indexing_maps = [1, 2, 3] ins(%t, %t : tensor<2x2xf32>, tensor<2x2xf32>) outs(%t : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
