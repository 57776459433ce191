import type { IrReader, Operation, ValueId } from "../module.ts";
import { constantInteger } from "./constant-integer.ts";

/** What nothing is known to be divisible beyond; also stands for zero. */
const greatest = 2 ** 30;
/** Operations that are looked through, one behind the other. */
const deepest = 12;

const common = Math.min;

/** The greatest power of two that divides a number, at most 2³⁰. */
export function powerOfTwoIn(value: number): number {
  let power = 1;
  while (power < greatest && value % (power * 2) === 0) power *= 2;
  return power;
}

/** The value of an integer constant; undefined for anything else, and for what a number does not hold exactly. */
function constantOf(reader: IrReader, value: ValueId): number | undefined {
  const number = Number(constantInteger(reader, value) ?? NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A power of two, at most 2³⁰, that divides an index value whatever it is at run time. Sums and products of indices that are too
 * large for their type wrap at a power of two, which keeps this true.
 */
export function divisorOf(reader: IrReader, value: ValueId, depth = deepest): number {
  const definition = reader.definition(value);
  if (depth === 0) return 1;
  if (definition === undefined) return inductionDivisor(reader, value, depth);
  const constant = constantOf(reader, value);
  if (constant !== undefined) return powerOfTwoIn(constant);
  const rule = rules[definition.name];
  return rule === undefined ? 1 : rule(reader, definition, (operand) => divisorOf(reader, operand, depth - 1));
}

/** The counter of a loop: where it starts, and its step. */
function inductionDivisor(reader: IrReader, value: ValueId, depth: number): number {
  const made = reader.value(value);
  if (made.kind !== "argument") return 1;
  const loop = reader.operation(reader.block(made.block).parent);
  if (loop.name !== "scf.for" || reader.block(made.block).arguments[0] !== value) return 1;
  const [lower, , step] = loop.operands as readonly [ValueId, ValueId, ValueId];
  return common(divisorOf(reader, lower, depth - 1), divisorOf(reader, step, depth - 1));
}

type Rule = (reader: IrReader, op: Operation, of: (operand: ValueId) => number) => number;

const both: Rule = (_, { operands }, of) => common(of(operands[0]!), of(operands[1]!));

const rules: Readonly<Record<string, Rule>> = {
  "arith.addi": both,
  "arith.subi": both,
  "arith.minui": both,
  "arith.maxui": both,
  "arith.minsi": both,
  "arith.maxsi": both,
  "arith.remui": both,
  "arith.muli": (_, { operands }, of) => common(of(operands[0]!) * of(operands[1]!), greatest),
  "arith.select": (_, { operands }, of) => common(of(operands[1]!), of(operands[2]!)),
  "arith.divui": (reader, { operands }, of) => {
    const divisor = constantOf(reader, operands[1]!);
    if (divisor === undefined || divisor <= 0 || powerOfTwoIn(divisor) !== divisor) return 1;
    return Math.max(1, of(operands[0]!) / divisor);
  },
};
