import type { Dimension, Type } from "../../../types.ts";
import { elementOf } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { shapeRank } from "../types.ts";
import {
  type Check,
  elementCount,
  isStatic,
  isStaticShape,
  sameElementTypes,
  type Shape,
  shapeOf,
  type WithAttributes,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { constantShape } from "./constants.ts";

/** The operand of this name has the elements of the result. */
export const sameElementsAs =
  <N extends string>(name: N): Check<WithTypes<N>> =>
  (view) =>
    sameElementTypes(view.types[name], resultType(view));

// --- concat ------------------------------------------------------------------------------------------------------------------------

interface Concat extends WithAttributes<{ readonly axis: number }> {
  readonly types: { readonly input1: readonly Type[] };
}

export const concatInputs: Check<Concat> = (view) => {
  const { types, attributes } = view;
  const [output, inputs, { axis }] = [resultType(view), types.input1, attributes];
  if (inputs.length === 0) return "expect at least one input";
  const different = inputs.map((type) => sameElementTypes(type, output)).find((found) => found !== undefined);
  if (different !== undefined) return different;
  const shapes = inputs.map(shapeOf);
  const first = shapes.find((shape) => shape !== undefined);
  if (first === undefined) return undefined;
  if (axis < 0 || axis >= first.length)
    return `expect axis to be within range 0 < axis < rank(input1[firstRankedTensorIdx]), got ${axis}`;
  return shapes.every((shape) => shape !== undefined) ? concatSizes(shapes, shapeOf(output), axis) : undefined;
};

function concatSizes(shapes: readonly Shape[], output: Shape | undefined, axis: number): string | undefined {
  const first = shapes[0]!;
  for (const [number, shape] of shapes.entries()) {
    if (shape.length !== first.length)
      return `expect all operands to have the same rank, but got ${first.length} vs ${shape.length} on operands 0 and ${number}`;
    for (const [index, size] of shape.entries()) {
      const wanted = first[index]!;
      if (index !== axis && isStatic(size) && isStatic(wanted) && size !== wanted)
        return `expect all operand shapes to have the same sizes on non-axis dimensions, but got ${size} vs ${wanted} at index ${index} on operands 0 and ${number}`;
    }
  }
  if (output === undefined) return undefined;
  if (output.length !== first.length)
    return `expect output rank to match inputs rank, got ${output.length} vs ${first.length}`;
  const sizes: Shape = shapes.map((shape) => shape[axis]!);
  const found = output[axis]!;
  if (!isStaticShape(sizes) || !isStatic(found)) return undefined;
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sum === found
    ? undefined
    : `requires sum of axis dimensions of input1 equal to output axis dimension, got ${sum} and ${found}`;
}

/** The shape that the inputs have together. */
export const concatInferred: Check<Concat> = (view) => {
  const shapes = view.types.input1.map(shapeOf).filter((shape) => shape !== undefined);
  const found = shapeOf(resultType(view));
  if (shapes.length === 0 || found === undefined) return undefined;
  const inferred = shapes[0]!.map((_, index) =>
    index === view.attributes.axis ? "?" : (shapes.map((shape) => shape[index]!).find(isStatic) ?? "?"),
  );
  return compatible(inferred, view.types.input1[0]!, resultType(view));
};

function compatible(inferred: Shape, input: Type, found: Type): string | undefined {
  const shape = shapeOf(found);
  const element = elementOf(input);
  const fits =
    element === elementOf(found) &&
    (shape === undefined ||
      (shape.length === inferred.length &&
        shape.every((size, index) => !isStatic(size) || !isStatic(inferred[index]!) || size === inferred[index])));
  const text = `tensor<${inferred.map((size) => `${size}x`).join("")}${element.text}>`;
  return fits
    ? undefined
    : `inferred type(s) '${text}' are incompatible with return type(s) of operation '${found.text}'`;
}

// --- pad, slice, tile --------------------------------------------------------------------------------------------------------------

type Pad = WithTypes<"input1" | "pad_const"> & WithOperands<"padding">;
export const padSizes: Check<Pad> = (view) => {
  const [input, output] = [shapeOf(view.types.input1), shapeOf(resultType(view))];
  if (input === undefined || output === undefined) return undefined;
  const rank = input.length;
  if (rank !== output.length)
    return `expect same input and output tensor rank, but got inputRank: ${rank}, outputRank: ${output.length}`;
  const padding = constantShape(view.reader, view.operands.padding);
  if (padding === undefined) return undefined;
  if (padding.length !== rank * 2)
    return `padding tensor must have ${rank} * 2 = ${rank * 2} elements, but got ${padding.length}`;
  for (const [index, size] of input.entries()) {
    const [start, end, found] = [padding[2 * index]!, padding[2 * index + 1]!, output[index]!];
    if (start < -1 || end < -1)
      return `invalid padding values at dimension ${index}: values must be non-negative or -1 for dynamic padding, got [${start}, ${end}]`;
    if (isStatic(size) && isStatic(found) && found !== size + start + end)
      return `mismatch in output shape at dimension ${index}: expected ${size} + ${start} + ${end} = ${size + start + end}, but got ${found}`;
  }
  return undefined;
};

export const sliceRanks: Check<WithTypes<"input1" | "start" | "size">> = (view) => {
  const [input, output] = [shapeOf(view.types.input1), shapeOf(resultType(view))];
  if (input === undefined) return undefined;
  if (output !== undefined && input.length !== output.length)
    return `expect input1 and output to have the same ranks, got ${input.length} and ${output.length}`;
  for (const name of ["start", "size"] as const)
    if (shapeRank(view.types[name]) !== input.length) return `length of ${name} is not equal to rank of input shape`;
  return undefined;
};

export const tileMultiples: Check<WithTypes<"input1" | "multiples"> & WithOperands<"multiples">> = (view) => {
  const [input, output] = [shapeOf(view.types.input1)?.length, shapeOf(resultType(view))?.length];
  const rank = shapeRank(view.types.multiples);
  if (input !== undefined) {
    if (input !== rank) return `expect 'multiples' to have rank ${input} but got ${rank}.`;
    if (output !== undefined && input !== output) return "expect same input and output tensor rank.";
  } else if (output !== undefined && output !== rank)
    return `expect 'multiples' array to have length ${output} but got ${rank}.`;
  const multiples = constantShape(view.reader, view.operands.multiples) ?? [];
  return multiples.some((value) => value <= 0 && value !== -1)
    ? "expect element of 'multiples' to be positive integer or -1."
    : undefined;
};

// --- reshape, transpose, reverse ---------------------------------------------------------------------------------------------------

export const reshapeSizes: Check<WithTypes<"input1"> & WithOperands<"shape">> = (view) => {
  const wanted = constantShape(view.reader, view.operands.shape);
  if (wanted === undefined) return undefined;
  if (wanted.filter((size) => size === -1).length > 1) return "expected at most one target dimension to be -1";
  const [input, output] = [shapeOf(view.types.input1), shapeOf(resultType(view))];
  if (output === undefined) return undefined;
  if (wanted.length !== output.length) return "new shape does not match result rank";
  for (const [index, size] of wanted.entries()) {
    const found = output[index]!;
    if (size !== -1 && isStatic(found) && size !== found) return "new shape is inconsistent with result shape";
    if (size < -1) return `new shape has invalid tensor dimension size ${size}`;
  }
  if (input === undefined || !isStaticShape(input)) return undefined;
  const count = elementCount(input);
  if (isStaticShape(output) && elementCount(output) !== count)
    return `cannot reshape ${count} elements into ${elementCount(output)}`;
  const known = elementCount(wanted.filter((size) => size > 0));
  const isWhole = wanted.every((size) => size > 0);
  return (isWhole && known !== count) || (!isWhole && known > count)
    ? `cannot reshape ${count} elements into ${known}`
    : undefined;
};

type Transpose = WithTypes<"input1"> & WithAttributes<{ readonly perms: readonly number[] }>;
export const transposeElements: Check<Transpose> = (view) =>
  elementOf(view.types.input1) === elementOf(resultType(view))
    ? undefined
    : "failed to verify that all of {input1, output} have same element type";
export const transposePermutation: Check<Transpose> = (view) => {
  const { perms } = view.attributes;
  const [input, output] = [shapeOf(view.types.input1), shapeOf(resultType(view))];
  const wrongSize = (rank: number, of: string): string =>
    `expected perms attribute to have size ${rank} (${of} rank) but got size ${perms.length}`;
  if (input !== undefined && perms.length !== input.length) return wrongSize(input.length, "input");
  if (input !== undefined && output !== undefined && input.length !== output.length)
    return "expected input tensor rank to equal result tensor rank";
  if (output !== undefined && perms.length !== output.length) return wrongSize(output.length, "output");
  const isPermutation =
    new Set(perms).size === perms.length && perms.every((value) => value >= 0 && value < perms.length);
  if (!isPermutation) return "expected valid permutation indices";
  if (input === undefined || output === undefined) return undefined;
  if (isStaticShape(input) && isStaticShape(output) && elementCount(input) !== elementCount(output))
    return `expected input1 and output to have same numbers of elements, got ${elementCount(input)} and ${elementCount(output)}`;
  for (const [index, from] of perms.entries()) {
    const [size, found]: readonly [Dimension, Dimension] = [input[from]!, output[index]!];
    if (isStatic(size) && isStatic(found) && size !== found)
      return `expected output tensor dim ${index} to match input dim ${from} with value of ${size}`;
  }
  return undefined;
};
