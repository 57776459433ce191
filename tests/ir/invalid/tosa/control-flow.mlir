func.func @f(%c: tensor<2xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{'condition' must be a size 1 tensor, got 'tensor<2xi1>'}}
  %0 = tosa.cond_if %c : tensor<2xi1> -> tensor<2xf32> { tosa.yield %b : tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{region #1 ('else_graph') failed to verify constraint: region with 1 blocks}}
  %0 = tosa.cond_if %c : tensor<1xi1> -> tensor<2xf32> { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{require same shapes for 'then_graph' results ('tensor<2xf32>') and 'output_list' ('tensor<3xf32>')}}
  %0 = tosa.cond_if %c : tensor<1xi1> -> tensor<3xf32> { tosa.yield %b : tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{require same number of values in 'then_graph' results (2) and 'output_list' (1)}}
  %0 = tosa.cond_if %c : tensor<1xi1> -> tensor<2xf32> { tosa.yield %b, %b : tensor<2xf32>, tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{require same number of values in 'else_graph' arguments (0) and 'input_list' (1)}}
  %0 = tosa.cond_if %c (%x = %b) : tensor<1xi1> (tensor<2xf32>) -> tensor<2xf32> { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xi1>, %b: tensor<2xf32>) {
  // expected-error @+1 {{expected as many input types as operands (expected 2 got 1)}}
  %0 = tosa.cond_if %c (%x = %b, %y = %b) : tensor<1xi1> (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %b : tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%c: tensor<1xf32>, %b: tensor<2xf32>) {
  // expected-error @+1 {{operand #0 must be tosa-conformant tensor of 1-bit signless integer values, but got 'tensor<1xf32>'}}
  %0 = tosa.cond_if %c : tensor<1xf32> -> tensor<2xf32> { tosa.yield %b : tensor<2xf32> } else { tosa.yield %b : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi1>) {
  // expected-error @+1 {{require same shapes for 'input_list' ('tensor<2xf32>') and 'output_list' ('tensor<3xf32>')}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<3xf32> { tosa.yield %c : tensor<1xi1> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<2xi1>) {
  // expected-error @+1 {{'cond_graph' result must be a size 1 tensor, got 'tensor<2xi1>'}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c : tensor<2xi1> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi8>) {
  // expected-error @+1 {{'cond_graph' result must be a boolean tensor, got 'tensor<1xi8>'}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c : tensor<1xi8> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi1>) {
  // expected-error @+1 {{require 'cond_graph' only have one result}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c, %c : tensor<1xi1>, tensor<1xi1> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi1>) {
  // expected-error @+1 {{require same element type for 'body_graph' results ('i1') and 'input_list' ('f32')}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c : tensor<1xi1> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %c : tensor<1xi1> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi1>) {
  // expected-error @+1 {{expected as many input types as operands (expected 1 got 2)}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c : tensor<1xi1> } do { ^bb0(%x: tensor<2xf32>): tosa.yield %x : tensor<2xf32> }
  return
}

// -----

func.func @f(%b: tensor<2xf32>, %c: tensor<1xi1>) {
  // expected-error @+2 {{expects regions to end with 'tosa.yield', found 'test.end'}}
  // expected-note @+1 {{in custom textual format, the absence of terminator implies 'tosa.yield'}}
  %0 = tosa.while_loop (%x = %b) : (tensor<2xf32>) -> tensor<2xf32> { tosa.yield %c : tensor<1xi1> } do { ^bb0(%x: tensor<2xf32>): "test.end"() : () -> () }
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{'missing' has not been declared by 'tosa.variable'}}
  %0 = tosa.variable_read @missing : tensor<2xf32>
  return
}

// -----

tosa.variable @state : tensor<2xf32>
func.func @f() {
  // expected-error @+1 {{require same shapes for 'output1' ('tensor<3xf32>') and the input tensor ('tensor<2xf32>')}}
  %0 = tosa.variable_read @state : tensor<3xf32>
  return
}

// -----

tosa.variable @state = dense<1.0> : tensor<2xf32>
func.func @f(%a: tensor<2xi32>) {
  // expected-error @+1 {{require same element type for 'input1' ('i32') and the input tensor ('f32')}}
  tosa.variable_write @state, %a : tensor<2xi32>
  return
}

// -----

// expected-note @+1 {{see existing symbol definition here}}
tosa.variable @state : tensor<2xf32>
// expected-error @+1 {{redefinition of symbol named 'state'}}
tosa.variable @state : tensor<2xf32>

// -----

// expected-error @+1 {{expected ranked type}}
module { tosa.variable @state : tensor<*xf32> }

// -----

// expected-error @+1 {{expected shaped type}}
module { tosa.variable @state = 1 : i32 }

// -----

func.func @f() {
  // expected-error @+1 {{symbol's parent must have the SymbolTable trait}}
  tosa.variable @state : tensor<2xf32>
  return
}

// -----

func.func @f(%a: tensor<i32>) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.function, but found 'i32'}}
  %0 = tosa.while_loop (%x = %a) : i32 {
  } do {
  }
  return
}

// -----

func.func @f(%a: tensor<i32>) {
  // expected-error @+1 {{expected as many input types as operands (expected 1 got 2)}}
  %0 = tosa.while_loop (%x = %a) : (i32, i32) -> i32 {
  } do {
  }
  return
}
