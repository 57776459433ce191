import { resultType } from "../../rules/operation-view.ts";
import {
  type Check,
  haveFittingShapes,
  isStatic,
  sameElementTypes,
  shapeOf,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { andItsZeroPoint, zeroPointType, zeroPointValue } from "./zero-point.ts";

type Negate = WithTypes<"input1" | "input1_zp" | "output_zp"> & WithOperands<"input1_zp" | "output_zp">;
export const negateTypes: Check<Negate> = (view) => {
  const output = resultType(view);
  const { input1 } = view.types;
  return (
    sameElementTypes(input1, output) ??
    (haveFittingShapes([input1, output]) ? undefined : "requires the same shape for input1 and output")
  );
};
export const negateZeroPoints: Check<Negate> = (view) =>
  zeroPointType(view.types.input1, view.types.input1_zp, andItsZeroPoint("input1")) ??
  zeroPointType(resultType(view), view.types.output_zp, andItsZeroPoint("output")) ??
  zeroPointValue(view.reader, view.operands.input1_zp, "input1") ??
  zeroPointValue(view.reader, view.operands.output_zp, "output");

/** The result has the shape of what is looked up. */
export const tableSizes: Check<WithTypes<"input1">> = (view) => {
  const [input, output] = [shapeOf(view.types.input1), shapeOf(resultType(view))];
  if (input === undefined || output === undefined) return undefined;
  if (input.length !== output.length) return "expected input tensor rank to equal result tensor rank";
  const index = output.findIndex((size, position) => isStatic(size) && size !== input[position]);
  return index < 0
    ? undefined
    : `dim(result, ${index}) = ${output[index]} doesn't match dim(input, ${index}) = ${input[index]}`;
};
