func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf16>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect both bias and result to have same element type, got 'f16' and 'f32'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf16>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xi8>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xi8>) {
  // expected-error @+1 {{expect both input and weight to be float or not together, got 'f32' and 'i8'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xi8>, tensor<6xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf16>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect both input and its zero point are the same element type, got 'f32' and 'f16'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf16>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf16>) {
  // expected-error @+1 {{expect both weight and its zero point are the same element type, got 'f32' and 'f16'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf16>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xi8>, %w: tensor<6x3x3x4xi8>, %b: tensor<6xi32>, %iz: tensor<1xi8>, %wz: tensor<1xi8>) {
  // expected-error @+1 {{accumulator type for i8 tensor is not i32}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xi8>, tensor<6x3x3x4xi8>, tensor<6xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x6x6x6xi32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{accumulator type for f32 tensor is not f32}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f16, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{attribute 'acc_type' failed to satisfy constraint: type attribute of 32-bit signless integer or 48-bit signless integer or 16-bit float or 32-bit float}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f64, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect all padding values to be >= 0, got -1, 0, 0, 0}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: -1, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect all stride values to be >= 1, got 0, 1}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 0, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect all dilation values to be >= 1, got 1, 0}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 0>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{to be wholly divisible by stride_y, got (8 - 1 + 0 + 0 - (3 - 1) * 1) / 2}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{calculated output width did not match expected: calculated=6, expected=7}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<5xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{bias channels expected to be equal to output channels (6) or 1, got 5}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{attribute 'pad' failed to satisfy constraint: i64 dense array attribute with exactly 4 elements}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{operand #0 must be 4-d tosa-conformant tensor, but got 'tensor<8x8x4xf32>'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<2xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{operand #3 must be tosa-conformant unranked tensor of unsigned integer or signless integer or floating-point values or tosa-conformant scalar tensor of unsigned integer or signless integer or floating-point values, but got 'tensor<2xf32>'}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<2xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>) {
  %wz = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error @+1 {{weight zero point must be zero for non-int8 integer types}}
  %0 = tosa.conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x4x4x4x2xf32>, %w: tensor<5x2x2x2x2xf32>, %b: tensor<5xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{calculated output depth did not match expected: calculated=3, expected=4}}
  %0 = tosa.conv3d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1, 1>, pad = array<i64: 0, 0, 0, 0, 0, 0>, stride = array<i64: 1, 1, 1>} : (tensor<1x4x4x4x2xf32>, tensor<5x2x2x2x2xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x3x3x5xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<3x3x4x2xf32>, %b: tensor<8xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{calculated output height did not match expected: calculated=6, expected=5}}
  %0 = tosa.depthwise_conv2d %i, %w, %b, %iz, %wz {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x6x8xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expected out_pad_top > -KH, but got: out_pad_top=-3 and KH=3}}
  %0 = tosa.transpose_conv2d %i, %w, %b, %iz, %wz {acc_type = f32, out_pad = array<i64: -3, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x10x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{dimension mismatch: expected OW == (IW - 1) * stride_x + out_pad_left + out_pad_right + KW, but got 11 != (8 - 1) * 1 + 0 + 0 + 3}}
  %0 = tosa.transpose_conv2d %i, %w, %b, %iz, %wz {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x11x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>, %iz: tensor<1xf32>, %wz: tensor<1xf32>) {
  // expected-error @+1 {{expect all stride values to be >= 1, got [1, 0]}}
  %0 = tosa.transpose_conv2d %i, %w, %b, %iz, %wz {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 0>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x10x6xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{expected left/right padding to be less than the width of the kernel, got pad_left=2, pad_right=0, kernel_x=2}}
  %0 = tosa.max_pool2d %i {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 2, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x5x4xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{expected input_height + pad_top + pad_bottom - kernel_y to be wholly divisible by stride_y, got (8 + 0 + 0 - 3) / 2}}
  %0 = tosa.max_pool2d %i {kernel = array<i64: 3, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{expect all kernel values to be >= 1, got 0, 2}}
  %0 = tosa.max_pool2d %i {kernel = array<i64: 0, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{expect input and output to have same element type, got 'f32' and 'f16'}}
  %0 = tosa.max_pool2d %i {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf16>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xi8>, %z: tensor<1xi8>) {
  // expected-error @+1 {{accumulator type for integer tensor is not i32}}
  %0 = tosa.avg_pool2d %i, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
  return
}

// -----

func.func @f(%i: tensor<1x8x8x4xf32>, %z: tensor<1xf32>, %y: tensor<1xf16>) {
  // expected-error @+1 {{expect both output and its zero point are the same element type, got 'f32' and 'f16'}}
  %0 = tosa.avg_pool2d %i, %z, %y {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>, tensor<1xf32>, tensor<1xf16>) -> tensor<1x4x4x4xf32>
  return
}
