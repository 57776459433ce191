import { elementOf, type Dimension, type Type } from "../../../types.ts";
import { type OperationView, resultType } from "../../rules/operation-view.ts";
import { shapesFit } from "../../rules/shapes.ts";
import { quote } from "../types.ts";
import {
  type Check,
  haveFittingShapes,
  isStatic,
  operandTypes,
  resultTypes,
  sameElementTypes,
  type Shape,
  shapeOf,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { firstElement } from "./constants.ts";

const haveOneElementType = (types: readonly Type[]): boolean =>
  types.every((type) => elementOf(type) === elementOf(types[0]!));

export const sameShape: Check<OperationView> = (view) =>
  haveFittingShapes([...operandTypes(view), ...resultTypes(view)])
    ? undefined
    : "requires the same shape for all operands and results";
export const sameElementType: Check<OperationView> = (view) =>
  haveOneElementType([...operandTypes(view), ...resultTypes(view)])
    ? undefined
    : "requires the same element type for all operands and results";
export const sameOperandElementType: Check<OperationView> = (view) =>
  haveOneElementType(operandTypes(view)) ? undefined : "requires the same element type for all operands";
export const floatResults: Check<OperationView> = (view) =>
  resultTypes(view).every((type) => elementOf(type).kind === "float") ? undefined : "requires a floating point type";

const rank = (type: Type): number | undefined => shapeOf(type)?.length;
export const sameRank: Check<OperationView> = (view) => {
  const ranks = operandTypes(view)
    .map(rank)
    .filter((one) => one !== undefined);
  if (new Set(ranks).size > 1) return "operands don't have matching ranks";
  const [first] = ranks;
  const differs = resultTypes(view).some(
    (type) => rank(type) !== undefined && first !== undefined && rank(type) !== first,
  );
  return differs ? "result type has different rank than operands" : undefined;
};

// --- broadcasting: sizes are aligned at the last dimension; 1 is repeated ------------------------------------------------------------

/** One size that both are broadcast to, or undefined where there is none. An unknown size gives way to one greater than 1. */
function broadcastSize(left: Dimension, right: Dimension): Dimension | undefined {
  if (isStatic(left) && isStatic(right)) {
    if (left === right || right === 1) return left;
    return left === 1 ? right : undefined;
  }
  if (isStatic(left) && left > 1) return left;
  if (isStatic(right) && right > 1) return right;
  return left === 1 ? right : right === 1 ? left : "?";
}

/** The shape that both shapes are broadcast to, or undefined where there is none. */
function broadcastShape(left: Shape, right: Shape): Shape | undefined {
  const length = Math.max(left.length, right.length);
  const padded = (shape: Shape): Shape => [...Array.from({ length: length - shape.length }, () => 1), ...shape];
  const others = padded(right);
  const sizes = padded(left).map((size, index) => broadcastSize(size, others[index]!));
  return sizes.some((size) => size === undefined) ? undefined : (sizes as Shape);
}

export const broadcastable: Check<OperationView> = (view) => {
  const shapes = operandTypes(view)
    .map(shapeOf)
    .filter((shape) => shape !== undefined);
  let common = shapes[0];
  if (common === undefined) return undefined;
  for (const shape of shapes) {
    common = broadcastShape(common, shape);
    if (common === undefined) return "operands don't have broadcast-compatible shapes";
  }
  for (const type of resultTypes(view)) {
    const shape = shapeOf(type);
    if (shape === undefined) continue;
    const suffix = common.length === 0 ? [] : shape.slice(-common.length);
    if (!shapesFit(common, suffix))
      return `result type '${shape.join("x")}' not broadcast compatible with broadcasted operands's shapes '${common.join("x")}'`;
  }
  return undefined;
};

// --- scalars, vectors and tensors alike --------------------------------------------------------------------------------------------

const isScalar = (type: Type): boolean => elementOf(type) === type;
const sameBase = (left: Type, right: Type): boolean =>
  (left.kind === "vector") === (right.kind === "vector") &&
  (left.kind === "vector" && right.kind === "vector"
    ? left.shape.length === right.shape.length && left.shape.every((size, index) => size === right.shape[index])
    : haveFittingShapes([left, right]));

/** What is made of scalars only is a scalar; all else has one shape. */
export const elementwise: Check<OperationView> = (view) => {
  const shaped = (types: readonly Type[]): readonly Type[] => types.filter((type) => !isScalar(type));
  const [operands, results] = [shaped(operandTypes(view)), shaped(resultTypes(view))];
  const [first, ...others] = [...operands, ...results];
  if (first === undefined) return undefined;
  if (results.length === 0) return "if an operand is non-scalar, then there must be at least one non-scalar result";
  if (operands.length === 0) return "if a result is non-scalar, then at least one operand must be non-scalar";
  return others.some((type) => !sameBase(type, first))
    ? "all non-scalar operands/results must have the same shape and base type"
    : undefined;
};

// --- single operations -------------------------------------------------------------------------------------------------------------

type Mul = WithTypes<"input1" | "input2"> & WithOperands<"shift">;
export const mulElementTypes: Check<Mul> = (view) => {
  const result = elementOf(resultType(view));
  const [left, right] = [elementOf(view.types.input1), elementOf(view.types.input2)];
  if (result.kind === "integer") {
    if (left.kind !== "integer" || left !== right) return "requires the same element type for all operands";
    return left.width > result.width ? "invalid data type size for operands or result" : undefined;
  }
  if (left !== result || right !== result) return "requires the same element type for all operands and results";
  return (firstElement(view.reader, view.operands.shift) ?? 0) === 0
    ? undefined
    : "require shift to be 0 for float type";
};
export const mulShapes: Check<Mul> = (view) => {
  const { input1, input2 } = view.types;
  const [a, b, result] = [shapeOf(input1), shapeOf(input2), shapeOf(resultType(view))];
  if (a !== undefined && b !== undefined) {
    if (a.length !== b.length) return `a and b operands don't have matching ranks, got ${a.length} and ${b.length}`;
    if (broadcastShape(a, b) === undefined)
      return `a and b operands don't have broadcast-compatible shapes, got ${quote(input1)} and ${quote(input2)}`;
  }
  for (const [name, shape] of [
    ["a", a],
    ["b", b],
  ] as const)
    if (result !== undefined && shape !== undefined && result.length !== shape.length)
      return `result type has different rank than ${name}, got ${result.length} vs ${shape.length}`;
  return undefined;
};

export const selectElementTypes: Check<WithTypes<"input2" | "input3">> = (view) =>
  sameElementTypes(view.types.input2, resultType(view)) ?? sameElementTypes(view.types.input3, resultType(view));
