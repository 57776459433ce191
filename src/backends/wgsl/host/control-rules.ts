import { scf } from "../../../ir/dialects/scf.ts";
import type { BlockId, Operation, ValueId } from "../../../ir/module.ts";
import { type Expression, operand, prefix } from "../../printing/expression.ts";
import type { HostScope, StatementRule } from "./scope.ts";

/** Assigns a terminator's values to variables, as if all at once. */
function assign(scope: HostScope, names: readonly string[], values: readonly ValueId[]): void {
  const moves = names
    .map((name, index) => ({ name, value: scope.use(values[index]!) }))
    .filter(({ name, value }) => name !== value.text);
  // A value that an earlier assignment overwrites is saved first.
  const saved = moves.map(({ value }, position): Expression =>
    moves.slice(0, position).some((earlier) => earlier.name === value.text) ? copyOf(scope, value) : value,
  );
  moves.forEach(({ name }, position) => scope.line(`${name} = ${saved[position]!.text};`));
}
function copyOf(scope: HostScope, value: Expression): Expression {
  const name = scope.freshName("saved");
  scope.line(`const ${name} = ${value.text};`);
  return { ...value, text: name };
}

/** The values that a region's terminator of the given kind hands on. */
function yielded(op: Operation, terminator: Operation | undefined, name: string, scope: HostScope): readonly ValueId[] {
  if (terminator === undefined) return [];
  return terminator.name === name
    ? terminator.operands
    : scope.reject(terminator, `it cannot end a region of ${op.name}`);
}

const blockOf = (op: Operation, region: number, scope: HostScope): BlockId =>
  op.regions[region]?.[0] ?? scope.reject(op, "a region of it is empty");

const counted = (scope: HostScope, counter: ValueId, bounds: readonly ValueId[]): string => {
  const name = scope.freshName("i");
  scope.bind(counter, name);
  const [lower, upper, step] = bounds.map((value) => scope.use(value)) as [Expression, Expression, Expression];
  const next = step.literal === 1 ? `${name}++` : `${name} += ${step.text}`;
  return `for (let ${name} = ${lower.text}; ${name} < ${operand(upper)}; ${next})`;
};

const printFor: StatementRule = (op, scope) => {
  const loop = scf.for.match(scope.reader, op) ?? scope.reject(op, "it is malformed");
  if (loop.attributes.unsignedCmp) return scope.reject(op, "its bounds are compared as unsigned");
  const body = blockOf(op, 0, scope);
  const [counter, ...carried] = scope.reader.block(body).arguments as [ValueId, ...ValueId[]];
  const names = carried.map((value, index) => scope.declareMutable(value, scope.use(loop.operands.initArgs[index]!)));
  const { lowerBound, upperBound, step } = loop.operands;
  scope.braces(counted(scope, counter, [lowerBound, upperBound, step]), () =>
    assign(scope, names, yielded(op, scope.block(body), "scf.yield", scope)),
  );
  op.results.forEach((result, index) => scope.bind(result, names[index]!));
};

const printIf: StatementRule = (op, scope) => {
  const names = op.results.map((result) => scope.declareMutable(result));
  const branch = (region: number): void =>
    assign(scope, names, yielded(op, scope.block(blockOf(op, region, scope)), "scf.yield", scope));
  const otherwise = op.regions[1]?.[0];
  const hasElse =
    otherwise !== undefined && scope.reader.block(otherwise).operations.length > (names.length > 0 ? 0 : 1);
  scope.braces(`if (${scope.use(op.operands[0]!).text})`, () => branch(0), hasElse ? "} else {" : "}");
  if (hasElse) scope.indented(() => branch(1), "}");
};

const printWhile: StatementRule = (op, scope) => {
  const [before, after] = [blockOf(op, 0, scope), blockOf(op, 1, scope)];
  const carried = scope.reader.block(before).arguments;
  const names = carried.map((value, index) => scope.declareMutable(value, scope.use(op.operands[index]!)));
  const results = op.results.map((result) => scope.declareMutable(result));
  scope.reader.block(after).arguments.forEach((value, index) => scope.bind(value, results[index]!));
  scope.braces("for (;;)", () => {
    const [condition, ...values] = yielded(op, scope.block(before), "scf.condition", scope);
    if (condition === undefined) return scope.reject(op, "its first region has no condition");
    const holds = scope.constant(scope.use(condition));
    assign(scope, results, values);
    scope.line(`if (${prefix("!", holds).text}) break;`);
    assign(scope, names, yielded(op, scope.block(after), "scf.yield", scope));
  });
};

const printParallel: StatementRule = (op, scope) => {
  const loop = scf.parallel.match(scope.reader, op) ?? scope.reject(op, "it is malformed");
  if (op.results.length > 0) return scope.reject(op, "reductions across a parallel loop are not supported");
  const body = blockOf(op, 0, scope);
  const { lowerBound, upperBound, step } = loop.operands;
  const heads = scope.reader
    .block(body)
    .arguments.map((counter, axis) => counted(scope, counter, [lowerBound[axis]!, upperBound[axis]!, step[axis]!]));
  nest(scope, heads, () => void scope.block(body));
};

/** Loops inside each other. */
function nest(scope: HostScope, heads: readonly string[], body: () => void): void {
  const [head, ...inner] = heads;
  if (head === undefined) body();
  else scope.braces(head, () => nest(scope, inner, body));
}

/** Statements of the `scf` dialect, by full name. */
export const controlStatements: Readonly<Record<string, StatementRule>> = {
  "scf.for": printFor,
  "scf.if": printIf,
  "scf.while": printWhile,
  "scf.parallel": printParallel,
};
