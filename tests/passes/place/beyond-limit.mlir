// RUN: not weft opt --pass-pipeline='builtin.module(place-operations)' %s

// A buffer that the device cannot bind is refused, with the numbers and where it is.
// CHECK: beyond-limit.mlir:7:5: error: memref.copy needs a buffer of 4096 bytes, and the device's maxStorageBufferBindingSize is 2048 [place/beyond-limit]
module attributes {weft.target = {limits = {maxStorageBufferBindingSize = 2048 : i64}}} {
  func.func @main(%a: memref<1024xf32>, %y: memref<1024xf32> {weft.output}) attributes {weft.entry_point} {
    memref.copy %a, %y : memref<1024xf32> to memref<1024xf32>
    return
  }
}
