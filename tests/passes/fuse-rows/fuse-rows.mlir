// RUN: weft opt --pass-pipeline='builtin.module(fuse-rows)' %s

#rows = affine_map<(d0, d1) -> (d0)>
#columns = affine_map<(d0, d1) -> (d1)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
#one = affine_map<(d0) -> (d0)>

// Softmax: maximum, e^(x - maximum), sum, quotient.
// CHECK-LABEL: func.func @softmax(
// CHECK-SAME: %[[X:.*]]: tensor<4x6xf32>
func.func @softmax(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  // CHECK: %[[OUT:.*]] = tensor.empty() : tensor<4x6xf32>
  // CHECK-NEXT: %[[K:.*]] = weft.kernel ins(%[[X]] : tensor<4x6xf32>) outs(%[[OUT]] : tensor<4x6xf32>) attributes {weft.rows = 1 : i64} {
  // CHECK: linalg.fill
  // CHECK: arith.maximumf
  // CHECK: math.exp
  // CHECK: linalg.fill
  // CHECK: arith.addf
  // CHECK: %[[R:.*]] = linalg.generic {{.*}} outs(%[[OUT]]
  // CHECK: arith.divf
  // CHECK: weft.yield %[[R]]
  // CHECK: return %[[K]]
  %e0 = tensor.empty() : tensor<4xf32>
  %f0 = linalg.fill ins(%low : f32) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %max = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x6xf32>) outs(%f0 : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.maximumf %out, %in : f32
    linalg.yield %m : f32
  } -> tensor<4xf32>
  %e1 = tensor.empty() : tensor<4x6xf32>
  %exp = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %max : tensor<4x6xf32>, tensor<4xf32>) outs(%e1 : tensor<4x6xf32>) {
  ^bb0(%in: f32, %top: f32, %out: f32):
    %d = arith.subf %in, %top : f32
    %y = math.exp %d : f32
    linalg.yield %y : f32
  } -> tensor<4x6xf32>
  %e2 = tensor.empty() : tensor<4xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%exp : tensor<4x6xf32>) outs(%f2 : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.addf %out, %in : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %e3 = tensor.empty() : tensor<4x6xf32>
  %y = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%exp, %sum : tensor<4x6xf32>, tensor<4xf32>) outs(%e3 : tensor<4x6xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %q = arith.divf %in, %total : f32
    linalg.yield %q : f32
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// Down the columns: the row loop, which is the second one here, comes to lead in every member. The statistic is read outside too.
// CHECK-LABEL: func.func @columns(
func.func @columns(%x: tensor<4x6xf32>) -> (tensor<6x4xf32>, tensor<6xf32>) {
  %zero = arith.constant 0.0 : f32
  // CHECK: %[[K:.*]]:2 = weft.kernel {{.*}} outs(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6x4xf32>) attributes {weft.rows = 1 : i64}
  // CHECK: iterator_types = ["parallel", "reduction"]
  // CHECK: iterator_types = ["parallel", "parallel"]
  // CHECK: %[[I:.*]] = linalg.index 1
  // CHECK: arith.index_cast %[[I]]
  // CHECK: return %[[K]]#1, %[[K]]#0
  %e0 = tensor.empty() : tensor<6xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<6xf32>) -> tensor<6xf32>
  %sum = linalg.generic {indexing_maps = [#id, #columns], iterator_types = ["reduction", "parallel"]} ins(%x : tensor<4x6xf32>) outs(%f0 : tensor<6xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.addf %out, %in : f32
    linalg.yield %m : f32
  } -> tensor<6xf32>
  %e1 = tensor.empty() : tensor<6x4xf32>
  %d = linalg.generic {indexing_maps = [#id, #columns, #turned], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : tensor<4x6xf32>, tensor<6xf32>) outs(%e1 : tensor<6x4xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %i = linalg.index 0 : index
    %j = arith.index_cast %i : index to i32
    %k = arith.sitofp %j : i32 to f32
    %q = arith.divf %in, %total : f32
    %r = arith.addf %q, %k : f32
    linalg.yield %r : f32
  } -> tensor<6x4xf32>
  return %d, %sum : tensor<6x4xf32>, tensor<6xf32>
}

// A sum that is read at another row is no member's business, nor is a matrix product a row's.
// CHECK-LABEL: func.func @across(
// CHECK-NOT: weft.kernel
func.func @across(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<4xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x4xf32>) outs(%f0 : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.addf %out, %in : f32
    linalg.yield %m : f32
  } -> tensor<4xf32>
  %e1 = tensor.empty() : tensor<4x4xf32>
  %d = linalg.generic {indexing_maps = [#rows, #columns, #id], iterator_types = ["parallel", "parallel"]} ins(%sum, %sum : tensor<4xf32>, tensor<4xf32>) outs(%e1 : tensor<4x4xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %q = arith.divf %in, %total : f32
    linalg.yield %q : f32
  } -> tensor<4x4xf32>
  %e2 = tensor.empty() : tensor<4x4xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f2 : tensor<4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %out, %m : f32
    linalg.yield %s : f32
  } -> tensor<4x4xf32>
  return %d, %p : tensor<4x4xf32>, tensor<4x4xf32>
}

// Something outside reads the sum before the group's last member: the group moves before it, unless a member needs it.
// CHECK-LABEL: func.func @between(
func.func @between(%x: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<6x4xf32>) {
  %zero = arith.constant 0.0 : f32
  // CHECK: %[[K:.*]]:2 = weft.kernel
  // CHECK: weft.yield
  // CHECK: linalg.generic {{.*}} ins(%[[K]]#0 : tensor<4xf32>)
  %e0 = tensor.empty() : tensor<4xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.generic {indexing_maps = [#id, #rows], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x6xf32>) outs(%f0 : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.addf %out, %in : f32
    linalg.yield %m : f32
  } -> tensor<4xf32>
  %e1 = tensor.empty() : tensor<6x4xf32>
  %outside = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, #id], iterator_types = ["parallel", "parallel"]} ins(%sum : tensor<4xf32>) outs(%e1 : tensor<6x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %i = scf.execute_region -> f32 {
      scf.yield %in : f32
    }
    linalg.yield %i : f32
  } -> tensor<6x4xf32>
  %e2 = tensor.empty() : tensor<4x6xf32>
  %d = linalg.generic {indexing_maps = [#id, #rows, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : tensor<4x6xf32>, tensor<4xf32>) outs(%e2 : tensor<4x6xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %q = arith.subf %in, %total : f32
    linalg.yield %q : f32
  } -> tensor<4x6xf32>
  return %d, %outside : tensor<4x6xf32>, tensor<6x4xf32>
}
