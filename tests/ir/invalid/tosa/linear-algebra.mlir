func.func @f(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>, %z: tensor<1xf16>) {
  // expected-error @+1 {{expect input a and a_zp have the same element type, got 'f32' and 'f16'}}
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<2x3x4xf32>, tensor<2x4x5xf32>, tensor<1xf16>, tensor<1xf16>) -> tensor<2x3x5xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3x4xi16>, %b: tensor<2x4x5xi16>) {
  %z = "tosa.const"() <{values = dense<9> : tensor<1xi16>}> : () -> tensor<1xi16>
  // expected-error @+1 {{a zero point must be zero for non-int8 integer types}}
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<2x3x4xi16>, tensor<2x4x5xi16>, tensor<1xi16>, tensor<1xi16>) -> tensor<2x3x5xi48>
  return
}

// -----

func.func @f(%a: tensor<2x3x4xi8>, %b: tensor<2x4x5x!quant.uniform<i8:f32, 1.000000e+00>>, %z: tensor<1xi8>) {
  // expected-error @+1 {{expect operands to be both quantized or both not quantized, got 'i8' and '!quant.uniform<i8:f32, 1.000000e+00>'}}
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<2x3x4xi8>, tensor<2x4x5x!quant.uniform<i8:f32, 1.000000e+00>>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x3x5xi32>
  return
}

// -----

func.func @f(%a: tensor<3x4xf32>, %b: tensor<2x4x5xf32>, %z: tensor<1xf32>) {
  // expected-error @+1 {{operand #0 must be 3-d tosa-conformant tensor, but got 'tensor<3x4xf32>'}}
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<3x4xf32>, tensor<2x4x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x5xf32>
  return
}

// -----

