func.func @f(%a: tensor<4x3xf32>, %b: tensor<4x2xf32>) {
  // expected-error @+1 {{expect all operand shapes to have the same sizes on non-axis dimensions, but got 2 vs 3 at index 1 on operands 0 and 1}}
  %0 = tosa.concat %a, %b {axis = 0 : i32} : (tensor<4x3xf32>, tensor<4x2xf32>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{requires sum of axis dimensions of input1 equal to output axis dimension, got 8 and 9}}
  %0 = tosa.concat %a, %a {axis = 0 : i32} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<9x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expect axis to be within range 0 < axis < rank(input1[firstRankedTensorIdx]), got 2}}
  %0 = tosa.concat %a, %a {axis = 2 : i32} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expect all operands to have the same rank, but got 2 vs 1 on operands 0 and 1}}
  %0 = tosa.concat %a, %b {axis = 0 : i32} : (tensor<4x3xf32>, tensor<4xf32>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %b: tensor<4x3xi8>) {
  // expected-error @+1 {{expect input and output to have same element type, got 'i8' and 'f32'}}
  %0 = tosa.concat %a, %b {axis = 0 : i32} : (tensor<4x3xf32>, tensor<4x3xi8>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expect at least one input}}
  %0 = tosa.concat {axis = 0 : i32} : () -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %v: tensor<1xf32>) {
  %p = tosa.const_shape {values = dense<[0, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  // expected-error @+1 {{padding tensor must have 2 * 2 = 4 elements, but got 3}}
  %0 = tosa.pad %a, %p, %v : (tensor<4x3xf32>, !tosa.shape<3>, tensor<1xf32>) -> tensor<5x5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %v: tensor<1xf32>) {
  %p = tosa.const_shape {values = dense<[0, 1, 2, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  // expected-error @+1 {{mismatch in output shape at dimension 1: expected 3 + 2 + 2 = 7, but got 5}}
  %0 = tosa.pad %a, %p, %v : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<5x5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %v: tensor<1xf32>) {
  %p = tosa.const_shape {values = dense<[0, -3, 2, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  // expected-error @+1 {{invalid padding values at dimension 0: values must be non-negative or -1 for dynamic padding, got [0, -3]}}
  %0 = tosa.pad %a, %p, %v : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<5x7xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %v: tensor<1xi32>) {
  %p = tosa.const_shape {values = dense<[0, 1, 2, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  // expected-error @+1 {{expect input and output to have same element type, got 'i32' and 'f32'}}
  %0 = tosa.pad %a, %p, %v : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xi32>) -> tensor<5x7xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %v: tensor<1xf32>) {
  %p = tosa.const_shape {values = dense<[0, 1, 2, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  // expected-error @+1 {{expect same input and output tensor rank, but got inputRank: 2, outputRank: 1}}
  %0 = tosa.pad %a, %p, %v : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[5, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{cannot reshape 12 elements into 10}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<5x2xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[6, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{new shape is inconsistent with result shape}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<2x6xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[-1, -1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{expected at most one target dimension to be -1}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<2x6xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[12]> : tensor<1xindex>} : () -> !tosa.shape<1>
  // expected-error @+1 {{new shape does not match result rank}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<1>) -> tensor<2x6xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[-7, 12]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{new shape has invalid tensor dimension size -7}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<?x12xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %s: !tosa.shape<1>) {
  // expected-error @+1 {{shape operand is not compile time resolvable}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, !tosa.shape<1>) -> tensor<12xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>, %s: tensor<1xi32>) {
  // expected-error @+1 {{operand #1 must be Shape with static rank and Index element type, but got 'tensor<1xi32>'}}
  %0 = tosa.reshape %a, %s : (tensor<4x3xf32>, tensor<1xi32>) -> tensor<12xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[1]> : tensor<1xindex>} : () -> !tosa.shape<1>
  %n = tosa.const_shape {values = dense<[2, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{length of start is not equal to rank of input shape}}
  %0 = tosa.slice %a, %s, %n : (tensor<4x3xf32>, !tosa.shape<1>, !tosa.shape<2>) -> tensor<2x2xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %s = tosa.const_shape {values = dense<[1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{expect input1 and output to have the same ranks, got 2 and 1}}
  %0 = tosa.slice %a, %s, %s : (tensor<4x3xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %m = tosa.const_shape {values = dense<[2, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{expect element of 'multiples' to be positive integer or -1.}}
  %0 = tosa.tile %a, %m : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  %m = tosa.const_shape {values = dense<[2]> : tensor<1xindex>} : () -> !tosa.shape<1>
  // expected-error @+1 {{expect 'multiples' to have rank 2 but got 1.}}
  %0 = tosa.tile %a, %m : (tensor<4x3xf32>, !tosa.shape<1>) -> tensor<8x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected valid permutation indices}}
  %0 = tosa.transpose %a {perms = array<i32: 1, 1>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected perms attribute to have size 2 (input rank) but got size 3}}
  %0 = tosa.transpose %a {perms = array<i32: 1, 0, 2>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected output tensor dim 0 to match input dim 1 with value of 3}}
  %0 = tosa.transpose %a {perms = array<i32: 1, 0>} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{failed to verify that all of {input1, output} have same element type}}
  %0 = tosa.transpose %a {perms = array<i32: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf16>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{attribute 'perms' failed to satisfy constraint: i32 dense array attribute}}
  %0 = "tosa.transpose"(%a) {perms = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%v: tensor<2x5x3xf32>, %n: tensor<3x4xi32>) {
  // expected-error @+1 {{requires indices dimension 0 to have size 2, got 3}}
  %0 = tosa.gather %v, %n : (tensor<2x5x3xf32>, tensor<3x4xi32>) -> tensor<2x4x3xf32>
  return
}

// -----

func.func @f(%v: tensor<2x5x3xf32>, %n: tensor<2x4xi32>) {
  // expected-error @+1 {{requires output dimension 2 to have size 3, got 7}}
  %0 = tosa.gather %v, %n : (tensor<2x5x3xf32>, tensor<2x4xi32>) -> tensor<2x4x7xf32>
  return
}

// -----

func.func @f(%v: tensor<2x5x3xf32>, %n: tensor<2x4xi16>) {
  // expected-error @+1 {{operand #1 must be tosa-conformant unranked tensor of number values or 2D tensor of 32-bit signless integer or 64-bit signless integer values, but got 'tensor<2x4xi16>'}}
  %0 = tosa.gather %v, %n : (tensor<2x5x3xf32>, tensor<2x4xi16>) -> tensor<2x4x3xf32>
  return
}

// -----

func.func @f(%v: tensor<2x5x3xf32>, %n: tensor<2x6xi32>, %i: tensor<2x6x3xf32>) {
  // expected-error @+1 {{requires dimensions K >= W, got K=5 and W=6}}
  %0 = tosa.scatter %v, %n, %i : (tensor<2x5x3xf32>, tensor<2x6xi32>, tensor<2x6x3xf32>) -> tensor<2x5x3xf32>
  return
}

// -----

func.func @f(%v: tensor<2x5x3xf32>, %n: tensor<2x4xi32>, %i: tensor<2x3x3xf32>) {
  // expected-error @+1 {{requires input dimension 1 to have size 4, got 3}}
  %0 = tosa.scatter %v, %n, %i : (tensor<2x5x3xf32>, tensor<2x4xi32>, tensor<2x3x3xf32>) -> tensor<2x5x3xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x4x2xf32>) {
  %s = tosa.const_shape {values = dense<[2, 1, 2, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{expect all scale values to be > 0, got 2, 1, 2, 0}}
  %0 = tosa.resize %a, %s, %o, %o {mode = BILINEAR} : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x7x7x2xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x4x2xf32>) {
  %s = tosa.const_shape {values = dense<[2, 1, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{calculated output width did not match expected: calculated=7, expected=8}}
  %0 = tosa.resize %a, %s, %o, %o {mode = BILINEAR} : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x7x8x2xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x4x2xf32>) {
  %s = tosa.const_shape {values = dense<[1, 2, 1, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{to be wholly divisible by scale_y_d, got ((4 - 1) * 1 - 0 + 0) / 2}}
  %0 = tosa.resize %a, %s, %o, %o {mode = BILINEAR} : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x4x2xf32>) {
  %s = tosa.const_shape {values = dense<[2, 1, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{invalid resize mode value: CUBIC}}
  %0 = tosa.resize %a, %s, %o, %o {mode = CUBIC} : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x7x7x2xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x4x2xf32>) {
  %s = tosa.const_shape {values = dense<[2, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %o = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error @+1 {{operand #1 must be Tosa shape type of rank 4, but got '!tosa.shape<2>'}}
  %0 = tosa.resize %a, %s, %o, %o {mode = BILINEAR} : (tensor<1x4x4x2xf32>, !tosa.shape<2>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x7x7x2xf32>
  return
}
