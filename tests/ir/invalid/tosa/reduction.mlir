func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expect input tensor rank (2) to be larger than reduce axis (2)}}
  %0 = tosa.reduce_sum %a {axis = 2 : i32} : (tensor<4x3xf32>) -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{reduce axis must not be negative}}
  %0 = tosa.reduce_max %a {axis = -1 : i32} : (tensor<4x3xf32>) -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expect output tensor rank to be equal to input tensor rank}}
  %0 = tosa.reduce_product %a {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expect reduced dimension size to be 1, got 3}}
  %0 = tosa.reduce_min %a {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xi1>) {
  // expected-error @+1 {{attribute 'axis' failed to satisfy constraint: 32-bit signless integer attribute}}
  %0 = tosa.reduce_all %a {axis = 1 : i64} : (tensor<4x3xi1>) -> tensor<4x1xi1>
  return
}

// -----

func.func @f(%a: tensor<i1>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of at least rank 1, but got 'tensor<i1>'}}
  %0 = tosa.reduce_any %a {axis = 0 : i32} : (tensor<i1>) -> tensor<1xi1>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{specified axis is outside the rank of the tensor}}
  %0 = tosa.argmax %a {axis = 2 : i32} : (tensor<4x3xf32>) -> tensor<4xi32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{result tensor is not of integer type}}
  %0 = tosa.argmax %a {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected output shape '4', got '3'}}
  %0 = tosa.argmax %a {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<3xi32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected '='}}
  %0 = tosa.argmax %a {axis = 1 : i32, plain} : (tensor<4x3xf32>) -> tensor<4xi32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expected non-negative reverse axis}}
  %0 = tosa.reverse %a {axis = -2 : i32} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x3xf32>) {
  // expected-error @+1 {{expect input tensor rank (2) to be larger than reverse axis (5)}}
  %0 = tosa.reverse %a {axis = 5 : i32} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}
