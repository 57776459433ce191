// Branches: their targets, and what they pass.

func.func @a(%i: i32) {
  // expected-error @+1 {{branch has 0 operands for successor #0, but target block has 1}}
  cf.br ^bb1
^bb1(%x: i32):
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%i: i32) {
  // expected-error @+1 {{use of value '%i' expects different type than prior uses: 'f32' vs 'i32'}}
  cf.br ^bb1(%i : f32)
^bb1(%x: i32):
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{type mismatch for bb argument #0 of successor #0}}
  cf.br ^bb1(%f : f32)
^bb1(%x: i32):
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{reference to an undefined block}}
  cf.br ^bb0
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{use of value '%i' expects different type than prior uses: 'i1' vs 'i32'}}
  cf.cond_br %i, ^b, ^b
^b:
  return
}

// -----

func.func @a(%i: i1, %f: f32) {
  // expected-error @+1 {{expects number of branch weights to match number of successors: 1 vs 2}}
  cf.cond_br %i weights([1]), ^b, ^b
^b:
  return
}

// -----

func.func @a(%i: i1, %f: f32) {
  // expected-error @+1 {{branch weights cannot all be zero}}
  cf.cond_br %i weights([0, 0]), ^b, ^b
^b:
  return
}

// -----

func.func @a(%i: i1, %f: f32) {
  // expected-error @+1 {{requires 2 successors but found 1}}
  "cf.cond_br"(%i)[^b] <{operandSegmentSizes = array<i32: 1, 0, 0>}> : (i1) -> ()
^b:
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.integer, but found 'f32'}}
  cf.switch %f : f32, [ default: ^b ]
^b:
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{branch has 1 operands for successor #1, but target block has 0}}
  cf.switch %i : i32, [ default: ^b, 1: ^c(%f : f32) ]
^b:
  return
^c:
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{number of case values (2) should match number of case destinations (1)}}
  "cf.switch"(%i)[^b, ^b] <{case_operand_segments = array<i32: 0>, case_values = dense<[1,2]> : vector<2xi32>, operandSegmentSizes = array<i32: 1,0,0>}> : (i32) -> ()
^b:
  return
}

// -----

func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{'flag' type ('i32') should match case value type ('i64')}}
  "cf.switch"(%i)[^b, ^b] <{case_operand_segments = array<i32: 0>, case_values = dense<[1]> : vector<1xi64>, operandSegmentSizes = array<i32: 1,0,0>}> : (i32) -> ()
^b:
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%i: i32, %f: f32) {
  // expected-error @+1 {{use of value '%i' expects different type than prior uses: 'i1' vs 'i32'}}
  cf.assert %i, "a"
  return
}

// -----

func.func @a(%i: i1, %f: f32) {
  // expected-error @+1 {{expected ','}}
  cf.assert %i
  return
}
