// Scalars as upstream writes them.
// RUN: weft opt %s | check

// CHECK: func.func @scalars(%{{.*}}: i32, %{{.*}}: f32, %{{.*}}: f8E8M0FNU, %{{.*}}: index) {
func.func @scalars(%arg0: i32, %arg1: f32, %arg2: f8E8M0FNU, %arg3: index) {
  // CHECK: %{{.*}} = arith.addi %{{.*}}, %{{.*}} overflow<nsw, nuw> : i32
  %0 = arith.addi %arg0, %arg0 overflow<nsw, nuw> : i32
  // CHECK: %{{.*}} = arith.divsi %{{.*}}, %{{.*}} exact : i32
  %1 = arith.divsi %arg0, %arg0 exact : i32
  // CHECK: %{{.*}} = arith.shrui %{{.*}}, %{{.*}} : i32
  %2 = arith.shrui %arg0, %arg0 : i32
  // CHECK: %{{.*}} = arith.addf %{{.*}}, %{{.*}} fastmath<nnan,contract> : f32
  %3 = arith.addf %arg1, %arg1 fastmath<nnan,contract> : f32
  // CHECK: %{{.*}} = arith.mulf %{{.*}}, %{{.*}} fastmath<fast> : f32
  %4 = arith.mulf %arg1, %arg1 fastmath<fast> : f32
  // CHECK: %{{.*}} = arith.truncf %{{.*}} to_nearest_even fastmath<afn> : f32 to f16
  %5 = arith.truncf %arg1 to_nearest_even fastmath<afn> : f32 to f16
  // CHECK: %{{.*}} = arith.truncf %{{.*}} : f32 to f16
  %6 = arith.truncf %arg1 : f32 to f16
  // CHECK: %{{.*}} = arith.extf %{{.*}} fastmath<ninf> : f16 to f32
  %7 = arith.extf %6 fastmath<ninf> : f16 to f32
  // CHECK: %{{.*}} = arith.trunci %{{.*}} overflow<nuw> : i32 to i8
  %8 = arith.trunci %arg0 overflow<nuw> : i32 to i8
  // CHECK: %{{.*}} = arith.scaling_extf %{{.*}}, %{{.*}} : f16, f8E8M0FNU to f32
  %9 = arith.scaling_extf %6, %arg2 : f16, f8E8M0FNU to f32
  // CHECK: %{{.*}} = arith.scaling_truncf %{{.*}}, %{{.*}} downward fastmath<nnan> : f32, f8E8M0FNU to f16
  %10 = arith.scaling_truncf %arg1, %arg2 downward fastmath<nnan> : f32, f8E8M0FNU to f16
  // CHECK: %{{.*}} = arith.addui_extended %{{.*}}, %{{.*}} : i32, i1
  %sum, %overflow = arith.addui_extended %arg0, %arg0 : i32, i1
  // CHECK: %{{.*}} = arith.mulsi_extended %{{.*}}, %{{.*}} : i32
  %low, %high = arith.mulsi_extended %arg0, %arg0 : i32
  // CHECK: %{{.*}} = arith.cmpf false, %{{.*}}, %{{.*}} fastmath<nsz> : f32
  %11 = arith.cmpf false, %arg1, %arg1 fastmath<nsz> : f32
  // CHECK: %{{.*}} = arith.select %{{.*}}, %{{.*}}, %{{.*}} {test.d} : f32
  %12 = arith.select %11, %arg1, %arg1 {test.d} : f32
  // CHECK: %{{.*}} = math.clampf %{{.*}} to [%{{.*}}, %{{.*}}] fastmath<nnan> : f32
  %13 = math.clampf %arg1 to [%arg1, %arg1] fastmath<nnan> : f32
  // CHECK: %{{.*}} = math.sincos %{{.*}} : f32
  %sin, %cos = math.sincos %arg1 : f32
  // CHECK: %{{.*}} = math.isnan %{{.*}} : f32
  %14 = math.isnan %arg1 : f32
  // CHECK: %{{.*}} = math.fpowi %{{.*}}, %{{.*}} : f32, i32
  %15 = math.fpowi %arg1, %arg0 : f32, i32
  // CHECK: %{{.*}} = arith.constant 1 : index
  %c1 = arith.constant 1 : index
  // CHECK: %{{.*}} = arith.constant -5 : i8
  %c-5_i8 = arith.constant -5 : i8
  // CHECK: %{{.*}} = arith.constant true
  %true = arith.constant true
  // CHECK: %{{.*}} = arith.constant {test.e} dense<1.000000e+00> : vector<2xf32>
  %cst = arith.constant {test.e} dense<1.000000e+00> : vector<2xf32>
  // CHECK: return
  return
}
