#a = 1
// expected-error @+1 {{redefinition of attribute alias id 'a'}}
#a = 2

// -----

!t = i32
// expected-error @+1 {{redefinition of type alias id 't'}}
!t = i64

// -----

// expected-error @+1 {{expected non-function type}}
!t = 5

// -----

#a = i32
// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> #a

// -----

!t = i32
// expected-error @+1 {{undefined symbol alias id 'u'}}
"test.op"() {a = !t} : () -> !u

// -----

// expected-error @+1 {{attribute names with a '.' are reserved for dialect-defined names}}
#a.b = 1

// -----

// expected-error @+1 {{type names with a '.' are reserved for dialect-defined names}}
!a.b = i32

// -----

// expected-error @+1 {{expected attribute value}}
#a =
