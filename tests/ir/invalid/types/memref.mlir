// expected-error @+1 {{expected '<'}}
"test.op"() : () -> memref<2x?xmemref>

// -----

// expected-error @+1 {{multiple memory spaces specified in memref type}}
"test.op"() : () -> memref<2xf32, 1, 2, 3>

// -----

// expected-error @+1 {{expected the number of strides to match the rank}}
"test.op"() : () -> memref<2xf32, strided<[1, 1]>>

// -----

// expected-error @+1 {{cannot have affine map for unranked memref type}}
"test.op"() : () -> memref<*xf32, affine_map<(d0) -> (d0)>>

// -----

// expected-error @+1 {{memref layout mismatch between rank and affine map: 2 != 1}}
"test.op"() : () -> memref<2x2xf32, affine_map<(d0) -> (d0)>>

// -----

// expected-error @+1 {{expected '->'}}
"test.op"() : () -> memref<2x(i32)>

// -----

// expected-error @+1 {{expected a 64-bit signed integer or '?'}}
"test.op"() : () -> memref<2xf32, strided<[1], offset: x>>

// -----

// expected-error @+1 {{expected 'offset' after comma}}
"test.op"() : () -> memref<?x?xf32, strided<[?, 1], offsets: 1>>

// -----

// expected-error @+1 {{multiple memory spaces specified in memref type}}
"test.op"() : () -> memref<f32, strided<[]>, 3, 4>

// -----

// expected-error @+1 {{unsupported memory space Attribute}}
"test.op"() : () -> memref<2xf32, 1.0>
