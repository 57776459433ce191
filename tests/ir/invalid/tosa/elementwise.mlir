func.func @f(%a: tensor<5x2xf32>, %b: tensor<3x2xf32>) {
  // expected-error @+1 {{operands don't have broadcast-compatible shapes}}
  %0 = tosa.sub %a, %b : (tensor<5x2xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
  return
}

// -----

func.func @f(%a: tensor<5x2xf32>, %b: tensor<1x2xf32>) {
  // expected-error @+1 {{result type '5x4' not broadcast compatible with broadcasted operands's shapes '5x2'}}
  %0 = tosa.pow %a, %b : (tensor<5x2xf32>, tensor<1x2xf32>) -> tensor<5x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x2xf32>, %b: tensor<2xf32>) {
  // expected-error @+1 {{operands don't have matching ranks}}
  %0 = tosa.add %a, %b : (tensor<5x2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return
}

// -----

func.func @f(%a: tensor<*xf32>, %b: tensor<5x2xf32>) {
  // expected-error @+1 {{result type has different rank than operands}}
  %0 = tosa.add %a, %b : (tensor<*xf32>, tensor<5x2xf32>) -> tensor<3x5x2xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{'tosa.exp' op requires the same element type for all operands and results}}
  %0 = tosa.exp %a : (tensor<5xf32>) -> tensor<5xf16>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{requires the same shape for all operands and results}}
  %0 = tosa.tanh %a : (tensor<5xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>, %b: tensor<5xf16>) {
  // expected-error @+1 {{requires the same element type for all operands}}
  %0 = tosa.greater %a, %b : (tensor<5xf32>, tensor<5xf16>) -> tensor<5xi1>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{result #0 must be tosa-conformant tensor of 1-bit signless integer values, but got 'tensor<5xi8>'}}
  %0 = tosa.equal %a, %a : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi8>
  return
}

// -----

func.func @f(%a: tensor<5xi32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of floating-point values, but got 'tensor<5xi32>'}}
  %0 = tosa.sin %a : (tensor<5xi32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xi16>, %b: tensor<5xi32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of 32-bit signless integer or 64-bit signless integer values}}
  %0 = tosa.intdiv %a, %b : (tensor<5xi16>, tensor<5xi32>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%a: tensor<5xsi32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of number values, but got 'tensor<5xsi32>'}}
  %0 = tosa.abs %a : (tensor<5xsi32>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%a: tensor<5x0xf32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of number values, but got 'tensor<5x0xf32>'}}
  %0 = tosa.identity %a : (tensor<5x0xf32>) -> tensor<5x1xf32>
  return
}

// -----

