import { onnx, onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, i32, type Type } from "../../../ir/types.ts";
import { contract, type Factor } from "../contract.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { namedActivation, type ScalarFunction } from "../named-activations.ts";
import { isZero, quantizeScalar } from "../quantize.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { broadcastShapes } from "../broadcast.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";

type View = Pick<LoweringView, "t" | "invalid">;

/** How an operand of a matrix product is stored. */
interface Layout {
  /** Its last two dimensions are exchanged. */
  readonly transposed?: boolean;
  /** Its first dimension is the one that belongs before the last (or, with `transposed`, last). */
  readonly batchInside?: boolean;
}

/** Labels of an operand: batch dimensions are numbered from the last, so that they meet as broadcasting has it. */
function matrixLabels(view: View, x: Tensor, side: "left" | "right", layout: Layout): readonly string[] {
  if (x.rank === 0) view.invalid("a matrix product needs operands of rank 1 at least");
  if (x.rank === 1) return ["k"];
  const inner = side === "left" ? ["m", "k"] : ["k", "n"];
  const [row, column] = layout.transposed ? inner.toReversed() : inner;
  const batch = Array.from({ length: x.rank - 2 }, (_, axis) => `batch ${x.rank - 3 - axis}`);
  return layout.batchInside ? [row!, ...batch, column!] : [...batch, row!, column!];
}

/** The product of two (stacks of) matrices or vectors by NumPy's rules for `matmul`, in the accumulator's type. */
function matrixProduct(
  view: View,
  left: Omit<Factor, "labels"> & Layout,
  right: Omit<Factor, "labels"> & Layout,
  accumulator: Type,
): Tensor {
  const factors = [
    { ...left, labels: matrixLabels(view, left.tensor, "left", left) },
    { ...right, labels: matrixLabels(view, right.tensor, "right", right) },
  ];
  const labels = factors.flatMap((factor) => factor.labels);
  const batch = labels.filter((label) => label.startsWith("batch "));
  const depth = batch.length === 0 ? 0 : 1 + Math.max(...batch.map((label) => Number(label.slice("batch ".length))));
  const output = [
    ...Array.from({ length: depth }, (_, axis) => `batch ${depth - 1 - axis}`),
    ...["m", "n"].filter((label) => labels.includes(label)),
  ];
  if (
    factors[0]!.tensor.shape[factors[0]!.labels.indexOf("k")] !==
    factors[1]!.tensor.shape[factors[1]!.labels.indexOf("k")]
  )
    view.invalid(`[${left.tensor.shape}] and [${right.tensor.shape}] do not multiply`);
  return contract(view, factors, output, accumulator);
}

interface GemmAttributes {
  readonly alpha: number;
  readonly beta: number;
  readonly transA: number;
  readonly transB: number;
}

/** alpha·A'·B' + beta·C, then any scalar function. */
function gemm(
  view: View,
  A: Tensor,
  B: Tensor,
  C: Tensor | undefined,
  { alpha, beta, transA, transB }: GemmAttributes,
  then?: ScalarFunction,
): Tensor {
  if (A.rank !== 2 || B.rank !== 2) view.invalid(`[${A.shape}] and [${B.shape}] are not both matrices`);
  const { t } = view;
  const product = matrixProduct(
    view,
    { tensor: A, transposed: transA !== 0 },
    { tensor: B, transposed: transB !== 0 },
    computationType(A.element),
  );
  const added = C && beta !== 0 ? [C] : [];
  if (C && broadcastShapes([C.shape, product.shape])?.join() !== product.shape.join())
    view.invalid(`C [${C.shape}] cannot be broadcast to [${product.shape}]`);
  if (added.length === 0 && alpha === 1 && !then) return t.cast(product, A.element);
  return t.elementwise([product, ...added], A.element, (s, sum, offset) => {
    const scaled = times(s, sum!, alpha);
    const total = offset ? s.add(scaled, times(s, s.cast(offset, sum!.type), beta)) : scaled;
    return s.cast(then ? then(s, total) : total, A.element);
  });
}

/** A multiple by a float factor, which integers take part in as doubles. */
function times(s: ScalarBuilder, x: Scalar, factor: number): Scalar {
  if (factor === 1) return x;
  if (x.type.kind === "float") return s.mul(x, s.constant(factor, x.type));
  return s.cast(s.mul(s.cast(x, f64), s.constant(factor, f64)), x.type);
}

