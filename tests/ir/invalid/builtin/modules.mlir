// Modules and casts between type systems.

// expected-error @+1 {{can only contain attributes with dialect-prefixed names, found: 'foo'}}
module attributes {foo = 1 : i32} {}

// -----

// expected-error @+1 {{region should have no arguments}}
"builtin.module"() ({ ^bb0(%a: i32): }) : () -> ()

// -----

// expected-error @+1 {{region #0 ('bodyRegion') failed to verify constraint: region with 1 blocks}}
"builtin.module"() ({ }) : () -> ()

// -----

// expected-error @+1 {{expected at least one result for cast operation}}
"builtin.unrealized_conversion_cast"() : () -> ()

// -----

// expected-error @+1 {{expected to be}}
module attributes {dlti.dl_spec = 1 : i32, sym_visibility = "foo"} {}

// -----

// expected-error @+1 {{attribute 'sym_visibility' failed to satisfy constraint: string attribute}}
module @a attributes {sym_visibility = 1 : i32} {}

// -----

// expected-error @+1 {{expected '{'}}
module private @a {}

// -----

// expected-error @+1 {{expects region #0 to have 0 or 1 blocks}}
"builtin.module"() ({
^bb0:
  "a.b"() : () -> ()
^bb1:
  "a.b"() : () -> ()
}) : () -> ()

// -----

// expected-note @+2 {{see existing symbol definition here}}
// expected-error @+1 {{redefinition of symbol named 'b'}}
module @a { func.func private @b() func.func private @b() }

// -----

module {
  // expected-note @+1 {{see existing symbol definition here}}
  module @x {}
  // expected-error @+1 {{redefinition of symbol named 'x'}}
  func.func private @x()
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%x: i32) {
  // expected-error @+1 {{use of value '%x' expects different type than prior uses: 'f32' vs 'i32'}}
  %0 = builtin.unrealized_conversion_cast %x : f32 to i64
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{number of operands and types do not match: got 2 operands and 1 types}}
  %0 = builtin.unrealized_conversion_cast %x, %x : i32 to i64
  return
}
