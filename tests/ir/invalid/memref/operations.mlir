// Buffers: allocation, access, views.

func.func @a(%i: index) {
  // expected-error @+1 {{incorrect number of dynamic sizes, has 1, expected 0}}
  %0 = memref.alloc(%i) : memref<2xf32>
  return
}

// -----

func.func @a(%i: index) {
  // expected-error @+1 {{symbol operand count does not equal memref symbol count: expected 0, got 1}}
  %0 = memref.alloc()[%i] : memref<2xf32>
  return
}

// -----

func.func @a(%i: index) {
  // expected-error @+1 {{attribute 'alignment' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive and whose value is a power of two > 0}}
  %0 = memref.alloc() {alignment = 3 : i64} : memref<2xf32>
  return
}

// -----

func.func @a(%i: index) {
  // expected-error @+1 {{attribute 'alignment' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive and whose value is a power of two > 0}}
  %0 = memref.alloc() {alignment = 0} : memref<2xf32>
  return
}

// -----

// expected-error @+1 {{requires an ancestor op with AutomaticAllocationScope trait}}
%0 = memref.alloca() : memref<2xf32>

// -----

func.func @a(%m: memref<2xf32>, %i: index) {
  // expected-error @+1 {{incorrect number of indices for load, expected 1 but got 0}}
  %0 = memref.load %m[] : memref<2xf32>
  return
}

// -----

func.func @a(%m: memref<2xf32>, %i: index) {
  // expected-error @+1 {{failed to verify that result type matches element type of 'memref'}}
  %0 = "memref.load"(%m, %i) : (memref<2xf32>, index) -> f16
  return
}

// -----

func.func @a(%m: memref<2xf32>, %f: f32) {
  // expected-error @+1 {{store index operand count not equal to memref rank}}
  memref.store %f, %m[] : memref<2xf32>
  return
}

// -----

func.func @a(%m: memref<2xf32>, %i: index, %f: f16) {
  // expected-error @+1 {{failed to verify that type of 'value' matches element type of 'memref'}}
  "memref.store"(%f, %m, %i) : (f16, memref<2xf32>, index) -> ()
  return
}

// -----

func.func @a(%m: memref<2xf32>, %n: memref<3xf32>) {
  // expected-error @+1 {{requires the same shape for all operands}}
  memref.copy %m, %n : memref<2xf32> to memref<3xf32>
  return
}

// -----

func.func @a(%m: memref<2xf32>, %n: memref<2xf16>) {
  // expected-error @+1 {{requires the same element type for all operands}}
  memref.copy %m, %n : memref<2xf32> to memref<2xf16>
  return
}

// -----

func.func @a(%m: memref<2xf32>) {
  // expected-error @+1 {{operand type 'memref<2xf32>' and result type 'memref<3xf32>' are cast incompatible}}
  %0 = memref.cast %m : memref<2xf32> to memref<3xf32>
  return
}

// -----

func.func @a(%m: memref<2xf32>) {
  // expected-error @+1 {{operand type 'memref<2xf32>' and result type 'memref<2xf16>' are cast incompatible}}
  %0 = memref.cast %m : memref<2xf32> to memref<2xf16>
  return
}

// -----

func.func @a(%m: memref<2xf32>) {
  // expected-error @+1 {{operand type 'memref<2xf32>' and result type 'memref<2xf32, strided<[2]>>' are cast incompatible}}
  %0 = memref.cast %m : memref<2xf32> to memref<2xf32, strided<[2]>>
  return
}

// -----

func.func @a(%m: memref<2xf32, 1>) {
  // expected-error @+1 {{operand type 'memref<2xf32, 1>' and result type 'memref<2xf32, 2>' are cast incompatible}}
  %0 = memref.cast %m : memref<2xf32, 1> to memref<2xf32, 2>
  return
}

// -----

func.func @a(%m: memref<*xf32>) {
  // expected-error @+1 {{operand type 'memref<*xf32>' and result type 'memref<*xf32>' are cast incompatible}}
  %0 = memref.cast %m : memref<*xf32> to memref<*xf32>
  return
}

// -----

