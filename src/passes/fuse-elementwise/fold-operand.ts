import { affine, type AffineExpression, affineMap, type AffineMap } from "../../ir/affine.ts";
import { tensor } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { isShaped, staticShape } from "../../ir/types.ts";
import {
  BodyCloner,
  boundsAllLoops,
  buildGeneric,
  type IndexedOperand,
  type StructuredOp,
} from "../structured/generic.ts";
import { buildConstant, type UniformValue, uniformValue } from "../structured/constant-scalar.ts";

/** How an input can be read without the operation that makes it: as a scalar, or as another tensor. */
type Folded =
  | { readonly kind: "uniform"; readonly value: UniformValue }
  | { readonly kind: "tensor"; readonly operand: IndexedOperand };

/**
 * Replaces inputs that are one scalar everywhere by the scalar, and inputs that only add or drop dimensions of size 1 by what they
 * are made of. Undefined when there is no such input.
 */
export function foldOperands(rewriter: Rewriter, structured: StructuredOp): Operation | undefined {
  const folded = structured.inputs.map((input) => foldInput(rewriter, input));
  // A loop that only a folded input bounds keeps that input.
  for (let index = 0; index < folded.length; index++) {
    const maps = [...keptInputs(structured, folded), ...structured.outputs].map(({ map }) => map);
    if (boundsAllLoops(structured.bounds.length, maps)) break;
    folded[index] = undefined;
  }
  if (folded.every((input) => input === undefined)) return undefined;
  rewriter.insertionPoint = { kind: "before", op: structured.op.id };
  rewriter.location = structured.op.location;
  const scalars = folded.map((input) => (input?.kind === "uniform" ? scalarOf(rewriter, input.value) : undefined));
  const made = buildGeneric(rewriter, {
    inputs: keptInputs(structured, folded),
    outputs: structured.outputs,
    iterators: structured.iterators,
    attributes: structured.op.attributes,
    body: (values, outputs) => {
      const cloner = new BodyCloner(rewriter);
      const mapping = new Map<ValueId, ValueId>();
      let next = 0;
      structured.inputs.forEach((_, index) =>
        mapping.set(structured.arguments[index]!, scalars[index] ?? values[next++]!),
      );
      outputs.forEach((output, index) => mapping.set(structured.arguments[structured.inputs.length + index]!, output));
      return cloner.clone(structured.op, mapping, (loop) => cloner.index(loop));
    },
  });
  rewriter.replace(structured.op, made.results);
  return rewriter.operation(made.id);
}

const keptInputs = (structured: StructuredOp, folded: readonly (Folded | undefined)[]): readonly IndexedOperand[] =>
  structured.inputs.flatMap((input, index) => {
    const by = folded[index];
    return by === undefined ? [input] : by.kind === "tensor" ? [by.operand] : [];
  });

const scalarOf = (rewriter: Rewriter, value: UniformValue): ValueId =>
  value.kind === "scalar" ? value.value : buildConstant(rewriter, value.value, value.type);

function foldInput(reader: IrReader, input: IndexedOperand): Folded | undefined {
  if (!isShaped(reader.typeOf(input.value))) return undefined;
  const value = uniformValue(reader, input.value);
  if (value) return { kind: "uniform", value };
  const operand = withoutUnitReshape(reader, input);
  return operand && { kind: "tensor", operand };
}

/** The operand of a reshape that only adds or drops dimensions of size 1, and how to read it instead. */
function withoutUnitReshape(reader: IrReader, { value, map }: IndexedOperand): IndexedOperand | undefined {
  const op = reader.definition(value);
  const expand = tensor.expand_shape.match(reader, op);
  if (expand) {
    const shape = shapeOf(reader, value);
    if (!shape) return undefined;
    const results = expand.attributes.reassociation.map((group) => onlyMoving(group, shape, map));
    if (!results.every((result) => result !== undefined)) return undefined;
    return { value: expand.operands.src, map: affineMap(map.dimensions, results) };
  }
  const collapse = tensor.collapse_shape.match(reader, op);
  if (!collapse) return undefined;
  const shape = shapeOf(reader, collapse.operands.src);
  if (!shape) return undefined;
  const results: AffineExpression[] = shape.map(() => affine.constant(0));
  for (const [dimension, group] of collapse.attributes.reassociation.entries()) {
    const moving = group.filter((position) => shape[position] !== 1);
    if (moving.length > 1) return undefined;
    const holder = moving[0] ?? group[0];
    if (holder !== undefined) results[holder] = map.results[dimension]!;
  }
  return { value: collapse.operands.src, map: affineMap(map.dimensions, results) };
}

/** The expression that indexes the one dimension of a group whose size is not 1; undefined when there are several. */
function onlyMoving(group: readonly number[], shape: readonly number[], map: AffineMap): AffineExpression | undefined {
  const moving = group.filter((position) => shape[position] !== 1);
  if (moving.length > 1) return undefined;
  const holder = moving[0] ?? group[0];
  return holder === undefined ? affine.constant(0) : map.results[holder];
}

function shapeOf(reader: IrReader, value: ValueId): readonly number[] | undefined {
  const type = reader.typeOf(value);
  return isShaped(type) ? staticShape(type) : undefined;
}
