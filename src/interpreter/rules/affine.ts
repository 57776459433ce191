import { type AffineExpression, type AffineMap, evaluateAffine } from "../../ir/affine.ts";
import { groupSizes, integerList } from "../../ir/dialects/affine-attributes.ts";
import { attributeOf, type Operation } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import { asBuffer, type DialectRules, effect, type Execution, pure, terminator } from "../rule.ts";
import { integersOf, mixedEntries, operandSegments } from "../slices.ts";
import { loadElement, type RuntimeValue, storeElement } from "../values.ts";
import { bufferIndex } from "./memref.ts";

const malformed = (op: Operation, reason: string): never => fail("malformed", op.location, { name: op.name, reason });

function mapNamed(op: Operation, name: string): AffineMap {
  const attribute = attributeOf(op, name);
  return attribute?.kind === "affine-map" ? attribute.map : malformed(op, `attribute "${name}" is missing`);
}

/** Divisors must be positive: what else is computed is not defined. */
function checkDivisors(
  op: Operation,
  expression: AffineExpression,
  dimensions: readonly number[],
  symbols: readonly number[],
): void {
  if (!("left" in expression)) return;
  checkDivisors(op, expression.left, dimensions, symbols);
  checkDivisors(op, expression.right, dimensions, symbols);
  if (expression.kind === "add" || expression.kind === "multiply") return;
  const divisor = evaluateAffine(expression.right, dimensions, symbols);
  if (divisor === 0) fail("division-by-zero", op.location, { name: op.name });
  if (divisor < 0) malformed(op, `an affine expression divides by ${divisor}`);
}

/** The results of a map of values, its dimensions first. */
function applied(op: Operation, map: AffineMap, values: readonly RuntimeValue[]): readonly number[] {
  const numbers = values.map(Number);
  const dimensions = numbers.slice(0, map.dimensions);
  const symbols = numbers.slice(map.dimensions, map.dimensions + map.symbols);
  return map.results.map((expression) => {
    checkDivisors(op, expression, dimensions, symbols);
    return evaluateAffine(expression, dimensions, symbols);
  });
}

const inputs = ({ dimensions, symbols }: AffineMap): number => dimensions + symbols;

function runFor(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const [lower = 0, upper = 0] = operandSegments(op);
  const first = lower + upper;
  const step = attributeOf(op, "step");
  if (step?.kind !== "integer") return malformed(op, 'attribute "step" is missing');
  if (step.value <= 0n) return fail("nonpositive-step", op.location, { name: op.name, step: String(step.value) });
  const start = Math.max(...applied(op, mapNamed(op, "lowerBoundMap"), operands.slice(0, lower)));
  const end = Math.min(...applied(op, mapNamed(op, "upperBoundMap"), operands.slice(lower, first)));
  let carried: readonly RuntimeValue[] = operands.slice(first);
  for (let position = start; position < end; position += Number(step.value)) {
    execution.count(op, 1);
    carried = execution.runRegion(op, 0, [position, ...carried]);
  }
  return carried;
}

function runIf(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const condition = attributeOf(op, "condition");
  if (condition?.kind !== "integer-set") return malformed(op, 'attribute "condition" is missing');
  const { dimensions, symbols, constraints } = condition.set;
  const map = { dimensions, symbols, results: constraints.map(({ expression }) => expression), text: "" };
  const values = applied(op, map, operands);
  const holds = constraints.every(({ isEquality }, index) => (isEquality ? values[index] === 0 : values[index]! >= 0));
  const region = holds ? 0 : 1;
  return op.regions[region]?.[0] === undefined ? [] : execution.runRegion(op, region, []);
}

/** The bound of each loop: the greatest lower and the least upper of its group. */
function bounds(
  op: Operation,
  which: "lowerBounds" | "upperBounds",
  values: readonly RuntimeValue[],
  choose: (...results: readonly number[]) => number,
): readonly number[] {
  const sizes = groupSizes(attributeOf(op, `${which}Groups`)) ?? malformed(op, `attribute "${which}Groups" is missing`);
  const results = applied(op, mapNamed(op, `${which}Map`), values);
  let start = 0;
  return sizes.map((size) => choose(...results.slice(start, (start += size))));
}

function runParallel(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  if (op.results.length > 0) return malformed(op, "reductions of parallel loops are not supported");
  const split = inputs(mapNamed(op, "lowerBoundsMap"));
  const lower = bounds(op, "lowerBounds", operands.slice(0, split), Math.max);
  const upper = bounds(op, "upperBounds", operands.slice(split), Math.min);
  const steps = integerList(attributeOf(op, "steps")) ?? [];
  const wrong = steps.find((step) => step <= 0);
  if (wrong !== undefined) fail("nonpositive-step", op.location, { name: op.name, step: String(wrong) });
  const run = (position: readonly number[]): void => {
    const axis = position.length;
    if (axis < lower.length)
      for (let index = lower[axis]!; index < upper[axis]!; index += steps[axis]!) run([...position, index]);
    else {
      execution.count(op, 1);
      execution.runRegion(op, 0, position);
    }
  };
  run([]);
  return [];
}

/** The position in a memref's storage that an operation's map gives for its subscripts. */
const placeOf = (op: Operation, memref: RuntimeValue, subscripts: readonly RuntimeValue[]): number =>
  bufferIndex(op, asBuffer(memref), applied(op, mapNamed(op, "map"), subscripts));

/** Sizes of the digits, the first undefined where it may be any number. */
function basisOf(op: Operation, dynamic: readonly RuntimeValue[], digits: number): readonly (number | undefined)[] {
  const basis = mixedEntries(integersOf(op, "static_basis"), dynamic);
  const wrong = basis.find((size) => size <= 0);
  if (wrong !== undefined) malformed(op, `its basis has ${wrong}`);
  return basis.length < digits ? [undefined, ...basis] : [undefined, ...basis.slice(1)];
}

/** Evaluation of the `affine` dialect. */
export const affineRules: DialectRules = {
  apply: pure((_, op, operands) => applied(op, mapNamed(op, "map"), operands)),
  min: pure((_, op, operands) => [Math.min(...applied(op, mapNamed(op, "map"), operands))]),
  max: pure((_, op, operands) => [Math.max(...applied(op, mapNamed(op, "map"), operands))]),
  for: pure(runFor),
  if: pure(runIf),
  parallel: pure(runParallel),
  load: effect((_, op, [memref, ...subscripts]) => {
    const { elementType, data } = asBuffer(memref!);
    return [loadElement(elementType, data, placeOf(op, memref!, subscripts))];
  }),
  store: effect((_, op, [value, memref, ...subscripts]) => {
    const { elementType, data } = asBuffer(memref!);
    storeElement(elementType, data, placeOf(op, memref!, subscripts), value as number);
    return [];
  }),
  prefetch: effect(() => []),
  delinearize_index: pure((_, op, [linear, ...dynamic]) => {
    const basis = basisOf(op, dynamic, op.results.length);
    let rest = Number(linear);
    const digits: number[] = [];
    for (const size of basis.toReversed()) {
      const digit = size === undefined ? rest : rest - Math.floor(rest / size) * size;
      digits.unshift(digit);
      if (size !== undefined) rest = Math.floor(rest / size);
    }
    return digits;
  }),
  linearize_index: pure((_, op, operands) => {
    const [count = 0] = operandSegments(op);
    const basis = basisOf(op, operands.slice(count), count);
    return [
      operands.slice(0, count).reduce<number>((sum, digit, index) => sum * (basis[index] ?? 1) + Number(digit), 0),
    ];
  }),
  yield: terminator,
};
