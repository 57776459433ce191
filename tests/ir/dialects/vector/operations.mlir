// Vectors as upstream writes them.
// RUN: weft opt %s | check

// CHECK: func.func @vectors(%{{.*}}: vector<4xf32>, %{{.*}}: vector<2x4xf32>, %{{.*}}: memref<?x8xf32>, %{{.*}}: index, %{{.*}}: vector<4xi1>, %{{.*}}: f32, %{{.*}}: vector<4xindex>, %{{.*}}: tensor<?x8xf32>, %{{.*}}: vector<[4]xf32>) {
func.func @vectors(%arg0: vector<4xf32>, %arg1: vector<2x4xf32>, %arg2: memref<?x8xf32>, %arg3: index, %arg4: vector<4xi1>, %arg5: f32, %arg6: vector<4xindex>, %arg7: tensor<?x8xf32>, %arg8: vector<[4]xf32>) {
  // CHECK: %{{.*}} = vector.broadcast %{{.*}} : f32 to vector<2x4xf32>
  %0 = vector.broadcast %arg5 : f32 to vector<2x4xf32>
  // CHECK: %{{.*}} = vector.bitcast %{{.*}} : vector<4xf32> to vector<8xf16>
  %1 = vector.bitcast %arg0 : vector<4xf32> to vector<8xf16>
  // CHECK: %{{.*}} = vector.shape_cast %{{.*}} : vector<2x4xf32> to vector<8xf32>
  %2 = vector.shape_cast %arg1 : vector<2x4xf32> to vector<8xf32>
  // CHECK: %{{.*}} = vector.transpose %{{.*}}, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  %3 = vector.transpose %arg1, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  // CHECK: %{{.*}} = vector.extract %{{.*}}[%{{.*}}, 2] : f32 from vector<2x4xf32>
  %4 = vector.extract %arg1[%arg3, 2] : f32 from vector<2x4xf32>
  // CHECK: %{{.*}} = vector.insert %{{.*}}, %{{.*}} [0] : vector<4xf32> into vector<2x4xf32>
  %5 = vector.insert %arg0, %arg1 [0] : vector<4xf32> into vector<2x4xf32>
  // CHECK: %{{.*}} = vector.extract_strided_slice %{{.*}} {offsets = [1], sizes = [2], strides = [1]} : vector<4xf32> to vector<2xf32>
  %6 = vector.extract_strided_slice %arg0 {offsets = [1], sizes = [2], strides = [1]} : vector<4xf32> to vector<2xf32>
  // CHECK: %{{.*}} = vector.insert_strided_slice %{{.*}}, %{{.*}} {offsets = [2], strides = [1]} : vector<2xf32> into vector<4xf32>
  %7 = vector.insert_strided_slice %6, %arg0 {offsets = [2], strides = [1]} : vector<2xf32> into vector<4xf32>
  // CHECK: %{{.*}} = vector.scalable.extract %{{.*}}[4] : vector<4xf32> from vector<[4]xf32>
  %8 = vector.scalable.extract %arg8[4] : vector<4xf32> from vector<[4]xf32>
  // CHECK: %{{.*}} = vector.scalable.insert %{{.*}}, %{{.*}}[0] : vector<4xf32> into vector<[4]xf32>
  %9 = vector.scalable.insert %8, %arg8[0] : vector<4xf32> into vector<[4]xf32>
  // CHECK: %{{.*}} = vector.shuffle %{{.*}}, %{{.*}} [0, -1, 7] : vector<4xf32>, vector<4xf32>
  %10 = vector.shuffle %arg0, %arg0 [0, -1, 7] : vector<4xf32>, vector<4xf32>
  // CHECK: %{{.*}} = vector.interleave %{{.*}}, %{{.*}} : vector<4xf32> -> vector<8xf32>
  %11 = vector.interleave %arg0, %arg0 : vector<4xf32> -> vector<8xf32>
  // CHECK: %{{.*}} = vector.deinterleave %{{.*}} : vector<4xf32> -> vector<2xf32>
  %res1, %res2 = vector.deinterleave %arg0 : vector<4xf32> -> vector<2xf32>
  // CHECK: %{{.*}} = vector.from_elements %{{.*}}, %{{.*}} : vector<2xf32>
  %12 = vector.from_elements %arg5, %arg5 : vector<2xf32>
  // CHECK: %{{.*}} = vector.to_elements %{{.*}} : vector<2xf32>
  %13:2 = vector.to_elements %12 : vector<2xf32>
  // CHECK: %{{.*}} = vector.load %{{.*}}[%{{.*}}, %{{.*}}] {nontemporal = true} : memref<?x8xf32>, vector<4xf32>
  %14 = vector.load %arg2[%arg3, %arg3] {nontemporal = true} : memref<?x8xf32>, vector<4xf32>
  // CHECK: vector.store %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}] : memref<?x8xf32>, vector<4xf32>
  vector.store %14, %arg2[%arg3, %arg3] : memref<?x8xf32>, vector<4xf32>
  // CHECK: %{{.*}} = vector.maskedload %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}}, %{{.*}} {alignment = 4 : i64} : memref<?x8xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  %15 = vector.maskedload %arg2[%arg3, %arg3], %arg4, %arg0 {alignment = 4 : i64} : memref<?x8xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  // CHECK: vector.maskedstore %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}}, %{{.*}} : memref<?x8xf32>, vector<4xi1>, vector<4xf32>
  vector.maskedstore %arg2[%arg3, %arg3], %arg4, %arg0 : memref<?x8xf32>, vector<4xi1>, vector<4xf32>
  // CHECK: %{{.*}} = vector.expandload %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}}, %{{.*}} : memref<?x8xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  %16 = vector.expandload %arg2[%arg3, %arg3], %arg4, %arg0 : memref<?x8xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  // CHECK: vector.compressstore %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}}, %{{.*}} : memref<?x8xf32>, vector<4xi1>, vector<4xf32>
  vector.compressstore %arg2[%arg3, %arg3], %arg4, %arg0 : memref<?x8xf32>, vector<4xi1>, vector<4xf32>
  // CHECK: %{{.*}} = vector.gather %{{.*}}[%{{.*}}, %{{.*}}] [%{{.*}}], %{{.*}}, %{{.*}} : memref<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  %17 = vector.gather %arg2[%arg3, %arg3] [%arg6], %arg4, %arg0 : memref<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  // CHECK: vector.scatter %{{.*}}[%{{.*}}, %{{.*}}] [%{{.*}}], %{{.*}}, %{{.*}} : memref<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32>
  vector.scatter %arg2[%arg3, %arg3] [%arg6], %arg4, %arg0 : memref<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32>
  // CHECK: %{{.*}} = vector.scatter %{{.*}}[%{{.*}}, %{{.*}}] [%{{.*}}], %{{.*}}, %{{.*}} : tensor<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> -> tensor<?x8xf32>
  %18 = vector.scatter %arg7[%arg3, %arg3] [%arg6], %arg4, %arg0 : tensor<?x8xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> -> tensor<?x8xf32>
  // CHECK: %{{.*}} = vector.transfer_read %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}} : memref<?x8xf32>, vector<2x4xf32>
  %19 = vector.transfer_read %arg2[%arg3, %arg3], %arg5 : memref<?x8xf32>, vector<2x4xf32>
  // CHECK: %{{.*}} = vector.transfer_read %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}}, %{{.*}} {in_bounds = [true], permutation_map = {{.*}}} : memref<?x8xf32>, vector<4xf32>
  %20 = vector.transfer_read %arg2[%arg3, %arg3], %arg5, %arg4 {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<?x8xf32>, vector<4xf32>
  // CHECK: vector.transfer_write %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}] {in_bounds = [true]} : vector<4xf32>, memref<?x8xf32>
  vector.transfer_write %arg0, %arg2[%arg3, %arg3] {in_bounds = [true]} : vector<4xf32>, memref<?x8xf32>
  // CHECK: %{{.*}} = vector.transfer_write %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}} : vector<4xf32>, tensor<?x8xf32>
  %21 = vector.transfer_write %arg0, %arg7[%arg3, %arg3], %arg4 : vector<4xf32>, tensor<?x8xf32>
  // CHECK: %{{.*}} = vector.fma %{{.*}}, %{{.*}}, %{{.*}} : vector<4xf32>
  %22 = vector.fma %arg0, %arg0, %arg0 : vector<4xf32>
  // CHECK: %{{.*}} = vector.reduction <add>, %{{.*}} : vector<4xf32> into f32
  %23 = vector.reduction <add>, %arg0 : vector<4xf32> into f32
  // CHECK: %{{.*}} = vector.reduction <maxnumf>, %{{.*}}, %{{.*}} fastmath<reassoc> : vector<4xf32> into f32
  %24 = vector.reduction <maxnumf>, %arg0, %arg5 fastmath<reassoc> : vector<4xf32> into f32
  // CHECK: %{{.*}} = vector.multi_reduction <mul>, %{{.*}}, %{{.*}} [0] : vector<2x4xf32> to vector<4xf32>
  %25 = vector.multi_reduction <mul>, %arg1, %arg0 [0] : vector<2x4xf32> to vector<4xf32>
  // CHECK: %{{.*}} = vector.outerproduct %{{.*}}, %{{.*}} : vector<4xf32>, vector<4xf32>
  %26 = vector.outerproduct %arg0, %arg0 : vector<4xf32>, vector<4xf32>
  // CHECK: %{{.*}} = vector.outerproduct %{{.*}}, %{{.*}}, %{{.*}} {kind = #vector.kind<maxnumf>} : vector<4xf32>, vector<4xf32>
  %27 = vector.outerproduct %arg0, %arg0, %26 {kind = #vector.kind<maxnumf>} : vector<4xf32>, vector<4xf32>
  // CHECK: %{{.*}} = vector.outerproduct %{{.*}}, %{{.*}} : vector<4xf32>, f32
  %28 = vector.outerproduct %arg0, %arg5 : vector<4xf32>, f32
  // CHECK: %{{.*}} = vector.scan <add>, %{{.*}}, %{{.*}} {inclusive = true, reduction_dim = 0 : i64} : vector<2x4xf32>, vector<4xf32>
  %29:2 = vector.scan <add>, %arg1, %arg0 {inclusive = true, reduction_dim = 0 : i64} : vector<2x4xf32>, vector<4xf32>
  // CHECK: %{{.*}} = vector.step : vector<4xindex>
  %30 = vector.step : vector<4xindex>
  // CHECK: %{{.*}} = vector.vscale
  %31 = vector.vscale
  // CHECK: %{{.*}} = vector.create_mask %{{.*}}, %{{.*}} : vector<2x[4]xi1>
  %32 = vector.create_mask %arg3, %31 : vector<2x[4]xi1>
  // CHECK: %{{.*}} = vector.constant_mask [2, 3] : vector<4x4xi1>
  %33 = vector.constant_mask [2, 3] : vector<4x4xi1>
  // CHECK: %{{.*}} = vector.mask %{{.*}} { vector.reduction <add>, %{{.*}} : vector<4xf32> into f32 } : vector<4xi1> -> f32
  %34 = vector.mask %arg4 { vector.reduction <add>, %arg0 : vector<4xf32> into f32 } : vector<4xi1> -> f32
  // CHECK: vector.mask %{{.*}} { vector.transfer_write %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}] {in_bounds = [true]} : vector<4xf32>, memref<?x8xf32> } : vector<4xi1>
  vector.mask %arg4 { vector.transfer_write %arg0, %arg2[%arg3, %arg3] {in_bounds = [true]} : vector<4xf32>, memref<?x8xf32> } : vector<4xi1>
  // CHECK: vector.print %{{.*}} : vector<4xf32>
  vector.print %arg0 : vector<4xf32>
  // CHECK: vector.print str "text"
  vector.print str "text"
  // CHECK: vector.print %{{.*}} : index punctuation <comma>
  vector.print %arg3 : index punctuation <comma>
  // CHECK: vector.print punctuation <open>
  vector.print punctuation <open>
  // CHECK: return
  return
}
