// expected-error @+1 {{expected '}}
"test.op"() {a = [1, 2} : () -> ()

// -----

// expected-error @+1 {{expected a 64-bit signed integer or '?'}}
"test.op"() {a = strided<[1, a]>} : () -> ()

// -----

// expected-error @+1 {{expected '['}}
"test.op"() {a = strided<1>} : () -> ()

// -----

// expected-error @+1 {{undefined symbol alias id 'undefined'}}
"test.op"() {a = #undefined} : () -> ()

// -----

// expected-error @+1 {{expected attribute value}}
"test.op"() {a = unknown_word} : () -> ()

// -----

// expected-error @+1 {{expected '['}}
"test.op"() {a = distinct<1>} : () -> ()

// -----

// expected-error @+1 {{expected attribute value}}
"test.op"() {a = tru} : () -> ()
