// Strings, brackets, numbers and characters.

// expected-error @below {{expected '"' in string literal}}
"test.op"() {a = "never closed} : () -> ()

// -----

// expected-error @below {{expected '"' in string literal}}
"test.op() : () -> ()

// -----

// expected-error @below {{unknown escape in string literal}}
"test.op"() {a = "\q"} : () -> ()

// -----

// expected-error @below {{expected}}
/ one slash

// -----

// expected-error @below {{unexpected character}}
"test.op"() : () -> () ;

// -----

// expected-error @below {{expected '}'}}
"test.op"() {a = 0x} : () -> ()

// -----

// expected-error @below {{expected '}'}}
"test.op"() {a = 1.0e} : () -> ()

// -----

// expected-error @below {{invalid SSA name}}
"test.op"(%) : (i32) -> ()

// -----

// expected-error @below {{invalid block name}}
"test.op"()[^] : () -> ()

// -----

// expected-error @below {{invalid attribute name}}
"test.op"() {a = #} : () -> ()

// -----

// expected-error @below {{invalid type identifier}}
"test.op"() : () -> !

// -----

// expected-error @below {{unbalanced '[' character in pretty dialect name}}
"test.op"() {a = #d.body<[1)>} : () -> ()

// -----

// expected-error @below {{unbalanced '<' character in pretty dialect name}}
"test.op"() {a = #d.body<} : () -> ()

// -----

// expected-error @below {{integer constant out of range for}}
"test.op"() {a = 99999999999999999999999999} : () -> ()

// -----

// expected-error @below {{integer constant out of range for}}
"test.op"() {a = 300 : i8} : () -> ()

// -----

// expected-error @below {{unexpected character}}
é

// -----

// expected-error @below {{expected ':'}}
"test.op"() loc("a":1) : () -> ()

// -----

// expected-error @below {{expected ')'}}
"test.op"() : () -> () loc(unknown

// -----

// expected-error @below {{alias}}
"test.op"() : () -> () loc(#missing)

// -----

// expected-error @below {{expected}}
{-# dialect_resources: { builtin: { a: 1 } } #-}
