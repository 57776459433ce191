import { type AffineExpression, affine, affineMap, projectionMap } from "../../ir/affine.ts";
import type { Type } from "../../ir/types.ts";
import type { LoweringView } from "./lowering.ts";
import type { Scalar } from "./scalar-builder.ts";
import { broadcastMap } from "./broadcast.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { isZero } from "./quantize.ts";

/** One factor of a sum of products: a tensor and the name of each of its dimensions, as in Einstein's notation. */
export interface Factor {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
  /** Subtracted before the multiplication; of the tensor's shape, or broadcast to it. */
  readonly zeroPoint?: Tensor | undefined;
}

/** The size of each label: all dimensions that bear it agree, but for those of size 1, which are repeated. */
export function labelSizes(
  view: Pick<LoweringView, "invalid">,
  factors: readonly Factor[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { tensor, labels } of factors)
    labels.forEach((label, axis) => {
      const size = tensor.shape[axis]!;
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && size !== 1 && known !== size)
        view.invalid(
          `[${factors.map((factor) => factor.tensor.shape.join(", ")).join("] and [")}] do not fit: ${known} meets ${size}`,
        );
      sizes.set(label, known === 1 ? size : known);
    });
  return sizes;
}

/**
 * The sum of products of factors over all labels that are not in `output`, as one structured operation whose loops are the
 * output's dimensions and then those that are summed, in order of appearance. The result has the accumulator's type.
 */
export function contract(
  view: Pick<LoweringView, "t" | "invalid">,
  factors: readonly Factor[],
  output: readonly string[],
  accumulator: Type,
): Tensor {
  const { t } = view;
  const sizes = labelSizes(view, factors);
  const loops = [...output, ...[...sizes.keys()].filter((label) => !output.includes(label))];
  const shape = output.map((label) => sizes.get(label) ?? view.invalid(`no operand has the dimension ${label}`));
  const summed = loops.length > output.length;
  const operands = factors.map((factor): readonly IndexedTensor[] => {
    const { tensor, labels, zeroPoint } = factor;
    const indices = labels.map((label, axis): AffineExpression => {
      const repeated = tensor.shape[axis] === 1 && sizes.get(label) !== 1;
      return repeated ? affine.constant(0) : affine.dimension(loops.indexOf(label));
    });
    const own = { tensor, map: affineMap(loops.length, indices) };
    return zeroPoint && !isZero(zeroPoint)
      ? [own, broadcastOperand(t, zeroPoint, tensor, indices, loops.length)]
      : [own];
  });
  const [result] = t.generic({
    inputs: operands.flat(),
    outputs: [
      {
        tensor: summed ? t.filled(0, accumulator, shape) : t.emptyOutput(shape, accumulator),
        map: projectionMap(
          loops.length,
          output.map((_, position) => position),
        ),
      },
    ],
    iterators: loops.map((_, position) => (position < output.length ? "parallel" : "reduction")),
    body: (s, inputs, [total]) => {
      let next = 0;
      const product = operands
        .map((group): Scalar => {
          const value = s.cast(inputs[next++]!, accumulator);
          return group.length > 1 ? s.sub(value, s.cast(inputs[next++]!, accumulator)) : value;
        })
        .reduce((left, right) => s.mul(left, right));
      return [summed ? s.add(total!, product) : product];
    },
  });
  return result!;
}

/** A tensor that is broadcast to another one, read at that one's indices. */
function broadcastOperand(
  t: TensorBuilder,
  x: Tensor,
  to: Tensor,
  indices: readonly AffineExpression[],
  loops: number,
): IndexedTensor {
  if (x.size === 1) return { tensor: t.reshape(x, []), map: affineMap(loops, []) };
  const results = broadcastMap(x.shape, to.shape).results.map((result) =>
    result.kind === "dimension" ? indices[result.position]! : result,
  );
  return { tensor: x, map: affineMap(loops, results) };
}
