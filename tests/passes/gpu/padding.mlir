// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(map-to-gpu)' %s

#window = affine_map<(i, k) -> (i + k)>
#tap = affine_map<(i, k) -> (k)>
#out = affine_map<(i, k) -> (i)>

// A convolution over a padded copy: nothing is filled or copied; what lies outside is taken as zero.
// CHECK: gpu.func @generic(%[[W:.*]]: memref<3xf32>, %[[Y:.*]]: memref<8xf32>, %[[X:.*]]: memref<8xf32>)
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[I:.*]] = gpu.thread_id x
// CHECK: %[[BEFORE:.*]] = arith.addi %[[I]], %c-1
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[BEFORE]], %c8
// CHECK: %[[PLACE:.*]] = arith.select %[[INSIDE]], %{{.*}}, %c0
// CHECK: %[[V:.*]] = memref.load %[[X]][%[[PLACE]]]
// CHECK: arith.select %[[INSIDE]], %[[V]], %[[ZERO]]
// CHECK-COUNT-1: arith.cmpi
// CHECK-NOT: arith.cmpi
// CHECK-LABEL: func.func @main(
// CHECK-NOT: memref.alloc
// CHECK-COUNT-1: gpu.launch_func
// CHECK-NOT: gpu.launch_func
func.func @main(%x: memref<8xf32>, %w: memref<3xf32>, %y: memref<8xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  %p = memref.alloc() : memref<10xf32>
  %left = memref.subview %p[0] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1]>>
  %right = memref.subview %p[9] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1], offset: 9>>
  %middle = memref.subview %p[1] [8] [1] : memref<10xf32> to memref<8xf32, strided<[1], offset: 1>>
  linalg.fill ins(%zero : f32) outs(%left : memref<1xf32, strided<[1]>>)
  linalg.fill ins(%zero : f32) outs(%right : memref<1xf32, strided<[1], offset: 9>>)
  memref.copy %x, %middle : memref<8xf32> to memref<8xf32, strided<[1], offset: 1>>
  linalg.generic {indexing_maps = [#window, #tap, #out], iterator_types = ["parallel", "reduction"]}
    ins(%p, %w : memref<10xf32>, memref<3xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

// A result that is computed into the middle stays there.
// CHECK: gpu.func @generic(%{{.*}}: memref<8xf32>, %{{.*}}: memref<10xf32>
// CHECK: gpu.func @generic_2(%[[P:.*]]: memref<10xf32>, %{{.*}}: memref<10xf32>)
// CHECK: %[[V:.*]] = memref.load %[[P]]
// CHECK: arith.select %{{.*}}, %[[V]]
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-2: gpu.launch_func
// CHECK-NOT: gpu.launch_func
func.func @main(%x: memref<8xf32>, %y: memref<10xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  %p = memref.alloc() : memref<10xf32>
  %left = memref.subview %p[0] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1]>>
  %right = memref.subview %p[9] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1], offset: 9>>
  %middle = memref.subview %p[1] [8] [1] : memref<10xf32> to memref<8xf32, strided<[1], offset: 1>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%x : memref<8xf32>) outs(%middle : memref<8xf32, strided<[1], offset: 1>>) {
  ^bb0(%a: f32, %b: f32):
    %m = math.exp %a : f32
    linalg.yield %m : f32
  }
  linalg.fill ins(%zero : f32) outs(%left : memref<1xf32, strided<[1]>>)
  linalg.fill ins(%zero : f32) outs(%right : memref<1xf32, strided<[1], offset: 9>>)
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%p : memref<10xf32>) outs(%y : memref<10xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.addf %a, %a : f32
    linalg.yield %m : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

// Two different values around the middle: all is filled as it says.
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-4: gpu.launch_func
func.func @main(%x: memref<8xf32>, %y: memref<10xf32> {weft.output}) attributes {weft.entry_point} {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %p = memref.alloc() : memref<10xf32>
  %left = memref.subview %p[0] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1]>>
  %right = memref.subview %p[9] [1] [1] : memref<10xf32> to memref<1xf32, strided<[1], offset: 9>>
  %middle = memref.subview %p[1] [8] [1] : memref<10xf32> to memref<8xf32, strided<[1], offset: 1>>
  linalg.fill ins(%zero : f32) outs(%left : memref<1xf32, strided<[1]>>)
  linalg.fill ins(%one : f32) outs(%right : memref<1xf32, strided<[1], offset: 9>>)
  memref.copy %x, %middle : memref<8xf32> to memref<8xf32, strided<[1], offset: 1>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%p : memref<10xf32>) outs(%y : memref<10xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.addf %a, %a : f32
    linalg.yield %m : f32
  }
  return
}