func.func @f(%a: tensor<1x6x8xf32>) {
  // expected-error @+1 {{expected height to be a power of two, got 6}}
  %0:2 = tosa.fft2d %a, %a {inverse = false} : (tensor<1x6x8xf32>, tensor<1x6x8xf32>) -> (tensor<1x6x8xf32>, tensor<1x6x8xf32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x8xi32>) {
  // expected-error @+1 {{requires a floating point type}}
  %0:2 = tosa.fft2d %a, %a {inverse = false} : (tensor<1x8x8xi32>, tensor<1x8x8xi32>) -> (tensor<1x8x8xi32>, tensor<1x8x8xi32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x8xf32>) {
  // expected-error @+1 {{requires attribute 'inverse'}}
  %0:2 = "tosa.fft2d"(%a, %a) : (tensor<1x8x8xf32>, tensor<1x8x8xf32>) -> (tensor<1x8x8xf32>, tensor<1x8x8xf32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x12xf32>) {
  // expected-error @+1 {{expected width to be a power of two, got 12}}
  %0:2 = tosa.rfft2d %a : (tensor<1x8x12xf32>) -> (tensor<1x8x7xf32>, tensor<1x8x7xf32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x16xf32>) {
  // expected-error @+1 {{expected output width to be equal to input_width / 2 + 1, got 8}}
  %0:2 = tosa.rfft2d %a : (tensor<1x8x16xf32>) -> (tensor<1x8x8xf32>, tensor<1x8x8xf32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x16xf32>) {
  // expected-error @+1 {{expected output shapes to match}}
  %0:2 = tosa.rfft2d %a : (tensor<1x8x16xf32>) -> (tensor<1x8x9xf32>, tensor<1x8x8xf32>)
  return
}

// -----

func.func @f(%a: tensor<1x8x16xf32>) {
  // expected-error @+1 {{expected batch and height dimensions of input/output to match}}
  %0:2 = tosa.rfft2d %a : (tensor<1x8x16xf32>) -> (tensor<1x4x9xf32>, tensor<1x4x9xf32>)
  return
}

// -----

func.func @f(%x: tensor<4x40xf4E2M1FN>, %s: tensor<4x1xf8E8M0FNU>) {
  // expected-error @+1 {{expect last dimension of input_data (40) to be divisible by block_size (32)}}
  %0 = tosa.cast_from_block_scaled %x, %s {block_size = BLOCK_SIZE_32} : (tensor<4x40xf4E2M1FN>, tensor<4x1xf8E8M0FNU>) -> tensor<4x40xf32>
  return
}

// -----

func.func @f(%x: tensor<4x64xf4E2M1FN>, %s: tensor<4x1xf8E8M0FNU>) {
  // expected-error @+1 {{expect last dimension of input_scale (1) to be equal to last dimension of input_data / block_size (2)}}
  %0 = tosa.cast_from_block_scaled %x, %s {block_size = BLOCK_SIZE_32} : (tensor<4x64xf4E2M1FN>, tensor<4x1xf8E8M0FNU>) -> tensor<4x64xf32>
  return
}

// -----

func.func @f(%x: tensor<4x64xf4E2M1FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @+1 {{require compatible shapes for input_data ('tensor<4x64xf4E2M1FN>') and output_data ('tensor<5x64xf32>')}}
  %0 = tosa.cast_from_block_scaled %x, %s {block_size = BLOCK_SIZE_32} : (tensor<4x64xf4E2M1FN>, tensor<4x2xf8E8M0FNU>) -> tensor<5x64xf32>
  return
}

// -----

func.func @f(%x: tensor<4x64xf32>) {
  // expected-error @+1 {{except for the last dimension}}
  %0:2 = tosa.cast_to_block_scaled %x {block_size = BLOCK_SIZE_32} : (tensor<4x64xf32>) -> (tensor<4x64xf4E2M1FN>, tensor<3x2xf8E8M0FNU>)
  return
}

// -----

func.func @f(%x: tensor<4x64xf32>) {
  // expected-error @+1 {{invalid block_size value: BLOCK_SIZE_7}}
  %0:2 = tosa.cast_to_block_scaled %x {block_size = BLOCK_SIZE_7} : (tensor<4x64xf32>) -> (tensor<4x64xf4E2M1FN>, tensor<4x2xf8E8M0FNU>)
  return
}

// -----

func.func @f(%x: tensor<4x64xf32>) {
  // expected-error @+1 {{result #0 must be tosa-conformant tensor of at least rank 1, but got 'tensor<4x64xf16>'}}
  %0:2 = tosa.cast_to_block_scaled %x {block_size = BLOCK_SIZE_32} : (tensor<4x64xf32>) -> (tensor<4x64xf16>, tensor<4x2xf8E8M0FNU>)
  return
}

// -----

func.func @f(%x: tensor<2x4x64xf4E2M1FN>, %y: tensor<2x4x64xf8E5M2>, %s: tensor<2x4x2xf8E8M0FNU>) {
  // expected-error @+1 {{to have same element type, got 'f4E2M1FN'}}
  %0 = tosa.matmul_t_block_scaled %x, %s, %y, %s {block_size = BLOCK_SIZE_32} : (tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>, tensor<2x4x64xf8E5M2>, tensor<2x4x2xf8E8M0FNU>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4x64xf4E2M1FN>, %s: tensor<2x4x2xf8E8M0FNU>, %r: tensor<2x5x2xf8E8M0FNU>) {
  // expected-error @+1 {{expected height of a_scale to match size 4, got 5}}
  %0 = tosa.matmul_t_block_scaled %x, %r, %x, %s {block_size = BLOCK_SIZE_32} : (tensor<2x4x64xf4E2M1FN>, tensor<2x5x2xf8E8M0FNU>, tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4x64xf4E2M1FN>, %s: tensor<2x4x2xf8E8M0FNU>) {
  // expected-error @+1 {{expected output shape 2, 4, 5 to be compatible with expected output shape 2, 4, 4}}
  %0 = tosa.matmul_t_block_scaled %x, %s, %x, %s {block_size = BLOCK_SIZE_32} : (tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>, tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>) -> tensor<2x4x5xf32>
  return
}
