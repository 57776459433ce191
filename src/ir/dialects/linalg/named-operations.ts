import { loopNest, type LoopNest } from "./loop-nest.ts";
import { type CastKind, castScalar } from "./scalar-cast.ts";
import {
  applyBinary,
  applySelect,
  applyUnary,
  type BinaryFunction,
  type UnaryFunction,
  unaryFunctions,
} from "./scalar-functions.ts";
import type { Scalar, ScalarBodyBuilder } from "./scalar-body.ts";
import { fillRandom } from "./fill-random.ts";

/** Computes what an operation yields from its body's arguments: one for each input, then the output's. */
export type Computation = (builder: ScalarBodyBuilder, values: readonly Scalar[], cast: CastKind) => Scalar;

/** The rules that upstream checks for operations of a kind beyond those of every structured operation. */
export type OperationKind = "contraction" | "convolution" | "fill" | "elementwise" | "other";

/** A structured operation that its name says all about. */
export interface NamedOperation {
  readonly summary: string;
  readonly inputs: number;
  readonly kind: OperationKind;
  /** Undefined for operations of any rank: each operand is a scalar or indexed by all loops. */
  readonly nest: LoopNest | undefined;
  /** Spatial dimensions that strides and dilations are given for. */
  readonly window: number;
  /** Whether a `cast` attribute says how integers are converted. */
  readonly hasCast: boolean;
  /** Whether an `indexing_maps` attribute may say that inputs are transposed or broadcast. */
  readonly hasMaps: boolean;
  readonly compute: Computation;
}

const plain = { window: 0, hasCast: false, hasMaps: false } as const;

// --- of any rank -----------------------------------------------------------------------------------------------------------------

const ofAnyRank = (summary: string, inputs: number, compute: Computation): NamedOperation => ({
  ...plain,
  summary,
  inputs,
  kind: "elementwise",
  nest: undefined,
  compute,
});
const unary = (name: UnaryFunction): NamedOperation =>
  ofAnyRank(`${name} of each element`, 1, (builder, [value]) => applyUnary(builder, name, value!));
const binary = (name: BinaryFunction): NamedOperation =>
  ofAnyRank(`${name} of elements at the same place`, 2, (builder, [left, right]) =>
    applyBinary(builder, name, left!, right!),
  );

// --- contractions ----------------------------------------------------------------------------------------------------------------

/** out + left · right, in the output's type. */
export const multiplyAccumulate: Computation = (builder, [left, right, out], cast) => {
  const factors = [left!, right!].map((value) => castScalar(builder, value, out!.type, cast));
  return applyBinary(builder, "add", out!, applyBinary(builder, "mul", factors[0]!, factors[1]!));
};
/** out + (left - its zero point) · (right - its zero point), in the output's type. */
const quantizedMultiplyAccumulate: Computation = (builder, [left, right, leftZero, rightZero, out]) => {
  const shifted = (value: Scalar, zero: Scalar): Scalar => {
    const wide = castScalar(builder, value, out!.type);
    return applyBinary(builder, "sub", wide, castScalar(builder, zero, out!.type));
  };
  const factor = shifted(left!, leftZero!);
  return applyBinary(builder, "add", out!, applyBinary(builder, "mul", factor, shifted(right!, rightZero!)));
};
const contraction = (summary: string, nest: string): NamedOperation => ({
  ...plain,
  summary,
  inputs: 2,
  kind: "contraction",
  nest: loopNest(nest),
  compute: multiplyAccumulate,
});
const mappedContraction = (summary: string, nest: string): NamedOperation => ({
  ...contraction(summary, nest),
  hasCast: true,
  hasMaps: true,
});

// --- convolutions and pooling ----------------------------------------------------------------------------------------------------