func.func @f(%a: memref<5xf32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of number values, but got 'memref<5xf32>'}}
  %0 = "tosa.identity"(%a) : (memref<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xi32>) {
  // expected-error @+1 {{requires attribute 'round'}}
  %0 = "tosa.arithmetic_right_shift"(%a, %a) : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%a: tensor<5xi32>) {
  // expected-error @+1 {{attribute 'round' failed to satisfy constraint: bool attribute}}
  %0 = tosa.arithmetic_right_shift %a, %a {round = 1 : i32} : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%a: tensor<5xi8>, %b: tensor<5xi16>, %s: tensor<1xi8>) {
  // expected-error @+1 {{requires the same element type for all operands}}
  %0 = tosa.mul %a, %b, %s : (tensor<5xi8>, tensor<5xi16>, tensor<1xi8>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%a: tensor<5xi32>, %s: tensor<1xi8>) {
  // expected-error @+1 {{invalid data type size for operands or result}}
  %0 = tosa.mul %a, %a, %s : (tensor<5xi32>, tensor<5xi32>, tensor<1xi8>) -> tensor<5xi16>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  %s = "tosa.const"() <{values = dense<7> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{require shift to be 0 for float type}}
  %0 = tosa.mul %a, %a, %s : (tensor<5xf32>, tensor<5xf32>, tensor<1xi8>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5x3xi32>, %b: tensor<4x3xi32>, %s: tensor<1xi8>) {
  // expected-error @+1 {{a and b operands don't have broadcast-compatible shapes, got 'tensor<5x3xi32>' and 'tensor<4x3xi32>'}}
  %0 = tosa.mul %a, %b, %s : (tensor<5x3xi32>, tensor<4x3xi32>, tensor<1xi8>) -> tensor<5x3xi32>
  return
}

// -----

func.func @f(%a: tensor<5xi32>, %s: tensor<5xi8>) {
  // expected-error @+1 {{operand #2 must be tosa-conformant unranked tensor of 8-bit signless integer values or tosa-conformant scalar tensor of 8-bit signless integer values}}
  %0 = tosa.mul %a, %a, %s : (tensor<5xi32>, tensor<5xi32>, tensor<5xi8>) -> tensor<5xi32>
  return
}

// -----

func.func @f(%c: tensor<5xi1>, %a: tensor<5xf32>, %b: tensor<5xf16>) {
  // expected-error @+1 {{expect input and output to have same element type, got 'f16' and 'f32'}}
  %0 = tosa.select %c, %a, %b : (tensor<5xi1>, tensor<5xf32>, tensor<5xf16>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>, %t: tensor<9xf32>) {
  // expected-error @+1 {{dim(result, 0) = 9 doesn't match dim(input, 0) = 5}}
  %0 = tosa.table %a, %t : (tensor<5xf32>, tensor<9xf32>) -> tensor<9xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>, %z: tensor<1xf16>) {
  // expected-error @+1 {{expect both input1 and its zero point are the same element type, got 'f32' and 'f16'}}
  %0 = tosa.negate %a, %z, %z : (tensor<5xf32>, tensor<1xf16>, tensor<1xf16>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xi16>) {
  %z = "tosa.const"() <{values = dense<3> : tensor<1xi16>}> : () -> tensor<1xi16>
  // expected-error @+1 {{input1 zero point must be zero for non-int8 integer types}}
  %0 = tosa.negate %a, %z, %z : (tensor<5xi16>, tensor<1xi16>, tensor<1xi16>) -> tensor<5xi16>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{expected min_val <= max_val, got min_val=3.000000e+00 : f32, max_val=-2.000000e+00 : f32}}
  %0 = tosa.clamp %a {max_val = -2.0 : f32, min_val = 3.0 : f32} : (tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{min/max attributes types are incompatible with input/output element types.}}
  %0 = tosa.clamp %a {max_val = 2 : i32, min_val = 0 : i32} : (tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{min/max attributes should not be 'NaN'}}
  %0 = tosa.clamp %a {max_val = 2.0 : f32, min_val = 0x7FC00000 : f32} : (tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{invalid nan_mode value: SOMETIMES}}
  %0 = tosa.maximum %a, %a {nan_mode = SOMETIMES} : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<5xf32>) {
  // expected-error @+1 {{attribute 'nan_mode' failed to satisfy constraint: Supported NaN propagation strategies}}
  %0 = "tosa.minimum"(%a, %a) {nan_mode = "IGNORE"} : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<2x5xf32>, %m: tensor<5xi32>, %s: tensor<5xi8>, %z: tensor<1xi8>) {
  // expected-error @+1 {{expect input to have integer element type, got 'f32'}}
  %0 = tosa.rescale %a, %m, %s, %z, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x5xf32>, tensor<5xi32>, tensor<5xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x5xi8>
  return
}

// -----

func.func @f(%a: tensor<2x5xi8>, %m: tensor<5xi16>, %s: tensor<5xi8>, %z: tensor<1xi8>) {
  // expected-error @+1 {{expect i32 element type for multiplier for scale32=true, got 'i16'}}
  %0 = tosa.rescale %a, %m, %s, %z, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x5xi8>, tensor<5xi16>, tensor<5xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x5xi8>
  return
}

// -----

func.func @f(%a: tensor<2x5xi8>, %m: tensor<2xi32>, %s: tensor<5xi8>, %z: tensor<1xi8>) {
  // expected-error @+1 {{expect shape of { 5 } for multiplier input, got { 2 }}}
  %0 = tosa.rescale %a, %m, %s, %z, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x5xi8>, tensor<2xi32>, tensor<5xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x5xi8>
  return
}

// -----

func.func @f(%a: tensor<2x5xi8>, %m: tensor<1xi32>, %s: tensor<1xi8>, %z: tensor<1xi8>, %y: tensor<1xi16>) {
  // expected-error @+1 {{expected output and output_zp to both be integer of the same bitwidth, but got 'i8' vs. 'i16'}}
  %0 = tosa.rescale %a, %m, %s, %z, %y {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x5xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi16>) -> tensor<2x5xi8>
  return
}

// -----

func.func @f(%a: tensor<2x5xi16>, %m: tensor<1xi32>, %s: tensor<1xi8>) {
  %z = "tosa.const"() <{values = dense<5> : tensor<1xi16>}> : () -> tensor<1xi16>
  // expected-error @+1 {{expect input_zp of 0 or 32768 for unsigned int16 input, got 5}}
  %0 = tosa.rescale %a, %m, %s, %z, %z {input_unsigned = true, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x5xi16>, tensor<1xi32>, tensor<1xi8>, tensor<1xi16>, tensor<1xi16>) -> tensor<2x5xi16>
  return
}

// -----

func.func @f(%a: f32, %b: i32, %s: i8) {
  // expected-error @+1 {{operand #0 must be signless-integer-like, but got 'f32'}}
  %0 = tosa.apply_scale %a, %b, %s {rounding_mode = SINGLE_ROUND} : (f32, i32, i8) -> i32
  return
}

// -----

func.func @f(%a: i32, %s: i16) {
  // expected-error @+1 {{operand #2 must be signless-integer-8-bit-like, but got 'i16'}}
  %0 = tosa.apply_scale %a, %a, %s {rounding_mode = SINGLE_ROUND} : (i32, i32, i16) -> i32
  return
}

// -----

func.func @f(%a: vector<4xi32>, %s: i8) {
  // expected-error @+1 {{invalid rounding_mode value: ROUND_UP}}
  %0 = tosa.apply_scale %a, %a, %s {rounding_mode = ROUND_UP} : (vector<4xi32>, vector<4xi32>, i8) -> vector<4xi32>
  return
}

// -----

func.func @f(%a: vector<4xi32>, %b: vector<5xi32>, %s: i8) {
  // expected-error @+1 {{all non-scalar operands/results must have the same shape and base type}}
  %0 = tosa.apply_scale %a, %b, %s {rounding_mode = SINGLE_ROUND} : (vector<4xi32>, vector<5xi32>, i8) -> vector<4xi32>
  return
}

// -----

func.func @f(%a: vector<4xi32>, %s: i8) {
  // expected-error @+1 {{if an operand is non-scalar, then there must be at least one non-scalar result}}
  %0 = tosa.apply_scale %a, %a, %s {rounding_mode = SINGLE_ROUND} : (vector<4xi32>, vector<4xi32>, i8) -> i32
  return
}

// -----

func.func @f(%a: i32, %s: i8) {
  // expected-error @+1 {{if a result is non-scalar, then at least one operand must be non-scalar}}
  %0 = tosa.apply_scale %a, %a, %s {rounding_mode = SINGLE_ROUND} : (i32, i32, i8) -> vector<4xi32>
  return
}

// -----

func.func @f(%a: vector<4xi32>, %b: tensor<4xi32>, %s: i8) {
  // expected-error @+1 {{all non-scalar operands/results must have the same shape and base type}}
  %0 = tosa.apply_scale %a, %b, %s {rounding_mode = SINGLE_ROUND} : (vector<4xi32>, tensor<4xi32>, i8) -> vector<4xi32>
  return
}
