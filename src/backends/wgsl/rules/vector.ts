import { vector } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf } from "../../../ir/types.ts";
import { arithmetic, call, type Expression, expressionOf, infix } from "../expression.ts";
import { integerLiteral } from "../literals.ts";
import { expressionRule, type PrintingRule, type Scope, statementRule } from "../scope.ts";
import { laneCount } from "../types.ts";
import { pair } from "./arith.ts";

const laneNames = ["x", "y", "z", "w"] as const;

const lane = (expression: Expression, index: number): Expression =>
  expressionOf(`${expression.text}.${laneNames[index]}`, [expression]);

/** Lanes of a vector value; fails for those that WGSL has no type for. */
function lanesOf(scope: Scope, op: Operation, value: ValueId): number {
  const type = scope.typeOf(value);
  const lanes = type.kind === "vector" ? laneCount(type) : undefined;
  return lanes ?? scope.reject(op, `WGSL has no vectors like ${type.text}`);
}

/** `base[index + lane]` for each lane. */
function elements(scope: Scope, base: ValueId, indices: readonly ValueId[], count: number): readonly string[] {
  const buffer = scope.use(base).text;
  const index = scope.use(indices[0]!);
  const start = index.literal === undefined ? scope.repeatable(index) : index;
  return Array.from({ length: count }, (_, offset) => {
    if (start.literal !== undefined) return `${buffer}[${start.literal + offset}]`;
    return `${buffer}[${offset === 0 ? start.text : arithmetic(start, "+", integerLiteral(offset)).text}]`;
  });
}

const combine: Readonly<Record<string, (scope: Scope, a: Expression, b: Expression) => Expression>> = {
  add: (_, a, b) => arithmetic(a, "+", b),
  mul: (_, a, b) => arithmetic(a, "*", b),
  and: (_, a, b) => infix(a, "&", b),
  or: (_, a, b) => infix(a, "|", b),
  minsi: (_, a, b) => call("min", a, b),
  maxsi: (_, a, b) => call("max", a, b),
};

/** Operations of the `vector` dialect. */
export const vectorRules: readonly PrintingRule[] = [
  expressionRule(vector.broadcast, ({ op, operands }, scope) => {
    const from = scope.typeOf(operands.source);
    if (from.kind === "vector") return scope.reject(op, "only scalars are repeated by now");
    return call(scope.typeName(scope.typeOf(op.results[0]!)), scope.use(operands.source));
  }),
  expressionRule(vector.load, ({ op, operands }, scope) => {
    const result = op.results[0]!;
    const type = scope.typeOf(operands.base);
    const name = scope.typeName(scope.typeOf(result));
    if (elementOf(type).kind === "vector") return { ...scope.element(operands.base, operands.indices), reads: true };
    const read = elements(scope, operands.base, operands.indices, lanesOf(scope, op, result));
    return expressionOf(`${name}(${read.join(", ")})`, [], { reads: true });
  }),
  statementRule(vector.store, ({ op, operands }, scope) => {
    const type = scope.typeOf(operands.base);
    if (elementOf(type).kind === "vector") {
      const stored = scope.use(operands.valueToStore).text;
      const target = scope.element(operands.base, operands.indices).text;
      scope.settle();
      scope.line(`${target} = ${stored};`);
      return;
    }
    const count = lanesOf(scope, op, operands.valueToStore);
    const value = scope.repeatable(scope.use(operands.valueToStore));
    const targets = elements(scope, operands.base, operands.indices, count);
    scope.settle();
    targets.forEach((target, index) => scope.line(`${target} = ${value.text}.${laneNames[index]};`));
  }),
  expressionRule(vector.fma, ({ operands }, scope) => {
    const [left, right] = pair(scope, operands.lhs, operands.rhs);
    return arithmetic(arithmetic(left, "*", right), "+", scope.use(operands.acc));
  }),
  expressionRule(vector.extract, ({ op, operands, attributes }, scope) => {
    const [position] = attributes.static_position;
    const count = lanesOf(scope, op, operands.source);
    const source = scope.use(operands.source);
    if (attributes.static_position.length !== 1) return scope.reject(op, "it takes one lane of a vector by now");
    if (position !== undefined && position >= 0 && position < count)
      return lane(source.binding === 4 ? source : scope.repeatable(source), position);
    const index = scope.use(operands.dynamic_position[0]!);
    return expressionOf(`${scope.repeatable(source).text}[${index.text}]`, [source, index]);
  }),
  expressionRule(vector.insert, ({ op, operands, attributes }, scope) => {
    const [position] = attributes.static_position;
    const result = op.results[0]!;
    const count = lanesOf(scope, op, result);
    if (attributes.static_position.length !== 1 || position === undefined || position < 0 || position >= count)
      return scope.reject(op, "it replaces one lane, known at compile time, by now");
    const into = scope.repeatable(scope.use(operands.dest));
    const value = scope.use(operands.valueToStore);
    const lanes = Array.from({ length: count }, (_, index) => (index === position ? value : lane(into, index)));
    return call(scope.typeName(scope.typeOf(result)), ...lanes);
  }),
  expressionRule(vector.from_elements, ({ op, operands }, scope) => {
    const type = scope.typeOf(op.results[0]!);
    return call(scope.typeName(type), ...operands.elements.map((value) => scope.use(value)));
  }),
  expressionRule(vector.shuffle, ({ op, operands, attributes }, scope) => {
    const count = lanesOf(scope, op, operands.v1);
    const [first, second] = [scope.repeatable(scope.use(operands.v1)), scope.repeatable(scope.use(operands.v2))];
    const lanes = attributes.mask.map((index) =>
      Number(index) < count ? lane(first, Number(index)) : lane(second, Number(index) - count),
    );
    return call(scope.typeName(scope.typeOf(op.results[0]!)), ...lanes);
  }),
  expressionRule(vector.reduction, ({ op, operands, attributes }, scope) => {
    const count = lanesOf(scope, op, operands.vector);
    const kind = combine[attributes.kind] ?? scope.reject(op, `no reduction of kind ${attributes.kind} is known`);
    const source = scope.repeatable(scope.use(operands.vector));
    const lanes = Array.from({ length: count }, (_, index) => lane(source, index));
    const all = operands.acc === undefined ? lanes : [scope.use(operands.acc), ...lanes];
    return all.slice(1).reduce((sum, each) => kind(scope, sum, each), all[0]!);
  }),
];