const convolution = (window: number, nest: string, kind: OperationKind = "convolution"): NamedOperation => ({
  ...plain,
  summary: "convolution; the name gives the order of the dimensions of input and filter",
  inputs: 2,
  kind,
  nest: loopNest(nest),
  window,
  compute: multiplyAccumulate,
});
/** The same with a zero point for the input and one for the filter, two scalars after them. */
const quantized = (base: string, of: (nest: string) => NamedOperation): NamedOperation => ({
  ...of(base.replace("->", ", (), () ->")),
  summary: "as the operation without _q, of integers with zero points",
  inputs: 4,
  compute: quantizedMultiplyAccumulate,
});
const quantizedConvolution = (window: number, nest: string): NamedOperation =>
  quantized(nest, (text) => convolution(window, text));
const pooling =
  (nest: string, window: number) =>
  (combine: BinaryFunction): NamedOperation => ({
    ...convolution(window, nest),
    summary: "pooling; the second input only gives the size of the window",
    compute: (builder, [value, , out]) => {
      const kind = combine.endsWith("unsigned") ? "cast_unsigned" : "cast_signed";
      return applyBinary(builder, combine, out!, castScalar(builder, value!, out!.type, kind));
    },
  });

const conv2dNhwcHwcf = "n oh ow f KH KW C : n oh*s0+KH*d0 ow*s1+KW*d1 C, KH KW C f -> n oh ow f";
const conv2dNhwcFhwc = "n oh ow f KH KW C : n oh*s0+KH*d0 ow*s1+KW*d1 C, f KH KW C -> n oh ow f";
const conv2dNchwFchw = "n f oh ow C KH KW : n C oh*s0+KH*d0 ow*s1+KW*d1, f C KH KW -> n f oh ow";
const conv2dNgchwFgchw = "n g f oh ow C KH KW : n g C oh*s0+KH*d0 ow*s1+KW*d1, f g C KH KW -> n g f oh ow";
const conv2dNgchwGfchw = "n g f oh ow C KH KW : n g C oh*s0+KH*d0 ow*s1+KW*d1, g f C KH KW -> n g f oh ow";
const conv2dNhwgcGfhwc = "n oh ow g f KH KW C : n oh*s0+KH*d0 ow*s1+KW*d1 g C, g f KH KW C -> n oh ow g f";
const conv3dNdhwcDhwcf =
  "n od oh ow f KD KH KW C : n od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2 C, KD KH KW C f -> n od oh ow f";
const conv3dNcdhwFcdhw =
  "n f od oh ow C KD KH KW : n C od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2, f C KD KH KW -> n f od oh ow";
const depthwise2dNhwcHwc = "n oh ow c KH KW : n oh*s0+KH*d0 ow*s1+KW*d1 c, KH KW c -> n oh ow c";
const depthwise2dNhwcHwcm = "n oh ow c m KH KW : n oh*s0+KH*d0 ow*s1+KW*d1 c, KH KW c m -> n oh ow c m";

const poolNhwc = pooling("n oh ow c KH KW : n oh*s0+KH*d0 ow*s1+KW*d1 c, KH KW -> n oh ow c", 2);
const poolNchw = pooling("n c oh ow KH KW : n c oh*s0+KH*d0 ow*s1+KW*d1, KH KW -> n c oh ow", 2);
const poolNwc = pooling("n ow c KW : n ow*s0+KW*d0 c, KW -> n ow c", 1);
const poolNcw = pooling("n c ow KW : n c ow*s0+KW*d0, KW -> n c ow", 1);
const poolNdhwc = pooling(
  "n od oh ow c KD KH KW : n od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2 c, KD KH KW -> n od oh ow c",
  3,
);

// --- the table -------------------------------------------------------------------------------------------------------------------

