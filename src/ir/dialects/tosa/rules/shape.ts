import type { DenseAttribute } from "../../../attributes.ts";
import type { Type } from "../../../types.ts";
import { type OperationView, resultType } from "../../rules/operation-view.ts";
import { quote, shapeRank } from "../types.ts";
import {
  type Check,
  operandTypes,
  resultTypes,
  shapeOf,
  type WithAttributes,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { firstElement } from "./constants.ts";

/** Operations that make shapes: only their results may be operands, so that shapes are known at compile time. */
const shapeOperations = /^tosa\.(?:const_shape|dim|\w+_shape)$/;

export const resolvableShapes: Check<OperationView> = ({ op, reader }) => {
  const isUnresolved = op.operands.some(
    (operand) =>
      shapeRank(reader.typeOf(operand)) !== undefined && !shapeOperations.test(reader.definition(operand)?.name ?? ""),
  );
  return isUnresolved ? "shape operand is not compile time resolvable" : undefined;
};

export const sameShapeRanks: Check<OperationView> = (view) => {
  const [first, ...others] = operandTypes(view).map(shapeRank);
  if (others.some((rank) => rank !== first)) return "operands don't have matching ranks";
  return resultTypes(view).some((type) => shapeRank(type) !== first)
    ? "result shape has different rank than operands"
    : undefined;
};

export const constantShapeValues: Check<WithAttributes<{ readonly values: DenseAttribute }>> = (view) => {
  const { shape } = view.attributes.values.type;
  if (shape.length !== 1) return "expect elements in attribute values with rank 1";
  const [count, rank] = [shape[0]!, shapeRank(resultType(view))];
  return count === rank || (count === 1 && rank === 0)
    ? undefined
    : `expect number of elements in attribute values (${count}) to be equal to the rank (${rank}) for the result shape type`;
};

export const dimAxis: Check<WithTypes<"input1"> & WithAttributes<{ readonly axis: number }>> = (view) => {
  const output = resultType(view);
  if (shapeRank(output) !== 1) return `expect output shape type to contain one element, got ${quote(output)}`;
  const rank = shapeOf(view.types.input1)?.length;
  const { axis } = view.attributes;
  return rank !== undefined && (axis < 0 || axis >= rank)
    ? `expect axis to be in the range [0, ${rank}), got ${axis}`
    : undefined;
};

interface ConcatShape extends OperationView {
  readonly types: { readonly input: readonly Type[] };
}
export const concatShapeRank: Check<ConcatShape> = (view) => {
  const sum = view.types.input.reduce((total, type) => total + shapeRank(type)!, 0);
  const rank = shapeRank(resultType(view));
  return rank === sum
    ? undefined
    : `requires output shape rank to be equal to the sum of the input shape ranks (${sum}), got ${rank}`;
};

type SliceShape = WithTypes<"input"> & WithOperands<"start" | "size">;
export const sliceShapeRange: Check<SliceShape> = (view) => {
  const [start, size] = [view.operands.start, view.operands.size].map((value) => firstElement(view.reader, value));
  if (start !== undefined && start < 0) return `expected non-negative start index, got ${start}`;
  if (size === undefined) return undefined;
  if (size <= 0) return `expected positive size, got ${size}`;
  const found = shapeRank(resultType(view));
  if (found !== size) return `expected output type size to be equal to size attribute, got ${found} vs ${size}`;
  const rank = shapeRank(view.types.input)!;
  return start !== undefined && start + size > rank
    ? `expected start + size to be less than or equal to input shape rank (${rank}), got ${start + size}`
    : undefined;
};
