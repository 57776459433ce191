// Regions: how many, of how many blocks, and what they see of the regions around them.

func.func @outer() {
  // expected-error @below {{'func.func' op symbol's parent must have the SymbolTable trait}}
  func.func @inner() {
    return
  }
  return
}

// -----

func.func @generic_module(%a: i32) {
  // expected-note @below {{required by region isolation constraints}}
  "builtin.module"() ({
    // expected-error @below {{using value defined outside the region}}
    "test.use"(%a) : (i32) -> ()
  }) : () -> ()
  return
}

// -----

func.func @nested_module(%a: i32) {
  // expected-note @below {{required by region isolation constraints}}
  builtin.module {
    // expected-error @below {{using value defined outside the region}}
    "test.use"(%a) : (i32) -> ()
  }
  return
}

// -----

// expected-error @below {{'builtin.module' op requires one region}}
"builtin.module"() : () -> ()

// -----

// expected-error @below {{'builtin.module' op requires one region}}
"builtin.module"() ({
}, {
}) : () -> ()

// -----

// expected-error @below {{'builtin.module' op expects region #0 to have 0 or 1 blocks}}
"builtin.module"() ({
  "test.one"() : () -> ()
^next:
  "test.two"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{'builtin.module' op region should have no arguments}}
"builtin.module"() ({
^entry(%a: i32):
}) : () -> ()

// -----

// expected-error @below {{'func.func' op requires one region}}
"func.func"() <{function_type = () -> (), sym_name = "two"}> ({
  "func.return"() : () -> ()
}, {
  "func.return"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{'func.func' op requires one region}}
"func.func"() <{function_type = () -> (), sym_name = "none"}> : () -> ()

// -----

// expected-error @below {{'func.func' op entry block must have 1 arguments to match function signature}}
"func.func"() <{function_type = (i32) -> (), sym_name = "arguments"}> ({
  "func.return"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{'func.func' op type of entry block argument #0('f32') must match the type of the corresponding argument in function signature('i32')}}
"func.func"() <{function_type = (i32) -> (), sym_name = "types"}> ({
^bb0(%a: f32):
  "func.return"() : () -> ()
}) : () -> ()

// -----

func.func @region_that_is_not_closed() {
  "test.region"() ({
    "test.more"() : () -> ()
  return
// expected-error @below {{expected ')'}}
}

// -----

func.func @regions_without_a_comma() {
  // expected-error @below {{expected ')'}}
  "test.region"() ({} {}) : () -> ()
  return
}

// -----

func.func @body_that_is_not_closed() {
  // expected-error @below {{expected}}
  return

// -----

module {
  func.func @one_brace_too_many() {
    return
  }
// expected-error @below {{expected operation}}
}
}
