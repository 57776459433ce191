func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %positive = clamp.range %x to 0.0, 6.0 : tensor<4xf32>
  %small = clamp.range %positive to -1.0, 1.0 : tensor<4xf32>
  return %small : tensor<4xf32>
}
