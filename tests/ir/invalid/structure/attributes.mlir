// Dictionaries, properties and aliases.

// expected-error @below {{duplicate key 'a' in dictionary attribute}}
"test.op"() {a = 1 : i32, a = 2 : i32} : () -> ()

// -----

// expected-error @below {{duplicate key 'a' in dictionary attribute}}
"test.op"() <{a = 1 : i32, a = 2 : i32}> : () -> ()

// -----

// expected-error @below {{expected '}'}}
"test.op"() {a = 1 : i32 b = 2 : i32} : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() {a = } : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() {= 1 : i32} : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() {1 = 1 : i32} : () -> ()

// -----

// expected-error @below {{expected '}'}}
"test.op"() {a = 1 : i32 : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() <a = 1 : i32> : () -> ()

// -----

// expected-error @below {{expected '>'}}
"test.op"() <{a = 1 : i32} : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() {a = [1, 2} : () -> ()

// -----

// expected-error @below {{expected}}
"test.op"() {a = [1 2]} : () -> ()

// -----

// expected-error @below {{duplicate key 'b' in dictionary attribute}}
"test.op"() {a = {b = 1, b = 2}} : () -> ()

// -----

// expected-error @below {{@ identifier expected to start with letter or '_'}}
"test.op"() {a = @} : () -> ()

// -----

// expected-error @below {{symbol}}
"test.op"() {a = @b::c} : () -> ()

// -----

// expected-error @below {{undefined symbol alias id 'missing'}}
"test.op"() {a = #missing} : () -> ()

// -----

#twice = 1 : i32
// expected-error @below {{redefinition of attribute alias id 'twice'}}
#twice = 2 : i32

// -----

!twice = i32
// expected-error @below {{redefinition of type alias id 'twice'}}
!twice = i64

// -----

// expected-error @below {{undefined symbol alias id 'missing'}}
"test.op"() : () -> !missing

// -----

// expected-error @below {{expected valid attribute name}}
"test.op"() {"" = 1 : i32} : () -> ()

// -----

// expected-error @below {{duplicate key 'a' in dictionary attribute}}
module attributes {a = 1 : i32, a = 2 : i32} {
}

// -----

// expected-error @below {{'sym_name' is an inferred attribute and should not be specified in the explicit attribute dictionary}}
func.func private @f() attributes {sym_name = "g"}
