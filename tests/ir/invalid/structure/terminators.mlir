// What ends a block, and what does not.

func.func @no_terminator(%a: i32) {
  // expected-error @below {{block with no terminator, has}}
  %b = arith.addi %a, %a : i32
}

// -----

func.func @terminator_in_the_middle() {
  // expected-error @below {{'func.return' op must be the last operation in the parent block}}
  return
  return
}

// -----

func.func @branch_in_the_middle() {
  // expected-error @below {{operation with block successors must terminate its parent block}}
  cf.br ^next
  "test.more"() : () -> ()
^next:
  return
}

// -----

func.func @unknown_operation_with_successors_in_the_middle() {
  // expected-error @below {{operation with block successors must terminate its parent block}}
  "test.branch"()[^next] : () -> ()
  "test.more"() : () -> ()
^next:
  return
}

// -----

func.func @terminator_of_another_operation() {
  builtin.module {
    // expected-error @below {{'func.return' op expects parent op 'func.func'}}
    func.return
  }
  return
}

// -----

func.func @yield_outside_a_loop() {
  // expected-error @below {{'scf.yield' op expects parent op to be one of 'scf.execute_region, scf.for, scf.if, scf.index_switch, scf.while'}}
  scf.yield
}

// -----

func.func @number_of_returned_values() -> i32 {
  // expected-error @below {{'func.return' op has 0 operands, but enclosing function (@number_of_returned_values) returns 1}}
  return
}

// -----

func.func @type_of_returned_values(%a: f32) -> i32 {
  // expected-error @below {{type of return operand 0 ('f32') doesn't match function result type ('i32') in function @type_of_returned_values}}
  return %a : f32
}

// -----

// expected-error @below {{'func.func'}}
func.func @empty_body() {
}
