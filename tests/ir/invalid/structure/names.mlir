// A name stands for one value, of one type; results are named as many as they are.

func.func @result_twice() {
  // expected-note @below {{previously defined here}}
  %x = "test.make"() : () -> i32
  // expected-error @below {{redefinition of SSA value '%x'}}
  %x = "test.make"() : () -> i32
  return
}

// -----

// expected-error @below {{'%a'}}
// expected-note @below {{previously referenced here}}
func.func @argument_twice(%a: i32, %a: i32) {
  return
}

// -----

// expected-note @below {{previously defined here}}
func.func @argument_and_result(%a: i32) {
  // expected-error @below {{redefinition of SSA value '%a'}}
  %a = arith.constant 1 : i32
  return
}

// -----

// expected-note @below {{previously defined here}}
func.func @argument_of_a_block(%a: i32) {
  cf.br ^next(%a : i32)
// expected-error @below {{redefinition of SSA value '%a'}}
^next(%a: i32):
  return
}

// -----

func.func @inner_and_outer(%p: i1) {
  // expected-note @below {{previously defined here}}
  %x = arith.constant 1 : i32
  scf.if %p {
    // expected-error @below {{redefinition of SSA value '%x'}}
    %x = arith.constant 2 : i32
  }
  return
}

// -----

func.func @twice_in_one_list() {
  // expected-error @below {{redefinition of SSA value '%x'}}
  // expected-note @below {{previously defined here}}
  %x, %x = "test.pair"() : () -> (i32, i32)
  return
}

// -----

func.func @type_of_a_use() {
  // expected-note @below {{prior use here}}
  %x = "test.make"() : () -> i32
  // expected-error @below {{use of value '%x' expects different type than prior uses: 'f32' vs 'i32'}}
  "test.use"(%x) : (f32) -> ()
  return
}

// -----

func.func @type_of_a_forward_reference() {
  "test.graph"() ({
    // expected-note @below {{previously used here with type 'f32'}}
    "test.use"(%x) : (f32) -> ()
    // expected-error @below {{definition of SSA value}}
    %x = "test.make"() : () -> i32
  }) : () -> ()
  return
}

// -----

func.func @two_types_of_a_forward_reference() {
  "test.graph"() ({
    // expected-note @below {{prior use here}}
    "test.use"(%x) : (f32) -> ()
    // expected-error @below {{use of value '%x' expects different type than prior uses: 'i32' vs 'f32'}}
    "test.use"(%x) : (i32) -> ()
    %x = "test.make"() : () -> f32
  }) : () -> ()
  return
}

// -----

func.func @pack_is_too_small() {
  %x:2 = "test.pair"() : () -> (i32, i32)
  // expected-error @below {{reference to invalid result number}}
  "test.use"(%x#2) : (i32) -> ()
  return
}

// -----

func.func @pack_of_nothing() {
  // expected-error @below {{expected named operation to have at least 1 result}}
  %x:0 = "test.make"() : () -> ()
  return
}

// -----

func.func @more_names_than_results() {
  // expected-error @below {{operation defines 1 results but was provided 2 to bind}}
  %x, %y = "test.make"() : () -> i32
  return
}

// -----

func.func @fewer_names_than_results() {
  // expected-error @below {{operation defines 2 results but was provided 1 to bind}}
  %x = "test.pair"() : () -> (i32, i32)
  return
}

// -----

func.func @names_without_results() {
  // expected-error @below {{cannot name an operation with no results}}
  %x = "test.nothing"() : () -> ()
  return
}

// -----

func.func @pack_larger_than_the_results() {
  // expected-error @below {{operation defines 2 results but was provided 3 to bind}}
  %x:3 = "test.pair"() : () -> (i32, i32)
  return
}

// -----

func.func @number_of_a_pack() {
  // expected-error @below {{expected integer}}
  %x:two = "test.pair"() : () -> (i32, i32)
  return
}

// -----

func.func @number_of_a_result(%a: i32) {
  // expected-error @below {{reference to invalid result number}}
  "test.use"(%a#1) : (i32) -> ()
  return
}
