// The parts of an operation: name, operands, results, types, regions, successors.

// expected-error @below {{expected 0 operand types but had 1}}
"test.op"() : (i32) -> ()

// -----

func.func @fewer_types(%a: i32) {
  // expected-error @below {{expected 2 operand types but had 1}}
  "test.op"(%a, %a) : (i32) -> ()
  return
}

// -----

func.func @more_types(%a: i32) {
  // expected-error @below {{expected 1 operand type}}
  "test.op"(%a) : (i32, i32) -> ()
  return
}

// -----

// expected-error @below {{expected ':'}}
"test.op"()

// -----

// expected-error @below {{expected}}
"test.op"() : i32

// -----

// expected-error @below {{expected}}
"test.op"() : () ->

// -----

// expected-error @below {{expected ')'}}
"test.op"() : () -> (i32

// -----

// expected-error @below {{expected '('}}
"test.op" : () -> ()

// -----

// expected-error @below {{expected ')'}}
"test.op"(i32) : (i32) -> ()

// -----

// expected-error @below {{empty operation name is invalid}}
""() : () -> ()

// -----

// expected-error @below {{custom op 'test.op' is unknown}}
test.op

// -----

func.func @misspelt(%a: i32) {
  // expected-error @below {{custom op 'arith.adi' is unknown}}
  %0 = arith.adi %a, %a : i32
  return
}

// -----

func.func @no_such_short_name(%a: i32) {
  // expected-error @below {{custom op 'retrun' is unknown (tried 'func.retrun' as well)}}
  retrun
}

// -----

func.func @a_type_is_missing(%a: i32) {
  // expected-error @below {{expected ':'}}
  %0 = arith.addi %a, %a
  return
}

// -----

func.func @an_operand_is_missing(%a: i32) {
  // expected-error @below {{expected ','}}
  %0 = arith.addi %a : i32
  return
}

// -----

func.func @no_operation(%a: i32) {
  // expected-error @below {{expected}}
  %0 = %a
  return
}

// -----

func.func @no_equals_sign(%a: i32) {
  // expected-error @below {{expected '='}}
  %0 arith.addi %a, %a : i32
  return
}

// -----

func.func @operands_of_a_known_operation(%a: i32) {
  // expected-error @below {{'arith.addi' op expected 2 operands, but found 1}}
  %0 = "arith.addi"(%a) : (i32) -> i32
  return
}

// -----

func.func @results_of_a_known_operation(%a: i32) {
  // expected-error @below {{'arith.addi' op requires one result}}
  %0:2 = "arith.addi"(%a, %a) : (i32, i32) -> (i32, i32)
  return
}

// -----

func.func @types_of_a_known_operation(%a: f32) {
  // expected-error @below {{'arith.addi' op operand #0 must be signless-integer-like, but got 'f32'}}
  %0 = "arith.addi"(%a, %a) : (f32, f32) -> f32
  return
}

// -----

func.func @an_attribute_is_missing() {
  // expected-error @below {{'arith.constant' op requires attribute 'value'}}
  %0 = "arith.constant"() : () -> i32
  return
}

// -----

func.func @regions_of_a_known_operation(%a: i32) {
  // expected-error @below {{'arith.addi' op requires zero regions}}
  %0 = "arith.addi"(%a, %a) ({
  }) : (i32, i32) -> i32
  return
}

// -----

func.func @successors_of_a_known_operation(%a: i32) {
  // expected-error @below {{terminator}}
  %0 = "arith.addi"(%a, %a)[^next] : (i32, i32) -> i32
^next:
  return
}

// -----

func.func @successors_are_missing() {
  // expected-error @below {{'cf.br' op requires 1 successor but found 0}}
  "cf.br"() : () -> ()
}

// -----

func.func @segments(%p: i1) {
  // expected-error @below {{'cf.cond_br' op operand count (1) does not match with the total size (2) specified in attribute 'operandSegmentSizes'}}
  "cf.cond_br"(%p)[^next, ^next] <{operandSegmentSizes = array<i32: 1, 1, 0>}> : (i1) -> ()
^next:
  return
}
