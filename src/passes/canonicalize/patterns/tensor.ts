import { resourceAttribute } from "../../../ir/attributes.ts";
import { arith, linalg, tensor } from "../../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { indexType, isShaped, staticShape, type TensorType, type Type } from "../../../ir/types.ts";
import { evaluateOperation, valueOfConstant } from "../../../interpreter/interpret.ts";
import { buildConstant, uniformValue } from "../../structured/constant-scalar.ts";
import { buildEmpty, buildFill, buildReshape } from "../../structured/build-tensor.ts";
import { buildUniform, indexConstant } from "./constants.ts";

const shapeOf = (reader: IrReader, id: ValueId): readonly number[] | undefined => {
  const type = reader.typeOf(id);
  return isShaped(type) ? staticShape(type) : undefined;
};
function replaceBy(rewriter: Rewriter, op: Operation, value: ValueId | undefined): boolean {
  if (value === undefined) return false;
  rewriter.replace(op, [value]);
  return true;
}
const constantIndices = (reader: IrReader, ids: readonly ValueId[]): readonly number[] | undefined => {
  const indices = ids.map((id) => indexConstant(reader, id));
  return indices.every((value) => value !== undefined) ? indices : undefined;
};

const elements: readonly Pattern[] = [
  pattern(tensor.extract)("extract-of-uniform", ({ op, operands }, rewriter) => {
    const uniform = uniformValue(rewriter, operands.tensor);
    if (!uniform) return false;
    const value = uniform.kind === "scalar" ? uniform.value : buildConstant(rewriter, uniform.value, uniform.type);
    return replaceBy(rewriter, op, value);
  }),
  pattern(tensor.extract)("extract-of-elements", ({ op, operands }, rewriter) => {
    const made = tensor.from_elements.match(rewriter, rewriter.definition(operands.tensor));
    const shape = made && shapeOf(rewriter, operands.tensor);
    const indices = constantIndices(rewriter, operands.indices);
    if (!shape || !indices || indices.some((position, axis) => position < 0 || position >= shape[axis]!)) return false;
    return replaceBy(
      rewriter,
      op,
      made.operands.elements[indices.reduce((at, position, axis) => at * shape[axis]! + position, 0)],
    );
  }),
  pattern(tensor.extract)("extract-of-constant", ({ op, operands, types }, rewriter) => {
    const attribute = arith.constant.match(rewriter, rewriter.definition(operands.tensor))?.attributes.value;
    const indices = constantIndices(rewriter, operands.indices);
    if (!attribute || !indices) return false;
    const whole = valueOfConstant(rewriter, attribute, types.tensor, op.location);
    const found = evaluateOperation(rewriter, op, [whole, ...indices]);
    return (
      found !== undefined &&
      replaceBy(rewriter, op, buildConstant(rewriter, found[0]!, rewriter.typeOf(op.results[0]!)))
    );
  }),
  pattern(tensor.extract)("extract-of-cast", ({ op, operands }, rewriter) => {
    const source = tensor.cast.match(rewriter, rewriter.definition(operands.tensor))?.operands.source;
    if (source === undefined || rewriter.typeOf(source).kind !== "tensor") return false;
    return replaceBy(
      rewriter,
      op,
      tensor.extract.build(rewriter, { tensor: source, indices: operands.indices }, {}).result,
    );
  }),
  pattern(tensor.dim)("dim-of-static", ({ op, operands, types }, rewriter) => {
    const position = indexConstant(rewriter, operands.index);
    const size = position !== undefined && types.source.kind === "tensor" ? types.source.shape[position] : undefined;
    return typeof size === "number" && replaceBy(rewriter, op, buildUniform(rewriter, size, indexType));
  }),
];

/** Whether a cast from one type to another only forgets sizes. */
const forgets = (from: Type, to: Type): boolean =>
  from.kind === "tensor" &&
  to.kind === "tensor" &&
  from.shape.length === to.shape.length &&
  to.shape.every((size, axis) => size === "?" || size === from.shape[axis]);

