// expected-error @+1 {{integer constant out of range for}}
"test.op"() {a = 300 : i8} : () -> ()

// -----

// expected-error @+1 {{integer constant out of range for}}
"test.op"() {a = -200 : i8} : () -> ()

// -----

// expected-error @+1 {{negative integer literal not valid for unsigned integer type}}
"test.op"() {a = -1 : ui8} : () -> ()

// -----

// expected-error @+1 {{integer constant out of range for}}
"test.op"() {a = 200 : si8} : () -> ()

// -----

// expected-error @+2 {{unexpected decimal integer literal for a floating point value}}
// expected-note @+1 {{add a trailing dot}}
"test.op"() {a = 1 : f32} : () -> ()

// -----

// expected-error @+1 {{floating point value not valid for specified type}}
"test.op"() {a = 1.0 : i32} : () -> ()

// -----

// expected-error @+1 {{integer constant out of range for}}
"test.op"() {a = 0x1FF : i8} : () -> ()

// -----

// expected-error @+1 {{hexadecimal float constant out of range for type}}
"test.op"() {a = 0xFFFFF : f16} : () -> ()

// -----

// expected-error @+1 {{hexadecimal float literal should not have a leading minus}}
"test.op"() {a = -0x1 : f32} : () -> ()

// -----

// expected-error @+1 {{integer literal not valid for specified type}}
"test.op"() {a = 1 : tensor<f32>} : () -> ()

// -----

// expected-error @+1 {{expected '}'}}
"test.op"() {a = {a = 1} : () -> ()

// -----

// expected-error @+1 {{duplicate key 'a' in dictionary attribute}}
"test.op"() {a = {a = 1, a = 2}} : () -> ()

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() {a = 1.0 : bf17} : () -> ()

// -----

// expected-error @+1 {{expected '}'}}
"test.op"() {a = 0x : i8} : () -> ()

// -----

// expected-error @+1 {{expected constant integer or floating point value}}
"test.op"() {a = -} : () -> ()
