// expected-error @+1 {{expected '"' in string literal}}
"test.op"() {a = "abc} : () -> ()

// -----

// expected-error @+1 {{unknown escape in string literal}}
"test.op"() {a = "a\qb"} : () -> ()

// -----

// expected-error @+1 {{@ identifier expected to start with letter or '_'}}
"test.op"() {a = @} : () -> ()

// -----

// expected-error @+1 {{ted symbol}}
"test.op"() {a = @a::b} : () -> ()