const table = {
  copy: {
    ...ofAnyRank("each element, converted to the output's type", 1, (builder, [value, out], cast) =>
      castScalar(builder, value!, out!.type, cast),
    ),
    hasCast: true,
  },
  fill: { ...ofAnyRank("one value written everywhere", 1, (_, [value]) => value!), kind: "fill" },
  fill_rng_2d: {
    ...plain,
    summary: "pseudo-random numbers between a least and a greatest one, from a seed and the position",
    inputs: 3,
    kind: "other",
    nest: loopNest("m n : (), (), () -> m n"),
    compute: fillRandom,
  },
  ...(Object.fromEntries(unaryFunctions.map((name) => [name, unary(name)])) as Readonly<
    Record<UnaryFunction, NamedOperation>
  >),
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: binary("div"),
  div_unsigned: binary("div_unsigned"),
  max: binary("max_signed"),
  min: binary("min_signed"),
  powf: binary("powf"),
  select: ofAnyRank("one of two elements at the same place, by a condition", 3, (builder, [condition, left, right]) =>
    applySelect(builder, condition!, left!, right!),
  ),

  matmul: mappedContraction("matrix times matrix", "m n K : m K, K n -> m n"),
  batch_matmul: mappedContraction("matrix times matrix, for each of a batch", "b m n K : b m K, b K n -> b m n"),
  batch_reduce_matmul: {
    ...mappedContraction("sum of matrix products over a batch", "B m n K : B m K, B K n -> m n"),
    // It has a `cast`, but upstream's body is signed whatever it says.
    compute: (builder, values) => multiplyAccumulate(builder, values, "cast_signed"),
  },
  matvec: contraction("matrix times vector", "m K : m K, K -> m"),
  vecmat: contraction("vector times matrix", "n K : K, K n -> n"),
  batch_matvec: contraction("matrix times vector, for each of a batch", "b m K : b m K, b K -> b m"),
  batch_vecmat: contraction("vector times matrix, for each of a batch", "b n K : b K, b K n -> b n"),
  dot: contraction("sum of products of two vectors", "K : K, K -> ()"),
  mmt4d: contraction(
    "matrix times transposed matrix, both in tiles",
    "m n K m0 n0 K0 : m K m0 K0, n K n0 K0 -> m n m0 n0",
  ),
  batch_mmt4d: contraction(
    "matrix times transposed matrix, both in tiles, for each of a batch",
    "b m n K m0 n0 K0 : b m K m0 K0, b n K n0 K0 -> b m n m0 n0",
  ),
  quantized_matmul: {
    ...quantized("m n K : m K, K n -> m n", (nest) => convolution(0, nest, "other")),
    summary: "matrix times matrix, of integers with zero points",
  },
  quantized_batch_matmul: {
    ...quantized("b m n K : b m K, b K n -> b m n", (nest) => convolution(0, nest, "other")),
    summary: "matrix times matrix for each of a batch, of integers with zero points",
  },

  conv_1d: convolution(0, "ow KW : ow+KW, KW -> ow"),
  conv_2d: convolution(0, "oh ow KH KW : oh+KH ow+KW, KH KW -> oh ow"),
  conv_3d: convolution(0, "od oh ow KD KH KW : od+KD oh+KH ow+KW, KD KH KW -> od oh ow"),
  conv_1d_nwc_wcf: convolution(1, "n ow f KW C : n ow*s0+KW*d0 C, KW C f -> n ow f"),
  conv_1d_ncw_fcw: convolution(1, "n f ow C KW : n C ow*s0+KW*d0, f C KW -> n f ow"),
  conv_2d_nhwc_hwcf: convolution(2, conv2dNhwcHwcf),
  conv_2d_nhwc_hwcf_q: quantizedConvolution(2, conv2dNhwcHwcf),
  conv_2d_nhwc_fhwc: convolution(2, conv2dNhwcFhwc),
  conv_2d_nhwc_fhwc_q: quantizedConvolution(2, conv2dNhwcFhwc),
  conv_2d_nchw_fchw: convolution(2, conv2dNchwFchw),
  conv_2d_nchw_fchw_q: quantizedConvolution(2, conv2dNchwFchw),
  conv_2d_ngchw_fgchw: convolution(2, conv2dNgchwFgchw),
  conv_2d_ngchw_gfchw: convolution(2, conv2dNgchwGfchw),
  conv_2d_ngchw_gfchw_q: quantizedConvolution(2, conv2dNgchwGfchw),
  conv_2d_nhwgc_gfhwc: convolution(2, conv2dNhwgcGfhwc),
  conv_2d_nhwgc_gfhwc_q: quantizedConvolution(2, conv2dNhwgcGfhwc),
  conv_3d_ndhwc_dhwcf: convolution(3, conv3dNdhwcDhwcf),
  conv_3d_ndhwc_dhwcf_q: quantizedConvolution(3, conv3dNdhwcDhwcf),
  conv_3d_ncdhw_fcdhw: convolution(3, conv3dNcdhwFcdhw),
  depthwise_conv_1d_nwc_wc: convolution(1, "n ow c KW : n ow*s0+KW*d0 c, KW c -> n ow c"),
  depthwise_conv_1d_ncw_cw: convolution(1, "n ow c KW : n c ow*s0+KW*d0, c KW -> n c ow"),
  depthwise_conv_1d_nwc_wcm: convolution(1, "n ow c m KW : n ow*s0+KW*d0 c, KW c m -> n ow c m"),
  depthwise_conv_2d_nhwc_hwc: convolution(2, depthwise2dNhwcHwc),
  depthwise_conv_2d_nhwc_hwc_q: quantizedConvolution(2, depthwise2dNhwcHwc),
  depthwise_conv_2d_nchw_chw: convolution(2, "n oh ow c KH KW : n c oh*s0+KH*d0 ow*s1+KW*d1, c KH KW -> n c oh ow"),
  depthwise_conv_2d_nhwc_hwcm: convolution(2, depthwise2dNhwcHwcm),
  depthwise_conv_2d_nhwc_hwcm_q: quantizedConvolution(2, depthwise2dNhwcHwcm),
  depthwise_conv_3d_ndhwc_dhwc: convolution(
    3,
    "n od oh ow KD KH KW c : n od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2 c, KD KH KW c -> n od oh ow c",
  ),
  depthwise_conv_3d_ncdhw_cdhw: convolution(
    3,
    "n od oh ow KD KH KW c : n c od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2, c KD KH KW -> n c od oh ow",
  ),
  depthwise_conv_3d_ndhwc_dhwcm: convolution(
    3,
    "n od oh ow m KD KH KW c : n od*s0+KD*d0 oh*s1+KH*d1 ow*s2+KW*d2 c, KD KH KW c m -> n od oh ow c m",
  ),
  pooling_nhwc_sum: poolNhwc("add"),
  pooling_nhwc_max: poolNhwc("max_signed"),
  pooling_nhwc_max_unsigned: poolNhwc("max_unsigned"),
  pooling_nhwc_min: poolNhwc("min_signed"),
  pooling_nhwc_min_unsigned: poolNhwc("min_unsigned"),
  pooling_nchw_sum: poolNchw("add"),
  pooling_nchw_max: poolNchw("max_signed"),
  pooling_nwc_sum: poolNwc("add"),
  pooling_nwc_max: poolNwc("max_signed"),
  pooling_nwc_max_unsigned: poolNwc("max_unsigned"),
  pooling_nwc_min: poolNwc("min_signed"),
  pooling_nwc_min_unsigned: poolNwc("min_unsigned"),
  pooling_ncw_sum: poolNcw("add"),
  pooling_ncw_max: poolNcw("max_signed"),
  pooling_ndhwc_sum: poolNdhwc("add"),
  pooling_ndhwc_max: poolNdhwc("max_signed"),
  pooling_ndhwc_min: poolNdhwc("min_signed"),
} as const satisfies Readonly<Record<string, NamedOperation>>;

export type NamedOperationName = keyof typeof table;
/** Every named structured operation, by its name without the dialect. */
export const namedOperations: Readonly<Record<string, NamedOperation>> = table;
