import { type AffineExpression, affine, affineMap } from "../../ir/affine.ts";
import { f32, i32 } from "../../ir/types.ts";
import { readElement, toNumbers } from "../../support/numeric/host-tensor.ts";
import { shifted } from "./convolve.ts";
import type { LoweringView } from "./lowering.ts";
import { isZero } from "./quantize.ts";
import { broadcastMap, broadcastShapes } from "./broadcast.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** A quantized operand of a matrix product. */
export interface QuantizedMatrix {
  readonly values: Tensor;
  /** One zero point, or one for each row of the left operand or column of the right one. */
  readonly zero: Tensor | undefined;
  /** Whether the last two dimensions are to be read the other way round. */
  readonly transposed?: boolean;
}

type Side = "left" | "right";
type Checks = Pick<LoweringView, "invalid">;

/** The shape as stacks of matrices: a vector is a row on the left and a column on the right. */
function stacked(view: Checks, x: Tensor, side: Side): readonly number[] {
  if (x.rank === 0) return view.invalid("a scalar is no matrix");
  if (x.rank > 1) return x.shape;
  return side === "left" ? [1, ...x.shape] : [...x.shape, 1];
}

/** A scale or zero point in a shape that broadcasts against the product: [] or [..., M, 1] or [..., 1, N]. */
export function matrixParameter(
  view: Pick<LoweringView, "t" | "invalid">,
  parameter: Tensor,
  side: Side,
  product: readonly number[],
): Tensor {
  if (parameter.size === 1) return view.t.reshape(parameter, []);
  const shape = parameter.rank > 1 ? parameter.shape : side === "left" ? [parameter.size, 1] : [1, parameter.size];
  if (broadcastShapes([shape, product])?.join() !== product.join())
    view.invalid(`a scale or zero point of shape [${parameter.shape}] does not fit a product of shape [${product}]`);
  return view.t.reshape(parameter, shape);
}

/** A sum of products of quantized numbers without their zero points, over stacks of matrices. */
export interface IntegerProduct {
  /** In i32, or f32 where an operand is a float; [..., M, N]. */
  readonly sum: Tensor;
  /** NumPy's shape of the product: without the dimensions that vectors lack. */
  readonly shape: readonly number[];
}

/** NumPy's matrix product of quantized operands. Products are exact; their sum wraps in 32 bits, as ONNX allows. */
export function integerMatmul(
  view: Pick<LoweringView, "t" | "invalid">,
  left: QuantizedMatrix,
  right: QuantizedMatrix,
): IntegerProduct {
  const { t } = view;
  const [a, b] = [stacked(view, left.values, "left"), stacked(view, right.values, "right")];
  const [m, k] = left.transposed ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [depth, n] = right.transposed ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  const batch = broadcastShapes([a.slice(0, -2), b.slice(0, -2)]);
  if (!batch || depth !== k) view.invalid(`[${left.values.shape}] and [${right.values.shape}] do not multiply`);
  const product = [...batch, m, n];
  const type = [left, right].some(({ values }) => values.element.kind === "float") ? f32 : i32;
  const correction = zeroCorrection(view, left, right, product, type === i32);

  const rank = product.length + 1;
  const [row, column, inner] = [0, 1, 2].map((d) => affine.dimension(batch.length + d)) as [
    AffineExpression,
    AffineExpression,
    AffineExpression,
  ];
  const matrix = (shape: readonly number[], last: readonly AffineExpression[], transposed = false) =>
    affineMap(rank, [...broadcastMap(shape.slice(0, -2), batch).results, ...(transposed ? [...last].reverse() : last)]);
  const parameter = (side: Side, zero: Tensor): IndexedTensor => {
    const tensor = matrixParameter(view, zero, side, product);
    return { tensor, map: affineMap(rank, broadcastMap(tensor.shape, product).results) };
  };
  const leftZero = correction || isZero(left.zero) ? undefined : left.zero;
  const rightZero = isZero(right.zero) ? undefined : right.zero;
  const [sum] = t.generic({
    inputs: [
      { tensor: t.reshape(left.values, a), map: matrix(a, [row, inner], left.transposed) },
      { tensor: t.reshape(right.values, b), map: matrix(b, [inner, column], right.transposed) },
      ...(leftZero ? [parameter("left", leftZero)] : []),
      ...(rightZero ? [parameter("right", rightZero)] : []),
    ],
    outputs: [
      {
        tensor: correction ? t.expand(correction, product) : t.filled(0, type, product),
        map: affineMap(
          rank,
          product.map((_, d) => affine.dimension(d)),
        ),
      },
    ],
    iterators: Array.from({ length: rank }, (_, d) => (d === rank - 1 ? "reduction" : "parallel")),
    body: (s, [x, y, ...zeros], [total]) => {
      const factor = shifted(s, x!, leftZero && zeros[0], type);
      return [s.add(total!, s.mul(factor, shifted(s, y!, rightZero && zeros.at(-1), type)))];
    },
  });
  const dropped = [...batch, ...(left.values.rank === 1 ? [] : [m]), ...(right.values.rank === 1 ? [] : [n])];
  return { sum: sum!, shape: dropped };
}

