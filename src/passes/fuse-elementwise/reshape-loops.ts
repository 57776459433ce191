import { affine, type AffineExpression, affineMap, projectedDimensions, substituteAffine } from "../../ir/affine.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, indexType, isShaped, staticShape, type TensorType, tensorType } from "../../ir/types.ts";
import { buildEmpty, buildReshape } from "../structured/build-tensor.ts";
import { buildConstant } from "../structured/constant-scalar.ts";
import {
  BodyCloner,
  bodyOperations,
  buildGeneric,
  type IndexedOperand,
  isElementwise,
  readStructured,
  type StructuredOp,
} from "../structured/generic.ts";
import { reshapeOf } from "../structured/reassociation.ts";
import { anchorOf, isAnchor } from "../structured/reuse.ts";

/** For each loop, the sizes of the loops that take its place: none for a loop of one iteration that goes. */
type LoopSplits = readonly (readonly number[])[];

/**
 * Gives an element-wise operation the loops of the operation whose result it reads through a reshape, and moves the reshape behind
 * it, so that the two are aligned: `f(collapse(x))` becomes `collapse(f(x))`, and a loop of one iteration that the producer lacks
 * becomes an `expand`, one that it has and the operation lacks a `collapse`. Undefined where nothing is gained.
 */
export function alignWithProducer(rewriter: Rewriter, structured: StructuredOp): Operation | undefined {
  if (structured.outputs.length !== 1 || !isElementwise(rewriter, structured)) return undefined;
  // It can be part of one loop nest only.
  if (anchorOf(rewriter, structured)) return undefined;
  for (const [input] of structured.inputs.entries()) {
    const change =
      collapsedInput(rewriter, structured, input) ??
      unitLoops(rewriter, structured, input) ??
      missingUnitLoops(rewriter, structured, input);
    const made = change && rebuild(rewriter, structured, change);
    if (made) return made;
  }
  return undefined;
}

/** New loops, and a value that an input is read from instead. */
interface LoopChange {
  readonly splits: LoopSplits;
  readonly input: number;
  readonly source: ValueId;
  /** Which new loop indexes each dimension of the source, as a split of an old loop; as the old map says when absent. */
  readonly read?: readonly { readonly loop: number; readonly part: number }[];
}

/** The loops of what is collapsed to an input, when the collapse alone reads it. */
function collapsedInput(reader: IrReader, structured: StructuredOp, input: number): LoopChange | undefined {
  const { value, map } = structured.inputs[input]!;
  const collapse = tensor.collapse_shape.match(reader, reader.definition(value));
  const read = projectedDimensions(map);
  if (!collapse || !read || new Set(read).size !== read.length || reader.uses(value).length !== 1) return undefined;
  const source = collapse.operands.src;
  const producer = readStructured(reader, reader.definition(source));
  if (!producer || producer.op.parent !== structured.op.parent || reader.uses(source).length !== 1) return undefined;
  const type = reader.typeOf(source);
  const shape = isShaped(type) ? staticShape(type) : undefined;
  if (!shape || shape.includes(0) || readsLoopIndex(reader, structured)) return undefined;
  // Dimensions of size 1 only matter where the result is to be finished inside the producer's loops.
  const groups = collapse.attributes.reassociation;
  const onlyUnits = groups.every((group) => group.filter((position) => shape[position] !== 1).length <= 1);
  if (onlyUnits && !isAnchor(producer)) return undefined;
  const splits: (readonly number[])[] = structured.bounds.map((bound) => [bound]);
  groups.forEach((group, dimension) => {
    splits[read[dimension]!] = group.map((position) => shape[position]!);
  });
  return { splits, input, source };
}

/** Without the loops of one iteration that a reduction's result, read by this operation alone, is not indexed by. */
function unitLoops(reader: IrReader, structured: StructuredOp, input: number): LoopChange | undefined {
  const { value, map } = structured.inputs[input]!;
  const read = projectedDimensions(map);
  if (!read || new Set(read).size !== read.length || read.length === structured.bounds.length) return undefined;
  if (structured.bounds.some((bound, loop) => bound !== 1 && !read.includes(loop))) return undefined;
  const producer = readStructured(reader, reader.definition(value));
  if (!isAnchor(producer) || producer.op.parent !== structured.op.parent) return undefined;
  if (reader.uses(value).length !== 1) return undefined;
  const splits = structured.bounds.map((bound, loop) => (read.includes(loop) ? [bound] : []));
  return { splits, input, source: value };
}

