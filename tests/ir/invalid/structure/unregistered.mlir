// RUN: mlir-opt --split-input-file --verify-diagnostics

// Operations of dialects that nobody knows, where they are not allowed.

// expected-error @below {{operation being parsed with an unregistered dialect}}
"strange.op"() : () -> ()

// -----

func.func @inside() {
  // expected-error @below {{operation being parsed with an unregistered dialect}}
  %0 = "strange.op"() : () -> i32
  return
}

// -----

// expected-error @below {{operation being parsed with an unregistered dialect}}
"op"() : () -> ()

// -----

func.func @in_a_region(%p: i1) {
  scf.if %p {
    // expected-error @below {{operation being parsed with an unregistered dialect}}
    "strange.op"() ({
    }) : () -> ()
  }
  return
}
