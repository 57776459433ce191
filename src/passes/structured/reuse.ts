import type { IrReader, Operation } from "../../ir/module.ts";
import { isShaped } from "../../ir/types.ts";
import { elementCount } from "../../support/numeric/host-tensor.ts";
import {
  bodySize,
  type IndexedOperand,
  isElementwise,
  isParallel,
  isPermutation,
  readStructured,
  type StructuredOp,
} from "./generic.ts";

/** The number of points of the loop nest. */
export const pointCount = (structured: StructuredOp): number => elementCount(structured.bounds);

/** How often each element of an operand is read on average, elements that are never read counted too. */
export function reuseOf(reader: IrReader, structured: StructuredOp, operand: IndexedOperand): number {
  const type = reader.typeOf(operand.value);
  if (!isShaped(type)) return pointCount(structured);
  return pointCount(structured) / Math.max(1, elementCount(type.shape as readonly number[]));
}

/** Whether the operation sums products of two or more operands of which one is read again and again: matrix products, convolutions. */
export function isContraction(reader: IrReader, structured: StructuredOp): boolean {
  if (isParallel(structured)) return false;
  const tensors = structured.inputs.filter(({ map }) => map.results.length > 0);
  if (tensors.length < 2) return false;
  if (!tensors.some((input) => reuseOf(reader, structured, input) > 1)) return false;
  return bodySize(reader, structured.op) >= 2;
}

/** Whether a structured operation has loops along which it combines values: what fusion groups are formed around. */
export const isAnchor = (structured: StructuredOp | undefined): structured is StructuredOp =>
  structured !== undefined && !isParallel(structured) && structured.outputs.length === 1;

/**
 * The reduction whose result an element-wise operation reads one to one, nothing else reading it: the operation can become part of
 * the reduction's loop nest.
 */
export function anchorOf(reader: IrReader, elementwise: StructuredOp): StructuredOp | undefined {
  if (!isElementwise(reader, elementwise)) return undefined;
  for (const input of elementwise.inputs) {
    const anchor = alignedAnchor(reader, elementwise, input);
    if (anchor) return anchor;
  }
  return undefined;
}

function alignedAnchor(reader: IrReader, elementwise: StructuredOp, input: IndexedOperand): StructuredOp | undefined {
  if (!isPermutation(input.map) || !usedOnlyBy(reader, input, elementwise.op)) return undefined;
  const anchor = readStructured(reader, reader.definition(input.value));
  return isAnchor(anchor) && anchor.op.parent === elementwise.op.parent ? anchor : undefined;
}

const usedOnlyBy = (reader: IrReader, { value }: IndexedOperand, op: Operation): boolean =>
  reader.uses(value).every((use) => use.op === op.id);
