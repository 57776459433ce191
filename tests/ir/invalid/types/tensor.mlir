// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> tensor<-3xf32>

// -----

// expected-error @+1 {{expected '>'}}
"test.op"() : () -> tensor<2xf32

// -----

// expected-error @+1 {{expected '>'}}
"test.op"() : () -> tuple<i32

// -----

// expected-error @+1 {{invalid element type for complex}}
"test.op"() : () -> complex<tensor<f32>>

// -----

// expected-error @+1 {{invalid element type for complex}}
"test.op"() : () -> complex<index>

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> tensor<*x2xf32>

// -----

// expected-error @+1 {{invalid tensor element type}}
"test.op"() : () -> tensor<2x none>

// -----

// expected-error @+1 {{invalid dimension}}
"test.op"() : () -> tensor<1x99999999999999999999xf32>

// -----

// expected-error @+1 {{invalid tensor element type}}
"test.op"() : () -> tensor<2xtuple<>>x

// -----

// expected-error @+1 {{expected '>'}}
"test.op"() : () -> complex<i32

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> tensor<f32f>

// -----

// expected-error @+1 {{undefined symbol alias id 'missing'}}
"test.op"() : () -> tensor<4xf32, #missing>
