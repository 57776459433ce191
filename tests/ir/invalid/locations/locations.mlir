// expected-error @+1 {{expected location instance}}
"test.op"() {a = loc(} : () -> ()

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() {a = loc(1)} : () -> ()

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() {a = loc(foo)} : () -> ()

// -----

// expected-error @+1 {{expected ']'}}
"test.op"() {a = loc(fused["a")} : () -> ()

// -----

// expected-error @+1 {{expected '['}}
"test.op"() {a = loc(fused<1>)} : () -> ()

// -----

// expected-error @+1 {{expected 'at' in callsite location}}
"test.op"() {a = loc(callsite("a" in "b"))} : () -> ()

// -----

// expected-error @+1 {{expected ')'}}
"test.op"() {a = loc("a"(unknown)} : () -> ()

// -----

// expected-error @+1 {{expected integer}}
"test.op"() {a = loc("a":x:2)} : () -> ()

// -----

// expected-error @+1 {{undefined symbol alias id 'nope'}}
"test.op"() {a = loc(#nope)} : () -> ()

// -----

// expected-error @+1 {{expected '>'}}
"test.op"() {a = loc(fused<"a"["b"])} : () -> ()

// -----

// expected-error @+1 {{expected integer}}
"test.op"() {a = loc("a":1:-2)} : () -> ()

// -----

// expected-error @+1 {{expected ')'}}
"test.op"() {a = loc(unknown} : () -> ()

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() {a = loc(@a)} : () -> ()

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() : () -> () loc(unknwn)

// -----

// expected-error @+1 {{expected ')'}}
"test.op"() : () -> () loc("a" :2:3

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() : () -> () loc()

// -----

// expected-error @+1 {{expected '('}}
"test.op"() : () -> () loc

// -----

// expected-error @+1 {{expected location instance}}
"test.op"() : () -> () loc(callsite("f" at))

// -----

// expected-error @+1 {{expected integer}}
"test.op"() : () -> () loc("f":1:1 to 2:)

// -----

// expected-error @+1 {{expected '(' in callsite location}}
"test.op"() : () -> () loc(callsite "f" at "g")

// -----

// expected-error @+1 {{expected '[' in fused location}}
"test.op"() : () -> () loc(fused "a")

// -----

// expected-error @+1 {{expected integer line number in FileLineColRange}}
"test.op"() : () -> () loc("a":99999999999:1)