/** A quantization parameter of a left operand: a vector has one number for each row. */
const byRow = (t: TensorBuilder, parameter: Tensor): Tensor =>
  parameter.rank === 1 && parameter.size > 1 ? t.reshape(parameter, [parameter.size, 1]) : parameter;

/** A number for the whole tensor without the dimensions that a broadcast would keep. */
const asScalar = (t: TensorBuilder, parameter: Tensor): Tensor =>
  parameter.size === 1 ? t.reshape(parameter, []) : parameter;

/** Checks that parameters fit their operand: broadcast to it, or one number for each row of it. */
function quantizedFactor(
  view: View,
  x: Tensor,
  zeroPoint: Tensor | undefined,
  side: "left" | "right",
): Omit<Factor, "labels"> {
  if (!zeroPoint) return { tensor: x };
  const point = asScalar(view.t, side === "left" ? byRow(view.t, zeroPoint) : zeroPoint);
  if (broadcastShapes([point.shape, x.shape])?.join() !== x.shape.join())
    view.invalid(`a zero point of shape [${zeroPoint.shape}] does not fit [${x.shape}]`);
  return { tensor: x, zeroPoint: point };
}

export const linearAlgebraRules: readonly Lowering[] = [
  lowering(onnx.MatMul, (view) => {
    const { A, B } = view.inputs;
    const product = matrixProduct(view, { tensor: A }, { tensor: B }, computationType(A.element));
    return [view.t.cast(product, A.element)];
  }),
  lowering(onnxMicrosoft.FusedMatMul, (view) => {
    const { t, inputs, attributes } = view;
    const { A, B } = inputs;
    const { alpha, transA, transB, transBatchA, transBatchB } = attributes;
    const product = matrixProduct(
      view,
      { tensor: A, transposed: transA !== 0 && A.rank > 1, batchInside: transBatchA !== 0 && A.rank > 2 },
      { tensor: B, transposed: transB !== 0 && B.rank > 1, batchInside: transBatchB !== 0 && B.rank > 2 },
      computationType(A.element),
    );
    if (alpha === 1) return [t.cast(product, A.element)];
    return [t.map(product, (s, sum) => s.cast(times(s, sum, alpha), A.element), A.element)];
  }),
  lowering(onnx.Gemm, (view) => {
    const { A, B, C } = view.inputs;
    return [gemm(view, A, B, C, view.attributes)];
  }),
  lowering(onnxMicrosoft.FusedGemm, (view) => {
    const { A, B, C } = view.inputs;
    const { activation, activation_alpha, activation_beta } = view.attributes;
    const then = activation ? namedActivation(view, activation, activation_alpha, activation_beta) : undefined;
    return [gemm(view, A, B, C, view.attributes, then)];
  }),
  lowering(onnx.MatMulInteger, (view) => {
    const { A, B, a_zero_point, b_zero_point } = view.inputs;
    const left = quantizedFactor(view, A, a_zero_point, "left");
    return [matrixProduct(view, left, quantizedFactor(view, B, b_zero_point, "right"), i32)];
  }),
  lowering(onnx.QLinearMatMul, (view) => {
    const { t, inputs } = view;
    const { a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale, y_zero_point } = inputs;
    const accumulator = a.element.kind === "float" ? f32 : i32;
    const product = matrixProduct(
      view,
      quantizedFactor(view, a, a_zero_point, "left"),
      quantizedFactor(view, b, b_zero_point, "right"),
      accumulator,
    );
    const to = y_zero_point.element;
    const parameters = [byRow(t, a_scale), b_scale, y_scale].map((scale) => asScalar(t, scale));
    const zeroPoints = isZero(y_zero_point) ? [] : [asScalar(t, y_zero_point)];
    for (const parameter of [...parameters, ...zeroPoints])
      if (broadcastShapes([parameter.shape, product.shape])?.join() !== product.shape.join())
        view.invalid(`a scale of shape [${parameter.shape}] does not fit the result's [${product.shape}]`);
    return [
      t.elementwise([product, ...parameters, ...zeroPoints], to, (s, sum, left, right, result, zero) => {
        const [x, y, z] = [left!, right!, result!].map((scale) => s.cast(scale, f32)) as [Scalar, Scalar, Scalar];
        return quantizeScalar(s, s.mul(s.cast(sum!, f32), s.div(s.mul(x, y), z)), zero, to);
      }),
    ];
  }),
];
