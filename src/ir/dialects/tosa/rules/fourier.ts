import type { OperationView } from "../../rules/operation-view.ts";
import { shapesFit } from "../../rules/shapes.ts";
import { type Check, haveFittingShapes, isStatic, resultTypes, shapeOf, type WithTypes } from "./check.ts";
import { quote } from "../types.ts";

const isPowerOfTwo = (size: number): boolean => size > 0 && (BigInt(size) & (BigInt(size) - 1n)) === 0n;

/** Sizes that a transform is made over are powers of two. */
const powersOfTwo =
  <N extends string>(...names: readonly N[]): Check<WithTypes<N>> =>
  ({ types }) => {
    const shapes = names.map((name) => shapeOf(types[name]));
    if (shapes.some((shape) => shape === undefined)) return undefined;
    for (const [index, name] of ["height", "width"].entries()) {
      const sizes = shapes.map((shape) => shape![index + 1]!);
      const size = sizes.at(-1)!;
      if (sizes.every(isStatic) && isStatic(size) && !isPowerOfTwo(size))
        return `expected ${name} to be a power of two, got ${size}`;
    }
    return undefined;
  };
export const complexPowersOfTwo = powersOfTwo("input_real", "input_imag");

export const sameResultShapes: Check<OperationView> = (view) => {
  const types = resultTypes(view);
  return haveFittingShapes(types) ? undefined : `expected output shapes to match, got ${types.map(quote).join(", ")}`;
};
export const realPowersOfTwo = powersOfTwo("input_real");

/** The transform of real values has half of the frequencies, and one. */
export const halfOfFrequencies: Check<WithTypes<"input_real">> = (view) => {
  const [output] = resultTypes(view);
  const [from, to] = [shapeOf(view.types.input_real), shapeOf(output!)];
  if (from === undefined || to === undefined) return undefined;
  if (!shapesFit(from.slice(0, -1), to.slice(0, -1)))
    return `expected batch and height dimensions of input/output to match, got input=${quote(view.types.input_real)} output=${quote(output!)}`;
  const [width, found] = [from[2]!, to[2]!];
  return isStatic(width) && isStatic(found) && found !== Math.floor(width / 2) + 1
    ? `expected output width to be equal to input_width / 2 + 1, got ${found}`
    : undefined;
};
