import { elementOf } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { shapesFit } from "../../rules/shapes.ts";
import { type Check, type Shape, shapeOf, type WithAttributes, type WithTypes } from "./check.ts";

type Reduction = WithTypes<"input"> & WithAttributes<{ readonly axis: number }>;

/** A tensor of rank 0 may be reduced along axis 0. */
const isOutside = (axis: number, rank: number): boolean => axis >= rank && !(axis === 0 && rank === 0);

/** The axis lies within both tensors, which have the same rank. */
function axisInRange(
  axis: number,
  input: Shape | undefined,
  output: Shape | undefined,
  name: string,
): string | undefined {
  if (input !== undefined && isOutside(axis, input.length))
    return `expect input tensor rank (${input.length}) to be larger than ${name} axis (${axis})`;
  if (output === undefined) return undefined;
  if (input !== undefined && output.length !== input.length)
    return "expect output tensor rank to be equal to input tensor rank";
  return isOutside(axis, output.length)
    ? `expect output tensor rank (${output.length}) to be larger than ${name} axis (${axis})`
    : undefined;
}

export const reductionAxis: Check<Reduction> = (view) => {
  const { axis } = view.attributes;
  if (axis < 0) return "reduce axis must not be negative";
  const output = shapeOf(resultType(view));
  const wrong = axisInRange(axis, shapeOf(view.types.input), output, "reduce");
  if (wrong !== undefined || output === undefined || output.length === 0) return wrong;
  const size = output[axis]!;
  return size === "?" || size === 1 ? undefined : `expect reduced dimension size to be 1, got ${size}`;
};

/** The result has the input's type, with a size of 1 along the axis. */
export const reductionType: Check<Reduction> = (view) => {
  const [input, output] = [view.types.input, resultType(view)];
  const [from, found] = [shapeOf(input), shapeOf(output)];
  const element = elementOf(input);
  const inferred = from?.map((size, index) => (index === view.attributes.axis ? 1 : size));
  const fits =
    element === elementOf(output) && (inferred === undefined || found === undefined || shapesFit(inferred, found));
  const sizes = inferred === undefined ? "*x" : inferred.map((size) => `${size}x`).join("");
  return fits
    ? undefined
    : `inferred type(s) 'tensor<${sizes}${element.text}>' are incompatible with return type(s) of operation '${output.text}'`;
};

export const argmaxResult: Check<Reduction> = (view) => {
  const output = resultType(view);
  const { kind } = elementOf(output);
  if (kind !== "integer" && kind !== "index") return "result tensor is not of integer type";
  const [input, found] = [shapeOf(view.types.input), shapeOf(output)];
  if (input === undefined) return undefined;
  const { axis } = view.attributes;
  if (axis < 0 || axis >= input.length) return "specified axis is outside the rank of the tensor";
  const expected = input.filter((_, index) => index !== axis);
  return found === undefined || shapesFit(expected, found)
    ? undefined
    : `expected output shape '${expected.join(", ")}', got '${found.join(", ")}'`;
};

export const reverseAxis: Check<WithTypes<"input1"> & WithAttributes<{ readonly axis: number }>> = (view) => {
  const { axis } = view.attributes;
  if (axis < 0) return "expected non-negative reverse axis";
  return axisInRange(axis, shapeOf(view.types.input1), shapeOf(resultType(view)), "reverse");
};
