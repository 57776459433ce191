import { type AffineMap, affineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import { f32, i32, i64, type Type } from "../../ir/types.ts";
import { bitWidthOf } from "./element-types.ts";
import { axisOf, type LoweringView } from "./lowering.ts";
import { castScalar } from "./rules/cast.ts";
import { computationType } from "./rules/arithmetic.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** The smallest and largest value of an integer type. */
function integerLimits(type: Type): { readonly low: number; readonly high: number } {
  const width = bitWidthOf(type);
  const isUnsigned = type.kind === "integer" && type.signedness === "unsigned";
  return isUnsigned ? { low: 0, high: 2 ** width - 1 } : { low: -(2 ** (width - 1)), high: 2 ** (width - 1) - 1 };
}

/**
 * The end of every quantization: a number that is already divided by its scale is rounded to nearest, ties to even, the zero point is
 * added, and the sum is saturated. Targets that are floats round once, after the zero point is added. A NaN gives the lowest integer.
 */
export function quantizeScalar(
  s: ScalarBuilder,
  scaled: Scalar,
  zero: Scalar | undefined,
  to: Type,
  saturate = true,
): Scalar {
  const x = s.cast(scaled, computationType(scaled.type));
  const offset = (value: Scalar): Scalar => (zero ? s.add(value, s.cast(zero, value.type)) : value);
  if (to.kind === "float") return castScalar(s, offset(x), to, saturate);
  const { low, high } = integerLimits(to);
  const rounded = offset(s.float("roundeven", x));
  // Selections rather than minimum and maximum: a NaN must not reach the conversion to an integer.
  const [least, most] = [s.constant(low, x.type), s.constant(high, x.type)];
  const raised = s.select(s.compare("gt", rounded, least), rounded, least);
  const clamped = s.select(s.compare("lt", raised, most), raised, most);
  // The limits fit 32 bits, so narrower and unsigned types are one truncation away.
  return s.cast(s.cast(clamped, i32), to);
}

/** A quantized number without its zero point: exact, as an i32 (i64 for 32-bit integers), or as a float where it is one. */
export function withoutZero(s: ScalarBuilder, x: Scalar, zero: Scalar | undefined): Scalar {
  const wide = x.type.kind === "float" ? f32 : bitWidthOf(x.type) < 32 ? i32 : i64;
  const value = s.cast(x, wide);
  return zero ? s.sub(value, s.cast(zero, wide)) : value;
}

/** (x − zero)·scale in the scale's computation type, at least f32. */
export const dequantizeScalar = (s: ScalarBuilder, x: Scalar, zero: Scalar | undefined, scale: Scalar): Scalar => {
  const factor = s.cast(scale, computationType(scale.type));
  return s.mul(s.cast(withoutZero(s, x, zero), factor.type), factor);
};

/** Whether a zero point is absent or known to be nothing but zeros. */
export const isZero = (point: Tensor | undefined): boolean =>
  point === undefined ||
  (point.constant !== undefined && (point.constant.data as ArrayLike<unknown>).length > 0
    ? Array.from(point.constant.data as ArrayLike<number | bigint>).every((value) => Number(value) === 0)
    : false);

/** How the scales (and zero points) of a tensor lie along it. */
export interface Granularity {
  /** The tensor's shape, with a blocked axis split in two. */
  readonly shape: readonly number[];
  /** A scale or zero point as an operand of loops over `shape`. */
  parameter(parameter: Tensor): IndexedTensor;
}

/** The granularity that ONNX's rules read off the scale's shape: the whole tensor, an axis, or blocks along an axis. */
export function granularityOf(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  scale: Tensor,
  options: { readonly axis: number; readonly blockSize: number },
): Granularity {
  const { t } = view;
  const rank = x.rank;
  if (scale.size === 1 && scale.rank < Math.max(rank, 2))
    return {
      shape: x.shape,
      parameter: (parameter) => ({ tensor: t.reshape(parameter, []), map: affineMap(rank, []) }),
    };
  // For a vector the axis says nothing, and its default is out of range.
  const axis = rank === 1 ? 0 : axisOf(view, options.axis, rank);
  const size = x.shape[axis];
  if (options.blockSize === 0) {
    if (scale.rank !== 1 || scale.size !== size)
      view.invalid(`a scale of shape [${scale.shape}] does not fit axis ${axis} of [${x.shape}]`);
    return { shape: x.shape, parameter: (tensor) => ({ tensor, map: projectionMap(rank, [axis]) }) };
  }
  return blocks(view, x, scale, axis, options.blockSize);
}

function blocks(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  scale: Tensor,
  axis: number,
  blockSize: number,
): Granularity {
  const size = x.shape[axis]!;
  const count = Math.ceil(size / blockSize);
  if (blockSize < 0 || scale.shape.join() !== x.shape.with(axis, count).join())
    view.invalid(`a scale of shape [${scale.shape}] does not fit blocks of ${blockSize} along axis ${axis}`);
  if (size % blockSize !== 0) {
    const tables = x.shape.map((length, d) =>
      Array.from({ length }, (_, position) => (d === axis ? Math.floor(position / blockSize) : position)),
    );
    const repeated = (parameter: Tensor): Tensor => view.t.take(parameter, tables);
    return { shape: x.shape, parameter: (tensor) => ({ tensor: repeated(tensor), map: identityMap(x.rank) }) };
  }
  const shape = [...x.shape.slice(0, axis), count, blockSize, ...x.shape.slice(axis + 1)];
  const kept = shape.map((_, d) => d).filter((d) => d !== axis + 1);
  const map: AffineMap = projectionMap(shape.length, kept);
  return { shape, parameter: (tensor) => ({ tensor, map }) };
}

export interface QuantizationParameters {
  readonly scale: Tensor;
  readonly zero: Tensor | undefined;
}

/** A body over a tensor's elements with its scale and zero point. */
export function withParameters(
  t: TensorBuilder,
  x: Tensor,
  granularity: Granularity,
  { scale, zero }: QuantizationParameters,
  element: Type,
  body: (s: ScalarBuilder, x: Scalar, scale: Scalar, zero: Scalar | undefined) => Scalar,
): Tensor {
  const { shape } = granularity;
  const identity = identityMap(shape.length);
  const [result] = t.generic({
    inputs: [
      { tensor: t.reshape(x, shape), map: identity },
      granularity.parameter(scale),
      ...(zero ? [granularity.parameter(zero)] : []),
    ],
    outputs: [{ tensor: t.emptyOutput(shape, element), map: identity }],
    iterators: shape.map(() => "parallel"),
    body: (s, [value, factor, offset]) => [body(s, value!, factor!, offset)],
  });
  return t.reshape(result!, x.shape);
}
