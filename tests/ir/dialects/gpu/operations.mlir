module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @everything(%x: memref<4xf32> {weft.name = "x"}, %t: index) workgroup(%w: memref<32xf32, #gpu.address_space<workgroup>> {llvm.align = 4 : i64}, %v: memref<32xf32, #gpu.address_space<workgroup>>) private(%p: memref<1xf32, #gpu.address_space<private>>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, weft.note = 1 : i32} {
      %0 = gpu.block_id x
      %1 = gpu.block_id x upper_bound 12
      %2 = gpu.thread_id y {weft.note}
      %3 = gpu.block_dim z
      %4 = gpu.grid_dim z
      %5 = gpu.global_id x
      %6 = gpu.lane_id
      %7 = gpu.lane_id upper_bound 32
      %8 = gpu.subgroup_size : index
      %9 = gpu.subgroup_id : index
      %10 = gpu.num_subgroups upper_bound 4 : index
      %11 = memref.load %x[%0] : memref<4xf32>
      memref.store %11, %w[%2] : memref<32xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %12 = gpu.subgroup_reduce add %11 : (f32) -> f32
      %13 = gpu.subgroup_reduce mul %11 uniform cluster(size = 4, stride = 2) : (f32) -> f32
      %14 = gpu.subgroup_reduce maximumf %11 cluster(size = 4) {weft.note} : (f32) -> f32
      %15 = gpu.all_reduce minimumf %11 uniform {} : (f32) -> f32
      %16 = gpu.all_reduce %11 {
      ^bb0(%lhs: f32, %rhs: f32):
        %sum = arith.addf %lhs, %rhs : f32
        gpu.yield %sum : f32
      } : (f32) -> f32
      gpu.return
    }
    gpu.func @of_the_device(%x: f32 {weft.name = "x"}) -> (f32 {weft.name = "y"}) {
      gpu.return %x : f32
    }
    gpu.func @scalar(%x: f32) kernel {
      gpu.return
    }
    gpu.func @nothing() workgroup(%w: memref<32xf32, #gpu.address_space<workgroup>>) kernel {
      gpu.return
    }
  }
  gpu.module @others attributes {weft.note} {
  }
  func.func @main(%x: memref<4xf32>, %f: f32, %a: !gpu.async.token) {
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : i64
    %c16 = arith.constant 16 : i32
    gpu.launch_func @kernels::@everything blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%x : memref<4xf32>, %c1 : index)
    gpu.launch_func @kernels::@nothing blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) {weft.note}
    gpu.launch_func @kernels::@scalar blocks in (%c4, %c4, %c4) threads in (%c4, %c4, %c4) : i64 args(%f : f32)
    %t = gpu.launch_func async [%a] @kernels::@scalar clusters in (%c1, %c1, %c1) blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) dynamic_shared_memory_size %c16 args(%f : f32)
    %u = gpu.launch_func async [%t] @kernels::@scalar blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%f : f32)
    return
  }
}
