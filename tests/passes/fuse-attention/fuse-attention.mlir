// RUN: weft opt --pass-pipeline='builtin.module(fuse-attention)' %s

#rows = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#left = affine_map<(d0, d1, d2) -> (d0, d2)>
#right = affine_map<(d0, d1, d2) -> (d1, d2)>
#down = affine_map<(d0, d1, d2) -> (d2, d1)>
#out = affine_map<(d0, d1, d2) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>

// Scores, scaled and masked; their softmax; the mean of values, whose transposition is part of it too.
// CHECK-LABEL: func.func @attention(
// CHECK-SAME: %[[Q:.*]]: tensor<3x4xf32>, %[[K:.*]]: tensor<5x4xf32>, %[[V:.*]]: tensor<5x6xf32>, %[[M:.*]]: tensor<3x5xf32>
// CHECK-NOT: tensor<3x5xf32>
// CHECK: %[[E:.*]] = tensor.empty() : tensor<6x3xf32>
// CHECK: %[[R:.*]] = weft.online_attention ins(%[[Q]], %[[K]], %[[V]], %[[M]] : {{.*}}) outs(%[[E]] : tensor<6x3xf32>)
// CHECK-NEXT: ^bb0(%[[S:.*]]: f32, %[[MASK:.*]]: f32, %{{.*}}: index, %[[KEY:.*]]: index):
// CHECK: arith.mulf %[[S]]
// CHECK: arith.cmpi ult, %[[KEY]]
// CHECK: weft.yield
// CHECK: return %[[R]]
func.func @attention(%q: tensor<3x4xf32>, %k: tensor<5x4xf32>, %v: tensor<5x6xf32>, %mask: tensor<3x5xf32>) -> tensor<6x3xf32> {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %scale = arith.constant 0.5 : f32
  %two = arith.constant 2 : index
  %e0 = tensor.empty() : tensor<3x5xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<3x5xf32>) -> tensor<3x5xf32>
  %products = linalg.generic {indexing_maps = [#left, #right, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q, %k : tensor<3x4xf32>, tensor<5x4xf32>) outs(%f0 : tensor<3x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x5xf32>
  %e1 = tensor.empty() : tensor<3x5xf32>
  %scores = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%products, %mask : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e1 : tensor<3x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %scale : f32
    %s = arith.addf %m, %b : f32
    %key = linalg.index 1 : index
    %c = arith.cmpi ult, %key, %two : index
    %x = arith.select %c, %m, %s : f32
    linalg.yield %x : f32
  } -> tensor<3x5xf32>
  %e2 = tensor.empty() : tensor<3xf32>
  %f2 = linalg.fill ins(%low : f32) outs(%e2 : tensor<3xf32>) -> tensor<3xf32>
  %max = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%scores : tensor<3x5xf32>) outs(%f2 : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %m = arith.maximumf %o, %in : f32
    linalg.yield %m : f32
  } -> tensor<3xf32>
  %e3 = tensor.empty() : tensor<3x5xf32>
  %powers = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%scores, %max : tensor<3x5xf32>, tensor<3xf32>) outs(%e3 : tensor<3x5xf32>) {
  ^bb0(%in: f32, %top: f32, %o: f32):
    %d = arith.subf %in, %top : f32
    %y = math.exp %d : f32
    linalg.yield %y : f32
  } -> tensor<3x5xf32>
  %e4 = tensor.empty() : tensor<3xf32>
  %f4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<3xf32>) -> tensor<3xf32>
  %sum = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%powers : tensor<3x5xf32>) outs(%f4 : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %o, %in : f32
    linalg.yield %s : f32
  } -> tensor<3xf32>
  %e5 = tensor.empty() : tensor<3x5xf32>
  %weights = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%powers, %sum : tensor<3x5xf32>, tensor<3xf32>) outs(%e5 : tensor<3x5xf32>) {
  ^bb0(%in: f32, %total: f32, %o: f32):
    %y = arith.divf %in, %total : f32
    linalg.yield %y : f32
  } -> tensor<3x5xf32>
  %e6 = tensor.empty() : tensor<3x6xf32>
  %f6 = linalg.fill ins(%zero : f32) outs(%e6 : tensor<3x6xf32>) -> tensor<3x6xf32>
  %mean = linalg.generic {indexing_maps = [#left, #down, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%weights, %v : tensor<3x5xf32>, tensor<5x6xf32>) outs(%f6 : tensor<3x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x6xf32>
  %e7 = tensor.empty() : tensor<6x3xf32>
  %r = linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%mean : tensor<3x6xf32>) outs(%e7 : tensor<6x3xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  } -> tensor<6x3xf32>
  return %r : tensor<6x3xf32>
}

// Probabilities that somebody else wants are computed as they stand.
// CHECK-LABEL: func.func @wanted(
// CHECK-NOT: weft.online_attention
func.func @wanted(%q: tensor<3x4xf32>, %k: tensor<5x4xf32>, %v: tensor<5x6xf32>) -> (tensor<3x6xf32>, tensor<3x5xf32>) {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %e0 = tensor.empty() : tensor<3x5xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<3x5xf32>) -> tensor<3x5xf32>
  %scores = linalg.generic {indexing_maps = [#left, #right, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q, %k : tensor<3x4xf32>, tensor<5x4xf32>) outs(%f0 : tensor<3x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x5xf32>
  %e2 = tensor.empty() : tensor<3xf32>
  %f2 = linalg.fill ins(%low : f32) outs(%e2 : tensor<3xf32>) -> tensor<3xf32>
  %max = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%scores : tensor<3x5xf32>) outs(%f2 : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %m = arith.maximumf %o, %in : f32
    linalg.yield %m : f32
  } -> tensor<3xf32>
  %e3 = tensor.empty() : tensor<3x5xf32>
  %powers = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%scores, %max : tensor<3x5xf32>, tensor<3xf32>) outs(%e3 : tensor<3x5xf32>) {
  ^bb0(%in: f32, %top: f32, %o: f32):
    %d = arith.subf %in, %top : f32
    %y = math.exp %d : f32
    linalg.yield %y : f32
  } -> tensor<3x5xf32>
  %e4 = tensor.empty() : tensor<3xf32>
  %f4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<3xf32>) -> tensor<3xf32>
  %sum = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%powers : tensor<3x5xf32>) outs(%f4 : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %o, %in : f32
    linalg.yield %s : f32
  } -> tensor<3xf32>
  %e5 = tensor.empty() : tensor<3x5xf32>
  %weights = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%powers, %sum : tensor<3x5xf32>, tensor<3xf32>) outs(%e5 : tensor<3x5xf32>) {
  ^bb0(%in: f32, %total: f32, %o: f32):
    %y = arith.divf %in, %total : f32
    linalg.yield %y : f32
  } -> tensor<3x5xf32>
  %e6 = tensor.empty() : tensor<3x6xf32>
  %f6 = linalg.fill ins(%zero : f32) outs(%e6 : tensor<3x6xf32>) -> tensor<3x6xf32>
  %mean = linalg.generic {indexing_maps = [#left, #down, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%weights, %v : tensor<3x5xf32>, tensor<5x6xf32>) outs(%f6 : tensor<3x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x6xf32>
  return %mean, %weights : tensor<3x6xf32>, tensor<3x5xf32>
}
