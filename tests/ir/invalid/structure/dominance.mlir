// A value is visible from its definition to the end of its region, and in the regions below it.

// expected-error @+2 {{use of undeclared SSA value}}
func.func @undeclared() {
  "test.use"(%missing) : (i32) -> ()
  return
}
