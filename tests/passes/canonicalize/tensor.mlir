// RUN: weft opt --pass-pipeline='builtin.module(canonicalize)' %s

// CHECK-LABEL: func.func @elements(
// CHECK-SAME: %[[A:.*]]: f32, %[[B:.*]]: f32
func.func @elements(%a: f32, %b: f32) -> (f32, f32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.from_elements %a, %b, %b, %a : tensor<2x2xf32>
  %x = tensor.extract %t[%c1, %c0] : tensor<2x2xf32>
  %s = tensor.splat %a : tensor<4xf32>
  %y = tensor.extract %s[%c1] : tensor<4xf32>
  %k = arith.constant dense<[5, 6, 7]> : tensor<3xi32>
  // CHECK: %[[K:.*]] = arith.constant 6 : i32
  %z = tensor.extract %k[%c1] : tensor<3xi32>
  // CHECK: return %[[B]], %[[A]], %[[K]]
  return %x, %y, %z : f32, f32, i32
}

// CHECK-LABEL: func.func @slices(
// CHECK-SAME: %[[T:.*]]: tensor<8x8xf32>
func.func @slices(%t: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<2x3xf32>, tensor<8x8xf32>) {
  %whole = tensor.extract_slice %t[0, 0] [8, 8] [1, 1] : tensor<8x8xf32> to tensor<8x8xf32>
  %outer = tensor.extract_slice %t[1, 2] [4, 6] [2, 1] : tensor<8x8xf32> to tensor<4x6xf32>
  // CHECK: %[[S:.*]] = tensor.extract_slice %[[T]][3, 3] [2, 3] [4, 2]
  %inner = tensor.extract_slice %outer[1, 1] [2, 3] [2, 2] : tensor<4x6xf32> to tensor<2x3xf32>
  %part = tensor.extract_slice %t[0, 0] [4, 4] [1, 1] : tensor<8x8xf32> to tensor<4x4xf32>
  %back = tensor.insert_slice %part into %t[0, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x8xf32>
  // CHECK: return %[[T]], %[[S]], %[[T]]
  return %whole, %inner, %back : tensor<8x8xf32>, tensor<2x3xf32>, tensor<8x8xf32>
}

// CHECK-LABEL: func.func @reshapes(
// CHECK-SAME: %[[T:.*]]: tensor<2x3x4xf32>
func.func @reshapes(%t: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<24xf32>, tensor<6x4xf32>) {
  %flat = tensor.collapse_shape %t [[0, 1, 2]] : tensor<2x3x4xf32> into tensor<24xf32>
  %back = tensor.expand_shape %flat [[0, 1, 2]] output_shape [2, 3, 4] : tensor<24xf32> into tensor<2x3x4xf32>
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %[[T]] {{\[}}[0, 1], [2]]
  %rows = tensor.collapse_shape %t [[0, 1], [2]] : tensor<2x3x4xf32> into tensor<6x4xf32>
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[T]] {{\[}}[0, 1, 2]]
  %all = tensor.collapse_shape %rows [[0, 1]] : tensor<6x4xf32> into tensor<24xf32>
  // CHECK: return %[[T]], %[[FLAT]], %[[ROWS]]
  return %back, %all, %rows : tensor<2x3x4xf32>, tensor<24xf32>, tensor<6x4xf32>
}

// CHECK-LABEL: func.func @joins(
// CHECK-SAME: %[[A:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<3xf32>
func.func @joins(%a: tensor<2xf32>, %b: tensor<3xf32>) -> (tensor<2xf32>, tensor<7xf32>, tensor<3xf32>) {
  %one = tensor.concat dim(0) %a : (tensor<2xf32>) -> tensor<2xf32>
  %ab = tensor.concat dim(0) %a, %b : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>
  // CHECK: %[[ALL:.*]] = tensor.concat dim(0) %[[A]], %[[B]], %[[A]]
  %all = tensor.concat dim(0) %ab, %a : (tensor<5xf32>, tensor<2xf32>) -> tensor<7xf32>
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %b low[0] high[0] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<3xf32> to tensor<3xf32>
  // CHECK: return %[[A]], %[[ALL]], %[[B]]
  return %one, %all, %padded : tensor<2xf32>, tensor<7xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @casts(
// CHECK-SAME: %[[T:.*]]: tensor<4xf32>
func.func @casts(%t: tensor<4xf32>, %d: tensor<?xf32>) -> (tensor<4xf32>, tensor<?xf32>, index) {
  %a = tensor.cast %t : tensor<4xf32> to tensor<?xf32>
  %b = tensor.cast %a : tensor<?xf32> to tensor<4xf32>
  // A cast that learns a size is a check.
  // CHECK: %[[C:.*]] = tensor.cast %{{.*}} : tensor<?xf32> to tensor<4xf32>
  // CHECK: %[[E:.*]] = tensor.cast %[[C]] : tensor<4xf32> to tensor<?xf32>
  %c = tensor.cast %d : tensor<?xf32> to tensor<4xf32>
  %e = tensor.cast %c : tensor<4xf32> to tensor<?xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %t, %c0 : tensor<4xf32>
  // CHECK: return %[[T]], %[[E]], %{{.*}}
  return %b, %e, %n : tensor<4xf32>, tensor<?xf32>, index
}
