// Symbols, the tables that hold them, and what refers to them.

// expected-note @below {{see existing symbol definition here}}
func.func private @twice()
// expected-error @below {{redefinition of symbol named 'twice'}}
func.func private @twice()

// -----

// expected-note @below {{see existing symbol definition here}}
module @same {
}
// expected-error @below {{redefinition of symbol named 'same'}}
func.func private @same()

// -----

// expected-error @below {{'func.func' op symbol declaration cannot have public visibility}}
func.func @declared_for_all()

// -----

// expected-error @below {{'func.func' op visibility expected to be one of ["public", "private", "nested"], but got "everywhere"}}
"func.func"() <{function_type = () -> (), sym_name = "seen", sym_visibility = "everywhere"}> ({
  "func.return"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{'func.func' op requires attribute 'sym_name'}}
"func.func"() <{function_type = () -> ()}> ({
  "func.return"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{attribute}}
"func.func"() <{function_type = () -> (), sym_name = 1 : i32}> ({
  "func.return"() : () -> ()
}) : () -> ()

// -----

func.func @calls_nothing() {
  // expected-error @below {{'func.call' op 'nothing' does not reference a valid function}}
  call @nothing() : () -> ()
  return
}

// -----

func.func private @wants_one(i32)
func.func @gives_none() {
  // expected-error @below {{'func.call' op incorrect number of operands for callee}}
  call @wants_one() : () -> ()
  return
}

// -----

func.func private @wants_an_integer(i32)
func.func @gives_a_float(%a: f32) {
  // expected-error @below {{'func.call' op operand type mismatch: expected operand type 'i32', but provided 'f32' for operand number 0}}
  call @wants_an_integer(%a) : (f32) -> ()
  return
}

// -----

func.func private @makes_none()
func.func @wants_a_result() {
  // expected-error @below {{'func.call' op incorrect number of results for callee}}
  %0 = call @makes_none() : () -> i32
  return
}

// -----

module @not_a_function {
}
func.func @calls_a_module() {
  // expected-error @below {{'func.call' op 'not_a_function' does not reference a valid function}}
  call @not_a_function() : () -> ()
  return
}

// -----

module @inner {
  func.func private @f()
}
func.func @reaches_in() {
  // expected-error @below {{'func.call' op 'f' does not reference a valid function}}
  call @f() : () -> ()
  return
}

// -----

// expected-error @below {{@ identifier expected to start with letter or '_'}}
func.func @() {
  return
}

// -----

// expected-error @below {{symbol name}}
func.func twice() {
  return
}

// -----

// expected-error @below {{expected '"' in string literal}}
func.func private @"open()
