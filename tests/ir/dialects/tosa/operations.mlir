// Every operation of the dialect, in its pretty form, with each of its attributes somewhere.
tosa.variable @counter = dense<0> : tensor<1xi32>
tosa.variable @state : tensor<2x?xf32>

func.func @elementwise(%f: tensor<4x3xf32>, %g: tensor<1x3xf32>, %i: tensor<4x3xi32>, %j: tensor<4x1xi32>,
                       %b: tensor<4x3xi1>, %u: tensor<*xf16>, %q: tensor<4x3x!quant.uniform<i8:f32, 2.500000e-01:-3>>) {
  %0 = tosa.abs %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %1 = tosa.bitwise_not %i : (tensor<4x3xi32>) -> tensor<4x3xi32>
  %2 = tosa.ceil %u : (tensor<*xf16>) -> tensor<*xf16>
  %3 = tosa.clz %i : (tensor<4x3xi32>) -> tensor<4x3xi32>
  %4 = tosa.cos %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %5 = tosa.exp %f {note = "kept"} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %6 = tosa.floor %f : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %7 = tosa.log %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %8 = tosa.logical_not %b : (tensor<4x3xi1>) -> tensor<4x3xi1>
  %9 = tosa.reciprocal %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %10 = tosa.rsqrt %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %11 = tosa.sin %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %12 = tosa.erf %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %13 = tosa.sigmoid %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %14 = tosa.tanh %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %15 = tosa.add %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %16 = tosa.sub %g, %f : (tensor<1x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %17 = tosa.pow %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %18 = tosa.intdiv %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %19 = tosa.bitwise_and %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %20 = tosa.bitwise_or %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %21 = tosa.bitwise_xor %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %22 = tosa.arithmetic_right_shift %i, %j {round = true} : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %23 = tosa.logical_left_shift %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %24 = tosa.logical_right_shift %i, %j : (tensor<4x3xi32>, tensor<4x1xi32>) -> tensor<4x3xi32>
  %25 = tosa.logical_and %b, %b : (tensor<4x3xi1>, tensor<4x3xi1>) -> tensor<4x3xi1>
  %26 = tosa.logical_or %b, %b : (tensor<4x3xi1>, tensor<4x3xi1>) -> tensor<4x3xi1>
  %27 = tosa.logical_xor %b, %b : (tensor<4x3xi1>, tensor<4x3xi1>) -> tensor<4x3xi1>
  %28 = tosa.maximum %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %29 = tosa.minimum %f, %g {nan_mode = IGNORE} : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %30 = tosa.equal %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xi1>
  %31 = tosa.greater %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xi1>
  %32 = tosa.greater_equal %f, %g : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xi1>
  %33 = tosa.clamp %f {max_val = 1.0 : f32, min_val = -1.0 : f32, nan_mode = #tosa.nan_mode<IGNORE>} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %34 = tosa.clamp %q {max_val = 7 : i8, min_val = -8 : i8, nan_mode = PROPAGATE} : (tensor<4x3x!quant.uniform<i8:f32, 2.500000e-01:-3>>) -> tensor<4x3x!quant.uniform<i8:f32, 2.500000e-01:-3>>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %35 = tosa.mul %f, %g, %shift : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<1xi8>) -> tensor<4x3xf32>
  %36 = tosa.negate %f, %zero, %zero : (tensor<4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x3xf32>
  %37 = tosa.select %b, %f, %g : (tensor<4x3xi1>, tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %38 = tosa.identity %f : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %39 = tosa.cast %f : (tensor<4x3xf32>) -> tensor<4x3xi8>
  %entries = "tosa.const"() <{values = dense<3> : tensor<256xi8>}> : () -> tensor<256xi8>
  %40 = tosa.table %39, %entries : (tensor<4x3xi8>, tensor<256xi8>) -> tensor<4x3xi8>
  %multiplier = "tosa.const"() <{values = dense<[1, 2, 3]> : tensor<3xi32>}> : () -> tensor<3xi32>
  %shifts = "tosa.const"() <{values = dense<30> : tensor<3xi8>}> : () -> tensor<3xi8>
  %in = "tosa.const"() <{values = dense<-3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %out = "tosa.const"() <{values = dense<32768> : tensor<1xi16>}> : () -> tensor<1xi16>
  %41 = tosa.rescale %39, %multiplier, %shifts, %in, %out {input_unsigned = false, output_unsigned = true, per_channel = true, rounding_mode = DOUBLE_ROUND, scale32 = true} : (tensor<4x3xi8>, tensor<3xi32>, tensor<3xi8>, tensor<1xi8>, tensor<1xi16>) -> tensor<4x3xi16>
  return
}

func.func @scale(%a: i64, %v: vector<4xi32>, %w: vector<4xi8>, %s: i8) {
  %0 = tosa.apply_scale %a, %a, %s {rounding_mode = SINGLE_ROUND} : (i64, i64, i8) -> i64
  %1 = tosa.apply_scale %v, %v, %w {rounding_mode = #tosa.rounding_mode<INEXACT_ROUND>} : (vector<4xi32>, vector<4xi32>, vector<4xi8>) -> vector<4xi32>
  return
}

func.func @reduce(%f: tensor<4x3xf32>, %b: tensor<4x?xi1>, %u: tensor<*xf32>) {
  %0 = tosa.reduce_all %b {axis = 1 : i32} : (tensor<4x?xi1>) -> tensor<4x1xi1>
  %1 = tosa.reduce_any %b {axis = 0 : i32} : (tensor<4x?xi1>) -> tensor<1x?xi1>
  %2 = tosa.reduce_max %f {axis = 0 : i32} : (tensor<4x3xf32>) -> tensor<1x3xf32>
  %3 = tosa.reduce_min %f {axis = 1 : i32, nan_mode = IGNORE} : (tensor<4x3xf32>) -> tensor<4x1xf32>
  %4 = tosa.reduce_product %f {axis = 0 : i32} : (tensor<4x3xf32>) -> tensor<1x3xf32>
  %5 = tosa.reduce_sum %u {axis = 2 : i32} : (tensor<*xf32>) -> tensor<*xf32>
  %6 = tosa.argmax %f {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<4xi32>
  return
}

func.func @layout(%f: tensor<4x3xf32>, %g: tensor<2x3xf32>, %v: tensor<2x5x3xf32>, %n: tensor<2x4xi32>,
                  %r: tensor<2x4x3xf32>, %image: tensor<1x3x3x2xf32>) {
  %0 = tosa.concat %f, %g {axis = 0 : i32} : (tensor<4x3xf32>, tensor<2x3xf32>) -> tensor<6x3xf32>
  %padding = tosa.const_shape {values = dense<[0, 1, 2, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %value = "tosa.const"() <{values = dense<1.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %1 = tosa.pad %f, %padding, %value : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<5x5xf32>
  %sizes = tosa.const_shape {values = dense<[2, -1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %2 = tosa.reshape %f, %sizes : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<2x6xf32>
  %3 = tosa.reverse %f {axis = 1 : i32} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %start = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %4 = tosa.slice %f, %start, %start : (tensor<4x3xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x1xf32>
  %5 = tosa.tile %f, %start : (tensor<4x3xf32>, !tosa.shape<2>) -> tensor<4x3xf32>
  %6 = tosa.transpose %f {perms = array<i32: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %7 = tosa.gather %v, %n : (tensor<2x5x3xf32>, tensor<2x4xi32>) -> tensor<2x4x3xf32>
  %8 = tosa.scatter %v, %n, %r : (tensor<2x5x3xf32>, tensor<2x4xi32>, tensor<2x4x3xf32>) -> tensor<2x5x3xf32>
  %scale = tosa.const_shape {values = dense<[2, 1, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %offset = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
  %9 = tosa.resize %image, %scale, %offset, %offset {mode = BILINEAR} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x5x5x2xf32>
  %10 = tosa.resize %image, %scale, %offset, %offset {mode = #tosa.resize_mode<NEAREST_NEIGHBOR>} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x5x5x2xf32>
  return
}

func.func @convolution(%image: tensor<1x8x8x4xf32>, %kernel: tensor<6x3x3x4xf32>, %bias: tensor<6xf32>,
                       %depthwise: tensor<3x3x4x2xf32>, %each: tensor<1xf32>, %volume: tensor<1x4x4x4x2xi8>,
                       %cube: tensor<5x2x2x2x2xi8>, %sums: tensor<5xi32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %middle = "tosa.const"() <{values = dense<5> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.conv2d %image, %kernel, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, local_bound = true, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x6xf32>
  %1 = tosa.conv3d %volume, %cube, %sums, %middle, %middle {acc_type = i32, dilation = array<i64: 1, 1, 1>, pad = array<i64: 0, 0, 0, 0, 0, 0>, stride = array<i64: 1, 1, 1>} : (tensor<1x4x4x4x2xi8>, tensor<5x2x2x2x2xi8>, tensor<5xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x3x3x3x5xi32>
  %2 = tosa.depthwise_conv2d %image, %depthwise, %each, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x8xf32>
  %3 = tosa.transpose_conv2d %image, %kernel, %bias, %zero, %zero {acc_type = f32, out_pad = array<i64: 0, -1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x17x6xf32>
  %4 = tosa.avg_pool2d %image, %zero, %zero {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x4xf32>
  %5 = tosa.max_pool2d %image {kernel = array<i64: 2, 2>, nan_mode = IGNORE, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

func.func @linear_algebra(%a: tensor<2x3x4xf32>, %b: tensor<2x4x5xf32>, %x: tensor<2x4x64xf4E2M1FN>,
                          %scales: tensor<2x4x2xf8E8M0FNU>, %real: tensor<1x8x16xf32>, %data: tensor<4x32xf32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.matmul %a, %b, %zero, %zero : (tensor<2x3x4xf32>, tensor<2x4x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x5xf32>
  %1 = tosa.matmul_t_block_scaled %x, %scales, %x, %scales {block_size = BLOCK_SIZE_32} : (tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>, tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>) -> tensor<2x4x4xf32>
  %2 = tosa.cast_from_block_scaled %x, %scales {block_size = #tosa.block_size<BLOCK_SIZE_32>} : (tensor<2x4x64xf4E2M1FN>, tensor<2x4x2xf8E8M0FNU>) -> tensor<2x4x64xf32>
  %3:2 = tosa.cast_to_block_scaled %data {block_size = BLOCK_SIZE_32} : (tensor<4x32xf32>) -> (tensor<4x32x!tosa.mxint8>, tensor<4x1xf8E8M0FNU>)
  %4:2 = tosa.fft2d %real, %real {inverse = true} : (tensor<1x8x16xf32>, tensor<1x8x16xf32>) -> (tensor<1x8x16xf32>, tensor<1x8x16xf32>)
  %5:2 = tosa.rfft2d %real {local_bound = true} : (tensor<1x8x16xf32>) -> (tensor<1x8x9xf32>, tensor<1x8x9xf32>)
  return
}

func.func @shapes(%a: tensor<2x?xf32>) {
  %0 = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
  %1 = tosa.dim %a {axis = 1 : i32} : (tensor<2x?xf32>) -> !tosa.shape<1>
  %2 = tosa.concat_shape %1, %1 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<2>
  %one = "tosa.const"() <{values = dense<1> : tensor<1xi32>}> : () -> tensor<1xi32>
  %3 = tosa.slice_shape %2, %one, %one : (!tosa.shape<2>, tensor<1xi32>, tensor<1xi32>) -> !tosa.shape<1>
  %4 = tosa.add_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %5 = tosa.sub_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %6 = tosa.mul_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %7 = tosa.div_ceil_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %8 = tosa.div_floor_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %9 = tosa.mod_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %10 = tosa.max_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %11 = tosa.min_shape %1, %3 : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %12 = tosa.exp2_shape %1 : (!tosa.shape<1>) -> !tosa.shape<1>
  %13 = tosa.log2_ceil_shape %1 : (!tosa.shape<1>) -> !tosa.shape<1>
  %14 = tosa.log2_floor_shape %1 : (!tosa.shape<1>) -> !tosa.shape<1>
  return
}

func.func @control_flow(%c: tensor<i1>, %a: tensor<3xf32>, %n: tensor<1xi32>) {
  %0 = tosa.cond_if %c : tensor<i1> -> tensor<3xf32> {
    tosa.yield %a : tensor<3xf32>
  } else {
    %x = tosa.abs %a : (tensor<3xf32>) -> tensor<3xf32>
    tosa.yield %x : tensor<3xf32>
  }
  %1:2 = tosa.cond_if %c (%arg = %a, %count = %n) : tensor<i1> (tensor<3xf32>, tensor<1xi32>) -> (tensor<3xf32>, tensor<1xi32>) {
  ^bb0(%x: tensor<3xf32>, %y: tensor<1xi32>):
    tosa.yield %x, %y : tensor<3xf32>, tensor<1xi32>
  } else {
  ^bb0(%x: tensor<3xf32>, %y: tensor<1xi32>):
    tosa.yield %a, %n : tensor<3xf32>, tensor<1xi32>
  } {note = 1 : i32}
  %2:2 = tosa.while_loop (%i = %n, %sum = %a) : (tensor<1xi32>, tensor<3xf32>) -> (tensor<1xi32>, tensor<3xf32>) {
    %limit = "tosa.const"() <{values = dense<10> : tensor<1xi32>}> : () -> tensor<1xi32>
    %more = tosa.greater %limit, %i : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi1>
    tosa.yield %more : tensor<1xi1>
  } do {
  ^bb0(%i: tensor<1xi32>, %sum: tensor<3xf32>):
    tosa.yield %i, %sum : tensor<1xi32>, tensor<3xf32>
  } attributes {note}
  %3 = tosa.custom %a, %n {domain_name = "vendor", implementation_attrs = "{\22k\22: 1}", operator_name = "scan"} : (tensor<3xf32>, tensor<1xi32>) -> tensor<3xf32>
  return
}

func.func @variables(%a: tensor<2x3xf32>) -> tensor<1xi32> {
  tosa.variable_write @state, %a : tensor<2x3xf32>
  %0 = tosa.variable_read @counter : tensor<1xi32>
  %1 = tosa.variable_read @state {note} : tensor<2x3xf32>
  return %0 : tensor<1xi32>
}