func.func @a(%m: memref<f32>, %i: index) {
  // expected-error @+1 {{operand #0 must be unranked.memref of any type values or non-0-ranked.memref of any type values, but got 'memref<f32>'}}
  %0 = memref.dim %m, %i : memref<f32>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected result type to be 'memref<4x4xf32, strided<[8, 1]>>' or a rank-reduced version. (mismatch of result layout), but got 'memref<4x4xf32>'}}
  %0 = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected result type to be 'memref<4x4xf32, strided<[8, 1]>>' or a rank-reduced version. (mismatch of result sizes), but got 'memref<4x5xf32, strided<[8, 1]>>'}}
  %0 = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x5xf32, strided<[8, 1]>>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected result element type to be 'f32', but got 'memref<4x4xf16, strided<[8, 1]>>'}}
  %0 = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf16, strided<[8, 1]>>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{different memory spaces specified for base memref type 'memref<8x8xf32>' and subview memref type 'memref<4x4xf32, strided<[8, 1]>, 2>'}}
  %0 = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1]>, 2>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected result rank to be smaller or equal to the source rank, but got 'memref<1x4x4xf32, strided<[1, 8, 1]>>'}}
  %0 = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<1x4x4xf32, strided<[1, 8, 1]>>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{slice along dimension 0 runs out-of-bounds: 10 >= 8}}
  %0 = memref.subview %m[7, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1], offset: 56>>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected result type to be 'memref<4x4xf32, strided<[8, 1], offset: 8>>' or a rank-reduced version. (mismatch of result layout), but got 'memref<4x4xf32, strided<[8, 1]>>'}}
  %0 = memref.subview %m[1, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1]>>
  return
}

// -----

func.func @a(%m: memref<8x8xf32>) {
  // expected-error @+1 {{expected 2 offset values, got 1}}
  %0 = memref.subview %m[1] [4] [1] : memref<8x8xf32> to memref<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected result type with size = 2 instead of 3 in dim = 1}}
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x3xf32, strided<[2, 1]>>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected result type with stride = 2 instead of 4 in dim = 0}}
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x2xf32, strided<[4, 1]>>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected result type with offset = 1 instead of 0}}
  %0 = memref.reinterpret_cast %m to offset: [1], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x2xf32, strided<[2, 1]>>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected mixed sizes rank to match mixed strides rank (1 vs 2) so the rank of the result type is well-formed.}}
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4], strides: [2, 1] : memref<8xf32> to memref<4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{different element types specified for source type 'memref<8xf32>' and result memref type 'memref<4x2xf16>'}}
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x2xf16>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{different memory spaces specified for source type 'memref<8xf32>' and result memref type 'memref<4x2xf32, 3>'}}
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x2xf32, 3>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected 1 offset values, got 2}}
  %0 = memref.reinterpret_cast %m to offset: [0, 0], sizes: [4, 2], strides: [2, 1] : memref<8xf32> to memref<4x2xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{collapsed dim size (8) must equal reassociation group size (6)}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [2, 3] : memref<8xf32> into memref<2x3xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected expanded type to be 'memref<2x4xf32>' but found 'memref<2x4xf16>'}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf16>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{invalid number of reassociation groups: found 2, expected 1}}
  %0 = memref.expand_shape %m [[0], [1]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{reassociation indices must be contiguous}}
  %0 = memref.expand_shape %m [[1, 0]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected expanded type to be 'memref<2x4xf32>' but found 'memref<2x4xf32, strided<[5, 1]>>'}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32, strided<[5, 1]>>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{expected number of static shape bounds to be equal to the output rank (2) but found 1 inputs instead}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [2] : memref<8xf32> into memref<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<8xf32>) {
  // expected-error @+1 {{invalid output shape provided at pos 0}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [4, 2] : memref<8xf32> into memref<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<?xf32>) {
  // expected-error @+1 {{collapsed dim (0) must be dynamic if and only if reassociation group is dynamic}}
  %0 = memref.expand_shape %m [[0, 1]] output_shape [2, 4] : memref<?xf32> into memref<2x4xf32>
  return
}

// -----

func.func @a(%m: memref<2x4xf32>) {
  // expected-error @+1 {{collapsed dim size (9) must equal reassociation group size (8)}}
  %0 = memref.collapse_shape %m [[0, 1]] : memref<2x4xf32> into memref<9xf32>
  return
}

// -----

func.func @a(%m: memref<2x4xf32>) {
  // expected-error @+1 {{invalid number of reassociation groups: found 2, expected 1}}
  %0 = memref.collapse_shape %m [[0], [1]] : memref<2x4xf32> into memref<8xf32>
  return
}

// -----

