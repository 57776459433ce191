// Types, attributes and constants of arith and math.

func.func @a(%x: f32) {
  // expected-error @+1 {{operand #0 must be signless-integer-like, but got 'f32'}}
  %0 = arith.addi %x, %x : f32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand #0 must be floating-point-like, but got 'i32'}}
  %0 = arith.addf %x, %x : i32
  return
}

// -----

func.func @a(%x: i32, %y: i64) {
  // expected-error @+1 {{requires the same type for all operands and results}}
  %0 = "arith.addi"(%x, %y) : (i32, i64) -> i32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{expected 2 operands, but found 1}}
  %0 = "arith.subi"(%x) : (i32) -> i32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{requires the same type for all operands and results}}
  %0 = "arith.muli"(%x, %x) : (i32, i32) -> i64
  return
}

// -----

func.func @a(%x: si32) {
  // expected-error @+1 {{operand #0 must be signless-integer-like, but got 'si32'}}
  %0 = arith.divsi %x, %x : si32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'predicate' [eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge]}}
  %0 = arith.cmpi foo, %x, %x : i32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{result #0 must be bool-like, but got 'i32'}}
  %0 = "arith.cmpi"(%x, %x) <{predicate = 0 : i64}> : (i32, i32) -> i32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{requires attribute 'predicate'}}
  %0 = "arith.cmpi"(%x, %x) : (i32, i32) -> i1
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'predicate' [false, oeq, ogt, oge, olt, ole, one, ord, ueq, ugt, uge, ult, ule, une, uno, true]}}
  %0 = arith.cmpf ogr, %x, %x : f32
  return
}

// -----

func.func @a(%x: tensor<2xi32>) {
  // expected-error @+1 {{failed to verify that result type has i1 element type and same shape as operands}}
  %0 = "arith.cmpi"(%x, %x) <{predicate = 0 : i64}> : (tensor<2xi32>, tensor<2xi32>) -> tensor<3xi1>
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand type 'i32' and result type 'i16' are cast incompatible}}
  %0 = arith.extsi %x : i32 to i16
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand type 'i32' and result type 'i32' are cast incompatible}}
  %0 = arith.extui %x : i32 to i32
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand type 'i32' and result type 'i64' are cast incompatible}}
  %0 = arith.trunci %x : i32 to i64
  return
}

// -----

func.func @a(%x: index) {
  // expected-error @+1 {{operand #0 must be signless-fixed-width-integer-like, but got 'index'}}
  %0 = arith.trunci %x : index to i32
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{operand type 'f32' and result type 'f16' are cast incompatible}}
  %0 = arith.extf %x : f32 to f16
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{operand type 'f32' and result type 'f64' are cast incompatible}}
  %0 = arith.truncf %x : f32 to f64
  return
}

// -----

func.func @a(%x: vector<4xf32>) {
  // expected-error @+1 {{requires the same shape for all operands and results}}
  %0 = arith.truncf %x : vector<4xf32> to vector<5xf16>
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand type 'i32' and result type 'i64' are cast incompatible}}
  %0 = arith.index_cast %x : i32 to i64
  return
}

// -----

func.func @a(%x: index) {
  // expected-error @+1 {{operand type 'index' and result type 'index' are cast incompatible}}
  %0 = arith.index_cast %x : index to index
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{operand type 'f32' and result type 'i64' are cast incompatible}}
  %0 = arith.bitcast %x : f32 to i64
  return
}

// -----

func.func @a(%x: index) {
  // expected-error @+1 {{operand #0 must be signless-integer-or-float-like or memref of signless-integer or float, but got 'index'}}
  %0 = arith.bitcast %x : index to i64
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{operand #0 must be signless-fixed-width-integer-like, but got 'f32'}}
  %0 = arith.sitofp %x : f32 to f64
  return
}

// -----

func.func @a(%x: tensor<?xf32>) {
  // expected-error @+1 {{failed to verify that input and output have the same tensor dimensions}}
  %0 = arith.fptosi %x : tensor<?xf32> to tensor<4xi32>
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%c: i32, %x: f32) {
  // expected-error @+1 {{use of value '%c' expects different type than prior uses: 'i1' vs 'i32'}}
  %0 = arith.select %c, %x, %x : f32
  return
}

// -----

func.func @a(%c: vector<4xi1>, %x: vector<5xf32>) {
  // expected-error @+1 {{failed to verify that condition is signless i1 or has matching shape}}
  %0 = arith.select %c, %x, %x : vector<4xi1>, vector<5xf32>
  return
}

// -----

func.func @a(%c: i1, %x: f32, %y: f16) {
  // expected-error @+1 {{failed to verify that all of {true_value, false_value, result} have same type}}
  %0 = "arith.select"(%c, %x, %y) : (i1, f32, f16) -> f32
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{failed to verify that all of {value, result} have same type}}
  %0 = "arith.constant"() <{value = 1 : i32}> : () -> f32
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{requires attribute 'value'}}
  %0 = "arith.constant"() : () -> f32
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{integer return type must be signless}}
  %0 = arith.constant 1 : si32
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{integer constant out of range for}}
  %0 = arith.constant 256 : i8
  return
}

// -----

func.func @a() {
  // expected-note @+2 {{add a trailing dot to make the literal a float}}
  // expected-error @+1 {{unexpected decimal integer literal for a floating point value}}
  %0 = arith.constant 1 : f32
  return
}

// -----

func.func @a() {
  // expected-error @+1 {{inferred shape of elements literal ([2]) does not match type ([3])}}
  %0 = arith.constant dense<[1, 2]> : tensor<3xi32>
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{failed to verify that all of {lhs, rhs, sum} have same type}}
  %0:2 = "arith.addui_extended"(%x, %x) : (i32, i32) -> (i64, i1)
  return
}

// -----

func.func @a(%x: i32, %y: i64) {
  // expected-error @+1 {{failed to verify that all of {lhs, rhs, low, high} have same type}}
  %0:2 = "arith.mulsi_extended"(%x, %y) : (i32, i64) -> (i32, i32)
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{expected ','}}
  %0 = arith.addf %x : f32
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{expected ':'}}
  %0 = arith.negf %x
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @a(%x: f32) {
  // expected-error @+1 {{use of value '%x' expects different type than prior uses: 'f64' vs 'f32'}}
  %0 = math.sqrt %x : f64
  return
}

// -----

func.func @a(%x: i32) {
  // expected-error @+1 {{operand #0 must be floating-point-like, but got 'i32'}}
  %0 = math.sqrt %x : i32
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{operand #0 must be signless-integer-like, but got 'f32'}}
  %0 = math.absi %x : f32
  return
}

// -----

func.func @a(%x: f32, %y: f32) {
  // expected-error @+1 {{operand #1 must be signless-integer-like, but got 'f32'}}
  %0 = math.fpowi %x, %y : f32, f32
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{result #0 must be bool-like, but got 'f32'}}
  %0 = "math.isnan"(%x) : (f32) -> f32
  return
}

// -----

func.func @a(%x: f32) {
  // expected-error @+1 {{failed to verify that all of {operand, sin, cos} have same type}}
  %0:2 = "math.sincos"(%x) : (f32) -> (f32, f64)
  return
}
