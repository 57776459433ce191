import { isIdentityMap, projectedDimensions } from "../../ir/affine.ts";
import { arith, linalg, math, tensor } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import { elementOf, f32, isShaped, staticShape } from "../../ir/types.ts";
import { floatConstant } from "../canonicalize/patterns/constants.ts";
import { bodyOperations, isElementwise, type StructuredOp } from "../structured/generic.ts";

/** Whether every operand is of f32, in which attention is recognised. */
const isSingle = (reader: IrReader, { op }: StructuredOp): boolean =>
  op.operands.every((operand) => elementOf(reader.typeOf(operand)) === f32);

/** Whether a tensor is filled with a number before it is written. */
function startsFrom(reader: IrReader, value: ValueId, number: number): boolean {
  const filled = linalg.fill.match(reader, reader.definition(value))?.operands.inputs[0];
  return filled !== undefined && Object.is(floatConstant(reader, filled), number);
}

/** The two operands of an operation that does not mind their order, the wanted one first; undefined when it is not among them. */
function otherOperand(op: Operation | undefined, name: string, wanted: ValueId): ValueId | undefined {
  if (op?.name !== name) return undefined;
  const [left, right] = op.operands as readonly [ValueId, ValueId];
  return left === wanted ? right : right === wanted ? left : undefined;
}

/** Whether an operation is a sum of products of its two inputs, from zero on. */
export function isProductSum(reader: IrReader, structured: StructuredOp): boolean {
  const { inputs, outputs, arguments: args, yielded, op } = structured;
  if (inputs.length !== 2 || outputs.length !== 1 || !isSingle(reader, structured)) return false;
  if (!startsFrom(reader, outputs[0]!.value, 0) || bodyOperations(reader, op).length !== 2) return false;
  const term = otherOperand(reader.definition(yielded[0]!), arith.addf.name, args[2]!);
  return term !== undefined && otherOperand(reader.definition(term), arith.mulf.name, args[0]!) === args[1];
}

/** What a reduction along the last axis combines with, and from what number on. */
const rowReductions = {
  sum: { name: "arith.addf", start: 0 },
  maximum: { name: "arith.maximumf", start: -Infinity },
} as const;

/** Whether an operation is the sum (the maximum) along the last axis of its one input. */
export function isRowReduction(reader: IrReader, structured: StructuredOp, kind: keyof typeof rowReductions): boolean {
  const { inputs, outputs, arguments: args, yielded, op, iterators } = structured;
  const { name, start } = rowReductions[kind];
  if (inputs.length !== 1 || outputs.length !== 1 || !isSingle(reader, structured)) return false;
  const isLast = iterators.every((iterator, loop) => (iterator === "reduction") === (loop === iterators.length - 1));
  if (!isLast || !isIdentityMap(inputs[0]!.map) || !isRowMap(outputs[0]!.map)) return false;
  if (!startsFrom(reader, outputs[0]!.value, start) || bodyOperations(reader, op).length !== 1) return false;
  return otherOperand(reader.definition(yielded[0]!), name, args[1]!) === args[0];
}

/** Whether a map picks all dimensions but the last, in order. */
const isRowMap = (map: StructuredOp["outputs"][number]["map"]): boolean =>
  projectedDimensions(map)?.join() === Array.from({ length: map.dimensions - 1 }, (_, axis) => axis).join();

/** An operation of elements and of one number for each row: the operands, the elements' first. */
function rowWise(reader: IrReader, structured: StructuredOp): readonly [ValueId, ValueId] | undefined {
  const { inputs, outputs } = structured;
  if (inputs.length !== 2 || outputs.length !== 1 || !isSingle(reader, structured)) return undefined;
  if (!isElementwise(reader, structured) || !isIdentityMap(outputs[0]!.map)) return undefined;
  return isIdentityMap(inputs[0]!.map) && isRowMap(inputs[1]!.map) ? [inputs[0]!.value, inputs[1]!.value] : undefined;
}

