// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(map-to-gpu,fuse-launches)' %s

#id = affine_map<(i) -> (i)>

// The two ends of a buffer are filled beside the kernel that writes what is between them.
// CHECK: gpu.module @kernels
// CHECK: gpu.func @generic_and_2(
// CHECK: %[[B:.*]] = gpu.block_id x
// CHECK: %[[FIRST:.*]] = arith.cmpi ult, %[[B]], %c4
// CHECK: scf.if %[[FIRST]]
// CHECK: math.exp
// CHECK: } else {
// CHECK: %[[OTHERS:.*]] = arith.subi %[[B]], %c4
// CHECK: arith.cmpi ult, %[[OTHERS]], %c1
// CHECK-NOT: gpu.func
// CHECK-LABEL: func.func @main(
// CHECK: gpu.launch_func @kernels::@generic_and_2 blocks in (%c6, %c1, %c1) threads in (%c64, %c1, %c1)
// CHECK-NOT: gpu.launch_func
func.func @main(%x: memref<256xf32>, %y: memref<260xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  %middle = memref.subview %y[2] [256] [1] : memref<260xf32> to memref<256xf32, strided<[1], offset: 2>>
  %left = memref.subview %y[0] [2] [1] : memref<260xf32> to memref<2xf32, strided<[1]>>
  %right = memref.subview %y[258] [2] [1] : memref<260xf32> to memref<2xf32, strided<[1], offset: 258>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%x : memref<256xf32>) outs(%middle : memref<256xf32, strided<[1], offset: 2>>) {
  ^bb0(%a: f32, %b: f32):
    %e = math.exp %a : f32
    linalg.yield %e : f32
  }
  linalg.fill ins(%zero : f32) outs(%left : memref<2xf32, strided<[1]>>)
  linalg.fill ins(%zero : f32) outs(%right : memref<2xf32, strided<[1], offset: 258>>)
  return
}

// -----

// One reads what the other writes.
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-2: gpu.launch_func
func.func @main(%x: memref<256xf32>, %y: memref<256xf32> {weft.output}, %z: memref<256xf32> {weft.output}) attributes {weft.entry_point} {
  memref.copy %x, %y : memref<256xf32> to memref<256xf32>
  memref.copy %y, %z : memref<256xf32> to memref<256xf32>
  return
}

// -----

// They write the same elements.
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-2: gpu.launch_func
func.func @main(%x: memref<256xf32>, %y: memref<256xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<256xf32>)
  memref.copy %x, %y : memref<256xf32> to memref<256xf32>
  return
}