/**
 * With a known right operand, a known zero point of the left one is taken off all at once: Σ(a − z)·b = Σ a·b − z·Σ b. What is left
 * in the loop is a product of bytes. The result starts the sum, [1, N].
 */
function zeroCorrection(
  { t }: Pick<LoweringView, "t">,
  left: QuantizedMatrix,
  right: QuantizedMatrix,
  product: readonly number[],
  isInteger: boolean,
): Tensor | undefined {
  const [values, leftZero, rightZero] = [right.values, left.zero?.constant, right.zero?.constant];
  if (!isInteger || isZero(left.zero) || !leftZero || left.zero?.size !== 1) return undefined;
  if (!values.constant || values.rank > 2 || (right.zero && !rightZero)) return undefined;
  const n = product.at(-1)!;
  if (rightZero && right.zero!.size !== 1 && right.zero!.size !== n) return undefined;
  const numbers = toNumbers(values.constant);
  const depth = n === 0 ? 0 : numbers.length / n;
  const zero = Number(readElement(leftZero, 0));
  const zeros = rightZero ? toNumbers(rightZero) : [0];
  const sums = Array.from({ length: n }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < depth; row++) sum += numbers[right.transposed ? column * depth + row : row * n + column]!;
    return -zero * (sum - depth * zeros[zeros.length === 1 ? 0 : column]!);
  });
  return t.numbers(sums, i32, [1, n]);
}

/** A product of scales in f32, as its own small tensor; known scales are multiplied at once, in the order given. */
export function scaleProduct(t: TensorBuilder, factors: readonly Tensor[], divisor?: Tensor): Tensor {
  const all = divisor ? [...factors, divisor] : factors;
  const shape = broadcastShapes(all.map((factor) => factor.shape))!;
  const combined = (values: readonly number[]): number => {
    const product = values.slice(0, factors.length).reduce((x, y) => Math.fround(x * y));
    return divisor ? Math.fround(product / values.at(-1)!) : product;
  };
  const single = all.filter((factor) => factor.size === 1);
  if (all.every((factor) => factor.constant) && single.length >= all.length - 1) {
    const count = shape.reduce((total, size) => total * size, 1);
    const columns = all.map((factor) => toNumbers(factor.constant!));
    const values = Array.from({ length: count }, (_, index) =>
      combined(columns.map((column) => column[column.length === 1 ? 0 : index]!)),
    );
    return t.numbers(values, f32, shape);
  }
  return t.elementwise(all, f32, (s, ...values) => {
    const wide = values.map((value) => s.cast(value, f32));
    const product = wide.slice(0, factors.length).reduce((x, y) => s.mul(x, y));
    return divisor ? s.div(product, wide.at(-1)!) : product;
  });
}
