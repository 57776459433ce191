// Branches as upstream writes them.
// RUN: weft opt %s | check

func.func @identity(%arg0: i32) -> i32 {
  return %arg0 : i32
}

// CHECK: func.func @control(%{{.*}}: i32, %{{.*}}: i1) -> i32 {
func.func @control(%arg0: i32, %arg1: i1) -> i32 {
  // CHECK: %{{.*}} = constant @identity : (i32) -> i32
  %f = constant @identity : (i32) -> i32
  // CHECK: %{{.*}} = call_indirect %{{.*}}(%{{.*}}) : (i32) -> i32
  %0 = call_indirect %f(%arg0) : (i32) -> i32
  // CHECK: %{{.*}} = call @identity(%{{.*}}) {no_inline} : (i32) -> i32
  %1 = call @identity(%0) {no_inline} : (i32) -> i32
  // CHECK: %{{.*}} = builtin.unrealized_conversion_cast to i64
  %2 = builtin.unrealized_conversion_cast to i64
  // CHECK: %{{.*}} = builtin.unrealized_conversion_cast %{{.*}}, %{{.*}} : i32, i32 to i64, f32
  %3:2 = builtin.unrealized_conversion_cast %0, %1 : i32, i32 to i64, f32
  // CHECK: cf.cond_br %{{.*}} weights([1, 2]), ^bb{{[0-9]+}}(%{{.*}} : i32), ^bb{{[0-9]+}}
  cf.cond_br %arg1 weights([1, 2]), ^bb1(%1 : i32), ^bb3
^bb1(%4: i32):
  // CHECK: cf.switch %{{.*}} : i32, [
  cf.switch %arg0 : i32, [
    // CHECK: default: ^bb{{[0-9]+}},
    default: ^bb3,
    // CHECK: 42: ^bb{{[0-9]+}}(%{{.*}} : i32),
    42: ^bb1(%4 : i32),
    // CHECK: 4294967291: ^bb{{[0-9]+}}(%{{.*}}, %{{.*}} : i32, i1)
    4294967291: ^bb2(%arg0, %arg1 : i32, i1)
  ]
^bb2(%5: i32, %6: i1):
  // CHECK: cf.switch %{{.*}} : i32, [
  cf.switch %5 : i32, [
    // CHECK: default: ^bb{{[0-9]+}}]
    default: ^bb3]
^bb3:
  // CHECK: cf.assert %{{.*}}, "said \22so\22\0A"
  cf.assert %arg1, "said \22so\22\0A"
  // CHECK: %{{.*}} = ub.poison : i32
  %7 = ub.poison : i32
  // CHECK: cf.br ^bb{{[0-9]+}}(%{{.*}} : i32)
  cf.br ^bb4(%7 : i32)
^bb4(%8: i32):
  // CHECK: return %{{.*}} : i32
  return %8 : i32
}

// CHECK: func.func @never() {
func.func @never() {
  // CHECK: ub.unreachable
  ub.unreachable
}
