// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(map-to-gpu,canonicalize)' %s

#map = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>

// Views are made again in the kernel, which is given whole buffers; neighbouring invocations write neighbouring elements.
// CHECK: gpu.module @kernels
// CHECK: gpu.func @generic(%[[X:.*]]: memref<8x16xf32>, %[[Y:.*]]: memref<10x8xf32> {weft.writes = {offset = 8 : i64, sizes = array<i64: 8, 8>, strides = array<i64: 8, 1>}}) kernel attributes {known_block_size = array<i32: 64, 1, 1>}
// CHECK-DAG: %[[OUT:.*]] = memref.collapse_shape %[[Y]]
// CHECK-DAG: %[[IN:.*]] = memref.collapse_shape %[[X]]
// CHECK-DAG: %[[THREAD:.*]] = gpu.thread_id x
// CHECK: memref.load %[[IN]]
// CHECK: math.exp
// CHECK: memref.store %{{.*}}, %[[OUT]]
// CHECK: gpu.return
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@generic blocks in (%c1, %c1, %c1) threads in (%c64, %c1, %c1) args(%arg0 : memref<8x16xf32>, %arg1 : memref<10x8xf32>)
// CHECK-NEXT: return
func.func @main(%x: memref<8x16xf32>, %y: memref<10x8xf32> {weft.output}) attributes {weft.entry_point} {
  %in = memref.subview %x[0, 4] [8, 8] [1, 1] : memref<8x16xf32> to memref<8x8xf32, strided<[16, 1], offset: 4>>
  %out = memref.subview %y[1, 0] [8, 8] [1, 1] : memref<10x8xf32> to memref<8x8xf32, strided<[8, 1], offset: 8>>
  linalg.generic {indexing_maps = [#transposed, #map], iterator_types = ["parallel", "parallel"]}
    ins(%in : memref<8x8xf32, strided<[16, 1], offset: 4>>) outs(%out : memref<8x8xf32, strided<[8, 1], offset: 8>>) {
  ^bb0(%a: f32, %b: f32):
    %e = math.exp %a : f32
    linalg.yield %e : f32
  }
  return
}

// -----

// Elements of a byte: each invocation writes the four of a word.
// CHECK: gpu.func @generic(
// CHECK-SAME: weft.owns_words
// CHECK-COUNT-4: memref.store
// CHECK-NOT: memref.store
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@generic blocks in (%c1, %c1, %c1) threads in (%c4, %c1, %c1)
func.func @main(%x: memref<3x5xi8>, %y: memref<3x5xi8> {weft.output}) attributes {weft.entry_point} {
  memref.copy %x, %y : memref<3x5xi8> to memref<3x5xi8>
  return
}

// -----

// What no mapping fits is done by one invocation; the scalar that another kernel needs goes through a buffer.
// CHECK: gpu.func @load(%{{.*}}: memref<4xindex>, %[[S:.*]]: memref<index>)
// CHECK-SAME: known_block_size = array<i32: 1, 1, 1>, weft.sequential
// CHECK: memref.store %{{.*}}, %[[S]][]
// CHECK: gpu.func @for(%[[S:.*]]: memref<index>, %{{.*}}: memref<4xindex>)
// CHECK-SAME: weft.sequential
// CHECK: %[[N:.*]] = memref.load %[[S]][]
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[N]]
// CHECK-LABEL: func.func @main(
// CHECK: %[[SPILL:.*]] = memref.alloc() {alignment = 64 : i64} : memref<index>
// CHECK: gpu.launch_func @kernels::@load {{.*}} args(%arg0 : memref<4xindex>, %[[SPILL]] : memref<index>)
// CHECK: gpu.launch_func @kernels::@for {{.*}} args(%[[SPILL]] : memref<index>, %arg0 : memref<4xindex>)
func.func @main(%y: memref<4xindex> {weft.output}) attributes {weft.entry_point} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.load %y[%c0] : memref<4xindex>
  scf.for %i = %c0 to %n step %c1 {
    memref.store %i, %y[%i] : memref<4xindex>
  }
  return
}

// -----

// An element of an input is loaded where it is needed.
// CHECK: gpu.func @fill(%[[X:.*]]: memref<1xf32>, %{{.*}}: memref<4xf32>)
// CHECK: %[[V:.*]] = memref.load %[[X]]
// CHECK: memref.store %[[V]]
// CHECK-LABEL: func.func @main(
// CHECK-NOT: memref.load
// CHECK: gpu.launch_func @kernels::@fill
// CHECK-NOT: gpu.launch_func
func.func @main(%x: memref<1xf32>, %y: memref<4xf32> {weft.output}, %z: memref<0x4xf32> {weft.output}) attributes {weft.entry_point} {
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<1xf32>
  linalg.fill ins(%v : f32) outs(%y : memref<4xf32>)
  linalg.fill ins(%v : f32) outs(%z : memref<0x4xf32>)
  return
}
