// RUN: weft opt --split-input-file --pass-pipeline='builtin.module(outline-host-functions)' %s

#id = affine_map<(d0) -> (d0)>

// What the device computed comes to the host before the call, and goes back after it; the caller's input is on the host anyway.
// CHECK: func.func private @host_0(%[[T:.*]]: memref<8xf32>, %[[A:.*]]: memref<8xf32> {weft.name = "a\22b"}, %[[U:.*]]: memref<8xf32>) {
// CHECK: scf.for
// CHECK: memref.load %[[T]]
// CHECK: memref.load %[[A]]
// CHECK: memref.store %{{.*}}, %[[U]]
// CHECK: return
// CHECK-LABEL: func.func @main(
// CHECK: device.transfer %[[ALLOC:.*]] to "host" : memref<8xf32>
// CHECK-NEXT: call @host_0(%[[ALLOC]], %arg0, %[[OTHER:.*]]) {weft.device_reason = "why"}
// CHECK-NEXT: device.transfer %[[OTHER]] to "device" : memref<8xf32>
// CHECK-NOT: device.transfer
// CHECK: return
func.func @main(%a: memref<8xf32> {weft.name = "a\22b"}, %y: memref<8xf32> {weft.output}) attributes {weft.entry_point} {
  %t = memref.alloc() : memref<8xf32>
  %u = memref.alloc() : memref<8xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : memref<8xf32>) outs(%t : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%t, %a : memref<8xf32>, memref<8xf32>) outs(%u : memref<8xf32>) attrs = {weft.device = "host", weft.device_reason = "why"} {
  ^bb0(%in: f32, %other: f32, %out: f32):
    %0 = arith.mulf %in, %other : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%u : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.subf %in, %in : f32
    linalg.yield %0 : f32
  }
  return
}

// -----

// The second function finds on the host what the first one left there: nothing is transferred twice, and what only the host uses
// never is. A buffer of one function alone becomes its own.
#id = affine_map<(d0) -> (d0)>
// CHECK: func.func private @host_0(
// CHECK: memref.alloca() : memref<8xf32>
// CHECK: func.func private @host_1(
// CHECK-LABEL: func.func @main(
// CHECK: call @host_0
// CHECK-NEXT: device.transfer %[[ALLOC:.*]] to "device" : memref<8xf32>
// CHECK-NOT: device.transfer
// CHECK: call @host_1
// CHECK-NOT: device.transfer
// CHECK: return
func.func @main(%a: memref<8xf32>, %x: memref<8xf32> {weft.output}, %y: memref<8xf32> {weft.output}) attributes {weft.entry_point} {
  %own = memref.alloc() : memref<8xf32>
  %t = memref.alloc() : memref<8xf32>
  memref.copy %a, %own {weft.device = "host"} : memref<8xf32> to memref<8xf32>
  memref.copy %own, %t {weft.device = "host"} : memref<8xf32> to memref<8xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%t : memref<8xf32>) outs(%x : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  }
  memref.copy %t, %y {weft.device = "host"} : memref<8xf32> to memref<8xf32>
  return
}

// -----

// A scalar from memory goes where its reader goes, with what is between them.
// CHECK: func.func private @host_0(
// CHECK: memref.load
// CHECK: scf.if
// CHECK-LABEL: func.func @main(
// CHECK-NOT: memref.load
// CHECK: call @host_0
func.func @main(%a: memref<1xi64>, %b: memref<4xf32>, %y: memref<4xf32> {weft.output}) attributes {weft.entry_point} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i64
  %s = memref.load %a[%c0] : memref<1xi64>
  %positive = arith.cmpi sgt, %s, %zero : i64
  scf.if %positive {
    memref.copy %b, %y : memref<4xf32> to memref<4xf32>
  } {weft.device = "host"}
  return
}
