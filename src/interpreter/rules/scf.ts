import type { Operation } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import { type DialectRules, type Execution, pure, terminator } from "../rule.ts";
import { integersOf, operandSegments } from "../slices.ts";
import type { RuntimeValue } from "../values.ts";

type Integer = number | bigint;

/** A loop's step; anything but a positive one would never end. */
function positiveStep(op: Operation, step: RuntimeValue | undefined): Integer {
  if ((step as Integer) > 0) return step as Integer;
  return fail("nonpositive-step", op.location, { name: op.name, step: String(step) });
}

/** The values a terminator hands on, tensors among them in storage that the loop may overwrite. */
function handedOn(
  execution: Execution,
  op: Operation,
  region: number,
  values: readonly RuntimeValue[],
  first = 0,
): readonly RuntimeValue[] {
  const block = execution.reader.block(op.regions[region]![0]!);
  const last = execution.reader.operation(block.operations.at(-1)!);
  return values.slice(first).map((value, index) => execution.take(last, first + index, value));
}

const blockValues = (position: Integer, carried: readonly RuntimeValue[]): readonly RuntimeValue[] => [
  position,
  ...carried,
];

/** A loop whose bounds and step are compared without their signs: bits that are negative numbers are great ones. */
function runUnsignedFor(
  execution: Execution,
  op: Operation,
  operands: readonly RuntimeValue[],
): readonly RuntimeValue[] {
  const type = execution.reader.typeOf(op.operands[0]!);
  const width = type.kind === "integer" ? type.width : 64;
  const [lower, upper, step] = operands.slice(0, 3).map((value) => BigInt.asUintN(width, BigInt(value as Integer)));
  positiveStep(op, step);
  const isNumber = typeof operands[0] === "number";
  let carried: readonly RuntimeValue[] = operands.slice(3).map((value, index) => execution.take(op, 3 + index, value));
  for (let position = lower!; position < upper!; position = BigInt.asUintN(width, position + step!)) {
    execution.count(op, 1);
    // An i1 is 0 or 1, whatever its sign would be.
    const signed = width === 1 ? position : BigInt.asIntN(width, position);
    const induction = isNumber ? Number(signed) : signed;
    carried = handedOn(execution, op, 0, execution.runRegion(op, 0, blockValues(induction, carried)));
  }
  return carried;
}

function runFor(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  if (op.properties["unsignedCmp"] !== undefined) return runUnsignedFor(execution, op, operands);
  const [lower, upper] = operands as readonly Integer[];
  const step = positiveStep(op, operands[2]);
  let carried: readonly RuntimeValue[] = operands.slice(3).map((value, index) => execution.take(op, 3 + index, value));
  // The additions are of one kind, number or bigint, as the bounds' type decides.
  for (let position = lower!; position < upper!; position = ((position as number) + (step as number)) as Integer) {
    execution.count(op, 1);
    carried = handedOn(execution, op, 0, execution.runRegion(op, 0, blockValues(position, carried)));
  }
  return carried;
}

function runWhile(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  let carried: readonly RuntimeValue[] = operands.map((value, index) => execution.take(op, index, value));
  for (;;) {
    execution.count(op, 1);
    const decided = execution.runRegion(op, 0, carried);
    const values = handedOn(execution, op, 0, decided, 1);
    if (!decided[0]) return values;
    carried = handedOn(execution, op, 1, execution.runRegion(op, 1, values));
  }
}

function runParallel(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const [rank = 0, ends, steps] = operandSegments(op);
  if (ends !== rank || steps !== rank)
    fail("malformed", op.location, { name: op.name, reason: "it has not as many bounds as steps" });
  const bounds = operands.slice(0, 3 * rank) as readonly number[];
  const lower = bounds.slice(0, rank);
  const upper = bounds.slice(rank, 2 * rank);
  const step = bounds.slice(2 * rank).map((value) => positiveStep(op, value) as number);
  if (operands.length > 3 * rank)
    fail("malformed", op.location, { name: op.name, reason: "reductions of parallel loops are not supported" });
  const position = lower.slice();
  if (position.some((index, axis) => index >= upper[axis]!)) return [];
  for (;;) {
    execution.count(op, 1);
    execution.runRegion(op, 0, position);
    let axis = rank - 1;
    for (; axis >= 0; axis--) {
      position[axis] = position[axis]! + step[axis]!;
      if (position[axis]! < upper[axis]!) break;
      position[axis] = lower[axis]!;
    }
    if (axis < 0) return [];
  }
}

/** The region of the case that the operand equals; the default, which comes first, where none does. */
function runIndexSwitch(
  execution: Execution,
  op: Operation,
  [value]: readonly RuntimeValue[],
): readonly RuntimeValue[] {
  return execution.runRegion(op, integersOf(op, "cases").indexOf(Number(value)) + 1, []);
}

function runExecuteRegion(execution: Execution, op: Operation): readonly RuntimeValue[] {
  if (op.regions[0]!.length === 1) return execution.runRegion(op, 0, []);
  return fail("malformed", op.location, { name: op.name, reason: "branches between blocks are not supported" });
}

/** Evaluation of the `scf` dialect. */
export const scfRules: DialectRules = {
  for: pure(runFor),
  if: pure((execution, op, [condition]) => {
    const region = condition ? 0 : 1;
    if (op.regions[region]?.[0] === undefined) return [];
    return handedOn(execution, op, region, execution.runRegion(op, region, []));
  }),
  while: pure(runWhile),
  parallel: pure(runParallel),
  index_switch: pure(runIndexSwitch),
  execute_region: pure(runExecuteRegion),
  condition: terminator,
  yield: terminator,
  reduce: terminator,
};
