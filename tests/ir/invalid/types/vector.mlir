// expected-error @+1 {{vector types must have positive constant sizes but got 0}}
"test.op"() : () -> vector<0xf32>

// -----

// expected-error @+1 {{failed to verify 'elementType':}}
"test.op"() : () -> vector<2xvector<2xf32>>

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> vector<-1xf32>

// -----

// expected-error @+1 {{vector types must have positive constant sizes but got 0}}
"test.op"() : () -> vector<[0]xf32>

// -----

// expected-error @+1 {{failed to verify 'elementType':}}
"test.op"() : () -> vector<2xtensor<f32>>

// -----

// expected-error @+1 {{failed to verify 'elementType':}}
"test.op"() : () -> vector<2xnone>

// -----

// expected-error @+1 {{expected non-function type}}
"test.op"() : () -> vector<2x[2]x>
