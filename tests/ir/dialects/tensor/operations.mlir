// Tensors as upstream writes them.
// RUN: weft opt %s | check

// CHECK: func.func @tensors(%{{.*}}: tensor<?x4xf32>, %{{.*}}: index, %{{.*}}: f32, %{{.*}}: tensor<2xindex>, %{{.*}}: tensor<1x1xindex>) {
func.func @tensors(%arg0: tensor<?x4xf32>, %arg1: index, %arg2: f32, %arg3: tensor<2xindex>, %arg4: tensor<1x1xindex>) {
  // CHECK: %{{.*}} = tensor.empty(%{{.*}}) : tensor<?x4xf32>
  %0 = tensor.empty(%arg1) : tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.rank %{{.*}} : tensor<?x4xf32>
  %rank = tensor.rank %arg0 : tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.bitcast %{{.*}} : tensor<?x4xf32> to tensor<?x4xi32>
  %1 = tensor.bitcast %arg0 : tensor<?x4xf32> to tensor<?x4xi32>
  // CHECK: %{{.*}} = tensor.insert %{{.*}} into %{{.*}}[%{{.*}}, %{{.*}}] : tensor<?x4xf32>
  %inserted = tensor.insert %arg2 into %arg0[%arg1, %arg1] : tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.from_elements %{{.*}}, %{{.*}} : tensor<2xf32>
  %from_elements = tensor.from_elements %arg2, %arg2 : tensor<2xf32>
  // CHECK: %{{.*}} = tensor.splat %{{.*}}[%{{.*}}] : tensor<?x4xf32>
  %splat = tensor.splat %arg2[%arg1] : tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.generate %{{.*}} {
  %generated = tensor.generate %arg1 {
  ^bb0(%arg5: index, %arg6: index):
    // CHECK: tensor.yield %{{.*}} : f32
    tensor.yield %arg2 : f32
  // CHECK: } : tensor<?x4xf32>
  } : tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.pad %{{.*}} nofold low[%{{.*}}, 1] high[0, %{{.*}}] {
  %padded = tensor.pad %arg0 nofold low[%arg1, 1] high[0, %arg1] {
  ^bb0(%arg5: index, %arg6: index):
    // CHECK: tensor.yield %{{.*}} : f32
    tensor.yield %arg2 : f32
  // CHECK: } : tensor<?x4xf32> to tensor<?x?xf32>
  } : tensor<?x4xf32> to tensor<?x?xf32>
  // CHECK: %{{.*}} = tensor.extract_slice %{{.*}}[0, %{{.*}}] [1, 2] [1, 1] : tensor<?x4xf32> to tensor<2xf32>
  %extracted_slice = tensor.extract_slice %arg0[0, %arg1] [1, 2] [1, 1] : tensor<?x4xf32> to tensor<2xf32>
  // CHECK: %{{.*}} = tensor.insert_slice %{{.*}} into %{{.*}}[%{{.*}}, 0] [1, 2] [1, 2] : tensor<2xf32> into tensor<?x4xf32>
  %inserted_slice = tensor.insert_slice %extracted_slice into %arg0[%arg1, 0] [1, 2] [1, 2] : tensor<2xf32> into tensor<?x4xf32>
  // CHECK: %{{.*}} = tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] output_shape [%{{.*}}, 2, 2] : tensor<?x4xf32> into tensor<?x2x2xf32>
  %expanded = tensor.expand_shape %arg0 [[0], [1, 2]] output_shape [%arg1, 2, 2] : tensor<?x4xf32> into tensor<?x2x2xf32>
  // CHECK: %{{.*}} = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1]] : tensor<?x4xf32> into tensor<?xf32>
  %collapsed = tensor.collapse_shape %arg0 [[0, 1]] : tensor<?x4xf32> into tensor<?xf32>
  // CHECK: %{{.*}} = tensor.reshape %{{.*}}(%{{.*}}) : (tensor<?x4xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  %reshape = tensor.reshape %arg0(%arg3) : (tensor<?x4xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  // CHECK: %{{.*}} = tensor.concat dim(1) %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x8xf32>
  %concat = tensor.concat dim(1) %arg0, %arg0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x8xf32>
  // CHECK: %{{.*}} = tensor.gather %{{.*}}[%{{.*}}] gather_dims([0]) unique : (tensor<?x4xf32>, tensor<1x1xindex>) -> tensor<1x1x4xf32>
  %gather = tensor.gather %arg0[%arg4] gather_dims([0]) unique : (tensor<?x4xf32>, tensor<1x1xindex>) -> tensor<1x1x4xf32>
  // CHECK: %{{.*}} = tensor.scatter %{{.*}} into %{{.*}}[%{{.*}}] scatter_dims([0]) unique : (tensor<1x1x4xf32>, tensor<?x4xf32>, tensor<1x1xindex>) -> tensor<?x4xf32>
  %scatter = tensor.scatter %gather into %arg0[%arg4] scatter_dims([0]) unique : (tensor<1x1x4xf32>, tensor<?x4xf32>, tensor<1x1xindex>) -> tensor<?x4xf32>
  // CHECK: return
  return
}
