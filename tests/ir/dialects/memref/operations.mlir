// Buffers as upstream writes them.
// RUN: weft opt %s | check

// CHECK: memref.global "private" constant @table : memref<2xf32> = dense<[1.000000e+00, 2.000000e+00]> {alignment = 64 : i64}
memref.global "private" constant @table : memref<2xf32> = dense<[1.000000e+00, 2.000000e+00]> {alignment = 64 : i64}

// CHECK: memref.global @scratch : memref<4xi32> = uninitialized
memref.global @scratch : memref<4xi32> = uninitialized

// CHECK: memref.global "private" @outside : memref<4xi32>
memref.global "private" @outside : memref<4xi32>

// CHECK: func.func @buffers(%{{.*}}: memref<?x8xf32>, %{{.*}}: index, %{{.*}}: f32, %{{.*}}: memref<*xf32>, %{{.*}}: memref<1xindex>, %{{.*}}: memref<64xi8>) {
func.func @buffers(%arg0: memref<?x8xf32>, %arg1: index, %arg2: f32, %arg3: memref<*xf32>, %arg4: memref<1xindex>, %arg5: memref<64xi8>) {
  // CHECK: %{{.*}} = memref.alloc(%{{.*}})[%{{.*}}] {alignment = 16 : i64} : memref<?xf32, {{.*}}>
  %alloc = memref.alloc(%arg1)[%arg1] {alignment = 16 : i64} : memref<?xf32, affine_map<(d0)[s0] -> (d0 + s0)>>
  // CHECK: %{{.*}} = memref.alloca() : memref<4xf32>
  %alloca = memref.alloca() : memref<4xf32>
  // CHECK: %{{.*}} = memref.realloc %{{.*}}(%{{.*}}) : memref<4xf32> to memref<?xf32>
  %0 = memref.realloc %alloca(%arg1) : memref<4xf32> to memref<?xf32>
  // CHECK: %{{.*}} = memref.realloc %{{.*}} {alignment = 8 : i64} : memref<4xf32> to memref<8xf32>
  %1 = memref.realloc %alloca {alignment = 8 : i64} : memref<4xf32> to memref<8xf32>
  // CHECK: memref.dealloc %{{.*}} : memref<8xf32>
  memref.dealloc %1 : memref<8xf32>
  // CHECK: %{{.*}} = memref.alloca_scope  -> (f32) {
  %2 = memref.alloca_scope  -> (f32) {
    // CHECK: memref.alloca_scope.return %{{.*}} : f32
    memref.alloca_scope.return %arg2 : f32
  }
  // CHECK: memref.alloca_scope  {
  memref.alloca_scope  {
    // CHECK: memref.store %{{.*}}, %{{.*}}[%{{.*}}] : memref<4xf32>
    memref.store %arg2, %alloca[%arg1] : memref<4xf32>
  }
  // CHECK: %{{.*}} = memref.assume_alignment %{{.*}}, 16 : memref<4xf32>
  %assume_align = memref.assume_alignment %alloca, 16 : memref<4xf32>
  // CHECK: %{{.*}} = memref.distinct_objects %{{.*}}, %{{.*}} : memref<4xf32>, memref<?x8xf32>
  %3:2 = memref.distinct_objects %alloca, %arg0 : memref<4xf32>, memref<?x8xf32>
  // CHECK: %{{.*}} = memref.load %{{.*}}[%{{.*}}, %{{.*}}] {alignment = 4 : i64, nontemporal = true} : memref<?x8xf32>
  %4 = memref.load %arg0[%arg1, %arg1] {alignment = 4 : i64, nontemporal = true} : memref<?x8xf32>
  // CHECK: %{{.*}} = memref.atomic_rmw addf %{{.*}}, %{{.*}}[%{{.*}}] : (f32, memref<4xf32>) -> f32
  %5 = memref.atomic_rmw addf %arg2, %alloca[%arg1] : (f32, memref<4xf32>) -> f32
  // CHECK: %{{.*}} = memref.generic_atomic_rmw %{{.*}}[%{{.*}}] : memref<4xf32> {
  %6 = memref.generic_atomic_rmw %alloca[%arg1] : memref<4xf32> {
  ^bb0(%arg6: f32):
    // CHECK: memref.atomic_yield %{{.*}} : f32
    memref.atomic_yield %arg6 : f32
  }
  // CHECK: memref.prefetch %{{.*}}[%{{.*}}, %{{.*}}], write, locality<3>, instr : memref<?x8xf32>
  memref.prefetch %arg0[%arg1, %arg1], write, locality<3>, instr : memref<?x8xf32>
  // CHECK: %{{.*}} = memref.get_global @table : memref<2xf32>
  %7 = memref.get_global @table : memref<2xf32>
  // CHECK: %{{.*}} = memref.dim %{{.*}}, %{{.*}} : memref<?x8xf32>
  %dim = memref.dim %arg0, %arg1 : memref<?x8xf32>
  // CHECK: %{{.*}} = memref.rank %{{.*}} : memref<*xf32>
  %8 = memref.rank %arg3 : memref<*xf32>
  // CHECK: %{{.*}} = memref.cast %{{.*}} : memref<?x8xf32> to memref<*xf32>
  %cast = memref.cast %arg0 : memref<?x8xf32> to memref<*xf32>
  // CHECK: %{{.*}} = memref.memory_space_cast %{{.*}} : memref<?x8xf32> to memref<?x8xf32, 1>
  %memspacecast = memref.memory_space_cast %arg0 : memref<?x8xf32> to memref<?x8xf32, 1>
  // CHECK: %{{.*}} = memref.subview %{{.*}}[%{{.*}}, 0] [1, 4] [1, 2] : memref<?x8xf32> to memref<4xf32, strided<[2], offset: ?>>
  %subview = memref.subview %arg0[%arg1, 0] [1, 4] [1, 2] : memref<?x8xf32> to memref<4xf32, strided<[2], offset: ?>>
  // CHECK: %{{.*}} = memref.reinterpret_cast %{{.*}} to offset: [%{{.*}}], sizes: [2, %{{.*}}], strides: [1, %{{.*}}] : memref<*xf32> to memref<2x?xf32, strided<[1, ?], offset: ?>>
  %reinterpret_cast = memref.reinterpret_cast %arg3 to offset: [%arg1], sizes: [2, %arg1], strides: [1, %arg1] : memref<*xf32> to memref<2x?xf32, strided<[1, ?], offset: ?>>
  // CHECK: %{{.*}} = memref.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] output_shape [%{{.*}}, 2, 4] : memref<?x8xf32> into memref<?x2x4xf32>
  %expand_shape = memref.expand_shape %arg0 [[0], [1, 2]] output_shape [%arg1, 2, 4] : memref<?x8xf32> into memref<?x2x4xf32>
  // CHECK: %{{.*}} = memref.collapse_shape %{{.*}} {{\[\[}}0, 1, 2]] : memref<?x2x4xf32> into memref<?xf32>
  %collapse_shape = memref.collapse_shape %expand_shape [[0, 1, 2]] : memref<?x2x4xf32> into memref<?xf32>
  // CHECK: %{{.*}} = memref.reshape %{{.*}}(%{{.*}}) : (memref<*xf32>, memref<1xindex>) -> memref<?xf32>
  %reshape = memref.reshape %arg3(%arg4) : (memref<*xf32>, memref<1xindex>) -> memref<?xf32>
  // CHECK: %{{.*}} = memref.transpose %{{.*}} (d0, d1) -> (d1, d0) : memref<?x8xf32> to memref<8x?xf32, strided<[1, 8]>>
  %transpose = memref.transpose %arg0 (d0, d1) -> (d1, d0) : memref<?x8xf32> to memref<8x?xf32, strided<[1, 8]>>
  // CHECK: %{{.*}} = memref.view %{{.*}}[%{{.*}}][%{{.*}}] : memref<64xi8> to memref<?x2xf32>
  %view = memref.view %arg5[%arg1][%arg1] : memref<64xi8> to memref<?x2xf32>
  // CHECK: %{{.*}} = memref.extract_aligned_pointer_as_index %{{.*}} : memref<*xf32> -> index
  %intptr = memref.extract_aligned_pointer_as_index %arg3 : memref<*xf32> -> index
  // CHECK: %{{.*}} = memref.extract_strided_metadata %{{.*}} : memref<?x8xf32> -> memref<f32>, index, index, index, index, index
  %base_buffer, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %arg0 : memref<?x8xf32> -> memref<f32>, index, index, index, index, index
  // CHECK: %{{.*}} = memref.alloc() : memref<1xi32>
  %tag = memref.alloc() : memref<1xi32>
  // CHECK: memref.dma_start %{{.*}}[%{{.*}}], %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} : memref<4xf32>, memref<8xf32>, memref<1xi32>
  memref.dma_start %alloca[%arg1], %1[%arg1], %arg1, %tag[%arg1], %arg1, %arg1 : memref<4xf32>, memref<8xf32>, memref<1xi32>
  // CHECK: memref.dma_wait %{{.*}}[%{{.*}}], %{{.*}} : memref<1xi32>
  memref.dma_wait %tag[%arg1], %arg1 : memref<1xi32>
  // CHECK: memref.copy %{{.*}}, %{{.*}} : memref<4xf32> to memref<4xf32>
  memref.copy %alloca, %alloca : memref<4xf32> to memref<4xf32>
  // CHECK: return
  return
}
