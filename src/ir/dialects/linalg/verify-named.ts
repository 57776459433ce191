import { type AffineMap, dimensionsOf } from "../../affine.ts";
import type { IrReader } from "../../module.ts";
import type { OperationKind } from "./named-operations.ts";
import { scalarOf } from "./scalar-body.ts";
import { shapeOf, type StructuredView } from "./structured-view.ts";
import { batchMatmulProblem, contractionProblem, isProjectedPermutation, matmulProblem } from "./verify-contraction.ts";
import { type Finding, verifyStructured } from "./verify-structured.ts";

type Rule = (reader: IrReader, view: StructuredView) => Finding;

/** `linalg.fill`: a scalar of the output's element type. */
function fillProblem(reader: IrReader, { op, inputs, outputs }: StructuredView): Finding {
  if (inputs.length !== 1 || outputs.length !== 1) return "expected op with 1 input and 1 output";
  const [value, output] = op.operands.map((operand) => reader.typeOf(operand));
  if (shapeOf(value!).length > 0 || scalarOf(value!) !== value) return "expected op with scalar input";
  const element = scalarOf(output!);
  return value === element
    ? undefined
    : `expected fill value type ('${value!.text}') to match output element type ('${element.text}')`;
}

/** Whether the filter and the output are indexed by a loop that the image is not: a channel of the output. */
const isChannel = (maps: readonly AffineMap[], loop: number): boolean =>
  [maps[1]!, maps.at(-1)!].every((map) => map.results.some((result) => dimensionsOf(result).has(loop)));

/** Upstream's ConvolutionOpInterface, as far as operands of a given name can break it. */
const convolutionProblem: Rule = (_, { inputs, outputs, maps, iterators }) => {
  if (inputs.length < 2 || outputs.length !== 1) return "expected op with 2 inputs and 1 output";
  if (!isProjectedPermutation(maps[1]!) || !isProjectedPermutation(maps.at(-1)!))
    return "expected output/filter indexing maps to be projected permutations";
  // A stride or dilation of zero leaves its loop without a place in the image.
  const inImage = maps[0]!.results.reduce((seen, result) => dimensionsOf(result, seen), new Set<number>());
  const isPlaced = iterators.every((_, loop) => inImage.has(loop) || isChannel(maps, loop));
  return isPlaced ? undefined : "unexpected loop dimension for convolution op";
};

const before: Readonly<Record<string, Rule>> = {
  matmul: matmulProblem,
  batch_matmul: batchMatmulProblem,
  batch_reduce_matmul: batchMatmulProblem,
};
const after: { readonly [K in OperationKind]?: Rule } = {
  contraction: contractionProblem,
  convolution: convolutionProblem,
};

/** The verifier of an operation of the table. */
export const verifyNamed = (name: string, kind: OperationKind): ReturnType<typeof verifyStructured> =>
  verifyStructured(before[name] ?? (kind === "fill" ? fillProblem : undefined), after[kind]);
