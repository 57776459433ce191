import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { isShaped, staticShape, type TensorType } from "../../ir/types.ts";
import { reshapeOf } from "./reassociation.ts";

/** A new tensor of unspecified contents. */
export const buildEmpty = (rewriter: Rewriter, type: TensorType): ValueId =>
  tensor.empty.build(rewriter, {}, {}, { resultTypes: [type] }).result;

/** A new tensor filled with a scalar. */
export function buildFill(rewriter: Rewriter, value: ValueId, type: TensorType): ValueId {
  const body = {
    arguments: [type.element, type.element],
    body: (_: unknown, [first]: readonly ValueId[]) => void linalg.yield.build(rewriter, { values: [first!] }, {}),
  };
  const outputs = [buildEmpty(rewriter, type)];
  return linalg.fill.build(rewriter, { inputs: [value], outputs }, {}, { regions: { region: [body] } }).results[0]!;
}

/** The value in the shape of a type, where that takes one operation or none; undefined where it takes more. */
export function buildReshape(rewriter: Rewriter, source: ValueId, type: TensorType): ValueId | undefined {
  const present = rewriter.typeOf(source);
  const from = isShaped(present) ? staticShape(present) : undefined;
  const to = staticShape(type);
  const reshape = from && to && reshapeOf(from, to);
  if (!reshape) return undefined;
  if (reshape.kind === "same") return source;
  const resultTypes = [type];
  if (reshape.kind === "collapse")
    return tensor.collapse_shape.build(rewriter, { src: source }, { reassociation: reshape.groups }, { resultTypes })
      .result;
  const attributes = { reassociation: reshape.groups, static_output_shape: to };
  return tensor.expand_shape.build(rewriter, { src: source }, attributes, { resultTypes }).result;
}