const casts: readonly Pattern[] = [
  pattern(tensor.cast)("cast-to-same", ({ op, operands, types }, rewriter) => {
    if (types.source !== rewriter.typeOf(op.results[0]!)) return false;
    return replaceBy(rewriter, op, operands.source);
  }),
  pattern(tensor.cast)("cast-of-cast", ({ op, operands, types }, rewriter) => {
    const inner = tensor.cast.match(rewriter, rewriter.definition(operands.source));
    // A cast that learned sizes is a check, which must stay.
    if (!inner || !forgets(inner.types.source, types.source)) return false;
    const type = rewriter.typeOf(op.results[0]!);
    return replaceBy(rewriter, op, tensor.cast.build(rewriter, inner.operands, {}, { resultTypes: [type] }).dest);
  }),
];

/** The reshapes: what they read, and the shapes before and after where both are known. */
function reshapeView(reader: IrReader, op: Operation | undefined) {
  const source =
    tensor.expand_shape.match(reader, op)?.operands.src ?? tensor.collapse_shape.match(reader, op)?.operands.src;
  if (!op || source === undefined) return undefined;
  const [from, to] = [shapeOf(reader, source), shapeOf(reader, op.results[0]!)];
  return from && to && { source, from, to, type: reader.typeOf(op.results[0]!) as TensorType };
}

const onReshapes = (name: string, body: (op: Operation, rewriter: Rewriter) => boolean): readonly Pattern[] => [
  pattern(tensor.expand_shape)(name, ({ op }, rewriter) => body(op, rewriter)),
  pattern(tensor.collapse_shape)(name, ({ op }, rewriter) => body(op, rewriter)),
];

const reshapes: readonly Pattern[] = [
  ...onReshapes("reshape-to-same", (op, rewriter) => {
    const view = reshapeView(rewriter, op);
    return view !== undefined && view.type === rewriter.typeOf(view.source) && replaceBy(rewriter, op, view.source);
  }),
  ...onReshapes("reshape-of-reshape", (op, rewriter) => {
    const outer = reshapeView(rewriter, op);
    const inner = outer && reshapeView(rewriter, rewriter.definition(outer.source));
    if (!inner || rewriter.typeOf(inner.source).kind !== "tensor") return false;
    return replaceBy(rewriter, op, buildReshape(rewriter, inner.source, outer.type));
  }),
  ...onReshapes("reshape-of-constant", (op, rewriter) => {
    const view = reshapeView(rewriter, op);
    const value = view && arith.constant.match(rewriter, rewriter.definition(view.source))?.attributes.value;
    if (value?.kind !== "dense" && value?.kind !== "resource") return false;
    const attribute =
      value.kind === "dense" ? Object.freeze({ ...value, type: view!.type }) : resourceAttribute(value.key, view!.type);
    const made = arith.constant.build(rewriter, {}, { value: attribute }, { resultTypes: [view!.type] });
    return replaceBy(rewriter, op, made.result);
  }),
  ...onReshapes("reshape-of-empty", (op, rewriter) => {
    const view = reshapeView(rewriter, op);
    if (!view || !tensor.empty.match(rewriter, rewriter.definition(view.source))) return false;
    return replaceBy(rewriter, op, buildEmpty(rewriter, view.type));
  }),
  ...onReshapes("reshape-of-fill", (op, rewriter) => {
    const view = reshapeView(rewriter, op);
    const value = view && linalg.fill.match(rewriter, rewriter.definition(view.source))?.operands.inputs[0];
    if (value === undefined || !rewriter.hasOneUse(view!.source)) return false;
    return replaceBy(rewriter, op, buildFill(rewriter, value, view!.type));
  }),
];

export const tensorPatterns: readonly Pattern[] = [...elements, ...casts, ...reshapes];
