// Labels, arguments and destinations of blocks.

func.func @unknown_block() {
  // expected-error @below {{reference to an undefined block}}
  cf.br ^nowhere
}

// -----

func.func @block_twice() {
  cf.br ^next
^next:
  cf.br ^next
// expected-error @below {{redefinition of block '^next'}}
^next:
  return
}

// -----

func.func @block_of_an_outer_region(%p: i1) {
  "test.region"() ({
    // expected-error @below {{reference to an undefined block}}
    "test.branch"()[^outside] : () -> ()
  }) : () -> ()
  cf.br ^outside
^outside:
  return
}

// -----

func.func @label_without_a_colon() {
  cf.br ^next
// expected-error @below {{expected ':'}}
^next
  return
}

// -----

func.func @argument_without_a_type() {
  cf.br ^next
// expected-error @below {{expected ':'}}
^next(%a):
  return
}

// -----

func.func @arguments_of_an_entry_block(%a: i32) {
// expected-error @below {{invalid block name in region with named arguments}}
^entry(%b: i32):
  return
}

// -----

func.func @too_few_block_operands() {
  // expected-error @below {{branch has 0 operands for successor #0, but target block has 1}}
  cf.br ^next
^next(%a: i32):
  return
}

// -----

func.func @types_of_block_operands(%x: f32) {
  // expected-error @below {{type mismatch for bb argument #0 of successor #0}}
  cf.br ^next(%x : f32)
^next(%a: i32):
  return
}

// -----

// expected-error @below {{entry block of region may not have predecessors}}
func.func @branch_to_the_entry() {
^entry:
  cf.br ^entry
}

// -----

func.func @successor_that_is_no_block(%a: i32) {
  // expected-error @below {{expected}}
  "test.branch"()[%a] : () -> ()
}

// -----

// expected-error @below {{empty block: expect at least a terminator}}
func.func @empty_block() {
  cf.br ^next
^next:
}

// -----

// expected-error @below {{empty block: expect at least a terminator}}
func.func @empty_block_in_the_middle() {
  cf.br ^next
^next:
^end:
  return
}