func.func @a(%m: memref<2x4xf32, strided<[5, 1]>>) {
  // expected-error @+1 {{invalid source layout map or collapsing non-contiguous dims}}
  %0 = memref.collapse_shape %m [[0, 1]] : memref<2x4xf32, strided<[5, 1]>> into memref<8xf32>
  return
}

// -----

func.func @a(%m: memref<2x4xf32>) {
  // expected-error @+1 {{expected collapsed type to be 'memref<8xf32>' but found 'memref<8xf16>'}}
  %0 = memref.collapse_shape %m [[0, 1]] : memref<2x4xf32> into memref<8xf16>
  return
}

// -----

func.func @a(%m: memref<2x4xf32>) {
  // expected-error @+1 {{rank 0 memrefs can only be extended/collapsed with/from ones}}
  %0 = memref.collapse_shape %m [] : memref<2x4xf32> into memref<f32>
  return
}

// -----

func.func @a(%m: memref<64xi8>, %i: index) {
  // expected-error @+1 {{incorrect number of dynamic sizes, has 1, expected 0}}
  %0 = memref.view %m[%i][%i] : memref<64xi8> to memref<4xf32>
  return
}

// -----

func.func @a(%m: memref<64xi16>, %i: index) {
  // expected-error @+1 {{operand #0 must be 1D memref of 8-bit signless integer values, but got 'memref<64xi16>'}}
  %0 = memref.view %m[%i][] : memref<64xi16> to memref<4xf32>
  return
}

// -----

func.func @a(%m: memref<64xi8>, %i: index) {
  // expected-error @+1 {{different memory spaces specified for base memref type 'memref<64xi8>' and view memref type 'memref<4xf32, 4>'}}
  %0 = memref.view %m[%i][] : memref<64xi8> to memref<4xf32, 4>
  return
}

// -----

func.func @a(%m: memref<64xi8>, %i: index) {
  // expected-error @+1 {{unsupported map for result memref type 'memref<4xf32, strided<[2]>>'}}
  %0 = memref.view %m[%i][] : memref<64xi8> to memref<4xf32, strided<[2]>>
  return
}

// -----

// expected-error @+1 {{type should be static shaped memref, but got 'memref<?xf32>'}}
memref.global @g : memref<?xf32>

// -----

// expected-note @+1 {{see existing symbol definition here}}
memref.global @g : memref<2xf32> = dense<1.0>
// expected-error @+1 {{redefinition of symbol named 'g'}}
memref.global @g : memref<2xf32> = dense<1.0>

// -----

// expected-note @+2 {{add a trailing dot to make the literal a float}}
// expected-error @+1 {{unexpected decimal integer literal for a floating point value}}
memref.global @g : memref<2xf32> = dense<1>

// -----

// expected-error @+1 {{e expected to be}}
"memref.global"() <{initial_value = dense<1.0> : tensor<3xf32>, sym_name = "g", type = memref<2xf32>}> : () -> ()

// -----

func.func @a() {
  // expected-error @+1 {{'g' does not reference a valid global memref}}
  %0 = memref.get_global @g : memref<2xf32>
  return
}

// -----

memref.global @g : memref<3xf32>
func.func @a() {
  // expected-error @+1 {{result type 'memref<2xf32>' does not match type 'memref<3xf32>' of the global memref @g}}
  %0 = memref.get_global @g : memref<2xf32>
  return
}

// -----

