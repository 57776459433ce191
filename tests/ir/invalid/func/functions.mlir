// Functions, calls and returns.

func.func @a() {
  // expected-error @+1 {{symbol's parent must have the SymbolTable trait}}
  func.func @b() {return}
  return
}

// -----

// expected-error @+1 {{expected SSA identifier}}
func.func @a(%a: i32, i32) {
  return
}

// -----

// expected-error @+1 {{entry block must have 1 arguments to match function signature}}
func.func @a(i32) {
  return
}

// -----

func.func @a() -> i32 {
  // expected-error @+1 {{has 0 operands, but enclosing function (@a) returns 1}}
  return
}

// -----

// expected-error @+1 {{entry block must have 0 arguments to match function signature}}
func.func @a() -> i32 {
^bb0(%a: i32):
  return %a : i32
}

// -----

// expected-note @+1 {{see existing symbol definition here}}
func.func @a() {
  // expected-error @+1 {{redefinition of symbol named 'a'}}
  return } func.func @a() {
  return
}

// -----

// expected-error @+1 {{symbol declaration cannot have public visibility}}
func.func @a()

// -----

// expected-error @+1 {{symbol declaration cannot have public visibility}}
func.func public @a()

// -----

// expected-error @+1 {{'sym_name' is an inferred attribute and should not be specified in the explicit attribute dictionary}}
func.func private @a() attributes {sym_name = "b"}

// -----

// expected-error @+1 {{'sym_visibility' is an inferred attribute and should not be specified in the explicit attribute dictionary}}
func.func private @a() attributes {sym_visibility = "foo"}

// -----

func.func @a() {
  // expected-error @+1 {{'b' does not reference a valid function}}
  call @b() : () -> ()
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{incorrect number of results for callee}}
  %r = call @a() : () -> i32
  return
}

// -----

func.func @a(%i: i32) {
  // expected-error @+1 {{incorrect number of operands for callee}}
  call @a() : () -> ()
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%i: i32) {
  // expected-error @+1 {{use of value '%i' expects different type than prior uses: 'f32' vs 'i32'}}
  call @a(%i) : (f32) -> ()
  return
}

// -----

func.func @a(%i: i32) {
  // expected-error @+1 {{reference to undefined function 'zz'}}
  %c = constant @zz : () -> ()
  return
}

// -----

func.func @a(%i: i32) {
  // expected-error @+1 {{reference to function with mismatched type}}
  %c = constant @a : () -> ()
  return
}

// -----

func.func @a(%i: i32) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.function, but found 'i32'}}
  %c = call_indirect %i() : i32
  return
}

// -----

func.func @a(%i: i32) {
  // expected-error @+1 {{has 1 operands, but enclosing function (@a) returns 0}}
  return %i : i32
}

// -----

func.func @a(%i: i32) -> i32 {
  // expected-error @+1 {{has 0 operands, but enclosing function (@a) returns 1}}
  return
}

// -----

func.func @a(%i: i32) -> f32 {
  // expected-error @+1 {{type of return operand 0 ('i32') doesn't match function result type ('f32') in function @a}}
  return %i : i32
}

// -----

// expected-error @+1 {{expects parent op 'func.func'}}
func.return

// -----

// expected-error @+1 {{arguments may only have dialect attributes}}
func.func @a(%x: i32 {a}) {
  return
}

// -----

func.func private @a(i32) -> (i32, i64)
func.func @b(%x: i32) {
  // expected-error @+1 {{incorrect number of results for callee}}
  %0 = func.call @a(%x) : (i32) -> i32
  return
}

// -----

func.func private @a(i32) -> i32
func.func @b(%x: i32) {
  // expected-note @+3 {{op result types: 'f32'}}
  // expected-note @+2 {{function result types: 'i32'}}
  // expected-error @+1 {{result type mismatch at index 0}}
  %0 = func.call @a(%x) : (i32) -> f32
  return
}

// -----

func.func private @a(f32)
func.func @b(%x: i32) {
  // expected-error @+1 {{operand type mismatch: expected operand type 'f32', but provided 'i32' for operand number 0}}
  func.call @a(%x) : (i32) -> ()
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @b(%f: (i32) -> f32, %x: i64) {
  // expected-error @+1 {{use of value '%x' expects different type than prior uses: 'i32' vs 'i64'}}
  %0 = func.call_indirect %f(%x) : (i32) -> f32
  return
}

// -----

func.func @b(%f: (i32) -> f32, %x: i64) {
  // expected-error @+1 {{failed to verify that callee input types match argument types}}
  %0 = "func.call_indirect"(%f, %x) : ((i32) -> f32, i64) -> f32
  return
}

// -----

func.func @b(%f: (i32) -> f32, %x: i32) {
  // expected-error @+1 {{failed to verify that callee result types match result types}}
  %0 = "func.call_indirect"(%f, %x) : ((i32) -> f32, i32) -> f64
  return
}

// -----

// expected-error @+1 {{attribute 'function_type' failed to satisfy constraint: type attribute of function type}}
"func.func"() <{function_type = i32, sym_name = "f"}> ({ }) : () -> ()

// -----

// expected-error @+1 {{expects argument attribute array to have the same number of elements as the number of function arguments, got 1, but expected 0}}
"func.func"() <{function_type = () -> (), sym_name = "f", arg_attrs = [{}], sym_visibility = "private"}> ({ }) : () -> ()

// -----

// expected-error @+1 {{requires attribute 'function_type'}}
"func.func"() <{sym_name = "f"}> ({ }) : () -> ()

// -----

func.func @b(%x: i32) {
// expected-error @+1 {{invalid block name in region with named arguments}}
^bb1:
  return
}

// -----

func.func @f(%x: i32) -> (i32, i32) {
  // expected-error @+1 {{number of operands and types do not match: got 2 operands and 1 types}}
  return %x, %x : i32
}

// -----

func.func @f() {
  // expected-error @+1 {{expected operation}}
  func.return }
}

// -----

// expected-error @+1 {{expected '('}}
func.func @f { return }

// -----

func.func @f() -> i32 {
  // expected-error @+1 {{block with no terminator, has}}
  %c = arith.constant 0 : i32
}
