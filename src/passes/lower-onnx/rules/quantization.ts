import { onnx, onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, integerType, type Type } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import {
  dequantizeScalar,
  granularityOf,
  isZero,
  quantizeScalar,
  withParameters,
  type QuantizationParameters,
} from "../quantize.ts";
import type { Tensor } from "../tensor.ts";
import { castTarget } from "./cast.ts";

type View = Pick<LoweringView, "t" | "unsupported" | "invalid">;
const ui8 = integerType(8, "unsigned");

interface Blocks {
  readonly axis?: number | undefined;
  readonly block_size?: number;
}
const placement = ({ axis, block_size }: Blocks) => ({ axis: axis ?? 1, blockSize: block_size ?? 0 });

/** Zero points have their scale's shape; known zeros are dropped. */
function parametersOf(view: View, scale: Tensor, zero: Tensor | undefined): QuantizationParameters {
  if (zero && zero.shape.join() !== scale.shape.join() && (zero.size !== 1 || scale.size !== 1))
    view.invalid(`a zero point of shape [${zero.shape}] for a scale of shape [${scale.shape}]`);
  return { scale, zero: isZero(zero) ? undefined : zero };
}

/** The type in which x is divided by the scale: `precision`, else the scale's where it is a type to compute in. */
function divisionType(view: View, x: Tensor, scale: Tensor, precision: number): Type {
  if (precision !== 0) return castTarget(view, precision);
  if (scale.element.kind === "integer") return f64;
  if (scale.element.text !== "f8E8M0FNU") return scale.element;
  return x.element.kind === "float" ? x.element : f32;
}

function quantize(
  view: View,
  operands: { readonly x: Tensor; readonly y_scale: Tensor; readonly y_zero_point: Tensor | undefined },
  attributes: Blocks & { readonly output_dtype?: number; readonly precision?: number; readonly saturate?: number },
): Tensor {
  const { x, y_scale, y_zero_point } = operands;
  const { output_dtype = 0, precision = 0, saturate = 1 } = attributes;
  const declared = output_dtype === 0 ? undefined : castTarget(view, output_dtype);
  const to = y_zero_point?.element ?? declared ?? ui8;
  if (declared && declared !== to) view.invalid(`output_dtype is ${declared.text}, but the zero point is ${to.text}`);
  const division = divisionType(view, x, y_scale, precision);
  if (division.kind !== "float") view.invalid(`precision is ${division.text}, which is no type of fractions`);
  const granularity = granularityOf(view, x, y_scale, placement(attributes));
  const parameters = parametersOf(view, y_scale, y_zero_point);
  return withParameters(view.t, x, granularity, parameters, to, (s, value, scale, zero) =>
    quantizeScalar(s, s.div(s.cast(value, division), s.cast(scale, division)), zero, to, saturate !== 0),
  );
}

function dequantize(
  view: View,
  operands: { readonly x: Tensor; readonly x_scale: Tensor; readonly x_zero_point: Tensor | undefined },
  attributes: Blocks & { readonly output_dtype?: number },
): Tensor {
  const { x, x_scale, x_zero_point } = operands;
  const { output_dtype = 0 } = attributes;
  const to = output_dtype === 0 ? x_scale.element : castTarget(view, output_dtype);
  if (to.text === "f8E8M0FNU") view.invalid("output_dtype must say what a scale of f8E8M0FNU gives");
  const granularity = granularityOf(view, x, x_scale, placement(attributes));
  const parameters = parametersOf(view, x_scale, x_zero_point);
  return withParameters(view.t, x, granularity, parameters, to, (s, value, scale, zero) =>
    s.cast(dequantizeScalar(s, value, zero, scale), to),
  );
}

export const quantizationRules: readonly Lowering[] = [
  lowering(onnx.QuantizeLinear, (view) => {
    const { x, y_scale, y_zero_point } = view.inputs;
    return [quantize(view, { x, y_scale, y_zero_point }, view.attributes)];
  }),
  lowering(onnxMicrosoft.QuantizeLinear, (view) => {
    const { x, y_scale, y_zero_point } = view.inputs;
    return [quantize(view, { x, y_scale, y_zero_point }, view.attributes)];
  }),
  lowering(onnx.DequantizeLinear, (view) => {
    const { x, x_scale, x_zero_point } = view.inputs;
    return [dequantize(view, { x, x_scale, x_zero_point }, view.attributes)];
  }),
  lowering(onnxMicrosoft.DequantizeLinear, (view) => {
    const { x, x_scale, x_zero_point } = view.inputs;
    return [dequantize(view, { x, x_scale, x_zero_point }, view.attributes)];
  }),
  lowering(onnx.DynamicQuantizeLinear, ({ t, inputs: { x } }) => {
    const quantized = dynamicallyQuantized(t, x);
    return [quantized.values, quantized.scale, quantized.zero];
  }),
];

/** 8-bit quantization of a whole tensor, whose range is widened to hold 0. A tensor of nothing but zeros has scale 1, as in ONNX Runtime. */
export function dynamicallyQuantized(t: View["t"], x: Tensor): { values: Tensor; scale: Tensor; zero: Tensor } {
  const axes = x.shape.map((_, axis) => axis);
  const largest = t.reduceInto(x, axes, false, { initial: 0, combine: (s, best, value) => s.max(best, value) });
  const least = t.reduceInto(x, axes, false, { initial: 0, combine: (s, best, value) => s.min(best, value) });
  const scale = t.elementwise([least, largest], f32, (s, low, high) => {
    const range = s.sub(high!, low!);
    const isEmpty = s.compare("eq", range, s.constant(0, f32));
    return s.select(isEmpty, s.constant(1, f32), s.div(range, s.constant(255, f32)));
  });
  const zero = t.elementwise([least, scale], ui8, (s, low, factor) =>
    quantizeScalar(s, s.div(s.neg(low!), factor!), undefined, ui8),
  );
  const values = t.elementwise([x, scale, zero], ui8, (s, value, factor, point) =>
    quantizeScalar(s, s.div(value!, factor!), point, ui8),
  );
  return { values, scale, zero };
}
