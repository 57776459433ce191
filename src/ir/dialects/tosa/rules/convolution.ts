import { bf16, type Dimension, elementOf, f16, f32, type Type } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { isInteger, storageElementOf } from "../types.ts";
import {
  type Check,
  isStatic,
  type Shape,
  shapeOf,
  type WithAttributes,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { andItsZeroPoint, zeroPointType, zeroPointValue } from "./zero-point.ts";

type Convolution = WithTypes<"input" | "weight" | "bias" | "input_zp" | "weight_zp"> &
  WithOperands<"input_zp" | "weight_zp"> &
  WithAttributes<{ readonly acc_type: Type; readonly stride: readonly number[] }>;

const isFloat = (type: Type): boolean => type.kind === "float";
const formatOf = (type: Type): string | undefined => (type.kind === "float" ? type.format : undefined);
const matchedFormats: ReadonlySet<string | undefined> = new Set(["f8E5M2", "f8E4M3FN"]);

export const convolutionTypes: Check<Convolution> = (view) => {
  const { types, reader, operands } = view;
  const [bias, result] = [elementOf(types.bias), elementOf(resultType(view))];
  if (isFloat(bias) && isFloat(result) && bias !== result)
    return `expect both bias and result to have same element type, got '${bias.text}' and '${result.text}'`;
  const [input, weight] = [storageElementOf(types.input), storageElementOf(types.weight)];
  const areMatched = [input, weight].some((type) => matchedFormats.has(formatOf(type)));
  if (areMatched && input !== weight)
    return `expect both input and weight to have same element type, got '${input.text}' and '${weight.text}'`;
  if (isFloat(input) !== isFloat(weight))
    return `expect both input and weight to be float or not together, got '${input.text}' and '${weight.text}'`;
  return (
    zeroPointType(types.input, types.input_zp, andItsZeroPoint("input")) ??
    zeroPointType(types.weight, types.weight_zp, andItsZeroPoint("weight")) ??
    zeroPointValue(reader, operands.input_zp, "input") ??
    zeroPointValue(reader, operands.weight_zp, "weight")
  );
};

interface Accumulators {
  readonly of: (input: Type) => boolean;
  readonly name: string;
  readonly accepted: readonly string[];
}
const accumulators: readonly Accumulators[] = [
  { of: (input) => isInteger(input, 8), name: "i8", accepted: ["i32"] },
  { of: (input) => isInteger(input, 16), name: "i16", accepted: ["i48"] },
  { of: (input) => ["f8E5M2", "f8E4M3"].includes(formatOf(input) ?? ""), name: "f8", accepted: ["f16"] },
];
const floatAccumulators: readonly Accumulators[] = [
  { of: (input) => input === f16, name: "f16", accepted: ["f16", "f32"] },
  { of: (input) => input === bf16, name: "bf16", accepted: ["f32"] },
  { of: (input) => input === f32, name: "f32", accepted: ["f32"] },
];
function checkAccumulator(choices: readonly Accumulators[], input: Type, accumulator: Type): string | undefined {
  const wrong = choices.find(({ of, accepted }) => of(input) && !accepted.includes(accumulator.text));
  return wrong && `accumulator type for ${wrong.name} tensor is not ${wrong.accepted.join("/")}`;
}

export const convolutionAccumulator: Check<Convolution> = ({ types, attributes }) =>
  checkAccumulator([...accumulators, ...floatAccumulators], storageElementOf(types.input), attributes.acc_type);

/** The accumulator of an average. */
export const averageAccumulator: Check<WithTypes<"input"> & WithAttributes<{ readonly acc_type: Type }>> = ({
  types,
  attributes,
}) =>
  checkAccumulator(
    [{ of: (input) => input.kind === "integer", name: "integer", accepted: ["i32"] }, ...floatAccumulators],
    storageElementOf(types.input),
    attributes.acc_type,
  );

export const atLeast = (least: number, values: readonly number[], name: string): string | undefined =>
  values.some((value) => value < least)
    ? `expect all ${name} values to be >= ${least}, got ${values.join(", ")}`
    : undefined;

// --- sizes -------------------------------------------------------------------------------------------------------------------------

/** One dimension that a window slides along, by its names in messages. */
interface Axis {
  readonly name: string;
  readonly letter: string;
  readonly before: string;
  readonly after: string;
  /** Its position in the input and the output. */
  readonly position: number;
}
const depth = { name: "depth", letter: "d", before: "front", after: "back" };
const height = { name: "height", letter: "y", before: "top", after: "bottom" };
const width = { name: "width", letter: "x", before: "left", after: "right" };
export const planeAxes: readonly Axis[] = [height, width].map((axis, index) => ({ ...axis, position: index + 1 }));
export const volumeAxes: readonly Axis[] = [depth, height, width].map((axis, index) => ({
  ...axis,
  position: index + 1,
}));

/** What a size must be, when `span` is what the window moves over. */
export function checkOutputSize(
  { name, letter }: Axis,
  span: number,
  stride: number,
  found: Dimension,
  formula: { readonly symbols: string; readonly numbers: string },
): string | undefined {
  if (span % stride !== 0)
    return `expected ${formula.symbols} to be wholly divisible by stride_${letter}, got (${formula.numbers}) / ${stride}`;
  const size = span / stride + 1;
  return isStatic(found) && found !== size
    ? `calculated output ${name} did not match expected: calculated=${size}, expected=${found}`
    : undefined;
}

type Padded = Convolution & WithAttributes<{ readonly pad: readonly number[]; readonly dilation: readonly number[] }>;

/** Sizes of a convolution whose kernel has its sizes from `kernelStart` on. */
export const convolutionSizes =
  (axes: readonly Axis[], kernelStart: number): Check<Padded> =>
  (view) => {
    const { pad, stride, dilation } = view.attributes;
    const wrong = atLeast(0, pad, "padding") ?? atLeast(1, stride, "stride") ?? atLeast(1, dilation, "dilation");
    if (wrong !== undefined) return wrong;
    const [output, input, weight] = [resultType(view), view.types.input, view.types.weight].map(shapeOf);
    if (output === undefined) return undefined;
    for (const [index, axis] of axes.entries()) {
      const [size, kernel] = [input?.[axis.position] ?? "?", weight?.[kernelStart + index] ?? "?"];
      if (!isStatic(size) || !isStatic(kernel)) continue;
      const [before, after, step] = [pad[2 * index]!, pad[2 * index + 1]!, dilation[index]!];
      const found = checkOutputSize(
        axis,
        size - 1 + before + after - (kernel - 1) * step,
        stride[index]!,
        output[axis.position]!,
        {
          symbols: `input_${axis.name} - 1 + pad_${axis.before} + pad_${axis.after} - (kernel_${axis.name} - 1) * dilation_${axis.letter}`,
          numbers: `${size} - 1 + ${before} + ${after} - (${kernel} - 1) * ${step}`,
        },
      );
      if (found !== undefined) return found;
    }
    return checkBias(view.types.bias, output);
  };

function checkBias(type: Type, output: Shape): string | undefined {
  const channels = shapeOf(type)?.[0] ?? "?";
  const wanted = output.at(-1)!;
  return isStatic(channels) && isStatic(wanted) && channels !== wanted && channels !== 1
    ? `bias channels expected to be equal to output channels (${wanted}) or 1, got ${channels}`
    : undefined;
}

const transposedAxes = [
  { size: "H", letter: "y", pads: ["top", "bottom"] },
  { size: "W", letter: "x", pads: ["left", "right"] },
] as const;

export const transposeConvolutionSizes: Check<Convolution & WithAttributes<{ readonly out_pad: readonly number[] }>> = (
  view,
) => {
  const { out_pad: pad, stride } = view.attributes;
  if (stride.some((value) => value < 1)) return `expect all stride values to be >= 1, got [${stride.join(", ")}]`;
  const [output, input, weight] = [resultType(view), view.types.input, view.types.weight].map(shapeOf);
  for (const [index, { size, pads }] of transposedAxes.entries())
    for (const [side, name] of pads.entries()) {
      const kernel = weight?.[index + 1] ?? "?";
      const value = pad[2 * index + side]!;
      if (isStatic(kernel) && value <= -kernel)
        return `expected out_pad_${name} > -K${size}, but got: out_pad_${name}=${value} and K${size}=${kernel}`;
    }
  if (output === undefined) return undefined;
  for (const [index, { size, letter, pads }] of transposedAxes.entries()) {
    const [kernel, from, found] = [weight?.[index + 1] ?? "?", input?.[index + 1] ?? "?", output[index + 1]!];
    const [before, after, step] = [pad[2 * index]!, pad[2 * index + 1]!, stride[index]!];
    if (!isStatic(from) || !isStatic(found) || !isStatic(kernel)) continue;
    if (found !== (from - 1) * step + before + after + kernel)
      return `dimension mismatch: expected O${size} == (I${size} - 1) * stride_${letter} + out_pad_${pads[0]} + out_pad_${pads[1]} + K${size}, but got ${found} != (${from} - 1) * ${step} + ${before} + ${after} + ${kernel}`;
  }
  return checkBias(view.types.bias, output);
};
