import { onnx, onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { i32 } from "../../../ir/types.ts";
import { convolve, finishConvolution, groupedChannels, joinChannels } from "../convolve.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { namedActivation, type ScalarFunction } from "../named-activations.ts";
import type { Tensor } from "../tensor.ts";
import { type WindowAttributes, type WindowAxis, windowOf } from "../window.ts";
import { computationType } from "./arithmetic.ts";

interface ConvolutionAttributes extends WindowAttributes {
  readonly group: number;
  readonly kernel_shape?: readonly number[] | undefined;
}

/** The window of a convolution; the weights say how wide it is, and `kernel_shape` must agree. */
export function convolutionWindow(
  view: Pick<LoweringView, "invalid">,
  input: Tensor,
  weights: Tensor,
  attributes: Omit<ConvolutionAttributes, "group">,
): readonly WindowAxis[] {
  const kernel = weights.shape.slice(2);
  const declared = attributes.kernel_shape;
  if (declared && declared.length > 0 && declared.join() !== kernel.join())
    view.invalid(`kernel_shape [${declared}] is not that of the weights, [${weights.shape}]`);
  return windowOf(view, input.shape.slice(2), kernel, attributes);
}

/** A bias has one element for each output channel. */
export function checkBias(view: Pick<LoweringView, "invalid">, bias: Tensor | undefined, channels: number): void {
  if (bias && bias.size !== channels) view.invalid(`a bias of ${bias.size} elements for ${channels} channels`);
}

/** A float convolution with bias and a function applied to its result. */
function floatConvolution(
  view: Pick<LoweringView, "t" | "invalid">,
  operands: { readonly X: Tensor; readonly W: Tensor; readonly B: Tensor | undefined },
  attributes: ConvolutionAttributes,
  then?: ScalarFunction,
): Tensor {
  const { X, W, B } = operands;
  groupedChannels(view, X, W, attributes.group);
  checkBias(view, B, W.shape[0]!);
  const result = convolve(view.t, {
    input: X,
    weights: W,
    group: attributes.group,
    window: convolutionWindow(view, X, W, attributes),
    accumulator: computationType(X.element),
  });
  return joinChannels(view.t, finishConvolution(view.t, result, X.element, B, then), result.loops);
}

export const convolutionRules: readonly Lowering[] = [
  lowering(onnx.Conv, (view) => {
    const { X, W, B } = view.inputs;
    return [floatConvolution(view, { X, W, B }, view.attributes)];
  }),
  lowering(onnxMicrosoft.FusedConv, (view) => {
    const { t, inputs, attributes } = view;
    const { X, W, B, Z } = inputs;
    const [first, second] = attributes.activation_params ?? [];
    const activation =
      attributes.activation === undefined || attributes.activation === ""
        ? undefined
        : namedActivation(view, attributes.activation, first, second);
    if (!Z) return [floatConvolution(view, { X, W, B }, attributes, activation)];
    const sum = floatConvolution(view, { X, W, B }, attributes);
    return [
      t.elementwise([sum, Z], X.element, (s, value, added) => {
        const total = s.add(value!, added!);
        return activation ? activation(s, total) : total;
      }),
    ];
  }),
  lowering(onnx.ConvInteger, (view) => {
    const { t, inputs, attributes } = view;
    const { x, w, x_zero_point, w_zero_point } = inputs;
    groupedChannels(view, x, w, attributes.group);
    if (x_zero_point && x_zero_point.size !== 1) view.invalid("x_zero_point must be a single number");
    if (w_zero_point && w_zero_point.size !== 1) checkBias(view, w_zero_point, w.shape[0]!);
    const { sum, loops } = convolve(t, {
      input: x,
      weights: w,
      group: attributes.group,
      window: convolutionWindow(view, x, w, attributes),
      accumulator: i32,
      zeroPoints: { input: x_zero_point, weights: w_zero_point },
    });
    return [joinChannels(t, sum, loops)];
  }),
  lowering(onnx.CausalConvWithState, (view) => {
    const { t, inputs, attributes } = view;
    const { input, weight, bias, past_state } = inputs;
    const [batch, channels] = input.shape;
    const width = weight.shape[2];
    if (input.rank !== 3 || weight.rank !== 3 || weight.shape[0] !== channels || weight.shape[1] !== 1 || width === 0)
      view.invalid(`input [${input.shape}] and weight [${weight.shape}] are no depthwise convolution along one axis`);
    checkBias(view, bias, channels!);
    const carried = [batch!, channels!, width! - 1];
    if (past_state && past_state.shape.join() !== carried.join())
      view.invalid(`past_state is [${past_state.shape}], not [${carried}]`);
    const padded = past_state
      ? t.concat([past_state, input], 2)
      : t.pad(input, [0, 0, width! - 1], [0, 0, 0], t.scalars.constant(0, input.element));
    const activations: Readonly<Record<string, ScalarFunction | undefined>> = {
      none: undefined,
      silu: (s, x) => s.mul(x, s.sigmoid(x)),
      swish: (s, x) => s.mul(x, s.sigmoid(x)),
    };
    if (!(attributes.activation in activations))
      view.invalid(`activation ${attributes.activation} is none of none, silu and swish`);
    const result = convolve(t, {
      input: padded,
      weights: weight,
      group: channels!,
      window: windowOf(view, [padded.shape[2]!], [width!], {}),
      accumulator: computationType(input.element),
    });
    const output = finishConvolution(t, result, input.element, bias, activations[attributes.activation]);
    return [joinChannels(t, output, result.loops), t.slice(padded, [0, 0, padded.shape[2]! - width! + 1], carried)];
  }),
];
