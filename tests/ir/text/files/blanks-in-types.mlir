// RUN: weft opt %s
// White space may stand between a type's name and its bracket, and around sizes.

// CHECK: func.func private @f(tensor<4x?xf32>, memref<2x3xf32>, vector<[4]x2xi1>, tensor<*xf32>)
func.func private @f(tensor
<4x?xf32>, memref <2x
 3xf32>, vector	< [4] x 2xi1>, tensor < *xf32 >)
