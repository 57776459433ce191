// A value is read where its definition comes before, on every way, in this region or one below it.

func.func @undeclared() {
  // expected-error @below {{use of undeclared SSA value}}
  "test.use"(%missing) : (i32) -> ()
  return
}

// -----

func.func @used_before_its_definition(%a: i32) {
  // expected-error @below {{does not dominate this use}}
  "test.use"(%sum) : (i32) -> ()
  // expected-note @below {{operand defined here (op in the same block)}}
  %sum = arith.addi %a, %a : i32
  return
}

// -----

func.func @defined_on_one_way_only(%p: i1) {
  cf.cond_br %p, ^left, ^right
^left:
  // expected-note @below {{operand defined here (op in the same region)}}
  %x = arith.constant 1 : i32
  cf.br ^end
^right:
  cf.br ^end
^end:
  // expected-error @below {{does not dominate this use}}
  "test.use"(%x) : (i32) -> ()
  return
}

// -----

func.func @defined_in_an_inner_region(%p: i1) {
  scf.if %p {
    %x = arith.constant 1 : i32
  }
  // expected-error @below {{use of undeclared SSA value}}
  "test.use"(%x) : (i32) -> ()
  return
}

// -----

// expected-note @below {{operand defined as a block argument (block #1 in the same region)}}
func.func @argument_of_another_block(%p: i1) {
  cf.cond_br %p, ^left(%p : i1), ^right
^left(%q: i1):
  return
^right:
  // expected-error @below {{does not dominate this use}}
  "test.use"(%q) : (i1) -> ()
  return
}

// -----

func.func @its_own_operand() {
  // expected-error @below {{does not dominate this use}}
  // expected-note @below {{operand defined here (op in the same block)}}
  %x = "test.next"(%x) : (i32) -> i32
  return
}

// -----

func.func @defined_after_the_region_that_uses_it(%p: i1) {
  scf.if %p {
    // expected-error @below {{does not dominate this use}}
    "test.use"(%late) : (i32) -> ()
  }
  // expected-note @below {{operand defined here (op in a parent region)}}
  %late = arith.constant 1 : i32
  return
}

// -----

func.func @value_of_a_sibling_region(%p: i1) {
  "test.pair"() ({
    %x = "test.make"() : () -> i32
    "test.end"() : () -> ()
  }, {
    // expected-error @below {{use of undeclared SSA value}}
    "test.use"(%x) : (i32) -> ()
  }) : () -> ()
  return
}

// -----

func.func @branch_operand(%p: i1) {
  // expected-error @below {{does not dominate this use}}
  cf.br ^next(%y : i32)
^next(%x: i32):
  // expected-note @below {{operand defined here (op in the same region)}}
  %y = arith.constant 1 : i32
  return
}

// -----

func.func @another_function(%x: i32) {
  return
}
func.func @user() {
  // expected-error @below {{use of undeclared SSA value}}
  "test.use"(%x) : (i32) -> ()
  return
}
