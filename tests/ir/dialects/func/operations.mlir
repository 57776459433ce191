// Functions, modules and casts as upstream writes them.
// RUN: weft opt %s | check

// CHECK: func.func private @callee(i32 {test.a}, f32) -> (i32 {test.b = 1 : i32})
func.func private @callee(i32 {test.a}, f32) -> (i32 {test.b = 1 : i32})

// CHECK: func.func nested @plain() attributes {no_inline} {
func.func nested @plain() attributes {no_inline} {
  // CHECK: return
  return
}

// CHECK: func.func @identity(%{{.*}}: i32) -> i32 attributes {llvm.x = 1 : i32} {
func.func @identity(%arg0: i32) -> i32 attributes {llvm.x = 1 : i32} {
  // CHECK: return %{{.*}} : i32
  return %arg0 : i32
}

// CHECK: module @inner attributes {test.c} {
module @inner attributes {test.c} {
}
