import type { IrReader, Operation } from "../../module.ts";
import type { Dimension, Type } from "../../types.ts";
import { shapeOf, type StructuredView } from "./structured-view.ts";
import type { Finding } from "./verify-structured.ts";
import { scalarOf } from "./scalar-body.ts";

/** Sizes as upstream writes them; unknown ones are its least number. */
const sizesText = (shape: readonly Dimension[]): string =>
  shape.map((size) => (size === "?" ? "-9223372036854775808" : size)).join(", ");
const sizeText = (size: Dimension | undefined): string => sizesText(size === undefined ? [] : [size]);
const sameShape = (left: readonly Dimension[], right: readonly Dimension[]): boolean =>
  left.length === right.length && left.every((size, index) => size === right[index]);

const integers = (op: Operation, name: string): readonly number[] => {
  const attribute = op.properties[name] ?? op.attributes[name];
  return attribute?.kind === "dense-array" ? attribute.values.map(Number) : [];
};
const argumentTypes = (reader: IrReader, { body }: StructuredView): readonly Type[] =>
  body === undefined ? [] : reader.block(body).arguments.map((value) => reader.typeOf(value));

/** `linalg.map`: everything has the output's shape. */
export function mapProblem(reader: IrReader, view: StructuredView): Finding {
  const { op, inputs, outputs } = view;
  const found = argumentTypes(reader, view);
  if (view.body === undefined) return "region #0 ('mapper') failed to verify constraint: region with 1 blocks";
  if (inputs.length + 1 !== found.length)
    return `expects number of operands to match the arity of mapper, but got: ${inputs.length + 1} and ${found.length}`;
  for (const [index, value] of inputs.entries()) {
    const expected = scalarOf(reader.typeOf(value));
    if (found[index] !== expected)
      return `expected element type of input '${expected.text}' to match bbArg type '${found[index]!.text}'`;
  }
  const shape = shapeOf(reader.typeOf(outputs[0] ?? op.operands.at(-1)!));
  for (const value of inputs) {
    const other = shapeOf(reader.typeOf(value));
    if (!sameShape(other, shape))
      return `expected shape of input (${sizesText(other)}) to match shape of output (${sizesText(shape)})`;
  }
  return undefined;
}

/** `linalg.reduce`: the outputs lack the dimensions that are reduced. */
export function reduceProblem(reader: IrReader, view: StructuredView): Finding {
  const { op, inputs, outputs } = view;
  const [inputShapes, outputShapes] = [inputs, outputs].map((values) =>
    values.map((value) => shapeOf(reader.typeOf(value))),
  );
  const [input, output] = [inputShapes![0], outputShapes![0]];
  if (input === undefined || output === undefined) return "expected at least one input";
  for (const [what, shapes] of [
    ["input", inputShapes!],
    ["output", outputShapes!],
  ] as const) {
    const odd = shapes.findIndex((shape) => !sameShape(shape, shapes[0]!));
    if (odd >= 0)
      return `expects all ${what}s to have the same shapes. Shape at ${what}-index ${odd} is not equal to the shape at ${what}-index 0.`;
  }
  const dimensions = integers(op, "dimensions");
  if (dimensions.some((dimension) => dimension < 0 || dimension >= input.length))
    return `dimensions for reduction should be in the range [0, ${input.length - 1}].`;
  const left = input.filter((_, dimension) => !dimensions.includes(dimension));
  if (left.length !== output.length)
    return `number of dimensions after reduction ${left.length} doesn't match the init rank ${output.length}`;
  if (!sameShape(left, output))
    return `init dimensions [${sizesText(output)}] doesn't match input dimensions after reduction [${sizesText(left)}]`;
  return combinerProblem(reader, view);
}
function combinerProblem(reader: IrReader, view: StructuredView): Finding {
  const { op, inputs } = view;
  const found = argumentTypes(reader, view);
  if (found.length !== op.operands.length) return "mismatching number of operands and block arguments";
  for (const [index, value] of op.operands.entries()) {
    const expected = scalarOf(reader.typeOf(value));
    const what = index < inputs.length ? "input" : "output";
    if (found[index] !== expected)
      return `${what} element type '${expected.text}' does not match corresponding block argument type '${found[index]!.text}'`;
  }
  return undefined;
}

/** `linalg.transpose`: dimension i of the output is dimension `permutation[i]` of the input. */
export function transposeProblem(reader: IrReader, op: Operation): Finding {
  const permutation = integers(op, "permutation");
  const isPermutation =
    new Set(permutation).size === permutation.length &&
    permutation.every((position) => position >= 0 && position < permutation.length);
  if (!isPermutation) return "permutation is not valid";
  const [input, output] = op.operands.map((operand) => shapeOf(reader.typeOf(operand)));
  if (input!.length !== output!.length) return `input rank ${input!.length} does not match init rank ${output!.length}`;
  if (input!.length !== permutation.length)
    return `size of permutation ${permutation.length} does not match the argument rank ${input!.length}`;
  for (const [index, position] of permutation.entries())
    if (input![position] !== output![index])
      return `dim(result, ${index}) = ${sizeText(output![index])} doesn't match dim(input, permutation[${index}]) = ${sizeText(input![position])}`;
  return undefined;
}

/** `linalg.broadcast`: the output has the input's dimensions, and those that are added. */
export function broadcastProblem(reader: IrReader, op: Operation): Finding {
  const added = integers(op, "dimensions");
  const [input, output] = op.operands.map((operand) => shapeOf(reader.typeOf(operand)));
  if (input!.length + added.length !== output!.length)
    return `input rank plus added dimensions does not match init rank. input rank: ${input!.length}, dimensions size: ${added.length}, init rank: ${output!.length}`;
  const odd = added.findIndex((dimension) => dimension < 0 || dimension >= output!.length);
  if (odd >= 0)
    return `dimension ${odd} is out of range. expected range: [0, ${output!.length - 1}], got: ${added[odd]}`;
  const kept = output!.flatMap((_, dimension) => (added.includes(dimension) ? [] : [dimension]));
  for (const [index, dimension] of kept.entries())
    if (input![index] !== output![dimension])
      return `input dim ${index} should match init dim ${dimension}. input: ${sizeText(input![index])}, init: ${sizeText(output![dimension])}`;
  return undefined;
}