func.func @a(%m: memref<2xf32>, %i: index, %f: f32) {
  // expected-error @+1 {{with kind 'addi' expects an integer type}}
  %0 = memref.atomic_rmw addi %f, %m[%i] : (f32, memref<2xf32>) -> f32
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index, %f: i32) {
  // expected-error @+1 {{with kind 'addf' expects a floating-point type}}
  %0 = memref.atomic_rmw addf %f, %m[%i] : (i32, memref<2xi32>) -> i32
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index, %f: i32) {
  // expected-error @+1 {{expects the number of subscripts to be equal to memref rank}}
  %0 = memref.atomic_rmw addi %f, %m[] : (i32, memref<2xi32>) -> i32
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index, %f: i64) {
  // expected-error @+1 {{failed to verify that value type matches element type of memref}}
  %0 = memref.atomic_rmw addi %f, %m[%i] : (i64, memref<2xi32>) -> i64
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index, %f: i64) {
  // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'kind' [addf, addi, andi, assign, maximumf, maxnumf, maxs, maxu, minimumf, minnumf, mins, minu, mulf, muli, ori, xori]}}
  %0 = memref.atomic_rmw foo %f, %m[%i] : (i64, memref<2xi32>) -> i64
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{expected block argument of the same type result type}}
  %0 = memref.generic_atomic_rmw %m[%i] : memref<2xi32> { ^bb0(%x: i64): memref.atomic_yield %x : i64 }
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{types mismatch between yield op: 'index' and its parent: 'i32'}}
  %0 = memref.generic_atomic_rmw %m[%i] : memref<2xi32> { ^bb0(%x: i32): memref.atomic_yield %i : index }
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{expects parent op 'memref.generic_atomic_rmw'}}
  memref.atomic_yield %i : index
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{attribute 'localityHint' failed to satisfy constraint: 32-bit signless integer attribute whose minimum value is 0 whose maximum value is 3}}
  memref.prefetch %m[%i], read, locality<4>, data : memref<2xi32>
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{rw specifier has to be 'read' or 'write'}}
  memref.prefetch %m[%i], foo, locality<3>, data : memref<2xi32>
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{too few indices}}
  memref.prefetch %m[], read, locality<3>, data : memref<2xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %i: index) {
  // expected-error @+1 {{expected a permutation map}}
  memref.transpose %m (d0, d1) -> (d0, d0) : memref<2x3xi32> to memref<2x2xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %i: index) {
  // expected-error @+1 {{result type 'memref<3x2xi32>' is not equivalent to the canonical transposed input type}}
  memref.transpose %m (d0, d1) -> (d1, d0) : memref<2x3xi32> to memref<3x2xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %i: index) {
  // expected-error @+1 {{expected a permutation map of same rank as the input}}
  memref.transpose %m (d0, d1, d2) -> (d1, d0, d2) : memref<2x3xi32> to memref<3x2xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %s: memref<1xi32>) {
  // expected-error @+1 {{element types of source and destination memref types should be the same}}
  memref.reshape %m(%s) : (memref<2x3xi32>, memref<1xi32>) -> memref<6xf32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %s: memref<?xi32>) {
  // expected-error @+1 {{cannot use shape operand with dynamic length to reshape to statically-ranked memref type}}
  memref.reshape %m(%s) : (memref<2x3xi32>, memref<?xi32>) -> memref<6xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>, %s: memref<2xi32>) {
  // expected-error @+1 {{length of shape operand differs from the result's memref rank}}
  memref.reshape %m(%s) : (memref<2x3xi32>, memref<2xi32>) -> memref<6xi32>
  return
}

// -----

func.func @a(%m: memref<2x3xi32>) {
  // expected-error @+1 {{operand #0 must be 1D memref of any type values, but got 'memref<2x3xi32>'}}
  memref.realloc %m : memref<2x3xi32> to memref<6xi32>
  return
}

// -----

func.func @a(%m: memref<2xi32>) {
  // expected-error @+1 {{missing dimension operand for result type 'memref<?xi32>'}}
  memref.realloc %m : memref<2xi32> to memref<?xi32>
  return
}

// -----

func.func @a(%m: memref<2xi32>) {
  // expected-error @+1 {{different element types specified for source memref type 'memref<2xi32>' and result memref type 'memref<3xf32>'}}
  memref.realloc %m : memref<2xi32> to memref<3xf32>
  return
}

// -----

func.func @a(%m: memref<2xi32>) {
  // expected-error @+1 {{attribute 'alignment' failed to satisfy constraint: 32-bit signless integer attribute whose value is positive}}
  memref.assume_alignment %m, 0 : memref<2xi32>
  return
}

// -----

func.func @a(%m: memref<2xi32>) {
  // expected-error @+1 {{operand type 'memref<2xi32>' and result type 'memref<3xi32, 1>' are cast incompatible}}
  memref.memory_space_cast %m : memref<2xi32> to memref<3xi32, 1>
  return
}

// -----

func.func @a(%m: i32) {
  // expected-error @+1 {{invalid kind of type specified}}
  memref.dealloc %m : i32
  return
}

// -----

func.func @a(%m: i32) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.memref, but found 'i32'}}
  memref.load %m[] : i32
  return
}

// -----

func.func @a(%m: memref<2xi32>, %i: index) {
  // expected-error @+1 {{expected tagIndices to have the same number of elements as the tagMemRef rank, expected 1, but got 0}}
  memref.dma_wait %m[], %i : memref<2xi32>
  return
}
