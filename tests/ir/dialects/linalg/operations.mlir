// RUN: weft opt %s

#row = affine_map<(d0, d1, d2) -> (d0, d2)>
#column = affine_map<(d0, d1, d2) -> (d2, d1)>
#point = affine_map<(d0, d1, d2) -> (d0, d1)>
#trait = {indexing_maps = [#row, #column, #point], iterator_types = ["parallel", "parallel", "reduction"], doc = "a times b"}

// CHECK-LABEL: func.func @generic(
func.func @generic(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: linalg.generic {doc = "a times b", indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}], iterator_types = ["parallel", "parallel", "reduction"]}
  // CHECK-SAME: ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<3x4xf32>) outs(%{{.*}} : tensor<2x4xf32>) attrs = {note} {
  // CHECK-NEXT: ^bb0(%in: f32, %{{.*}}: f32, %out: f32):
  %0 = linalg.generic #trait ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) outs(%c : tensor<2x4xf32>) attrs = {note} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @maps(
func.func @maps(%a: tensor<3x2xf32>, %b: tensor<3x4xf32>, %c: tensor<2x4xf32>, %v: tensor<3xf32>, %batch: tensor<5x2x4xf32>,
                %d: tensor<4x3xf32>, %e: tensor<2x3xf32>, %t: tensor<5x4x3xf32>, %f: tensor<4xf32>) {
  // The usual maps are not written, whoever wrote them.
  // CHECK: linalg.matmul indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}] ins(
  %0 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%a, %b : tensor<3x2xf32>, tensor<3x4xf32>) outs(%c : tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK: linalg.matmul indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}] {cast = #linalg.type_fn<cast_unsigned>} ins(
  %1 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
      {cast = #linalg.type_fn<cast_unsigned>} ins(%v, %b : tensor<3xf32>, tensor<3x4xf32>) outs(%c : tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK: linalg.matmul ins(
  %2 = linalg.matmul indexing_maps = [#row, #column, #point]
      ins(%c, %d : tensor<2x4xf32>, tensor<4x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: linalg.batch_matmul indexing_maps =
  %3 = linalg.batch_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%e, %t : tensor<2x3xf32>, tensor<5x4x3xf32>) outs(%batch : tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  // CHECK: linalg.contract indexing_maps =
  %4 = linalg.contract indexing_maps = [affine_map<(i, k) -> (k, i)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
      ins(%b, %v : tensor<3x4xf32>, tensor<3xf32>) outs(%f : tensor<4xf32>) -> tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @elementwise(
func.func @elementwise(%a: tensor<2x3xf32>, %v: tensor<3xf32>, %c: tensor<2x3xi1>, %m: memref<2x3xf32>) {
  // CHECK: linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(
  %0 = linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: linalg.elementwise kind=#linalg.elementwise_kind<div> indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}] ins(
  %1 = linalg.elementwise kind=#linalg.elementwise_kind<div>
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>]
      ins(%a, %v : tensor<2x3xf32>, tensor<3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: linalg.elementwise kind=#linalg.elementwise_kind<select> ins(
  %2 = linalg.elementwise kind=#linalg.elementwise_kind<select>
      ins(%c, %a, %a : tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: linalg.elementwise kind=#linalg.elementwise_kind<negf> ins(%{{.*}} : memref<2x3xf32>) outs(%{{.*}} : memref<2x3xf32>)
  linalg.elementwise kind=#linalg.elementwise_kind<negf> ins(%m : memref<2x3xf32>) outs(%m : memref<2x3xf32>)
  return
}

// CHECK-LABEL: func.func @payloads(
func.func @payloads(%a: tensor<2x3xf32>, %b: tensor<2xf32>, %m: memref<2x3xf32>) -> tensor<2xf32> {
  // CHECK: %mapped = linalg.map { arith.addf } ins(
  %0 = linalg.map ins(%a, %a : tensor<2x3xf32>, tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
    (%x: f32, %y: f32, %z: f32) {
      %s = arith.addf %x, %y : f32
      linalg.yield %s : f32
    }
  // CHECK: linalg.map { math.exp {fastmath = #arith.fastmath<fast>} } ins(%{{.*}} : memref<2x3xf32>) outs(%{{.*}} : memref<2x3xf32>) {note}
  linalg.map { math.exp {fastmath = #arith.fastmath<fast>} } ins(%m : memref<2x3xf32>) outs(%m : memref<2x3xf32>) {note}
  // The operands are not in the order of the arguments.
  // CHECK: linalg.map ins(
  // CHECK-NEXT: (%in: f32, %{{.*}}: f32, %init: f32) {
  // CHECK-NEXT: arith.subf %{{.*}}, %in : f32
  %1 = linalg.map ins(%a, %a : tensor<2x3xf32>, tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
    (%x: f32, %y: f32, %z: f32) {
      %s = arith.subf %y, %x : f32
      linalg.yield %s : f32
    }
  // CHECK: linalg.map outs(
  %2 = linalg.map outs(%a : tensor<2x3xf32>) (%z: f32) {
    linalg.yield %z : f32
  }
  // CHECK: %reduced = linalg.reduce { arith.addf } ins(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<2xf32>) dimensions = [1]
  %3 = linalg.reduce { arith.addf } ins(%a : tensor<2x3xf32>) outs(%b : tensor<2xf32>) dimensions = [1]
  // CHECK: linalg.reduce ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x3xf32>) outs(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) dimensions = [1]
  %4:2 = linalg.reduce ins(%a, %a : tensor<2x3xf32>, tensor<2x3xf32>) outs(%b, %b : tensor<2xf32>, tensor<2xf32>) dimensions = [1]
    (%w: f32, %x: f32, %y: f32, %z: f32) {
      %s = arith.addf %w, %y : f32
      %p = arith.mulf %x, %z : f32
      linalg.yield %s, %p : f32, f32
    }
  return %3 : tensor<2xf32>
}

// CHECK-LABEL: func.func @rearrange(
func.func @rearrange(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>, %c: tensor<2x4x3xf32>, %m: memref<4xf32>, %n: memref<f32>) {
  // CHECK: %transposed = linalg.transpose ins(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<3x2xf32>) permutation = [1, 0]
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>) permutation = [1, 0]
  // CHECK: %broadcasted = linalg.broadcast ins(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<2x4x3xf32>) dimensions = [1]
  %1 = linalg.broadcast ins(%a : tensor<2x3xf32>) outs(%c : tensor<2x4x3xf32>) dimensions = [1]
  // CHECK: linalg.broadcast ins(%{{.*}} : memref<f32>) outs(%{{.*}} : memref<4xf32>) dimensions = [0] {note}
  linalg.broadcast ins(%n : memref<f32>) outs(%m : memref<4xf32>) dimensions = [0] {note}
  return
}

// CHECK-LABEL: func.func @pack(
func.func @pack(%a: tensor<9x6xf32>, %b: tensor<6x2x8xf32>, %p: f32, %d: tensor<?x?xf32>, %e: tensor<?x?x?x4xf32>, %n: index) {
  // CHECK: %pack = linalg.pack %{{.*}} padding_value(%{{.*}} : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %{{.*}} : tensor<9x6xf32> -> tensor<6x2x8xf32>
  %0 = linalg.pack %a padding_value(%p : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %b : tensor<9x6xf32> -> tensor<6x2x8xf32>
  // CHECK: linalg.pack %{{.*}} inner_dims_pos = [1, 0] inner_tiles = [%{{.*}}, 4] into %{{.*}} : tensor<?x?xf32> -> tensor<?x?x?x4xf32>
  %1 = linalg.pack %d inner_dims_pos = [1, 0] inner_tiles = [%n, 4] into %e : tensor<?x?xf32> -> tensor<?x?x?x4xf32>
  // CHECK: %unpack = linalg.unpack %{{.*}} outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %{{.*}} {note} : tensor<6x2x8xf32> -> tensor<9x6xf32>
  %2 = linalg.unpack %0 outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %a {note} : tensor<6x2x8xf32> -> tensor<9x6xf32>
  return
}

// CHECK-LABEL: func.func @aggregates(
func.func @aggregates(%a: tensor<2x3xf32>, %m: memref<2x3xf32>, %f: tensor<2x3x3x5xf32>, %g: tensor<6x6x5x2xf32>,
                      %i: tensor<2x10x10x5xf32>, %j: tensor<6x6x2x2x2x5xf32>, %k: tensor<2x8x8x5xf32>) {
  // CHECK: linalg.softmax {note} dimension(1) ins(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = linalg.softmax {note} dimension(1) ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: linalg.softmax dimension(0) ins(%{{.*}} : memref<2x3xf32>) outs(%{{.*}} : memref<2x3xf32>)
  linalg.softmax dimension(0) ins(%m : memref<2x3xf32>) outs(%m : memref<2x3xf32>)
  // CHECK: linalg.winograd_filter_transform fmr(F_4_3) ins(
  %1 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x3x3x5xf32>) outs(%g : tensor<6x6x5x2xf32>) -> tensor<6x6x5x2xf32>
  // CHECK: linalg.winograd_input_transform fmr(F_4_3) ins(
  %2 = linalg.winograd_input_transform fmr(F_4_3) ins(%i : tensor<2x10x10x5xf32>) outs(%j : tensor<6x6x2x2x2x5xf32>) -> tensor<6x6x2x2x2x5xf32>
  // CHECK: linalg.winograd_output_transform fmr(F_4_3) ins(
  %3 = linalg.winograd_output_transform fmr(F_4_3) ins(%j : tensor<6x6x2x2x2x5xf32>) outs(%k : tensor<2x8x8x5xf32>) -> tensor<2x8x8x5xf32>
  return
}

// CHECK-LABEL: func.func @index(
func.func @index(%t: tensor<4xindex>) -> tensor<4xindex> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%t : tensor<4xindex>) {
  ^bb0(%x: index):
    // CHECK: linalg.index 0 : index
    %i = linalg.index 0 : index
    linalg.yield %i : index
  } -> tensor<4xindex>
  return %0 : tensor<4xindex>
}

// What upstream keeps in an attribute is not written, and comes back.
// CHECK-LABEL: func.func @named(
func.func @named(%a: memref<1x8xf32>, %i: tensor<1x7x3xf32>, %f: tensor<3x3x2xf32>, %o: tensor<1x3x2xf32>, %s: f32) {
  // CHECK: linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : memref<1x8xf32>)
  linalg.fill ins(%s : f32) outs(%a : memref<1x8xf32>)
  // CHECK: linalg.conv_1d_nwc_wcf {note, strides = dense<2> : tensor<1xi64>} ins(
  %0 = linalg.conv_1d_nwc_wcf {note, strides = dense<2> : tensor<1xi64>}
      ins(%i, %f : tensor<1x7x3xf32>, tensor<3x3x2xf32>) outs(%o : tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  return
}