/** The scores and the maxima of e^(score - maximum), where a maximum of -∞ may count as zero; undefined for anything else. */
export function powersOf(
  reader: IrReader,
  structured: StructuredOp,
): { readonly scores: ValueId; readonly maxima: ValueId; readonly guarded: boolean } | undefined {
  const operands = rowWise(reader, structured);
  if (!operands) return undefined;
  const [score, maximum] = structured.arguments as readonly [ValueId, ValueId];
  const difference = math.exp.match(reader, reader.definition(structured.yielded[0]!))?.operands.operand;
  const parts = difference && arith.subf.match(reader, reader.definition(difference))?.operands;
  if (!parts || parts.lhs !== score) return undefined;
  const guarded = parts.rhs !== maximum;
  if (guarded && !isReplaced(reader, parts.rhs, maximum, -Infinity, 0)) return undefined;
  if (bodyOperations(reader, structured.op).length !== (guarded ? 4 : 2)) return undefined;
  return { scores: operands[0], maxima: operands[1], guarded };
}

/** Whether a value is `by` where `of` equals `number`, and `of` elsewhere. */
function isReplaced(reader: IrReader, value: ValueId, of: ValueId, number: number, by: number): boolean {
  const choice = arith.select.match(reader, reader.definition(value))?.operands;
  if (!choice || choice.false_value !== of || !equals(reader, choice.condition, of, number)) return false;
  return floatConstant(reader, choice.true_value) === by;
}

function equals(reader: IrReader, condition: ValueId, value: ValueId, number: number): boolean {
  const comparison = arith.cmpf.match(reader, reader.definition(condition));
  if (comparison?.attributes.predicate !== "oeq" || comparison.operands.lhs !== value) return false;
  return floatConstant(reader, comparison.operands.rhs) === number;
}

/** The elements and the divisors of a quotient of elements by rows. */
export function rowQuotientOf(
  reader: IrReader,
  structured: StructuredOp,
): { readonly elements: ValueId; readonly sums: ValueId } | undefined {
  const operands = rowWise(reader, structured);
  const quotient = operands && arith.divf.match(reader, reader.definition(structured.yielded[0]!))?.operands;
  const [element, sum] = structured.arguments;
  if (!quotient || quotient.lhs !== element || quotient.rhs !== sum) return undefined;
  return bodyOperations(reader, structured.op).length === 1 ? { elements: operands[0], sums: operands[1] } : undefined;
}

/**
 * How a body divides one of its arguments by another: plainly, or with zero where the divisor is zero. Undefined when it does
 * anything else with either.
 */
export function quotientIn(
  reader: IrReader,
  dividend: ValueId,
  divisor: ValueId,
): { readonly zeroIfZero: boolean } | undefined {
  const [use, ...others] = reader.uses(dividend);
  const quotient = use && others.length === 0 ? arith.divf.match(reader, reader.operation(use.op)) : undefined;
  if (!quotient || quotient.operands.lhs !== dividend) return undefined;
  const divisorUses = new Set(reader.uses(divisor).map(({ op }) => op));
  if (quotient.operands.rhs === divisor) return divisorUses.size === 1 ? { zeroIfZero: false } : undefined;
  const [next, ...more] = reader.uses(quotient.results.result);
  const choice = next && more.length === 0 ? arith.select.match(reader, reader.operation(next.op)) : undefined;
  if (!choice || choice.operands.false_value !== quotient.results.result) return undefined;
  const isGuarded =
    isReplaced(reader, quotient.operands.rhs, divisor, 0, 1) &&
    equals(reader, choice.operands.condition, divisor, 0) &&
    floatConstant(reader, choice.operands.true_value) === 0;
  // The comparison (or two equal ones) and the choice of the divisor.
  const readers = [...divisorUses].every((id) =>
    ([arith.cmpf.name, arith.select.name] as readonly string[]).includes(reader.operation(id).name),
  );
  return isGuarded && readers ? { zeroIfZero: true } : undefined;
}

/** The tensor behind reshapes, with all of the reshapes; their last axis stays what it is. */
export function behindReshapes(
  reader: IrReader,
  value: ValueId,
): { readonly value: ValueId; readonly reshapes: readonly Operation[] } {
  const reshapes: Operation[] = [];
  for (;;) {
    const op = reader.definition(value);
    const source =
      tensor.collapse_shape.match(reader, op)?.operands.src ?? tensor.expand_shape.match(reader, op)?.operands.src;
    if (!op || source === undefined || lastSize(reader, source) !== lastSize(reader, value)) return { value, reshapes };
    reshapes.push(op);
    value = source;
  }
}

function lastSize(reader: IrReader, value: ValueId): number | undefined {
  const type = reader.typeOf(value);
  return isShaped(type) ? staticShape(type)?.at(-1) : undefined;
}
