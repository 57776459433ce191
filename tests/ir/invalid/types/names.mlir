// expected-error @+1 {{integer bitwidth is limited to 16777215 bits}}
"test.op"() : () -> i16777216

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> i0x

// -----

// expected-error @+1 {{expected ')'}}
"test.op"() : () -> (i32

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> (i32, ) -> i32

// -----

// expected-error @+1 {{undefined symbol alias id 'unknownalias'}}
"test.op"() : () -> !unknownalias

// -----

// expected-error @+1 {{undefined symbol alias id 'foo'}}
"test.op"() : () -> !foo

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> f9

// -----

// expected-error @+1 {{unbalanced '<' character in pretty dialect name}}
"test.op"() : () -> !test<

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> index8