/** With a loop of one iteration for each dimension of size 1 of a reduction's result, read by this operation alone, that has none. */
function missingUnitLoops(reader: IrReader, structured: StructuredOp, input: number): LoopChange | undefined {
  const { value, map } = structured.inputs[input]!;
  const producer = readStructured(reader, reader.definition(value));
  if (!isAnchor(producer) || producer.op.parent !== structured.op.parent) return undefined;
  if (reader.uses(value).length !== 1 || readsLoopIndex(reader, structured)) return undefined;
  const plain = map.results.map((result) => (result.kind === "dimension" ? result.position : undefined));
  const read = plain.filter((loop) => loop !== undefined);
  const isBijective = new Set(read).size === read.length && read.length === structured.bounds.length;
  if (!isBijective || read.length === plain.length || read.length === 0) return undefined;
  if (map.results.some((result) => result.kind !== "dimension" && result.kind !== "constant")) return undefined;
  const splits = structured.bounds.map((bound) => [bound]);
  let last = read[0]!;
  const parts = plain.map((loop) => {
    if (loop === undefined) return { loop: last, part: splits[last]!.push(1) - 1 };
    last = loop;
    return { loop, part: 0 };
  });
  return { splits, input, source: value, read: parts };
}

const readsLoopIndex = (reader: IrReader, { op }: StructuredOp): boolean =>
  bodyOperations(reader, op).some((inner) => inner.name === linalg.index.name);

function rebuild(rewriter: Rewriter, structured: StructuredOp, change: LoopChange): Operation | undefined {
  const firstLoops: number[] = [];
  let loops = 0;
  for (const sizes of change.splits) {
    firstLoops.push(loops);
    loops += sizes.length;
  }
  const operands = [...structured.inputs, ...structured.outputs].map((operand, index) => {
    const changed = changedOperand(rewriter, operand, change.splits, firstLoops, loops);
    if (!changed || index !== change.input) return changed;
    const results = change.read?.map(({ loop, part }) => affine.dimension(firstLoops[loop]! + part));
    const map = results ? affineMap(loops, results) : changed.map;
    return { value: change.source, map, type: undefined };
  });
  if (!operands.every((operand) => operand !== undefined)) return undefined;
  rewriter.insertionPoint = { kind: "before", op: structured.op.id };
  rewriter.location = structured.op.location;
  const count = structured.inputs.length;
  const valueOf = ({ value, type }: ChangedOperand): ValueId => (type ? buildReshape(rewriter, value, type)! : value);
  const output = operands[count]!;
  const outputType = output.type ?? (rewriter.typeOf(output.value) as TensorType);
  const made = buildGeneric(rewriter, {
    inputs: operands.slice(0, count).map((operand) => ({ value: valueOf(operand), map: operand.map })),
    outputs: [{ value: buildEmpty(rewriter, outputType), map: output.map }],
    iterators: Array.from({ length: loops }, () => "parallel" as const),
    attributes: structured.op.attributes,
    body: (values) => {
      const cloner = new BodyCloner(rewriter);
      const mapping = new Map(values.map((value, index) => [structured.arguments[index]!, value]));
      return cloner.clone(structured.op, mapping, (loop) =>
        change.splits[loop]!.length === 0 ? buildConstant(rewriter, 0, indexType) : cloner.index(firstLoops[loop]!),
      );
    },
  });
  const result = structured.op.results[0]!;
  rewriter.replace(structured.op, [buildReshape(rewriter, made.results[0]!, rewriter.typeOf(result) as TensorType)!]);
  return rewriter.operation(made.id);
}

/** An operand for the new loops; `type` is the one it must be reshaped to, undefined when it stays. */
interface ChangedOperand extends IndexedOperand {
  readonly type: TensorType | undefined;
}

/** Undefined where the operand cannot be indexed by the new loops. */
function changedOperand(
  reader: IrReader,
  { value, map }: IndexedOperand,
  splits: LoopSplits,
  firstLoops: readonly number[],
  loops: number,
): ChangedOperand | undefined {
  const operandType = reader.typeOf(value);
  const shape = isShaped(operandType) ? staticShape(operandType) : [];
  if (!shape) return undefined;
  // Where one loop became several, only a plain dimension can follow it.
  const single: readonly (AffineExpression | undefined)[] = splits.map((sizes, loop) =>
    sizes.length === 0 ? affine.constant(0) : sizes.length === 1 ? affine.dimension(firstLoops[loop]!) : undefined,
  );
  const results: AffineExpression[] = [];
  const newShape: number[] = [];
  for (const [dimension, result] of map.results.entries()) {
    if (result.kind === "dimension") {
      splits[result.position]!.forEach((size, offset) => {
        results.push(affine.dimension(firstLoops[result.position]! + offset));
        newShape.push(size);
      });
      continue;
    }
    const substituted = substitute(result, single);
    if (!substituted) return undefined;
    results.push(substituted);
    newShape.push(shape[dimension]!);
  }
  const newMap = affineMap(loops, results);
  if (!isShaped(operandType)) return { value, map: newMap, type: undefined };
  const reshape = reshapeOf(shape, newShape);
  if (!reshape) return undefined;
  return {
    value,
    map: newMap,
    type: reshape.kind === "same" ? undefined : tensorType(newShape, elementOf(operandType)),
  };
}

function substitute(
  expression: AffineExpression,
  loops: readonly (AffineExpression | undefined)[],
): AffineExpression | undefined {
  if (expression.kind === "constant") return expression;
  return loops.every((loop) => loop !== undefined) ? substituteAffine(expression, loops) : undefined;
}
